/** The HANDOFF of a campaign that has ended (C.1.134), from what Fleet saw; what agents say that they built and found is theirs. */
import type { Handoff } from "../handoff/handoff.ts"
import { partsOf } from "../handoff/parts.ts"
import { taskOf, type State } from "../project/state.ts"
import { isPlanner, isSpeculative, isWanted, type Campaign } from "../run/campaign.ts"
import type { Run } from "../run/run.ts"
import { goesInWaves } from "../run/wave.ts"
import type { Task } from "../task/task.ts"
import { exitHandoff } from "./exit-handoff.ts"
import { sessionFilePath } from "./paths.ts"
import { landedTag } from "../session-file/row-numbers.ts"
import { rowsOf } from "../session-file/of-run.ts"

const listMax = 10
const itemCharsMax = 160

/** Null while it goes on, and of a run that is no campaign. */
export function exitOf(state: State, run: Run): string | null {
  if (run.campaign === null || run.status.name !== "settled") return null
  const tasks = rowsOf(state, run)
  const worked = tasks.filter((task) => task.attempts.length > 0)
  const conflicted = worked.filter((task) => conflictsOf(task) > 0)
  const waves = run.campaign.wavesBefore + (run.waves.length > 0 ? run.waves.filter(({ open }) => !open).length : Number(worked.some(isDone)))
  const colour = run.gate?.colour ?? "green"
  return exitHandoff({
    name: run.campaign.slug,
    // Quick and speculative ones are one wave, of which nobody keeps count.
    waves,
    agents: (run.campaign.continued?.agents ?? 0) + worked.length,
    built: few(tasks.filter(isDone).map((task) => partsOf(saidBy(task)).built.join(", ") || builtBefore(task))),
    discoveries: [...few(discoveries(state, run, tasks)), ...discoveredBefore(run.campaign)],
    mergeConflicts: {
      count: conflicted.reduce((sum, task) => sum + conflictsOf(task), 0),
      resolutions: few(conflicted.map((task) => `${task.key} ${isDone(task) ? "was resolved by its author" : "did not land"}`)),
    },
    next:
      tasks.length === 0
        ? [noPlan(run)]
        : few(tasks.filter((task) => isWanted(run, task) && !isDone(task)).map((task) => `${task.plan.title}: ${task.state.name}`)),
    landed: worked.some(isDone),
    // The gate saw what was left: what landed before is another wave.
    colour: colour === "green" && waves > 1 ? "amber" : colour,
    eachByItself: !goesInWaves(run) && !isSpeculative(run),
  })
}

/** Its planner failed, or was stopped: everything is left. */
const noPlan = (run: Run): string => `no plan was made: fleet retry ${run.id}/${run.campaign?.planner ?? "plan"} asks for one once more`

const isDone = ({ state }: Task): boolean => state.name === "done"

/** Complete before this run: only of some somebody has looked whether it is there. */
const builtBefore = ({ plan: { title, ticked, tags } }: Task): string =>
  ticked && tags[landedTag] === undefined ? `${title} (said by the file, not verified)` : title

function conflictsOf({ state, conflicts }: Task): number {
  return (conflicts ?? []).length + Number(state.name === "failed" && state.failure.kind === "conflict")
}

/** What the agents called a discovery, and what they reported while they worked. All else that a handoff holds is kept too, and stands elsewhere. */
function discoveries(state: State, run: Run, tasks: readonly Task[]): string[] {
  const handedOver = new Set(tasks.flatMap((task) => saidBy(task)?.items ?? []))
  const ours = (id: Task["id"] | null): boolean => id !== null && run.tasks.includes(id) && !isPlanner(run, taskOf(state, id))
  const reported = [...state.discoveries.values()].filter(({ task, text }) => ours(task) && !handedOver.has(text)).map(({ text }) => text)
  return [...new Set([...tasks.flatMap((task) => partsOf(saidBy(task)).discoveries), ...reported])]
}

/** What earlier runs of it found is in no state of this one. */
const discoveredBefore = ({ slug, wavesBefore }: Campaign): string[] =>
  wavesBefore === 0 ? [] : [`what the ${wavesBefore === 1 ? "wave" : `${wavesBefore} waves`} before found stands in ${sessionFilePath(slug)}`]

const saidBy = ({ attempts }: Task): Handoff | null => attempts.findLast(({ handoff }) => handoff !== null)?.handoff ?? null

function few(texts: readonly string[]): string[] {
  const shown = texts.slice(0, listMax).map((text) => (text.length <= itemCharsMax ? text : `${text.slice(0, itemCharsMax - 1)}…`))
  return texts.length > listMax ? [...shown, `and ${texts.length - listMax} more`] : shown
}
