/** Starting, stopping, continuing and ending runs. */
import { fault, type Fault } from "../fault.ts"
import { id, type RunId } from "../ids.ts"
import type { Command } from "../project/command.ts"
import { unknownThing } from "../project/refusals.ts"
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import { checkPlan } from "../plan/check.ts"
import { ranks } from "../plan/graph.ts"
import { releaseWorkspace } from "../attempt/start.ts"
import { stopOne } from "../task/decide.ts"
import type { Task } from "../task/task.ts"
import { unknownAgent } from "../worker/offered.ts"
import { isWanted } from "./campaign.ts"
import { freeRun } from "./hold.ts"
import { askAgainAtStart, passStartGate } from "./start-gate.ts"
import type { Run, RunOutcome } from "./run.ts"
import { waitsForFailed } from "./waves.ts"

export function submitRun(draft: Draft, command: Command & { type: "run.submit" }): Fault | null {
  const { run, plan, repository, commonDirectory, ignoreCase, target, settings, campaign } = command
  if (draft.state.runs.has(run))
    return fault("run-exists", `there is a run ${run} already`, "ids of runs are never used twice", "submit it again: it gets a new id")
  const wrong = checkPlan(plan).find((found) => found.severity === "error")
  if (wrong !== undefined) return fault(wrong.code, wrong.what, wrong.why, wrong.fix)
  const unknown = unknownAgent(
    draft.state,
    plan.tasks.map((task) => task.agent ?? settings.agent),
  )
  if (unknown !== null) return unknown
  archiveOldest(draft)
  const rank = ranks(plan)
  const { goal, guardrails, checks, setup } = plan
  draft.emit({
    type: "run.submitted",
    run,
    terms: { goal, repository, commonDirectory, ignoreCase, target, guardrails, checks, setup, settings, campaign },
    tasks: plan.tasks.map((task) => ({ plan: task, rankMinutes: rank.get(task.key) ?? 0 })),
  })
  // A plan that is still to be made passes the gate when it is there.
  if (campaign !== null && campaign.planner === null) passStartGate(draft, run)
  return null
}

/** Runs that are over stay in the state for this many more; then only their events tell of them. */
const settledRunsMax = 100

function archiveOldest(draft: Draft): void {
  const over = [...draft.state.runs.values()]
    .filter((run) => run.status.name === "settled" && !gives(draft.state, run))
    .sort((a, b) => a.startedAt - b.startedAt)
  for (const run of over.slice(0, Math.max(0, over.length - settledRunsMax))) {
    // Nobody will retry what is archived: its checkouts are given back, and what is in them is salvaged.
    for (const task of run.tasks) releaseWorkspace(draft, task, false)
    draft.emit({ type: "run.archived", run: run.id })
  }
}

export function stopRun(draft: Draft, of: RunId, by: string): Fault | null {
  const run = draft.state.runs.get(of)
  if (run === undefined) return unknownThing("run", of)
  if (run.status.name === "settled") return fault("run-over", `run ${of} is over`, `it is ${run.status.outcome}`, `fleet status ${of}`)
  if (run.status.name === "running") draft.emit({ type: "run.stopping", run: of, by })
  freeRun(draft, of, "the run was stopped")
  for (const task of run.tasks) stopOne(draft, task)
  return null
}

/** Picks up what a stop cut off. Failed tasks are left, `retry` is for them, and so are those that a person left out, or picked another strategy than. */
export function continueRun(draft: Draft, of: RunId): Fault | null {
  const run = draft.state.runs.get(of)
  if (run === undefined) return unknownThing("run", of)
  if (run.status.name === "stopping")
    return fault("run-stopping", `run ${of} is still stopping`, "its agents are being ended", `wait for it: fleet watch ${of}`)
  const cancelled = run.tasks.filter((id) => {
    const task = taskOf(draft.state, id)
    return task.state.name === "cancelled" && isWanted(run, task)
  })
  if (cancelled.length === 0 && run.status.name === "settled")
    return fault(
      "nothing-to-continue",
      `run ${of} has nothing to continue`,
      `it is ${run.status.outcome} and no task of it that is still wanted was stopped`,
      `fleet retry <task> for one that failed`,
    )
  if (run.status.name === "settled") draft.emit({ type: "run.resumed", run: of })
  for (const task of cancelled) {
    const { attempts } = taskOf(draft.state, task)
    draft.emit({ type: "task.reopened", task, next: { reason: attempts.length === 0 ? "first" : "resume", feedback: null, notBefore: null, counts: "resume" } })
  }
  askAgainAtStart(draft, of)
  return null
}

/** A run in which nothing can go on by itself is over. */
export function settleRuns(draft: Draft): void {
  for (const run of unfinished(draft.state)) {
    if (run.status.name === "settled" || canGoOn(draft.state, run)) continue
    freeRun(draft, run.id, "nothing of it is left that could go on")
    draft.emit({ type: "run.settled", run: run.id, outcome: outcomeOf(draft.state, run) })
  }
}

function canGoOn(state: State, run: Run): boolean {
  if (run.hold?.for === "wave" && waitsForFailed(state, run)) return true
  // What was archived has its tag when its workspace was given back: until then it is not said that all is over.
  if (run.tasks.some((id) => isBeingArchived(taskOf(state, id)))) return true
  return state.active.some((task) => taskOf(state, task).run === run.id) || state.ready.some((task) => taskOf(state, task).run === run.id)
}

const isBeingArchived = ({ state, workspace }: Task): boolean => state.name === "archived" && workspace?.status === "releasing"

function outcomeOf(state: State, run: Run): RunOutcome {
  const wanted = run.tasks.map((task) => taskOf(state, task)).filter((task) => isWanted(run, task))
  const states = wanted.map((task) => task.state.name)
  if (states.every((name) => name === "done") && states.includes("done")) return "done"
  return run.status.name === "stopping" || !states.includes("failed") ? "cancelled" : "failed"
}

/** When the last run on a repository is over and every workspace of it was given back, the pool is emptied. */
export function tidyRepositories(draft: Draft): void {
  const asked = new Set<string>()
  for (const run of unfinished(draft.state)) {
    if (run.status.name !== "settled" || run.tidied || inUse(draft.state, run)) continue
    draft.emit({ type: "run.tidied", run: run.id })
    if (asked.has(run.commonDirectory)) continue
    asked.add(run.commonDirectory)
    const workers = [...draft.state.workers.values()].filter((worker) => worker.status.name !== "lost")
    for (const worker of workers)
      draft.ask(worker.id, { kind: "repository.tidy", key: id(`tidy:${run.id}:${worker.id}:${draft.now}`), repository: run.repository })
  }
}

function inUse(state: State, run: Run): boolean {
  return unfinished(state).some((other) => other.commonDirectory === run.commonDirectory && (other.status.name !== "settled" || gives(state, other)))
}

/** Some of its workspaces are still being given back. */
function gives(state: State, run: Run): boolean {
  return run.tasks.some((task) => taskOf(state, task).workspace?.status === "releasing")
}

const unfinished = (state: State): Run[] => [...state.unfinished].map((id) => runOf(state, id))
