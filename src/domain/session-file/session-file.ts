/**
 * What `.planning/fleet/session-{slug}.md` says: the queue of a campaign, what each wave brought, and how it goes on (C.1.49-56, C.1.84,
 * C.1.111). A projection: written from the state, and read where there is no state, or where a person edited it. `render.ts`
 * has its text, `parse.ts` reads it, `flatten.ts` says what of it a file can hold.
 */
export interface SessionFile {
  readonly name: string
  readonly status: SessionStatus
  /** ISO 8601; empty where a file names none. */
  readonly started: string
  readonly direction: string
  /** In the order of the table, which is the rank. */
  readonly queue: readonly QueueRow[]
  /** Titles of columns that Fleet does not know, kept behind its own. `QueueRow.more` has their cells. */
  readonly columns: readonly string[]
  readonly waves: readonly WaveResults[]
  /** What the agents of later waves are told, the newest last. */
  readonly shared: readonly string[]
  readonly notes: SessionNotes
  /** What the agents of the rows are told, and what proves their work. Of rows that have none the name says what is to be done. */
  readonly orders: readonly WorkOrder[]
  /** What was asked for beside the direction: the text of a specification, as long as no plan has come of it. */
  readonly spec: string | null
  /** What every agent has to keep to. */
  readonly rules: readonly string[]
  /** Command that makes a workspace ready; null: there is none. */
  readonly setup: string | null
  /** Commands that must pass on every merge. */
  readonly checks: readonly string[]
  readonly comparison: SpeculativeComparison | null
  /** Campaign slugs whose knowledge was not propagated (C.1.47). */
  readonly pendingPropagation: readonly string[]
  readonly continuation: Continuation
  /** Sections that nobody here knows, each from its `## ` heading on, verbatim. They stand at the end of the file. */
  readonly rest: readonly string[]
}

export type SessionStatus = "active" | "needs-continue" | "completed"

export interface QueueRow {
  /** 1 or more, and the row's own for ever: `deps` of others name it. */
  readonly number: number
  readonly campaign: string
  /** As written, with its `(read-only)`. */
  readonly scope: readonly string[]
  readonly deps: readonly number[]
  /** As written; `statusMeaning` says what it means. */
  readonly status: string
  readonly wave: number | null
  /** The Agent column: `builder`. `agentType` says which kind that is. */
  readonly agent: string
  readonly branch: string | null
  readonly evidence: string | null
  readonly more: readonly string[]
}

export interface WorkOrder {
  readonly row: number
  readonly prompt: string
  readonly checks: readonly string[]
}

export interface WaveResults {
  readonly number: number
  readonly agents: readonly AgentResult[]
  /** One line for each commit that merged something of this wave: `abc1234 api-auth-builder`. */
  readonly merges: readonly string[]
}

export interface AgentResult {
  /** `api-auth-builder`: see `agentName`. */
  readonly name: string
  /** The row of the queue that it worked on; null in files that others wrote. */
  readonly row: number | null
  /** `complete`, `partial`, `failed`, `timed out`, or whatever others wrote. */
  readonly status: string
  readonly built: string | null
  readonly decisions: string | null
  readonly discoveries: string | null
  readonly files: readonly string[]
  /** The commit with which its work landed. */
  readonly commit: string | null
  /** Set when an attempt of it ran out of time (C.1.84). */
  readonly timeout: { readonly durationMs: number; readonly retried: boolean } | null
  readonly failures: string | null
}

/** Sections of their own, one bullet each, the newest last. */
export interface SessionNotes {
  /** Scopes of rows that could not be worked on in their wave (C.1.98). */
  readonly gaps: readonly string[]
  readonly mergeConflicts: readonly string[]
  readonly refusedEdits: readonly string[]
  readonly warnings: readonly string[]
  /** Lines that could not be read where they stood, with their section: `Work Queue: | 3 | Integ`. */
  readonly kept: readonly string[]
}

export interface SpeculativeComparison {
  readonly direction: string
  /** How many were asked for. */
  readonly strategies: number
  readonly rows: readonly ComparedStrategy[]
  readonly winner: string | null
  /** ISO 8601. */
  readonly merged: string | null
}

export interface ComparedStrategy {
  readonly strategy: string
  readonly branch: string
  /** `active`, `merged` or `archived`. */
  readonly status: string
  /** `pass`, `fail (3)`. */
  readonly typecheck: string
  readonly notes: string
}

export interface Continuation {
  readonly nextWave: number | null
  readonly blocked: readonly string[]
  /** Written in thousands; null: not known. */
  readonly contextTokens: number | null
  readonly autoContinue: boolean
}
