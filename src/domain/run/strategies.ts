/** Speculative campaigns: when every strategy has come to something, one of them is picked and lands; the others are archived, never deleted. */
import { fault, type Fault } from "../fault.ts"
import type { RunId, TaskId, TaskKey } from "../ids.ts"
import { releaseWorkspace } from "../attempt/start.ts"
import { bestOf } from "../strategy/best.ts"
import { comparisonOf } from "../strategy/comparison.ts"
import { queueLanding } from "../landing/decide.ts"
import type { Draft } from "../project/draft.ts"
import { unknownThing } from "../project/refusals.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import { isOver, type Task } from "../task/task.ts"
import { branchOf, isSpeculative, isStrategy } from "./campaign.ts"
import { freeRun, holdRun } from "./hold.ts"
import type { Run } from "./run.ts"

/** Asks for a choice as soon as there is nothing more to wait for. */
export function advanceStrategies(draft: Draft): void {
  for (const id of draft.state.unfinished) {
    const before = runOf(draft.state, id)
    if (!isSpeculative(before) || before.status.name !== "running") continue
    askAgainLater(draft, before)
    if (before.picked !== null) settlePicked(draft, before, before.picked.task)
    const run = runOf(draft.state, id)
    if (run.hold !== null || run.picked !== null) continue
    const strategies = strategiesOf(draft.state, run)
    const proved = strategies.filter(({ state }) => state.name === "proved")
    if (proved.length === 0 || !strategies.every((task) => isOver(task) || task.state.name === "proved")) continue
    // Where none passes its checks, measures decide nothing: a person does.
    const best = run.campaign?.pickBest === true ? bestOf(comparisonOf(draft.state, run)) : null
    if (best !== null) pick(draft, run, best, "fleet")
    else
      holdRun(
        draft,
        id,
        "pick",
        `${proved.length === 1 ? "pick the one strategy that is ready, or none," : `pick one of ${proved.length} strategies`} for "${run.goal}"`,
        proved.map((task) => `${task.key}: ${task.plan.title}`).join("\n"),
      )
  }
}

/** Somebody retries or adds a strategy while it is asked which one lands: the question is put again when that has come to something. */
function askAgainLater(draft: Draft, run: Run): void {
  if (run.hold?.for === "pick" && strategiesOf(draft.state, run).some((task) => !isOver(task) && task.state.name !== "proved"))
    freeRun(draft, run.id, "another strategy is at work: it is asked again when that has ended")
}

/** `key` null: none of them lands. */
export function pickStrategy(draft: Draft, of: { readonly run: RunId; readonly key: TaskKey | null; readonly by: string }): Fault | null {
  const run = draft.state.runs.get(of.run)
  if (run === undefined) return unknownThing("run", of.run)
  if (!isSpeculative(run))
    return fault("not-speculative", `run ${run.id} has no strategies to pick from`, "it was not started as a speculative one", "fleet speculate starts one")
  if (run.picked !== null) return pickedAlready(run, run.picked.task)
  const strategies = strategiesOf(draft.state, run)
  const wanted = of.key === null ? null : strategies.find((task) => task.key === of.key)
  if (wanted === undefined) return unknownStrategy(run, of.key, strategies)
  if (wanted !== null && wanted.state.name !== "proved") return notReady(wanted)
  const atWork = strategies.find((task) => !isOver(task) && task.state.name !== "proved")
  if (atWork !== undefined) return stillAtWork(run, atWork)
  pick(draft, run, wanted?.id ?? null, of.by)
  return null
}

function pick(draft: Draft, run: Run, winner: TaskId | null, by: string): void {
  freeRun(draft, run.id, "one was picked")
  draft.emit({ type: "run.picked", run: run.id, task: winner, by })
  settlePicked(draft, run, winner)
}

/** The winner lands, also when it had to be repaired first. Only then are the others archived: when it cannot land, another is picked. */
function settlePicked(draft: Draft, run: Run, winner: TaskId | null): void {
  const { name } = winner === null ? { name: "none" } : taskOf(draft.state, winner).state
  if (winner !== null && name === "proved") queueLanding(draft, [winner])
  const others = strategiesOf(draft.state, run).filter((task) => task.id !== winner && task.state.name === "proved")
  if (name === "done" || name === "none") for (const task of others) archive(draft, run, task)
  else if ((name === "failed" || name === "cancelled") && others.length > 0) draft.emit({ type: "run.unpicked", run: run.id })
}

function archive(draft: Draft, run: Run, task: Task): void {
  const tag = `archive/${branchOf(run, task)}`
  draft.emit({ type: "task.archived", task: task.id, tag })
  releaseWorkspace(draft, task.id, false, tag)
}

const strategiesOf = (state: State, run: Run): Task[] => run.tasks.map((id) => taskOf(state, id)).filter((task) => isStrategy(run, task))

const names = (tasks: readonly Task[]): string => tasks.map(({ key }) => key).join(", ")

const pickedAlready = (run: Run, task: TaskId | null): Fault =>
  fault(
    "picked-already",
    `a strategy of run ${run.id} was picked already`,
    task === null ? "it was none of them" : `it was ${task}`,
    `fleet compare ${run.id} shows what became of each`,
  )

const unknownStrategy = (run: Run, key: TaskKey | null, all: readonly Task[]): Fault =>
  fault("unknown-strategy", `run ${run.id} has no strategy ${key ?? ""}`, `it has ${names(all)}`, `fleet compare ${run.id} shows them`)

const notReady = (task: Task): Fault =>
  fault(
    "strategy-not-ready",
    `${task.key} cannot be picked`,
    `it is ${task.state.name}, so there is nothing that could land`,
    `fleet compare ${task.run} shows the others`,
  )

const stillAtWork = (run: Run, task: Task): Fault =>
  fault("strategies-at-work", "nothing can be picked yet", `${task.key} is still at work`, `wait for it, or: fleet stop ${task.id}; fleet watch ${run.id}`)
