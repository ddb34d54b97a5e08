/** What is asked and answered when somebody wants to know which tasks may run beside each other. `assess.ts` answers it. */

/** The last three bound the comparing; past them what was not looked at counts as a possible overlap. */
export const assessLimits = {
  tasks: 200,
  filesOfTask: 1_000,
  /** The answer is made in one go, so it has to be there within a second or two. */
  filesOfAll: 20_000,
  needsOfTask: 200,
  repository: 50_000,
  reasons: 3,
  looks: 10_000_000,
  namesLooked: 100_000,
  filesLooked: 100_000,
}
export const usualConcurrency = 4

export interface AssessRequest {
  readonly tasks: readonly AssessTask[]
  /** Files of the repository, relative to its root, as `git ls-files` names them. Empty: not known. */
  readonly repository: readonly string[]
  /** How many children may work at once. */
  readonly concurrency: number
}
export interface AssessTask {
  /** A short name; unique in the request. */
  readonly key: string
  readonly title: string
  /** Paths or patterns that it is likely to touch, relative to the repository's root. Empty: not known, so it runs alone. */
  readonly files: readonly string[]
  /** Keys of tasks that must be complete first. */
  readonly after: readonly string[]
}

/** definite: both touch the same file. possible: the same directory, module or boundary, or nobody knows. none: all else. */
export type Overlap = "none" | "possible" | "definite"

/** The same for every order of the tasks and of their files. Lists are sorted by key. */
export interface Assessment {
  /** False: do the work in one session. */
  readonly orchestrate: boolean
  /** Why, in one clause. */
  readonly why: string
  readonly concurrency: number
  /** Each pair once, `a` before `b`. */
  readonly pairs: readonly PairAssessment[]
  readonly boundaries: readonly SharedBoundary[]
  /** To be started one after the other: the next when every task of the one before is complete. */
  readonly batches: readonly AssessedBatch[]
  /** To be said to the user as it stands. */
  readonly tell: string
}
export interface PairAssessment {
  readonly a: string
  readonly b: string
  readonly overlap: Overlap
  readonly strategy: Strategy
  /** One sentence each; at most three. */
  readonly reasons: readonly string[]
  /** The one that the other comes after, by what the request declares; null when neither does. */
  readonly first: string | null
}
/**
 * parallel-worktree: both at once, each in a worktree of its own. sequential-or-careful: one after the other, or at once when their
 * prompts draw the line between them. sequential-only: one after the other.
 */
export type Strategy = "parallel-worktree" | "sequential-or-careful" | "sequential-only"

export type BoundaryKind = "barrel" | "lock" | "manifest" | "migrations" | "routes" | "types" | "config" | "ci"
/** Something that two or more of the tasks would both have to change. */
export interface SharedBoundary {
  readonly kind: BoundaryKind
  /** The file or directory, or what the files have in common. */
  readonly what: string
  readonly tasks: readonly string[]
  readonly advice: string
}
export interface AssessedBatch {
  readonly tasks: readonly AssessedTask[]
}
export interface AssessedTask {
  readonly key: string
  readonly title: string
  /** Why it is not in an earlier batch; empty in the first one. */
  readonly waits: readonly string[]
}
