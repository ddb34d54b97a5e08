/** What one conversation of opencode is opened with, and what it needs of its driver. */
import type { SessionListener } from "../../../worker/ports/agent.ts"
import type { Effort } from "./effort.ts"
import type { PluginFiles } from "./plugin.ts"
import type { Guest, Server } from "./server.ts"
import type { Patience } from "./waiting.ts"

export interface ConversationOptions {
  readonly listener: SessionListener
  readonly agentSession: string
  readonly resumed: boolean
  readonly directory: string
  readonly model: string | null
  readonly mode: string | null
  readonly effort: Effort
  readonly allowAll: boolean
  readonly graceMs: number
  /** Between two looks at a running turn. */
  readonly lookMs: number
  readonly patience: Patience
  readonly files: PluginFiles
  /** A server to go on with, when the one before is gone or given up. */
  lease(guest: Guest): Promise<Server>
  rested(guest: Guest): void
  /** The session needs no server any more. */
  closed(server: Server | null): Promise<void>
}
