/**
 * The worker protocol: JSON messages, one a line, over a unix socket (later the same messages over WebSocket).
 * The worker connects and says `hello`; the hub answers `welcome` or `refused`, sends jobs and queries, and acknowledges reports.
 */
import type { HealthFindings } from "../domain/health/health.ts"
import type { EditedFile, HarnessFacts, PlanningLook, PlanningWrite, Recorded } from "./planning/record.ts"
import type { BootId, SessionId, WorkerId, WorkspaceId } from "../domain/ids.ts"
import type { Fault } from "../domain/fault.ts"
import type { Job } from "../domain/worker/job.ts"
import type { FileChange, Report } from "../domain/worker/job-result.ts"
import type { RepositoryFacts } from "../domain/repository/facts.ts"
import type { Usage } from "../domain/session/turn.ts"

export const protocolVersion = 1
/** A frame longer than this ends the connection. */
export const frameCharsMax = 16 * 1024 * 1024
export const heartbeatMs = 2_000
/** Silence after which either side takes the connection for dead. */
export const silenceMs = 15_000

/** A worker sends at most this many reports ahead of their acknowledgement. */
export const reportsAheadMax = 256

export type FromWorker =
  | { readonly type: "hello"; readonly hello: Hello }
  | { readonly type: "report"; readonly report: SequencedReport }
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "answer"; readonly id: number; readonly answer: Answer }
  | { readonly type: "heartbeat" }

export type FromHub =
  /** Reports up to `acknowledged` are committed; the worker forgets them and sends the rest again. */
  | { readonly type: "welcome"; readonly acknowledged: number }
  | { readonly type: "refused"; readonly fault: Fault }
  | { readonly type: "job"; readonly job: Job }
  | { readonly type: "acknowledge"; readonly sequence: number }
  | { readonly type: "query"; readonly id: number; readonly query: Query }
  | { readonly type: "heartbeat" }
  /** Finish nothing, end all agents, exit. */
  | { readonly type: "shutdown" }

export interface Hello {
  readonly protocol: number
  readonly worker: WorkerId
  readonly boot: BootId
  readonly pid: number
  readonly version: string
  readonly slots: number
  readonly labels: readonly string[]
  /** Agents that its registry knows, with their own limit of slots. */
  readonly agents: readonly OfferedAgent[]
}
export interface OfferedAgent {
  readonly name: string
  readonly slotsMax: number | null
}

/** What a worker sees of an agent that it knows. */
export interface SeenAgent {
  readonly name: string
  /** Its program is there and can be run. Whether it is logged in shows when it is used. */
  readonly found: boolean
  /** How to get it: a command, or a sentence. */
  readonly install: string
}

/** `sequence` starts at 1 with each boot and has no gaps. */
export interface SequencedReport {
  readonly sequence: number
  readonly at: number
  readonly report: Report
}

/** What the live view shows of a session that works. */
export interface Progress {
  readonly session: SessionId
  readonly usage: Usage
  /** Files changed so far, where known. */
  readonly files: number | null
  /** The last thing it did, one plain line of at most 120 characters. */
  readonly activity: string
  readonly lastEventAt: number
}

export type Query =
  /** `ref`: a branch whose commit is wanted, too. */
  | { readonly ask: "inspect"; readonly directory: string; readonly ref: string | null }
  | { readonly ask: "agents" }
  | { readonly ask: "changes"; readonly workspace: WorkspaceId; readonly target: string }
  | { readonly ask: "patch"; readonly workspace: WorkspaceId; readonly target: string; readonly bytesMax: number }
  /** Texts before and after of what changed in a workspace between two commits or trees; `to` null: what is there now. */
  | { readonly ask: "diffs"; readonly workspace: WorkspaceId; readonly from: string; readonly to: string | null }
  /** Files of a workspace. Paths are relative to it; nothing outside of it, behind a link or in `.git` is ever shown or touched. */
  | { readonly ask: "tree"; readonly workspace: WorkspaceId }
  | { readonly ask: "file"; readonly workspace: WorkspaceId; readonly path: string }
  | { readonly ask: "find-files"; readonly workspace: WorkspaceId; readonly text: string; readonly limit: number }
  /** The only question that changes something: a person's own edit. */
  | { readonly ask: "edit"; readonly workspace: WorkspaceId; readonly edit: FileEdit }
  /** What the agent of a live session offers to choose from. */
  | { readonly ask: "offers"; readonly session: SessionId }
  /** What a landed commit brought. */
  | { readonly ask: "landed"; readonly repository: string; readonly commit: string; readonly bytesMax: number }
  /** What harness.json says of the person, and of agents' time. */
  | { readonly ask: "harness"; readonly repository: string }
  /**
   * Who else works under `.planning/`, and what the person has edited there. `slugs`: of our own campaigns; `files`: of those whose session file is looked at.
   * `sweep`: frees what dead instances hold.
   */
  | {
      readonly ask: "planning"
      readonly repository: string
      readonly slugs: readonly string[]
      readonly files: readonly string[]
      readonly sweep: boolean
    }
  /** Writes what Fleet keeps under `.planning/`; asked again it writes nothing twice. */
  | { readonly ask: "record"; readonly repository: string; readonly writes: readonly PlanningWrite[] }
  | { readonly ask: "session-files"; readonly repository: string }
  /** Which of these commits the target holds. */
  | { readonly ask: "holds"; readonly repository: string; readonly target: string; readonly commits: readonly string[] }
  /** Runs the project's own checks, in order: can take minutes. */
  | { readonly ask: "health"; readonly repository: string }
  /** Transcript entries from byte `offset` on. */
  | { readonly ask: "transcript"; readonly session: SessionId; readonly offset: number; readonly bytesMax: number }

export type Answer =
  | { readonly ok: true; readonly ask: "inspect"; readonly repository: RepositoryFacts }
  | { readonly ok: true; readonly ask: "agents"; readonly agents: readonly SeenAgent[] }
  | { readonly ok: true; readonly ask: "changes"; readonly files: readonly FileChange[] }
  | { readonly ok: true; readonly ask: "diffs"; readonly diffs: readonly FileDiff[]; readonly cut: boolean }
  | { readonly ok: true; readonly ask: "tree"; readonly entries: readonly TreeEntry[]; readonly cut: boolean }
  | { readonly ok: true; readonly ask: "file"; readonly file: FileContent }
  | { readonly ok: true; readonly ask: "find-files"; readonly paths: readonly string[] }
  | { readonly ok: true; readonly ask: "edit" }
  | { readonly ok: true; readonly ask: "offers"; readonly offers: Offers }
  | { readonly ok: true; readonly ask: "patch"; readonly patch: string; readonly cut: boolean }
  | { readonly ok: true; readonly ask: "landed"; readonly files: readonly FileChange[]; readonly patch: string; readonly cut: boolean }
  | { readonly ok: true; readonly ask: "harness"; readonly harness: HarnessFacts }
  | { readonly ok: true; readonly ask: "planning"; readonly look: PlanningLook }
  | { readonly ok: true; readonly ask: "record"; readonly recorded: Recorded }
  | { readonly ok: true; readonly ask: "session-files"; readonly files: readonly Pick<EditedFile, "slug" | "found">[] }
  | { readonly ok: true; readonly ask: "holds"; readonly held: readonly string[] }
  | { readonly ok: true; readonly ask: "health"; readonly findings: HealthFindings }
  | { readonly ok: true; readonly ask: "transcript"; readonly entries: readonly TranscriptEntry[]; readonly next: number; readonly ended: boolean }
  | { readonly ok: false; readonly fault: Fault }

/** One changed file with both texts. Null texts: binary, or longer than what is sent; `additions` and `deletions` are null for binary files. */
export interface FileDiff extends FileChange {
  readonly before: string | null
  readonly after: string | null
}
export interface TreeEntry {
  readonly path: string
  readonly type: "file" | "directory"
  /** Bytes; 0 for a directory. */
  readonly size: number
}
export interface FileContent {
  readonly path: string
  /** Null for a binary file. */
  readonly content: string | null
  readonly size: number
}
export type FileEdit =
  | { readonly kind: "write"; readonly path: string; readonly content: string }
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "delete"; readonly path: string }
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
/** What an agent offers a person to choose from for its turns. Lists are empty where it does not tell. */
export interface Offers {
  readonly modes: readonly { readonly name: string; readonly description: string }[]
  /** `<provider>/<model>` where the agent has providers. */
  readonly models: readonly { readonly id: string; readonly title: string }[]
  /** Slash commands, without the slash. */
  readonly commands: readonly { readonly name: string; readonly description: string }[]
}

/** One line of a session's transcript file. */
export interface TranscriptEntry {
  readonly at: number
  readonly type: "prompt" | "text" | "thought" | "tool" | "note" | "permission" | "turn"
  /** Plain text as the agent gave it: hostile, to be stripped before a terminal and escaped before a page. */
  readonly text: string
}
