/** Waves, and what makes a run a campaign, as surfaces show them. */
import type { TaskId } from "../../domain/ids.ts"
import { taskOf, type State } from "../../domain/project/state.ts"
import { exitOf } from "../../domain/planning/exit-of.ts"
import { sessionFilePath } from "../../domain/planning/paths.ts"
import { isPlanner, isSpeculative, type Campaign } from "../../domain/run/campaign.ts"
import { foreseenWaves } from "../../domain/run/foreseen.ts"
import type { Run } from "../../domain/run/run.ts"
import type { Moved, Wave } from "../../domain/run/wave.ts"
import { isOver } from "../../domain/task/task.ts"
import type { CampaignView, WaveView } from "../../protocol/campaign-views.ts"

export function viewWave(state: State, { number, tasks, open, moved, gaps, tokens }: Wave): WaveView {
  const key = (id: TaskId): string => taskOf(state, id).key
  return { number, tasks: tasks.map(key), open, moved: moved.map((one) => sayMoved(one, key)), gaps: gaps.map(key), tokens }
}

export function viewCampaign(state: State, run: Run, campaign: Campaign): CampaignView {
  const { mode, slug, direction, planner, record } = campaign
  const tasks = run.tasks.map((id) => taskOf(state, id)).filter((task) => !isPlanner(run, task))
  const left = tasks.filter((task) => !isOver(task)).map((task) => task.plan)
  return {
    mode,
    slug,
    direction,
    planner,
    planning: planner !== null && run.criticism === null && run.status.name !== "settled",
    checks: run.checks,
    gate:
      run.gate === null ? null : { disclosure: run.gate.disclosure, colour: run.gate.colour, why: run.gate.why, downgrade: run.gate.proportion?.why ?? null },
    criticism: run.criticism ?? [],
    // Strategies all begin at once, whatever they write.
    foreseen: isSpeculative(run) ? (left.length === 0 ? [] : [left.map((task) => task.key)]) : foreseenWaves(left, run),
    foreseenFrom: firstForeseen(run, campaign),
    hold: run.hold?.for ?? null,
    picked: run.picked?.task == null ? null : taskOf(state, run.picked.task).key,
    handoff: exitOf(state, run),
    sessionFile: record ? sessionFilePath(slug) : null,
  }
}

/** What is left of an open wave is foreseen, too. */
function firstForeseen({ waves }: Run, { wavesBefore }: Campaign): number {
  const newest = waves.at(-1)
  return newest === undefined ? wavesBefore + 1 : newest.number + (newest.open ? 0 : 1)
}

/** Why a task is in a later wave than it could have been. */
export function sayMoved(moved: Moved, key: (task: TaskId) => string): string {
  const who = key(moved.task)
  switch (moved.why) {
    case "overlap":
      return `${who} waits for a later wave: ${both(moved.ours, moved.theirs)} of ${key(moved.with)}`
    case "claim":
      return `${who} waits for a later wave: ${moved.holder} has claimed ${moved.theirs}, ${moved.ours === moved.theirs ? "which it writes too" : `and it writes ${moved.ours}`}`
    case "tokens":
      return `${who} waits for a later wave: with it this one would take about ${Math.round(moved.estimate / 1_000)}K tokens, more than ${Math.round(moved.tokensMax / 1_000)}K`
  }
}

const both = (ours: string, theirs: string): string => (ours === theirs ? `it writes ${ours}, as does that` : `it writes ${ours}, which overlaps ${theirs}`)
