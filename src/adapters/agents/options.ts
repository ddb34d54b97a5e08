/** What the drivers are opened with: one agent's entry of the registry, completed from the user's config. */
import type { Children } from "../../runtime/children.ts"

export type DriverKind = "acp" | "codex" | "claude" | "command"

/** How one agent is started headless. The registry has one for each known agent; the config overrides its fields. */
export interface AgentEntry {
  readonly name: string
  readonly driver: DriverKind
  /** Program and arguments. Never a shell string. Relative programs are looked up on the agent's PATH. */
  readonly argv: readonly [string, ...string[]]
  /** Added to the session's environment. */
  readonly env: Readonly<Record<string, string>>
  /** Used when the session names none; null leaves it to the agent. */
  readonly model: string | null
  /** The agent's own mode, set after the session is open; null leaves it. */
  readonly mode: string | null
  /** Several sessions in one process. The process then has no session's own environment. */
  readonly shared: boolean
  /** Most sessions at once on one worker, null for no limit of its own. */
  readonly slotsMax: number | null
  /** Which of the agent family's ways of saying things apply: errors, usage. The entry's name for known agents. */
  readonly family: string
}

export interface DriverOptions {
  readonly entry: AgentEntry
  /** Every process is started here and nowhere else. */
  readonly children: Children
  /** ask: the agent asks before it acts and `listener.asked` hears it. allow: it is started so that it does not ask, and what it asks anyway is allowed. */
  readonly permissions: "ask" | "allow"
  /** Between asking a process to end and killing its group. */
  readonly graceMs: number
  /** Limit on starting the process and opening a session. */
  readonly openTimeoutMs: number
  /** A directory that the driver may keep files in (settings it generates, sessions of the scripted agent). Exists. */
  readonly stateDirectory: string
}
