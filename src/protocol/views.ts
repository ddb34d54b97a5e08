/** What the hub shows: the answers of its HTTP API, which the CLI renders. Times are epoch milliseconds, durations milliseconds. */
import type { CheckResult, FileChange } from "../domain/worker/job.ts"
import type { Usage } from "../domain/session/turn.ts"
import type { PlannedTask } from "../domain/plan/explain.ts"
import type { Plan, PlanFault } from "../domain/plan/plan.ts"
import type { CampaignView, WaveView } from "./campaign-views.ts"

/** In every JSON object that Fleet prints; grows when a field changes its meaning. */
export const schemaVersion = 1

export interface HubView {
  readonly version: string
  readonly pid: number
  readonly startedAt: number
  readonly home: string
  /** Loopback port of the API, null when it could not be had. */
  readonly port: number | null
  readonly runs: { readonly active: number; readonly total: number }
  readonly needsYou: number
  readonly workers: readonly WorkerView[]
}
export interface WorkerView {
  readonly id: string
  readonly connected: boolean
  readonly pid: number | null
  readonly slots: number
  readonly busy: number
  readonly agents: readonly string[]
}

export type RunStatus = "running" | "stopping" | "done" | "failed" | "cancelled"
export interface RunView {
  readonly id: string
  readonly goal: string
  readonly repository: string
  readonly target: string
  readonly status: RunStatus
  /** Why it is not `done`, for a person; null when it is running well or done. */
  readonly reason: string | null
  readonly startedAt: number
  readonly endedAt: number | null
  readonly counts: TaskCounts
  readonly usage: Usage
  /** Sum of the time that agents and checks worked. */
  readonly workMs: number
  /** max(critical path, work / slots) of what really ran, once the run ended; else null. */
  readonly lowerBoundMs: number | null
  readonly tasks: readonly TaskView[]
  readonly approvals: readonly ApprovalView[]
  /** Of a run in waves: those that were begun, the newest last. */
  readonly waves: readonly WaveView[]
  /** Null: a plan that somebody wrote, and nothing more. */
  readonly campaign: CampaignView | null
}
export interface TaskCounts {
  readonly total: number
  readonly done: number
  readonly working: number
  readonly queued: number
  readonly needsYou: number
  readonly failed: number
  readonly cancelled: number
  /** Strategies that were not picked. */
  readonly archived: number
}

/**
 * queued: not started (`reason` says what it waits for); starting: workspace and session are made; working: the agent acknowledged the
 * turn; needs-you: it waits for a person; verifying: Fleet collects and checks; proved: waits for the rest of its wave, or to be picked; landing: waits for or is in
 * the landing queue; done: the target contains it; archived: another strategy was picked, its branch is kept; unknown: its worker is away, so nobody knows.
 */
export type TaskStatusName =
  | "queued"
  | "starting"
  | "working"
  | "needs-you"
  | "verifying"
  | "proved"
  | "landing"
  | "done"
  | "failed"
  | "cancelled"
  | "archived"
  | "unknown"

export interface TaskView {
  /** `<run>/<key>` */
  readonly id: string
  readonly key: string
  readonly title: string
  readonly group: string | null
  readonly status: TaskStatusName
  /** One line: what it waits for, does now, or why it ended so. Plain text. */
  readonly reason: string
  readonly agent: string
  readonly after: readonly string[]
  readonly scope: readonly string[]
  /** Its own; what must pass on everything of the run stands beside. */
  readonly checks: readonly string[]
  readonly attempt: number
  readonly attemptsMax: number
  /** Of the running attempt; null before the first and after the last. */
  readonly startedAt: number | null
  readonly elapsedMs: number | null
  readonly usage: Usage
  readonly files: number | null
  readonly branch: string | null
  readonly workspace: string | null
  readonly session: string | null
  /** Commit on the target that brought it, once landed. */
  readonly landed: string | null
  /** What was proved: null until it is. */
  readonly proof: ProofView | null
  readonly attempts: readonly AttemptView[]
}
export interface ProofView {
  readonly head: string
  readonly commits: number
  readonly committedByFleet: boolean
  readonly files: readonly FileChange[]
  readonly checks: readonly CheckResult[]
  readonly handoff: string | null
}
export interface AttemptView {
  readonly number: number
  readonly agent: string
  readonly session: string
  readonly agentSession: string | null
  /** first, retry, resume or repair. */
  readonly reason: string
  readonly startedAt: number
  readonly endedAt: number | null
  /** Null while it runs. */
  readonly outcome: string | null
  readonly usage: Usage
}
/** start, wave and pick are about a whole run: whether it begins, whether it goes on after a wave in which nobody succeeded, which strategy lands. */
export type ApprovalKind = "permission" | "scope" | "gate" | "landing" | "start" | "wave" | "pick"

export interface ApprovalView {
  readonly id: string
  /** Run and key of the task that it is about; the key is null for what is about a whole run, both when a session without a task asks. */
  readonly run: string | null
  readonly task: string | null
  /** The session that waits; null when none does. */
  readonly session: string | null
  readonly kind: ApprovalKind
  /** What is asked, one line. Hostile text when it comes from an agent. */
  readonly question: string
  readonly detail: string
  readonly since: number
  /** Keys of the tasks that wait behind it. */
  readonly holds: readonly string[]
  /** Null while open. */
  readonly answer: { readonly allow: boolean; readonly by: string; readonly note: string | null; readonly at: number } | null
}

/**
 * starting: checkout and agent are made; idle: waits for a prompt; queued: a prompt waits (`reason` says for what); working: the agent has a turn;
 * needs-you: it asks a person; asleep: no agent runs, the next prompt wakes it; stopping: it is being ended; ended: it can be resumed; unknown:
 * its worker is away, so nobody knows.
 */
export type SessionStatusName = "starting" | "idle" | "queued" | "working" | "needs-you" | "asleep" | "stopping" | "ended" | "unknown"

/** A conversation with an agent. Those of tasks are listed too; they have a `task` and take no prompt. */
export interface SessionView {
  readonly id: string
  readonly title: string
  readonly status: SessionStatusName
  /** One plain line: what it waits for, does now, or why it ended. */
  readonly reason: string
  readonly agent: string
  readonly model: string | null
  /** The agent's own id of the conversation; null when it has none, or none yet. */
  readonly agentSession: string | null
  /** Changes each time its agent is opened. */
  readonly instance: string
  /** `<run>/<key>` of the task that it works for. */
  readonly task: string | null
  readonly parent: string | null
  /** Who is told when a turn of it has ended. */
  readonly notify: string | null
  readonly children: readonly string[]
  readonly worker: string
  readonly workspace: string
  readonly strategy: "worktree" | "clone" | "existing"
  /** Directory that was named when it was made, and the one that its agent works in. */
  readonly source: string
  readonly directory: string | null
  readonly branch: string | null
  /** Commit that its changes are counted from. */
  readonly base: string | null
  /** Its checkout was given back. */
  readonly released: boolean
  /** Ref that holds what was uncommitted when its checkout was given back last; null when nothing was. */
  readonly salvage: string | null
  /** Prompts that were not handed to the agent yet. */
  readonly waiting: number
  readonly turns: number
  readonly lastTurn: TurnView | null
  readonly usage: Usage
  readonly createdAt: number
  readonly changedAt: number
  readonly endedAt: number | null
}
export interface TurnView {
  readonly number: number
  /** Id of the prompt that it began with. */
  readonly prompt: string
  readonly how: "completed" | "stopped" | "failed"
  readonly why: string | null
  /** The end of what the agent said. Hostile text. */
  readonly text: string
  /** Null: nobody could look. */
  readonly files: readonly FileChange[] | null
  /** Git tree of everything that was there at its end; null where there is no repository, or nobody could look. */
  readonly tree: string | null
  readonly usage: Usage
  readonly endedAt: number
}

/** A message to the session that asked to be told of another's turns. */
export interface CallbackView {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly turn: number
  readonly how: "completed" | "error"
  readonly status: "describing" | "waiting" | "queued" | "delivered" | "dropped"
  /** Why it is not delivered, one plain line; null when it is. */
  readonly reason: string | null
  /** As its receiver reads it. */
  readonly text: string
  readonly at: number
  readonly deliveredAt: number | null
}

/** Scopes that somebody holds: a task by running, a session or a person under a lease. */
export interface ClaimView {
  /** Of one that was taken under a lease; a task's claim has the task's id. */
  readonly id: string
  readonly holder: string
  readonly task: string | null
  readonly session: string | null
  /** Git's common directory of the repository. */
  readonly repository: string
  readonly scopes: readonly string[]
  readonly purpose: string
  readonly since: number | null
  /** Null: until the task has landed or ended. */
  readonly until: number | null
}
/** Body of `POST /v1/claims`. */
export interface TakeClaim {
  /** Absolute path of a directory in the repository. */
  readonly directory: string
  /** As in a plan: `src/api`, `src/**` or `docs (read-only)`. */
  readonly scopes: readonly string[]
  readonly purpose: string
  readonly minutes: number
  /** Session that it is for: it is given back when that ends. */
  readonly session: string | null
}
export interface DiscoveryView {
  readonly id: string
  readonly session: string | null
  readonly task: string | null
  readonly repository: string | null
  /** Hostile text. */
  readonly text: string
  readonly paths: readonly string[]
  readonly at: number
}
/** Body of `POST /v1/discoveries`. */
export interface ReportDiscovery {
  readonly text: string
  readonly paths: readonly string[]
  /** Where it holds; null: that of the session, or everywhere. */
  readonly directory: string | null
  readonly session: string | null
}

/** Body of `POST /v1/sessions`. */
export interface CreateSession {
  /** Absolute path. */
  readonly directory: string
  readonly title: string | null
  readonly strategy: "worktree" | "clone" | "existing"
  /** Null: `weave-session-<first 8 of the workspace>`. One that exists is worked on. */
  readonly branch: string | null
  /** Branch or commit that a new branch starts from; null: what is checked out in the directory. */
  readonly base: string | null
  /** Null: that of the parent, else the default. */
  readonly agent: string | null
  readonly model: string | null
  /** Session (by any of its ids) that it is made for. */
  readonly parent: string | null
  /** Session that is told when a turn of it has ended; it is the parent too, when none is named. */
  readonly notify: string | null
  readonly prompt: PromptSession | null
  /** Of one turn; null: the default. */
  readonly timeoutMinutes: number | null
}
/** Body of `POST /v1/sessions/{session}/prompts`. */
export interface PromptSession {
  readonly text: string
  readonly attachments: readonly PromptAttachment[]
  /** For this turn only. */
  readonly model: string | null
  readonly mode: string | null
}
export interface PromptAttachment {
  readonly mime: "image/png" | "image/jpeg" | "image/gif" | "image/webp"
  readonly name: string | null
  /** Base64, at most 5 MB decoded. */
  readonly data: string
}
/** Body of `POST /v1/runs`. */
export interface SubmitRun {
  readonly plan: Plan
  /** Absolute path of the checkout. */
  readonly directory: string
  /** Null: the branch that is checked out there. */
  readonly target: string | null
  readonly agent: string | null
  readonly slots: number | null
  /** Tasks begun together, which must be over before the next are begun; null: each task starts when its own needs are met. */
  readonly waveSize: number | null
}
/** Answer of `POST /v1/runs/{run}/tasks/{key}/tell`. What came of it is a later milestone with the same `message`. */
export interface ToldView {
  readonly run: string
  readonly task: string
  readonly message: string
  /** Number of an event before it, to read the milestones from. */
  readonly after: number
}
/** What the hub would run, with everything that is wrong with it. */
export interface PlanReview {
  readonly faults: readonly PlanFault[]
  readonly target: string | null
  readonly tasks: readonly PlannedTask[]
}
/** One milestone of `GET /v1/events`; `number` is the event number, the SSE id. */
export interface EventView {
  readonly number: number
  readonly at: number
  readonly type: string
  readonly run: string | null
  readonly task: string | null
  /** Session without a task that it is about. */
  readonly session: string | null
  /** Which of the messages for its agent it is about; null for all else. */
  readonly message: string | null
  /** One plain line for a log. */
  readonly text: string
}
