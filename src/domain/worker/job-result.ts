/** What comes back of a job, and what else a worker tells the hub. */
import type { JobKey, SessionId, TaskId } from "../ids.ts"
import type { Fault } from "../fault.ts"
import type { Plan, PlanFault } from "../plan/plan.ts"
import type { PermissionRequest, Steering, TurnOutcome } from "../session/turn.ts"

export type JobResult =
  | { readonly kind: "workspace.prepare"; readonly prepared: Prepared }
  | { readonly kind: "session.open"; readonly opened: Opened }
  | { readonly kind: "session.turn"; readonly outcome: TurnOutcome }
  | { readonly kind: "session.steer"; readonly steering: Steering }
  | { readonly kind: "session.interrupt"; readonly interrupted: boolean }
  | { readonly kind: "workspace.survey"; readonly survey: Survey }
  | { readonly kind: "permission.answer"; readonly delivered: boolean }
  | { readonly kind: "session.close"; readonly closed: Closed }
  | { readonly kind: "workspace.collect"; readonly collected: Collected }
  | { readonly kind: "checks.run"; readonly checks: readonly CheckResult[] }
  | { readonly kind: "workspace.measure"; readonly measures: Measures }
  | { readonly kind: "plan.read"; readonly plan: Plan | null; readonly faults: readonly PlanFault[] }
  | { readonly kind: "landing.try"; readonly landing: LandingOutcome }
  | { readonly kind: "workspace.release"; readonly released: Released }
  | { readonly kind: "repository.tidy"; readonly removed: number }

export interface Prepared {
  readonly path: string
  /** Null on a detached HEAD, and where there is no repository; both only in an existing directory. */
  readonly branch: string | null
  /** Commit that the workspace started from; null where there is no repository, or no commit yet. */
  readonly base: string | null
  readonly reused: boolean
  /** Files in conflict after `merge`. */
  readonly conflicted: readonly string[]
}

export interface Opened {
  /** The agent's own id of the session, to resume it later. Null when it has none. */
  readonly agentSession: string | null
  readonly resumed: boolean
  readonly agentVersion: string | null
}

export interface Closed {
  /** Processes that had to be ended after the agent itself was gone. */
  readonly swept: number
}

export interface Survey {
  readonly files: readonly FileChange[]
  /** Git tree of everything that is there, to compare a later survey with; null where there is no repository. */
  readonly tree: string | null
}

export interface Collected {
  readonly head: string
  readonly tree: string
  /** Merge base of head and target. */
  readonly base: string
  /** Commits on the branch since base, whoever made them. */
  readonly commits: number
  readonly committedByFleet: boolean
  readonly files: readonly FileChange[]
  /** Files that still hold conflict markers or are unmerged. */
  readonly unresolved: readonly string[]
  /** Repositories that somebody made inside the workspace. What is in them is not part of the work; it is salvaged at the release. */
  readonly embedded: readonly string[]
}

export interface FileChange {
  readonly path: string
  readonly status: "added" | "modified" | "deleted" | "renamed"
  /** Null for binary files. */
  readonly additions: number | null
  readonly deletions: number | null
  /** Old path of a rename. */
  readonly from: string | null
}

export interface CheckResult {
  readonly command: string
  readonly passed: boolean
  /** Null when it was ended by a signal or a timeout. */
  readonly exitCode: number | null
  readonly timedOut: boolean
  /** The end of what it printed, stripped of control sequences, at most 8 KiB. */
  readonly output: string
  readonly elapsedMs: number
}

export interface Measures {
  /** Decision points of the changed files before and after; null where their language is not known. */
  readonly complexity: { readonly before: number; readonly after: number } | null
  /** Null: none was asked for, it failed, or it printed no number; `benchmarkFailed` says why. */
  readonly benchmark: number | null
  readonly benchmarkFailed: string | null
}

export type LandingOutcome =
  | { readonly how: "landed"; readonly commit: string; readonly tree: string; readonly checks: readonly CheckResult[] }
  | { readonly how: "conflict"; readonly task: TaskId; readonly target: string; readonly files: readonly string[]; readonly theirs: readonly string[] }
  | { readonly how: "checks-failed"; readonly checks: readonly CheckResult[] }
  /** The target cannot be moved now, though nothing is wrong with the work: the person's checkout is dirty, for example. */
  | { readonly how: "held"; readonly fault: Fault }

export interface Released {
  /** `refs/fleet/salvage/…` that holds what would have been lost, or null. */
  readonly salvage: string | null
}

/** What a worker tells the hub, in order, kept until acknowledged. */
export type Report =
  | { readonly type: "job.done"; readonly job: JobKey; readonly result: JobResult }
  | { readonly type: "job.failed"; readonly job: JobKey; readonly fault: Fault; readonly transient: boolean }
  /** The agent acknowledged the prompt. */
  | { readonly type: "turn.started"; readonly job: JobKey; readonly session: SessionId }
  | { readonly type: "permission.asked"; readonly session: SessionId; readonly request: PermissionRequest }
  /** The agent no longer waits for an answer (it was answered by policy, cancelled or ended). */
  | { readonly type: "permission.closed"; readonly session: SessionId; readonly permission: string; readonly by: "policy" | "agent" }
  /** The agent's process ended when nobody asked it to. */
  | { readonly type: "session.died"; readonly session: SessionId; readonly message: string }
