/** Everything that can happen in a project. An event is a fact: it is never refused, and applying all of them gives the state. */
import type { ApprovalEvent } from "../approval/approval.ts"
import type { AttemptEvent } from "../attempt/attempt.ts"
import type { LandingEvent } from "../landing/landing.ts"
import type { RunEvent } from "../run/run.ts"
import type { TaskEvent } from "../task/task.ts"
import type { WorkerEvent } from "../worker/worker.ts"

export type Event = RunEvent | TaskEvent | AttemptEvent | ApprovalEvent | LandingEvent | WorkerEvent | TimerEvent

/** A wait is over (a back-off, a provider's limit): whoever waited for it is looked at again. */
export interface TimerEvent {
  readonly type: "timer.rang"
  readonly name: string
}
