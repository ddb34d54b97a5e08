/** The only thing that changes state. One function a noun, beside it; `at` is when the commit was made. */
import type { Event } from "./events.ts"
import type { State } from "./state.ts"
import { withTimer } from "./tables.ts"
import { applyApproval } from "../approval/apply.ts"
import { applyAttempt } from "../attempt/apply.ts"
import { applyLanding } from "../landing/apply.ts"
import { applyRun } from "../run/apply.ts"
import { applyTask } from "../task/apply.ts"
import { applyWorker } from "../worker/apply.ts"

export function apply(state: State, event: Event, at: number): State {
  switch (event.type) {
    case "run.submitted":
    case "run.stopping":
    case "run.resumed":
    case "run.settled":
    case "run.tidied":
      return applyRun(state, event, at)
    case "task.done":
    case "task.failed":
    case "task.cancelled":
    case "task.requeued":
    case "task.reopened":
    case "workspace.releasing":
    case "workspace.released":
    case "workspace.kept":
    case "scope.widened":
      return applyTask(state, event, at)
    case "attempt.started":
    case "attempt.prepared":
    case "session.opened":
    case "turn.started":
    case "turn.ended":
    case "attempt.closing":
    case "attempt.closed":
    case "attempt.collected":
    case "attempt.ended":
      return applyAttempt(state, event, at)
    case "approval.opened":
    case "approval.answered":
    case "approval.withdrawn":
      return applyApproval(state, event, at)
    case "landing.queued":
    case "landing.started":
    case "landing.held":
    case "landing.ended":
      return applyLanding(state, event)
    case "worker.joined":
    case "worker.heard":
    case "worker.away":
    case "worker.lost":
    case "agent.cooling":
      return applyWorker(state, event)
    case "timer.rang":
      return withTimer(state, event.name, null)
  }
}
