/**
 * What the hub asks of a worker. Every job has a key: performing it twice does it once, so a hub that crashed sends
 * what is still open again. Its outcome comes home as a report that carries the key (`job-result.ts`).
 */
import type { AttemptId, JobKey, LandingId, SessionId, TaskId, WorkspaceId } from "../ids.ts"
import type { Attachment } from "../session/turn.ts"

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
  /** Slugs of the hub's own campaigns there: it has judged already who of them may work where, and a claim that one of them has left behind keeps nobody out. */
  readonly ours: readonly string[]
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
