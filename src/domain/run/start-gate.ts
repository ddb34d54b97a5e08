/** Before a campaign begins: what is about to happen is said, so many agents must be warranted, and a person is asked where that is due. */
import type { RunId } from "../ids.ts"
import { assessGate } from "../gate/assess.ts"
import { oneDirectory } from "../gate/directory.ts"
import type { Downgrade, Gate, GateFacts } from "../gate/gate.ts"
import { tokensOfAll } from "../gate/tokens.ts"
import { nothingChecked } from "../gate/unchecked.ts"
import { independentStreams, widestStep } from "../plan/streams.ts"
import type { Plan, PlanTask } from "../plan/plan.ts"
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import { isPlanner, type Campaign } from "./campaign.ts"
import { foreseenWaves } from "./foreseen.ts"
import { holdRun } from "./hold.ts"
import type { Run } from "./run.ts"

/** Only for a campaign whose tasks are known. */
export function passStartGate(draft: Draft, of: RunId): void {
  const run = runOf(draft.state, of)
  if (run.campaign === null) return
  const plans = plansOf(draft.state, run)
  const gate = gateOf(run, run.campaign, plans)
  draft.emit({ type: "run.gated", run: of, gate, waveSize: waveSizeAfter(run, gate.proportion) })
  if (!mustConfirm(run.campaign, gate)) return
  const why = gate.confirm.why.length === 0 ? "" : ` You are asked because ${gate.confirm.why.join("; ")}.`
  const downgraded = gate.proportion === null ? "" : ` ${gate.proportion.why}.`
  const unchecked = isChecked(run, plans) ? [] : [nothingChecked]
  holdRun(
    draft,
    of,
    "start",
    `start "${run.goal}"? ${gate.disclosure}`,
    [`${gate.colour}: ${gate.why}.${downgraded}${why}`, ...unchecked, ...gate.confirm.show].join("\n"),
  )
}

/** It was asked whether it may begin, and nobody said yes: nobody has agreed by taking up again what was stopped. One that asks already goes on by that answer. */
export function askAgainAtStart(draft: Draft, of: RunId): void {
  if (runOf(draft.state, of).hold !== null) return
  const asked = [...draft.state.approvals.values()].filter(({ about }) => about.kind === "start" && about.run === of)
  if (asked.length > 0 && asked.every(({ answer }) => answer !== null && !answer.allow)) passStartGate(draft, of)
}

function gateOf(run: Run, { mode, trust, consent, wavesBefore }: Campaign, plans: readonly PlanTask[]): Gate {
  const plan = asPlan(run, plans)
  const facts: GateFacts = {
    mode,
    agents: plans.length,
    waves: wavesOf(run, plans, run.settings.waveSize),
    tokens: tokensOfAll(plans),
    tasks: plans.map(({ title, scope }) => ({ title, scope })),
    streams: independentStreams(plan),
    directory: oneDirectory(widestStep(plan).map(({ scope }) => scope)),
    trust,
    consent,
  }
  const { proportion, ...asked } = assessGate(facts)
  // What is left of a campaign that was continued is seldom much: it goes on as it began.
  if (wavesBefore > 0 || proportion === null) return { ...asked, proportion: null }
  // What is said is what will be done instead.
  return { ...assessGate({ ...facts, waves: wavesOf(run, plans, waveSizeAfter(run, proportion)) }), proportion }
}

/** Without waves all of it is one. */
function wavesOf(run: Run, plans: readonly PlanTask[], waveSize: number | null): number {
  if (run.campaign?.mode === "speculative" || waveSize === null) return 1
  return Math.max(1, foreseenWaves(plans, { ...run, settings: { ...run.settings, waveSize } }).length)
}

/** A person is asked before it begins. Whoever agreed beforehand has not seen what is hard to take back. */
function mustConfirm({ confirmed }: Campaign, gate: Gate): boolean {
  return gate.confirm.needed && (confirmed === "no" || (confirmed === "unless-red" && gate.colour === "red"))
}

const isChecked = ({ checks }: Run, plans: readonly PlanTask[]): boolean => checks.length > 0 || plans.some((task) => task.checks.length > 0)

function waveSizeAfter({ settings }: Run, downgrade: Downgrade | null): number | null {
  if (settings.waveSize === null || downgrade === null) return settings.waveSize
  return downgrade.to === "plain" ? null : 1
}

const asPlan = ({ goal, guardrails, checks, setup }: Run, tasks: readonly PlanTask[]): Plan => ({
  version: 1,
  goal,
  guardrails,
  checks,
  setup,
  tasks,
  source: { format: "inline", file: null },
})

const plansOf = (state: State, run: Run): PlanTask[] =>
  run.tasks
    .map((id) => taskOf(state, id))
    .filter((task) => !isPlanner(run, task) && task.state.name === "pending")
    .map((task) => task.plan)
