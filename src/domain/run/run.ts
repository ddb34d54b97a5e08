/** One execution of a plan on one repository, towards one target branch. */
import type { RunId, TaskId } from "../ids.ts"
import type { PlanTask, TaskType } from "../plan/plan.ts"

export interface Run extends RunTerms {
  readonly id: RunId
  readonly tasks: readonly TaskId[]
  readonly startedAt: number
  readonly status: RunStatus
  /** Of a run in waves: the newest one. */
  readonly wave: Wave | null
  /** Its workers were told that its repository is not needed any more. */
  readonly tidied: boolean
}

/** Tasks that were begun together. `open`: not all of them are over. */
export interface Wave {
  readonly number: number
  readonly tasks: readonly TaskId[]
  readonly open: boolean
}

/** What was agreed when it was submitted. */
export interface RunTerms {
  readonly goal: string
  /** Absolute path of the checkout or bare repository that it was started in. */
  readonly repository: string
  /** Git's common directory: what all checkouts of the repository share. */
  readonly commonDirectory: string
  /** Paths of this repository that differ only in case are the same file. */
  readonly ignoreCase: boolean
  readonly target: string
  readonly guardrails: readonly string[]
  /** Commands that must pass on every merged result. */
  readonly checks: readonly string[]
  readonly setup: string | null
  readonly settings: RunSettings
}

export type RunStatus =
  | { readonly name: "running" }
  /** A person asked to stop; attempts are being ended. */
  | { readonly name: "stopping"; readonly by: string }
  | { readonly name: "settled"; readonly outcome: RunOutcome; readonly at: number }

/** failed: nothing can go on and not every task is done. cancelled: the same, because a person stopped it. */
export type RunOutcome = "done" | "failed" | "cancelled"

export interface RunSettings {
  /** Agent of tasks that name none. */
  readonly agent: string
  /** Attempts of this run at once, besides what workers and agents allow; null: no further limit. */
  readonly slotsMax: number | null
  /** Tasks of a wave, which must be over before the next wave begins; null: each task starts when its own needs are met. */
  readonly waveSize: number | null
  readonly timeoutMs: Readonly<Record<TaskType, number>>
  readonly stallMs: number
  /** Further attempts after a failed one, for tasks that do not say. */
  readonly retries: number
  readonly checkTimeoutMs: number
  /** What each task's agents work in. */
  readonly workspace: "worktree" | "clone"
  /** What happens to a diff outside of the declared scope when nobody else holds those paths. */
  readonly widening: "ask" | "allow"
}

const minuteMs = 60_000

export const defaultSettings: Omit<RunSettings, "agent"> = {
  slotsMax: null,
  waveSize: null,
  timeoutMs: { skill: 10 * minuteMs, research: 15 * minuteMs, build: 30 * minuteMs },
  stallMs: 5 * minuteMs,
  retries: 2,
  checkTimeoutMs: 10 * minuteMs,
  workspace: "worktree",
  widening: "ask",
}

/** A task as submitted, with its place on the critical path: minutes from its start to the end of the plan. */
export interface SubmittedTask {
  readonly plan: PlanTask
  readonly rankMinutes: number
}

export type RunEvent =
  | { readonly type: "run.submitted"; readonly run: RunId; readonly terms: RunTerms; readonly tasks: readonly SubmittedTask[] }
  | { readonly type: "run.stopping"; readonly run: RunId; readonly by: string }
  | { readonly type: "run.resumed"; readonly run: RunId }
  | { readonly type: "wave.started"; readonly run: RunId; readonly number: number; readonly tasks: readonly TaskId[] }
  | { readonly type: "wave.ended"; readonly run: RunId; readonly number: number }
  | { readonly type: "run.settled"; readonly run: RunId; readonly outcome: RunOutcome }
  | { readonly type: "run.tidied"; readonly run: RunId }
  /** It leaves the state; its events stay. */
  | { readonly type: "run.archived"; readonly run: RunId }

/** How long an attempt of this task may take. */
export function timeoutMs(run: Run, plan: PlanTask): number {
  return plan.timeoutMinutes === null ? run.settings.timeoutMs[plan.type] : plan.timeoutMinutes * minuteMs
}
