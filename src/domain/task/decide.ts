/** Stopping and retrying single tasks. */
import { fault, type Fault } from "../fault.ts"
import type { LandingId, TaskId } from "../ids.ts"
import { closeAttempt } from "../attempt/close.ts"
import { tellAgent } from "../attempt/failure.ts"
import { withdrawApprovals } from "../approval/open.ts"
import { withdrawLanding } from "../landing/decide.ts"
import type { Draft } from "../project/draft.ts"
import { unknownThing } from "../project/refusals.ts"
import { runOf, taskOf } from "../project/state.ts"
import { askAgainAtStart } from "../run/start-gate.ts"
import { isOver } from "./task.ts"

export function stopTask(draft: Draft, id: TaskId): Fault | null {
  const refused = cannotStop(draft, id)
  if (refused === null) stopOne(draft, id)
  return refused
}

export function cannotStop(draft: Draft, id: TaskId): Fault | null {
  const task = draft.state.tasks.get(id)
  if (task === undefined) return unknownThing("task", id)
  if (isOver(task)) return fault("task-over", `task ${id} is over`, `it is ${task.state.name}`, `fleet status ${task.run}`)
  if (task.state.name === "landing" && draft.state.landings.get(task.state.landing)?.status.name === "trying")
    return fault(
      "task-landing",
      `task ${id} is being landed this moment`,
      "a landing that runs is not cut off: it could be half done",
      "wait for it; git revert takes it back",
    )
  return null
}

/** Cancels what can be cancelled; a landing that runs is left to end. */
export function stopOne(draft: Draft, id: TaskId): void {
  const { state } = taskOf(draft.state, id)
  switch (state.name) {
    case "pending":
    case "gated":
      withdrawApprovals(draft, id, "the task was stopped")
      draft.emit({ type: "task.cancelled", task: id })
      return
    case "running":
      closeAttempt(draft, id, { name: "end", end: { how: "cancelled" } })
      return
    case "proved":
      draft.emit({ type: "task.cancelled", task: id })
      return
    case "landing":
      if (draft.state.landings.get(state.landing)?.status.name !== "trying") takeOut(draft, id, state.landing)
      return
    case "done":
    case "archived":
    case "failed":
    case "cancelled":
      return
  }
}

/** What was to land with it goes on without it. */
function takeOut(draft: Draft, id: TaskId, landing: LandingId): void {
  for (const task of draft.state.landings.get(landing)?.tasks ?? []) withdrawApprovals(draft, task, "a task of the landing was stopped")
  withdrawLanding(draft, landing, (task) => draft.emit(task === id ? { type: "task.cancelled", task } : { type: "task.proved", task }))
}

/** A new fenced attempt of a task that ended without success, told what was wrong. */
export function retryTask(draft: Draft, id: TaskId): Fault | null {
  const task = draft.state.tasks.get(id)
  if (task === undefined) return unknownThing("task", id)
  if (task.state.name !== "failed" && task.state.name !== "cancelled")
    return fault(
      "task-not-over",
      `task ${id} cannot be retried`,
      `it is ${task.state.name}; only a failed or cancelled task can`,
      task.state.name === "done" ? "submit a new task for more work" : `fleet stop ${id} first`,
    )
  const run = runOf(draft.state, task.run)
  if (run.status.name === "stopping")
    return fault("run-stopping", `run ${run.id} is still stopping`, "its agents are being ended", "try again when it has stopped")
  if (run.status.name === "settled") draft.emit({ type: "run.resumed", run: run.id })
  const failure = task.state.name === "failed" ? task.state.failure : null
  const reason = failure?.kind === "conflict" || failure?.kind === "landing-checks" ? "repair" : task.attempts.length === 0 ? "first" : "retry"
  draft.emit({ type: "task.reopened", task: id, next: { reason, feedback: failure === null ? null : tellAgent(failure), notBefore: null, counts: "try" } })
  askAgainAtStart(draft, run.id)
  return null
}
