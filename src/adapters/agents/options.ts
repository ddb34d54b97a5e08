/** What the drivers are opened with: one agent's entry of the registry, completed from the user's config. */
import type { AgentError } from "../../domain/session/turn.ts"
import type { Children } from "../../runtime/children.ts"

export type DriverKind = "acp" | "codex" | "claude" | "opencode" | "command"

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

/** An agent of the driver `command`. In its argv, `{workspace}`, `{model}`, `{effort}` and `{promptFile}` are filled in, in `resumeArgv` also `{session}`. */
export interface CommandEntry extends AgentEntry {
  readonly driver: "command"
  readonly command: CommandSettings
}
export interface CommandSettings {
  /** Used from the second turn on, and to go on with an old session. Null: every turn begins anew. */
  readonly resumeArgv: readonly [string, ...string[]] | null
  /** A regular expression whose first group is the program's session id, in a line that it prints. */
  readonly sessionPattern: string | null
  /** What its exit codes mean; any other than 0 is a bug. */
  readonly errors: readonly { readonly exitCode: number; readonly class: AgentError["class"] }[]
}
