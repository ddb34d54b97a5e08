/** What a worker needs of a coding agent. Adapters: `adapters/agents/*`; all pass `agent.conformance.ts`. */
import type { Offers } from "../../protocol/worker.ts"
import type { Attachment, PermissionRequest, Steering, TurnOutcome, Usage } from "../../domain/session/turn.ts"

/** One way of driving one configured agent. It may keep a process that many sessions share. */
export interface AgentDriver extends AsyncDisposable {
  /** Starts or resumes a session. Rejects with `FaultError`. When `resume` cannot be honoured it opens a fresh one and says `resumed: false`. */
  open(request: OpenRequest, listener: SessionListener, signal: AbortSignal): Promise<AgentSession>
}

export interface OpenRequest {
  readonly session: string
  /** Absolute path of the workspace. */
  readonly directory: string
  readonly model: string | null
  /** How hard it is to think, as a plan names it; null leaves it. One that the agent cannot take is said in a note, once, and left out. */
  readonly effort: string | null
  readonly resume: string | null
  /** The whole environment of the agent, markers (`FLEET_SESSION`, `FLEET_WORKER`) included. Nothing else is inherited. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * What may come with a prompt. What an agent cannot take of it, its driver says in a note of the transcript; a picture it then names by its
 * path in the text, so that the agent can look at the file.
 */
export interface PromptExtras {
  readonly attachments: readonly Attachment[]
  /** For this turn only; null: as the session was opened. */
  readonly model: string | null
  /** The agent's own mode or sub-agent for this turn (`build`, `plan`); null: as it is. */
  readonly mode: string | null
}

export const nothingOffered: Offers = { modes: [], models: [], commands: [] }

export interface AgentSession {
  readonly agentSession: string | null
  readonly resumed: boolean
  readonly agentVersion: string | null
  /** Sends one prompt and resolves when the turn has ended. Never rejects for what the agent or its provider did: that is the outcome. One at a time. */
  prompt(text: string, extras?: PromptExtras): Promise<TurnOutcome>
  /** Hands a message to the turn that runs; the turn goes on, with one outcome. Resolves at the latest when the turn has ended, and never rejects. */
  steer(text: string): Promise<Steering>
  /** Answers a request that `listener.asked` handed over. False when the agent no longer waits for it. */
  answer(permission: string, allow: boolean, note: string | null): Promise<boolean>
  /** What can be chosen for its turns, as far as the agent says. Never rejects. */
  offers(): Promise<Offers>
  /** Asks the agent to stop its turn; the running `prompt` resolves. Safe at any time. */
  interrupt(): Promise<void>
  /** Ends the session. The process that is its own ends too; a shared one goes on. Safe to call twice. */
  close(): Promise<void>
}

/** What a session says while it works. Calls arrive in order; none may throw. */
export interface SessionListener {
  /** The agent acknowledged the prompt: the turn runs. */
  started(): void
  said(chunk: SessionChunk): void
  asked(request: PermissionRequest): void
  /** An asked permission needs no answer any more. */
  withdrawn(permission: string): void
  /** Totals of the running turn so far, where the agent tells. */
  used(usage: Usage): void
  /** The process or connection ended though nobody asked. Comes before the running `prompt` resolves as `lost`. */
  died(message: string): void
}

/** One entry of the transcript. Text is as the agent sent it: hostile. */
export type SessionChunk =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thought"; readonly text: string }
  | { readonly type: "tool"; readonly id: string; readonly title: string; readonly status: "started" | "completed" | "failed"; readonly output: string | null }
  /** Something that the driver wants the reader of the transcript to know: a retry of the provider, a warning. */
  | { readonly type: "note"; readonly text: string }
