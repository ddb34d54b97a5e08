/** What was found out about the health of a repository. `queue.ts` makes work of it. What could not be looked at is unknown, never ok (C.1.8). */

export interface HealthFindings {
  readonly typecheck: CommandFinding
  readonly tests: CommandFinding
  readonly lint: CommandFinding
  readonly audit: AuditFinding
  readonly todos: TodoFinding
  readonly staleBranches: BranchFinding
  /** What a person should know besides, a sentence each: a command that changed tracked files, a config that could not be read. */
  readonly notices: readonly string[]
}

/** Each has why: what is wrong, or why it is not known; of ok, what was seen. */
export interface Finding {
  readonly status: "ok" | "problem" | "unknown"
  readonly why: string
}

export interface CommandFinding extends Finding {
  /** Shell line from the repository's root; null: none was found. */
  readonly command: string | null
  /** It was ended because it took too long. */
  readonly timedOut: boolean
  /** The end of what it printed, stripped, at most `evidenceCharsMax`. */
  readonly evidence: string
  /** Tracked files that the output names, from the root, each once, at most `filesMax`. */
  readonly files: readonly string[]
}

export interface AuditFinding extends Finding {
  readonly command: string | null
  readonly counts: Readonly<Record<Severity, number>>
  /** The worst first. */
  readonly packages: readonly { readonly name: string; readonly severity: Severity }[]
}
export const severities = ["critical", "high", "moderate", "low"] as const
export type Severity = (typeof severities)[number]

export interface TodoFinding extends Finding {
  readonly total: number
  /** The densest first. */
  readonly directories: readonly TodoDirectory[]
}
export interface TodoDirectory {
  /** From the root; empty: the root itself. */
  readonly directory: string
  readonly count: number
  readonly perThousandLines: number
}

export interface BranchFinding extends Finding {
  readonly branches: readonly { readonly name: string; readonly reason: "merged" | "old"; readonly days: number }[]
}

export const evidenceCharsMax = 4_000
export const filesMax = 60
/** A directory with fewer is not worth a task. */
export const todosMin = { count: 5, perThousandLines: 3 }

/** Kinds in the order in which people want them shown. */
export const findingNames = ["typecheck", "tests", "lint", "audit", "todos", "staleBranches"] as const
export type FindingName = (typeof findingNames)[number]
