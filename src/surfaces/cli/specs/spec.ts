/** How a command is described, and the options that several of them share. */
import type { Handler } from "../invocation.ts"

export interface OptionSpec {
  readonly flags: string
  readonly description: string
  /** count: a whole number. list: may be given several times. */
  readonly kind?: "count" | "list"
  readonly choices?: readonly string[]
  readonly default?: string
}
export interface CommandSpec {
  readonly name: string
  /** In commander's notation. The argument's name says what completes it: run, task, approval, plan, topic, shell. */
  readonly args?: readonly (readonly [notation: string, description: string])[]
  readonly summary: string
  readonly options?: readonly OptionSpec[]
  readonly examples: readonly string[]
  readonly hidden?: boolean
  readonly json?: false
  /** What stands after the arguments belongs to another program, options and all. */
  readonly passThrough?: true
  readonly load?: () => Promise<Handler>
  readonly commands?: readonly CommandSpec[]
}

export const directory: OptionSpec = { flags: "-C, --directory <path>", description: "the checkout to work on (default: here)" }
export const all: OptionSpec = { flags: "--all", description: "of all repositories, with their names; so it is where there is no repository" }
export const agent: OptionSpec = { flags: "--agent <name>", description: "agent for tasks that name none (see `fleet agents`)" }
export const slots: OptionSpec = { flags: "--slots <n>", description: "how many agents may work at once", kind: "count" }
export const progress: OptionSpec = {
  flags: "--progress <how>",
  description: "how to show it: a live table, lines, JSON lines, or only the last line",
  choices: ["auto", "tty", "plain", "json", "quiet"],
  default: "auto",
}
export const skillOptions: readonly OptionSpec[] = [
  { flags: "--agent <names...>", description: "for these agents only (default: all of which Fleet knows where they look)" },
  { flags: "--scope <where>", description: "for you in every project, or for this project", choices: ["user", "project"], default: "user" },
  { flags: "-n, --dry-run", description: "say what would be done and do nothing" },
  { flags: "--force", description: "also overwrite or remove what somebody changed" },
]
export const wait: OptionSpec = { flags: "-w, --wait", description: "until it rests; exit code 1 when its turn did not complete" }
export const model: OptionSpec = { flags: "--model <name>", description: "the agent's model" }
export const stat: OptionSpec = { flags: "--stat", description: "only the files, with the number of lines" }
export const sessionArg = ["<session>", "its id, a unique prefix of it, or the agent's own id"] as const
export const note: OptionSpec = { flags: "--note <text>", description: "told to the agent with the answer" }
