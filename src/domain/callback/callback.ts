/** A durable message to the session that asked to be told: a turn of another session has ended. Delivered when that session's agent acknowledged the turn that it came in. */
import type { CallbackId, SessionId } from "../ids.ts"
import type { FileChange } from "../worker/job-result.ts"
import type { Handoff } from "../handoff/handoff.ts"

export interface Callback {
  readonly id: CallbackId
  readonly from: SessionId
  readonly to: SessionId
  /** Number of the turn that it tells of. */
  readonly turn: number
  readonly news: News
  readonly at: number
  /** describing: Fleet still looks at what was changed. waiting: nobody is there to hear it. queued: among its receiver's prompts. delivered: acknowledged. dropped: its receiver is gone for good. */
  readonly status: "describing" | "waiting" | "queued" | "delivered" | "dropped"
  readonly deliveredAt: number | null
  /** It was handed over this often; more than once means that it may have been heard before. */
  readonly offers: number
}

export interface News {
  readonly title: string
  readonly how: "completed" | "error"
  /** Why it is an error, one line; null when it completed. */
  readonly why: string | null
  /** Null: nobody could look. */
  readonly files: readonly FileChange[] | null
  readonly handoff: Handoff | null
}

export type CallbackEvent =
  | {
      readonly type: "callback.due"
      readonly callback: CallbackId
      readonly from: SessionId
      readonly to: SessionId
      readonly turn: number
      readonly news: Omit<News, "files">
    }
  | { readonly type: "callback.described"; readonly callback: CallbackId; readonly files: readonly FileChange[] | null }
  | { readonly type: "callback.queued"; readonly callback: CallbackId }
  /** Its receiver ended, or was cut off, before its agent acknowledged it. */
  | { readonly type: "callback.returned"; readonly callback: CallbackId; readonly againAt: number | null }
  | { readonly type: "callback.delivered"; readonly callback: CallbackId }
  | { readonly type: "callback.dropped"; readonly callback: CallbackId; readonly why: string }
