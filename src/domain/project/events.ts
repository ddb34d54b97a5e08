/** Everything that can happen in a project. An event is a fact: it is never refused, and applying all of them gives the state. */
import type { ApprovalEvent } from "../approval/approval.ts"
import type { ClaimEvent } from "../claim/claim.ts"
import type { DiscoveryEvent } from "../discovery/discovery.ts"
import type { CallbackEvent } from "../callback/callback.ts"
import type { AttemptEvent } from "../attempt/attempt.ts"
import type { LandingEvent } from "../landing/landing.ts"
import type { RunEvent } from "../run/run.ts"
import type { SessionEvent } from "../session/session.ts"
import type { TaskEvent } from "../task/task.ts"
import type { WebhookEvent } from "../webhook/webhook.ts"
import type { WorkerEvent } from "../worker/worker.ts"

export type Event =
  | RunEvent
  | TaskEvent
  | AttemptEvent
  | ApprovalEvent
  | LandingEvent
  | WorkerEvent
  | SessionEvent
  | CallbackEvent
  | ClaimEvent
  | DiscoveryEvent
  | WebhookEvent
  | TimerEvent

/** A wait is over (a back-off, a provider's limit): whoever waited for it is looked at again. */
export interface TimerEvent {
  readonly type: "timer.rang"
  readonly name: string
}

/** What to do with an event, by the noun that it is about. */
export interface ByNoun<T> {
  readonly run: (event: RunEvent) => T
  readonly task: (event: TaskEvent) => T
  readonly attempt: (event: AttemptEvent) => T
  readonly approval: (event: ApprovalEvent) => T
  readonly landing: (event: LandingEvent) => T
  readonly worker: (event: WorkerEvent) => T
  readonly session: (event: SessionEvent) => T
  readonly callback: (event: CallbackEvent) => T
  readonly claim: (event: ClaimEvent) => T
  readonly discovery: (event: DiscoveryEvent) => T
  readonly webhook: (event: WebhookEvent) => T
  readonly timer: (event: TimerEvent) => T
}

/** The one place that says which event belongs to which noun. */
export function byNoun<T>(event: Event, on: ByNoun<T>): T {
  switch (event.type) {
    case "run.submitted":
    case "run.stopping":
    case "run.resumed":
    case "run.settled":
    case "run.tidied":
    case "run.archived":
      return on.run(event)
    case "task.done":
    case "task.failed":
    case "task.cancelled":
    case "task.requeued":
    case "task.reopened":
    case "workspace.releasing":
    case "workspace.released":
    case "workspace.kept":
    case "scope.widened":
      return on.task(event)
    case "attempt.started":
    case "attempt.prepared":
    case "session.opened":
    case "turn.started":
    case "session.told":
    case "session.heard":
    case "session.unheard":
    case "turn.ended":
    case "attempt.closing":
    case "attempt.closed":
    case "attempt.collected":
    case "attempt.ended":
      return on.attempt(event)
    case "approval.opened":
    case "approval.answered":
    case "approval.withdrawn":
      return on.approval(event)
    case "landing.queued":
    case "landing.started":
    case "landing.held":
    case "landing.ended":
      return on.landing(event)
    case "worker.joined":
    case "worker.heard":
    case "worker.away":
    case "worker.lost":
    case "agent.cooling":
      return on.worker(event)
    case "session.created":
    case "session.preparing":
    case "session.prepared":
    case "session.opening":
    case "session.ready":
    case "session.undoing":
    case "session.failed":
    case "session.queued":
    case "session.prompted":
    case "session.working":
    case "session.stopping":
    case "session.cut":
    case "session.turned":
    case "session.surveyed":
    case "session.renamed":
    case "session.closing":
    case "session.asleep":
    case "session.clinging":
    case "session.extended":
    case "session.ended":
    case "session.releasing":
    case "session.kept":
    case "session.released":
    case "session.handed-off":
    case "session.removed":
      return on.session(event)
    case "callback.due":
    case "callback.described":
    case "callback.queued":
    case "callback.returned":
    case "callback.delivered":
    case "callback.dropped":
      return on.callback(event)
    case "claim.taken":
    case "claim.renewed":
    case "claim.ended":
      return on.claim(event)
    case "discovery.reported":
      return on.discovery(event)
    case "webhook.added":
    case "webhook.tested":
    case "webhook.disabled":
    case "webhook.enabled":
    case "webhook.removed":
      return on.webhook(event)
    case "timer.rang":
      return on.timer(event)
  }
}
