/**
 * What the hub asks of a worker. Every job has a key: performing it twice does it once, so a hub that crashed sends
 * what is still open again. Its outcome comes home as a report that carries the key.
 */
import type { AttemptId, JobKey, LandingId, SessionId, TaskId, WorkspaceId } from "../ids.ts"
import type { Fault } from "../fault.ts"
import type { Plan, PlanFault } from "../plan/plan.ts"
import type { Attachment, PermissionRequest, Steering, TurnOutcome } from "../session/turn.ts"

export type Job =
  | PrepareWorkspace
  | OpenSession
  | RunTurn
  | SteerSession
  | InterruptTurn
  | AnswerPermission
  | CloseSession
  | SurveyWorkspace
  | CollectWork
  | RunChecks
  | MeasureWork
  | ReadPlan
  | TryLanding
  | ReleaseWorkspace
  | TidyRepository

interface Keyed {
  readonly key: JobKey
}

/** Makes the checkout, or finds the one that is there. Leaves nothing behind when it fails. */
export interface PrepareWorkspace extends Keyed {
  readonly kind: "workspace.prepare"
  readonly workspace: WorkspaceId
  readonly strategy: "worktree" | "clone" | "existing"
  /** Absolute path of the person's checkout or bare repository. */
  readonly repository: string
  readonly branch: string
  /** Ref or commit that a new workspace starts from, resolved when it is made. */
  readonly base: string
  /** Absolute path where the checkout is wanted; null: where Fleet keeps its own, taken from the pool when one fits. */
  readonly path: string | null
  /** What to do when the branch is there and this workspace did not make it: refuse, or work on it. */
  readonly branchThere: "refuse" | "use"
  /** For a repair: merge this ref into the workspace and leave the conflicts in the files for the agent. */
  readonly merge: string | null
  /** Shell command run once in a new workspace. */
  readonly setup: string | null
  /** Who works in it, of a campaign; its scopes are claimed where claims are kept as files. */
  readonly instance: InstanceClaim | null
}

/** An instance and what it claims, as other tools read it. */
export interface InstanceClaim {
  readonly instanceId: string
  readonly type: string
  readonly scope: readonly string[]
  readonly description: string
  /** ISO 8601. */
  readonly claimedAt: string
}

export interface OpenSession extends Keyed {
  readonly kind: "session.open"
  readonly session: SessionId
  readonly workspace: WorkspaceId
  /** Name in the worker's registry of agents. */
  readonly agent: string
  readonly model: string | null
  /** How hard it is to think (`low`, `medium`, `high`, and what else the agent names); null leaves it to the agent (C.1.66). */
  readonly effort: string | null
  /** The agent's own session id to go on with, null for a fresh one. */
  readonly resume: string | null
  /** Added to the agent's environment: FLEET_RUN, FLEET_TASK and the like. */
  readonly environment: Readonly<Record<string, string>>
}

export interface RunTurn extends Keyed {
  readonly kind: "session.turn"
  readonly session: SessionId
  readonly prompt: string
  readonly attachments: readonly Attachment[]
  /** For this turn only; null: as the session was opened. */
  readonly model: string | null
  readonly mode: string | null
  /** No event, no CPU time and no file change for this long: the turn is ended as stalled. */
  readonly stallMs: number
  /** What the worker puts in front of the prompt from the repository; null: nothing. */
  readonly context: TurnContext | null
}

/** Of a campaign: project instructions, what was found before, and the part of the map that matters. */
export interface TurnContext {
  readonly workspace: WorkspaceId
  /** The person's checkout: what is under its `.planning/` is not in a workspace. */
  readonly repository: string
  /** Slug of the campaign that it is part of. */
  readonly campaign: string
  /** overview: the whole repository, for one that is to divide the work. slice: what the keywords lead to. */
  readonly map: "overview" | "slice"
  readonly keywords: readonly string[]
}

/** Hands a message to the turn that runs. Answered at the latest when that turn has ended. */
export interface SteerSession extends Keyed {
  readonly kind: "session.steer"
  readonly session: SessionId
  readonly text: string
}

/** Stops the turn that runs; its own job says what came of it. The session goes on. */
export interface InterruptTurn extends Keyed {
  readonly kind: "session.interrupt"
  readonly session: SessionId
}

export interface AnswerPermission extends Keyed {
  readonly kind: "permission.answer"
  readonly session: SessionId
  readonly permission: string
  readonly allow: boolean
  /** Told to the agent when denied. */
  readonly note: string | null
}

/** Interrupts a running turn, ends the agent's session and everything that it started, and proves it by looking again. */
export interface CloseSession extends Keyed {
  readonly kind: "session.close"
  readonly session: SessionId
}

/** Says what a workspace changed since `base`, uncommitted and untracked files included. Changes nothing. */
export interface SurveyWorkspace extends Keyed {
  readonly kind: "workspace.survey"
  readonly workspace: WorkspaceId
  /** Commit that changes are counted from; null where there is no repository. */
  readonly base: string | null
}

/** Commits what the agent left uncommitted and says what the branch holds. */
export interface CollectWork extends Keyed {
  readonly kind: "workspace.collect"
  readonly workspace: WorkspaceId
  /** Branch that it is to land on; the diff is taken against the merge base with it. */
  readonly target: string
  /** Message of the commit that Fleet makes of leftovers. */
  readonly message: string
  /** Name of the agent, for the author of that commit. */
  readonly agent: string
  /** Repository-relative files that were in conflict at the start of a repair; markers left in them are reported. */
  readonly conflicted: readonly string[]
}

export interface RunChecks extends Keyed {
  readonly kind: "checks.run"
  /** Closing this session cuts the checks off. */
  readonly session: SessionId
  readonly workspace: WorkspaceId
  readonly commit: string
  readonly commands: readonly string[]
  readonly timeoutMs: number
}

/** Says how a commit compares with the one that it started from. */
export interface MeasureWork extends Keyed {
  readonly kind: "workspace.measure"
  readonly session: SessionId
  readonly workspace: WorkspaceId
  readonly base: string
  readonly commit: string
  /** Shell command whose last number is the benchmark; null: none. */
  readonly benchmark: string | null
  readonly timeoutMs: number
}

/** Reads the plan in what an agent said. */
export interface ReadPlan extends Keyed {
  readonly kind: "plan.read"
  readonly text: string
}

/** Merges the items in memory, checks the result in a workspace of the landing's own, and moves the target with its expected old value. */
export interface TryLanding extends Keyed {
  readonly kind: "landing.try"
  readonly landing: LandingId
  readonly repository: string
  readonly target: string
  readonly items: readonly LandingItem[]
  /** Of the one merge that brings all the items; null: each item's own merge is brought. */
  readonly message: string | null
  readonly commands: readonly string[]
  readonly timeoutMs: number
  readonly setup: string | null
}
export interface LandingItem {
  readonly task: TaskId
  readonly attempt: AttemptId
  readonly head: string
  /** Tree that the task's own checks passed on; null when it has none. */
  readonly provedTree: string | null
  /** Commands that passed on `provedTree`. When all of the landing's commands are among them and the merge makes the same tree, they are not run again. */
  readonly proved: readonly string[]
  readonly message: string
}

/** Salvages what is not on a branch, then gives the checkout back to the pool or removes it. */
export interface ReleaseWorkspace extends Keyed {
  readonly kind: "workspace.release"
  readonly workspace: WorkspaceId
  /** The branch has landed and is deleted too. */
  readonly landed: boolean
  /** Tag that is put on the branch before; null: none. */
  readonly tag: string | null
}

/** No run needs this repository any more: empty its pool of workspaces. */
export interface TidyRepository extends Keyed {
  readonly kind: "repository.tidy"
  readonly repository: string
}

// --- what comes back ---------------------------------------------------------------------------------------------

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
