/** What the hub shows: the answers of its HTTP API, which the CLI renders. Times are epoch milliseconds, durations milliseconds. */
import type { CheckResult, FileChange } from "../domain/worker/job-result.ts"
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
