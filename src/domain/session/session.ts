/** A conversation with an agent without a task: what the Fleet API, MCP and `fleet session` make. The session of an attempt is a part of its attempt. */
import type { CallbackId, MessageId, SessionId, WorkerId, WorkspaceId } from "../ids.ts"
import type { Fault } from "../fault.ts"
import type { PrepareWorkspace } from "../worker/job.ts"
import type { FileChange, Opened, Prepared, Survey } from "../worker/job-result.ts"
import type { Attachment, TurnOutcome, Usage } from "./turn.ts"

export interface Session extends SessionTerms {
  readonly id: SessionId
  readonly createdAt: number
  readonly changedAt: number
  readonly checkout: SessionCheckout
  /** The agent's own ids of this conversation, newest last: a conversation that could not be taken up again went on under a new one. */
  readonly agentSessions: readonly string[]
  /** How often its agent was opened; the fence of everything about one opening. */
  readonly life: number
  /** How many turns it was given; the fence of everything about one turn. */
  readonly turn: number
  readonly phase: SessionPhase
  /** Prompts that have not been handed to the agent, in order. */
  readonly queue: readonly QueuedPrompt[]
  /** Turns that were cut off, and openings that failed for the moment, since the last one that ended by itself. */
  readonly cuts: number
  readonly lastTurn: PastTurn | null
  /** What its agent handed off in so many words since its last prompt. */
  readonly handoff: readonly string[]
  /** Number of the newest discovery that its agent was told of; what it acknowledged counts. */
  readonly heardOf: number
  readonly usage: Usage
}

/** What was agreed when it was made. */
export interface SessionTerms {
  readonly title: string
  readonly agent: string
  readonly model: string | null
  readonly worker: WorkerId
  readonly wanted: WantedCheckout
  /** The session that it was made for. A session without one is a person's own, and takes no slot from others. */
  readonly parent: SessionId | null
  /** Who is told when a turn of it has ended. */
  readonly notify: SessionId | null
  /** Of one turn; null: no limit. */
  readonly limitMs: number | null
  /** Silence after which a turn counts as stalled. */
  readonly stallMs: number
  /** Rest after which its agent is ended, until the next prompt; null: never. */
  readonly idleMs: number | null
}

/** Where it is to work. */
export interface WantedCheckout {
  readonly workspace: WorkspaceId
  readonly strategy: PrepareWorkspace["strategy"]
  /** Absolute path of the directory that was named. */
  readonly source: string
  /** Top of the repository that it is in; the directory itself where there is none. */
  readonly repository: string
  /** Null where there is no repository. */
  readonly commonDirectory: string | null
  /** Not used in an existing directory. */
  readonly branch: string
  readonly base: string
  readonly path: string | null
}

/** making: not there yet. held: in use, or kept for when it is resumed. releasing: being given back. released: gone; its branch is kept when it holds commits. */
export interface SessionCheckout {
  readonly status: "making" | "held" | "releasing" | "released"
  readonly path: string | null
  readonly branch: string | null
  readonly base: string | null
  /** While it is being given back: the session leaves the state after that. */
  readonly forget: boolean
  /** Ref that holds what was on no branch when it was given back last. */
  readonly salvage: string | null
}

/**
 * preparing: the checkout is made; opening: the agent is opened; resting: it waits for a prompt; prompting: handed over, not yet acknowledged;
 * working: acknowledged; surveying: its turn has ended, and Fleet looks at what is there; closing: the agent and all that it started is ended,
 * `then` says what follows; asleep: no agent runs, the next prompt opens it again with its own conversation; undoing: it could not be made;
 * ended: somebody ended it, it can be resumed.
 */
export type SessionPhase =
  | { readonly name: "preparing" }
  | { readonly name: "opening" }
  | { readonly name: "resting" }
  | { readonly name: "prompting" | "working"; readonly prompt: QueuedPrompt; readonly since: number; readonly stop: StopReason | null; readonly told?: number }
  | { readonly name: "surveying"; readonly end: TurnEnd; readonly alive: boolean }
  | { readonly name: "closing"; readonly then: AfterSession }
  | { readonly name: "asleep" }
  | { readonly name: "undoing"; readonly fault: Fault }
  | { readonly name: "ended"; readonly how: "completed" | "stopped"; readonly by: string; readonly at: number }

export type StopReason = "asked" | "limit"

/** sleep: nobody needs it now. end: somebody ended it; `forget`: it leaves the state when that is done, `release`: its checkout is given back. */
export type AfterSession =
  | { readonly name: "sleep" }
  | { readonly name: "end"; readonly how: "completed" | "stopped"; readonly by: string; readonly release: boolean; readonly forget: boolean }

export interface QueuedPrompt {
  readonly id: MessageId
  readonly text: string
  readonly attachments: readonly Attachment[]
  readonly model: string | null
  readonly mode: string | null
  readonly by: string
  /** The callback that it delivers. */
  readonly callback: CallbackId | null
  readonly queuedAt: number
}

/** How a turn ended, without what the agent said. */
export interface TurnEnd {
  readonly number: number
  readonly prompt: MessageId
  readonly how: "completed" | "stopped" | "failed"
  /** Why, in one line, when it did not complete. */
  readonly why: string | null
  /** The end of what the agent said: a handoff is in it. */
  readonly text: string
  readonly usage: Usage
}
export interface PastTurn extends TurnEnd {
  readonly endedAt: number
  /** Null: nobody could look. */
  readonly files: readonly FileChange[] | null
  readonly tree: string | null
}

export type SessionEvent =
  | { readonly type: "session.created"; readonly session: SessionId; readonly terms: SessionTerms; readonly by: string }
  | { readonly type: "session.preparing"; readonly session: SessionId }
  | { readonly type: "session.prepared"; readonly session: SessionId; readonly prepared: Prepared }
  | { readonly type: "session.opening"; readonly session: SessionId; readonly life: number }
  | { readonly type: "session.ready"; readonly session: SessionId; readonly opened: Opened }
  | { readonly type: "session.undoing"; readonly session: SessionId; readonly fault: Fault }
  /** It could not be made, and nothing of it is left. */
  | { readonly type: "session.failed"; readonly session: SessionId; readonly fault: Fault }
  | { readonly type: "session.queued"; readonly session: SessionId; readonly prompt: QueuedPrompt }
  /** `told`: number of the newest discovery that its prompt tells of, as far as it concerns the session. */
  | { readonly type: "session.prompted"; readonly session: SessionId; readonly turn: number; readonly limitAt: number | null; readonly told?: number }
  | { readonly type: "session.working"; readonly session: SessionId }
  | { readonly type: "session.stopping"; readonly session: SessionId; readonly why: StopReason; readonly by: string }
  /** The turn was cut off by something that is nobody's fault; its prompt is given again, as `prompt`. */
  | { readonly type: "session.cut"; readonly session: SessionId; readonly why: string; readonly prompt: QueuedPrompt; readonly usage: Usage }
  | { readonly type: "session.turned"; readonly session: SessionId; readonly end: TurnEnd; readonly alive: boolean }
  | { readonly type: "session.surveyed"; readonly session: SessionId; readonly survey: Survey | null }
  | { readonly type: "session.renamed"; readonly session: SessionId; readonly title: string }
  | { readonly type: "session.closing"; readonly session: SessionId; readonly then: AfterSession }
  | { readonly type: "session.asleep"; readonly session: SessionId; readonly why: string; readonly againAt: number | null }
  /** Its end is not proved yet: something of it still runs. */
  | { readonly type: "session.clinging"; readonly session: SessionId; readonly fault: Fault; readonly againAt: number }
  /** A person is asked something: the turn gets more time. */
  | { readonly type: "session.extended"; readonly session: SessionId; readonly limitAt: number }
  | { readonly type: "session.ended"; readonly session: SessionId; readonly how: "completed" | "stopped"; readonly by: string }
  | { readonly type: "session.releasing"; readonly session: SessionId; readonly forget: boolean }
  | { readonly type: "session.kept"; readonly session: SessionId; readonly fault: Fault }
  | { readonly type: "session.released"; readonly session: SessionId; readonly salvage: string | null }
  | { readonly type: "session.handed-off"; readonly session: SessionId; readonly items: readonly string[] }
  /** It leaves the state; its events stay. */
  | { readonly type: "session.removed"; readonly session: SessionId }

/** What a turn's outcome means for the session. */
export const survives = (outcome: TurnOutcome): boolean => outcome.how === "completed" || outcome.how === "failed" || outcome.how === "interrupted"

/** Somebody can still prompt it. */
export const isOver = (session: Session): boolean => session.phase.name === "ended" || (session.phase.name === "closing" && session.phase.then.name === "end")

export const isBusy = (session: Session): boolean => session.phase.name === "prompting" || session.phase.name === "working"
