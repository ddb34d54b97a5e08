/** The queue that brings proved work onto a target branch. One item at a time for now; a batch is a landing with several items. */
import type { AttemptId, LandingId, TaskId } from "../ids.ts"
import type { Fault } from "../fault.ts"

export interface Landing {
  readonly id: LandingId
  /** Grows in the project: the order of the queue. */
  readonly number: number
  readonly task: TaskId
  readonly repository: string
  readonly target: string
  readonly status:
    | { readonly name: "queued" }
    | { readonly name: "trying" }
    /** The target cannot be moved now; tried again at the instant. */
    | { readonly name: "held"; readonly fault: Fault; readonly retryAt: number }
  /** How often it was handed to a worker: part of the job's key. */
  readonly tries: number
}

export type LandingEvent =
  | { readonly type: "landing.queued"; readonly landing: LandingId; readonly task: TaskId; readonly attempt: AttemptId }
  | { readonly type: "landing.started"; readonly landing: LandingId; readonly task: TaskId }
  | { readonly type: "landing.held"; readonly landing: LandingId; readonly task: TaskId; readonly fault: Fault; readonly retryAt: number }
  | { readonly type: "landing.ended"; readonly landing: LandingId; readonly task: TaskId; readonly how: "landed" | "conflict" | "checks-failed" | "withdrawn" }
