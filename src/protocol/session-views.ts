/** Sessions as the hub shows them, and how one is made and prompted. Times are epoch milliseconds. */
import type { FileChange } from "../domain/worker/job-result.ts"
import type { Usage } from "../domain/session/turn.ts"

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
