/** What one turn with an agent comes to. One shape for every driver. */

/** Tokens of one turn, as far as the agent says; `costUsd` is what the agent reports, an estimate. */
export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cachedTokens: number
  readonly costUsd: number | null
}
export const noUsage: Usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, costUsd: null }

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    costUsd: a.costUsd === null && b.costUsd === null ? null : (a.costUsd ?? 0) + (b.costUsd ?? 0),
  }
}

/**
 * Why a turn failed. Adapters map the agent's own errors to these; nothing above an adapter reads `message` to decide.
 * auth: no login or key. rate-limit: wait until `resetAt` (epoch ms) if known. overload: the provider is busy or broken (5xx).
 * network: it could not be reached or the stream dropped. refused: the provider will not do this request (4xx). bug: all else.
 */
export interface AgentError {
  readonly class: "auth" | "rate-limit" | "overload" | "network" | "refused" | "bug"
  readonly message: string
  readonly resetAt: number | null
}

/**
 * completed: the agent's terminal event came without an error flag. interrupted: we asked it to stop. failed: it says so, or a flag does.
 * stalled: silent too long by facts, ended by the watchdog. lost: the process or its stream ended without a terminal event.
 */
export type TurnOutcome =
  | { readonly how: "completed"; readonly text: string; readonly usage: Usage }
  | { readonly how: "interrupted"; readonly text: string; readonly usage: Usage }
  | { readonly how: "failed"; readonly error: AgentError; readonly text: string; readonly usage: Usage }
  | { readonly how: "stalled"; readonly silentMs: number; readonly text: string; readonly usage: Usage }
  | { readonly how: "lost"; readonly message: string; readonly text: string; readonly usage: Usage }

/**
 * What came of a message for a running turn. taken: the agent has it in its conversation. over: no turn ran any more that could take it.
 * cannot: this agent takes nothing while it works.
 */
export type Steering = "taken" | "over" | "cannot"

/** A permission that the agent asked for and waits on. `kind` is what policy is written against. */
export interface PermissionRequest {
  /** Unique in its session. */
  readonly permission: string
  readonly kind: "read" | "edit" | "run" | "fetch" | "other"
  /** One line: the command, or the tool and its files. Hostile text. */
  readonly title: string
  /** Files it names, as the agent gave them. */
  readonly paths: readonly string[]
  /** The whole command for `run`; otherwise null. */
  readonly command: string | null
}

/** A picture that comes with a prompt, kept as a file on the worker's machine. */
export interface Attachment {
  readonly mime: "image/png" | "image/jpeg" | "image/gif" | "image/webp"
  readonly name: string
  /** Absolute path. */
  readonly file: string
}
