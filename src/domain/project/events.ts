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

/** Hands an event to what its noun does with it. */
export function byNoun<T>(event: Event, on: ByNoun<T>): T {
  // The table ties each type to the noun whose function takes it; the compiler cannot follow that through a look-up.
  const act = on[nounOf[event.type]] as (of: Event) => T
  return act(event)
}

/** The one place that says which event belongs to which noun. */
const nounOf = {
  "run.submitted": "run",
  "run.planned": "run",
  "run.gated": "run",
  "run.held": "run",
  "run.freed": "run",
  "run.auto-continue": "run",
  "run.extended": "run",
  "run.picked": "run",
  "run.unpicked": "run",
  "run.stopping": "run",
  "run.resumed": "run",
  "wave.started": "run",
  "wave.gap": "run",
  "wave.ended": "run",
  "run.settled": "run",
  "run.tidied": "run",
  "run.archived": "run",
  "task.proved": "task",
  "task.archived": "task",
  "task.changed": "task",
  "task.skipped": "task",
  "task.done": "task",
  "task.failed": "task",
  "task.cancelled": "task",
  "task.requeued": "task",
  "task.reopened": "task",
  "workspace.releasing": "task",
  "workspace.released": "task",
  "workspace.kept": "task",
  "scope.widened": "task",
  "attempt.started": "attempt",
  "attempt.prepared": "attempt",
  "session.opened": "attempt",
  "turn.started": "attempt",
  "session.told": "attempt",
  "session.heard": "attempt",
  "session.unheard": "attempt",
  "turn.ended": "attempt",
  "attempt.closing": "attempt",
  "attempt.closed": "attempt",
  "attempt.collected": "attempt",
  "attempt.reading": "attempt",
  "attempt.measuring": "attempt",
  "attempt.ended": "attempt",
  "approval.opened": "approval",
  "approval.answered": "approval",
  "approval.withdrawn": "approval",
  "landing.queued": "landing",
  "landing.asked": "landing",
  "landing.started": "landing",
  "landing.held": "landing",
  "landing.ended": "landing",
  "worker.joined": "worker",
  "worker.heard": "worker",
  "worker.away": "worker",
  "worker.lost": "worker",
  "agent.cooling": "worker",
  "session.created": "session",
  "session.preparing": "session",
  "session.prepared": "session",
  "session.opening": "session",
  "session.ready": "session",
  "session.undoing": "session",
  "session.failed": "session",
  "session.queued": "session",
  "session.prompted": "session",
  "session.working": "session",
  "session.stopping": "session",
  "session.cut": "session",
  "session.turned": "session",
  "session.surveyed": "session",
  "session.renamed": "session",
  "session.closing": "session",
  "session.asleep": "session",
  "session.clinging": "session",
  "session.extended": "session",
  "session.ended": "session",
  "session.releasing": "session",
  "session.kept": "session",
  "session.released": "session",
  "session.handed-off": "session",
  "session.removed": "session",
  "callback.due": "callback",
  "callback.described": "callback",
  "callback.queued": "callback",
  "callback.returned": "callback",
  "callback.delivered": "callback",
  "callback.dropped": "callback",
  "claim.taken": "claim",
  "claim.renewed": "claim",
  "claim.ended": "claim",
  "discovery.reported": "discovery",
  "webhook.added": "webhook",
  "webhook.tested": "webhook",
  "webhook.disabled": "webhook",
  "webhook.enabled": "webhook",
  "webhook.removed": "webhook",
  "timer.rang": "timer",
} as const satisfies { readonly [Type in Event["type"]]: keyof ByNoun<unknown> }
