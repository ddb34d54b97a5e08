/** A point where a person must say yes, and the answer. It waits for as long as it takes. */
import type { ApprovalId, RunId, SessionId, TaskId } from "../ids.ts"

export interface Approval {
  readonly id: ApprovalId
  /** Null: a session without a task asks, or it is about a whole run; `about` says which. */
  readonly task: TaskId | null
  readonly about: ApprovalSubject
  /** One line. Hostile text when it comes from an agent. */
  readonly question: string
  readonly detail: string
  readonly openedAt: number
  readonly answer: Answer | null
}

export type ApprovalSubject =
  | { readonly kind: "permission"; readonly session: SessionId; readonly permission: string }
  | { readonly kind: "scope"; readonly paths: readonly string[] }
  | { readonly kind: "gate" }
  | { readonly kind: "landing" }
  /** Whether a run may begin; whether it goes on after a wave in which nobody succeeded; which of its strategies lands (answered by picking one). */
  | { readonly kind: "start" | "wave" | "pick"; readonly run: RunId }

export interface Answer {
  readonly allow: boolean
  readonly by: string
  readonly note: string | null
  readonly at: number
}

export type ApprovalEvent =
  | {
      readonly type: "approval.opened"
      readonly approval: ApprovalId
      readonly task: TaskId | null
      readonly about: ApprovalSubject
      readonly question: string
      readonly detail: string
    }
  | {
      readonly type: "approval.answered"
      readonly approval: ApprovalId
      readonly task: TaskId | null
      readonly allow: boolean
      readonly by: string
      readonly note: string | null
    }
  /** Nobody waits for the answer any more. */
  | { readonly type: "approval.withdrawn"; readonly approval: ApprovalId; readonly task: TaskId | null; readonly why: string }
