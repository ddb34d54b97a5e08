/** The one internal form of a plan. Readers in `protocol/plans` make it; `check.ts` refuses what cannot run. */
import type { Scope } from "../scope/scope.ts"
import type { TaskKey } from "../ids.ts"

export interface Plan {
  readonly version: 1
  /** What the whole plan is for, in a line. Names the run. */
  readonly goal: string
  /** Sentences that every task's prompt ends with. */
  readonly guardrails: readonly string[]
  /** Commands that must pass on the merged result before anything lands. */
  readonly checks: readonly string[]
  /** Command that makes a fresh workspace usable, for example `npm ci`. */
  readonly setup: string | null
  readonly tasks: readonly PlanTask[]
  readonly source: PlanSource
}

export interface PlanSource {
  readonly format: "yaml" | "json" | "markdown" | "speckit" | "checklist" | "citadel" | "inline"
  /** As given by the person; null for the inline form. */
  readonly file: string | null
}

export interface PlanTask {
  readonly key: TaskKey
  readonly title: string
  /** The complete work order. Never empty. */
  readonly prompt: string
  readonly after: readonly Need[]
  /** Empty: the task claims nothing and runs beside anything. */
  readonly scope: readonly Scope[]
  /** Name of an agent in the registry; null: the run's default. */
  readonly agent: string | null
  readonly model: string | null
  /** Decides the default timeout (skill 10 min, research 15, build 30) and whether a commit is expected (all but research). */
  readonly type: TaskType
  readonly role: string | null
  readonly group: string | null
  readonly domain: string | null
  readonly effort: string | null
  /** Shell commands that prove this task in its own workspace. */
  readonly checks: readonly string[]
  /** Guess of the working time, for the order of starts. */
  readonly estimateMinutes: number | null
  readonly timeoutMinutes: number | null
  /** Further attempts after the first; null: the run's default. */
  readonly retries: number | null
  /** `human`: someone must approve before it starts. */
  readonly gate: "none" | "human"
  /** Higher goes first among tasks of the same critical path. */
  readonly priority: number
  /** Tags that no reader knows, kept as they were. */
  readonly tags: Readonly<Record<string, string>>
  /** Already ticked in its source: needs nothing and counts as done. */
  readonly ticked: boolean
  /** 1-based line in the source, null when there is none. */
  readonly line: number | null
}

export type TaskType = "skill" | "research" | "build"

/** A task that must have landed first, and why it is an edge. */
export interface Need {
  readonly key: TaskKey
  readonly reason: NeedReason
}
/** `declared`: the plan says so; `phase`: a barrier between phases; `order`: file order of a list that marks nothing as parallel. */
export type NeedReason = "declared" | "phase" | "order"

/** Something to tell the author of a plan. `error`: nothing starts; `warning`: kept and reported. */
export interface PlanFault {
  readonly severity: "error" | "warning"
  readonly code: string
  readonly what: string
  readonly why: string
  readonly fix: string
  readonly file: string | null
  readonly line: number | null
}
