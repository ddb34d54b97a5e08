/** One try of one task by one agent. Its number is its fence: what an older one still says changes nothing. */
import type { AttemptId, MessageId, TaskId, WorkerId } from "../ids.ts"
import type { Collected, CheckResult, Measures, Opened, Prepared } from "../worker/job-result.ts"
import type { Steering, TurnOutcome, Usage } from "../session/turn.ts"
import type { Handoff } from "../handoff/handoff.ts"
import type { Failure } from "./failure.ts"

export interface Attempt {
  readonly id: AttemptId
  readonly number: number
  readonly worker: WorkerId
  readonly agent: string
  readonly reason: AttemptReason
  /** What was wrong before, in words for the agent; null for a first attempt. */
  readonly feedback: string | null
  /** It is given less to do, because the last one hung. */
  readonly simplified: boolean
  readonly startedAt: number
  /** When Fleet ends it; while a person is asked, what is left of it. */
  readonly deadline: { readonly name: "at"; readonly instant: number } | { readonly name: "paused"; readonly remainingMs: number }
  readonly agentSession: string | null
  readonly usage: Usage
  /** Files in conflict that a repair began with. */
  readonly conflicted: readonly string[]
  /** What it was told while it works, and nobody knows yet whether the agent took it. */
  readonly telling: readonly MessageId[]
  /** What its turn handed off, when that ended otherwise than well. */
  readonly partial: Handoff | null
  readonly phase: Phase
}

/** first; retry: the last one was not accepted; resume: the last one was cut off; repair: its work did not merge, or not pass merged. */
export type AttemptReason = "first" | "retry" | "resume" | "repair"

/**
 * preparing: the workspace; opening: the session; prompting: sent, not yet acknowledged; working: acknowledged; closing: the session and
 * all that it started is ended, `then` says what follows; collecting: Fleet looks at what is there; widening: a person is asked
 * about files out of scope; checking: Fleet runs the task's checks; measuring: it measures a strategy that others are compared with; reading: it reads
 * the plan that a planner made.
 */
export type Phase =
  | { readonly name: "preparing" }
  | { readonly name: "opening" }
  | { readonly name: "prompting" }
  | { readonly name: "working" }
  | { readonly name: "closing"; readonly then: AfterClosing }
  | { readonly name: "collecting"; readonly text: string }
  | { readonly name: "widening"; readonly collected: Collected; readonly handoff: Handoff | null; readonly files: readonly string[] }
  | { readonly name: "checking"; readonly collected: Collected; readonly handoff: Handoff | null }
  | { readonly name: "measuring"; readonly collected: Collected; readonly handoff: Handoff | null; readonly checks: readonly CheckResult[] }
  | { readonly name: "reading"; readonly collected: Collected; readonly handoff: Handoff | null }

export type AfterClosing = { readonly name: "collect"; readonly text: string } | { readonly name: "end"; readonly end: AttemptEnd }

export type AttemptEnd =
  | { readonly how: "proved"; readonly proof: Proof }
  | { readonly how: "cancelled" }
  | { readonly how: "failed"; readonly failure: Failure }

/** What is kept of an attempt that is over. */
export interface EndedAttempt {
  readonly id: AttemptId
  readonly number: number
  readonly agent: string
  readonly reason: AttemptReason
  readonly feedback: string | null
  readonly agentSession: string | null
  readonly startedAt: number
  readonly endedAt: number
  readonly end: AttemptEnd
  readonly usage: Usage
  /** What it handed off, also when it was cut off before its end. Null: nothing, or an older Fleet did not keep it. */
  readonly handoff: Handoff | null
}

/** Evidence that a task is done: what Fleet itself saw. */
export interface Proof {
  readonly attempt: AttemptId
  readonly collected: Collected
  readonly checks: readonly CheckResult[]
  readonly handoff: Handoff | null
  /** Of a strategy that is compared with others; null for all else. */
  readonly measures: Measures | null
}

export type AttemptEvent =
  | {
      readonly type: "attempt.started"
      readonly task: TaskId
      readonly attempt: AttemptId
      readonly number: number
      readonly worker: WorkerId
      readonly agent: string
      readonly reason: AttemptReason
      readonly feedback: string | null
      readonly simplified?: boolean
      readonly deadlineAt: number
    }
  | { readonly type: "attempt.prepared"; readonly task: TaskId; readonly prepared: Prepared }
  | { readonly type: "session.opened"; readonly task: TaskId; readonly opened: Opened }
  | { readonly type: "turn.started"; readonly task: TaskId }
  | { readonly type: "session.told"; readonly task: TaskId; readonly message: MessageId; readonly by: string; readonly text: string }
  | { readonly type: "session.heard"; readonly task: TaskId; readonly message: MessageId }
  /** unknown: the session ended, and nobody said what came of the message. */
  | { readonly type: "session.unheard"; readonly task: TaskId; readonly message: MessageId; readonly why: Exclude<Steering, "taken"> | "unknown" }
  | { readonly type: "turn.ended"; readonly task: TaskId; readonly outcome: TurnOutcome }
  | { readonly type: "attempt.closing"; readonly task: TaskId; readonly then: AfterClosing }
  | { readonly type: "attempt.closed"; readonly task: TaskId; readonly swept: number }
  | {
      readonly type: "attempt.collected"
      readonly task: TaskId
      readonly collected: Collected
      readonly handoff: Handoff | null
      readonly outside: readonly string[]
    }
  | { readonly type: "attempt.reading"; readonly task: TaskId; readonly collected: Collected; readonly handoff: Handoff | null }
  | { readonly type: "attempt.measuring"; readonly task: TaskId; readonly checks: readonly CheckResult[] }
  | { readonly type: "attempt.ended"; readonly task: TaskId; readonly end: AttemptEnd }
