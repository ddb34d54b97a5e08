/** Where each agent looks for skills. Only places that were seen to work or that the agent's maker names; other agents are left alone. */
import path from "node:path"
import { fault, FaultError } from "../../../domain/fault.ts"
import { didYouMean } from "../../../domain/plan/did-you-mean.ts"
import type { CliContext } from "../context.ts"

export type SkillScope = "user" | "project"
/** A directory that holds skills, and the agents that read it. */
export interface SkillPlace {
  readonly scope: SkillScope
  /** Absolute. */
  readonly directory: string
  readonly agents: readonly string[]
}

/** As in `fleet agents`, with where they look below the home directory and in a repository. */
interface Known {
  readonly agents: readonly string[]
  readonly directory: string
  /** Variable that moves the first part of it, for the user's own. */
  readonly movedBy: string | null
}

/**
 * Seen in the real programs, each with skills in all of these places: Claude Code 2.1.329 (the `init` message) lists those in
 * `.claude/skills` only; codex 0.169.0 (`skills/list` of its app-server) those in `.agents/skills` and `.codex/skills`; opencode 1.18.33
 * (`opencode debug skill`) those in `.agents/skills`, `.claude/skills` and its own. By their makers' pages also Gemini CLI
 * (https://geminicli.com/docs/cli/using-agent-skills/) and Copilot CLI (https://docs.github.com/en/copilot/how-tos/copilot-cli/customize-copilot/create-skills)
 * read `.agents/skills`. The shared place is taken wherever it is read, so that no agent meets the same skill in three places.
 */
const known: readonly Known[] = [
  { agents: ["claude", "claude-acp"], directory: ".claude/skills", movedBy: "CLAUDE_CONFIG_DIR" },
  { agents: ["codex", "codex-acp", "opencode", "gemini", "copilot"], directory: ".agents/skills", movedBy: null },
]

export const agentsWithPlace: readonly string[] = known.flatMap((one) => one.agents)

export interface Chosen {
  readonly places: readonly SkillPlace[]
  /** Known agents of which nobody told us where they look. */
  readonly without: readonly string[]
}

type Around = Pick<CliContext, "env" | "userHome" | "cwd">

/** `asked`: null for every agent with a place. Throws for a name that is no agent's. */
export function choosePlaces(
  asked: readonly string[] | null,
  scope: SkillScope,
  at: { context: Around; project: string; allAgents: readonly string[] },
): Chosen {
  const wrong = asked?.find((name) => !at.allAgents.includes(name))
  if (wrong !== undefined) throw new FaultError(unknownAgent(wrong, at.allAgents))
  const names = asked ?? agentsWithPlace
  const places = known
    .map((one) => ({ scope, directory: directoryOf(one, scope, at), agents: one.agents.filter((name) => names.includes(name)) }))
    .filter((place) => place.agents.length > 0)
  return { places, without: names.filter((name) => !agentsWithPlace.includes(name)) }
}

function directoryOf(one: Known, scope: SkillScope, { context, project }: { context: Around; project: string }): string {
  if (scope === "project") return path.join(project, one.directory)
  const moved = one.movedBy === null ? undefined : context.env[one.movedBy]
  const [, ...rest] = one.directory.split("/")
  return moved === undefined || moved === "" ? path.join(context.userHome, one.directory) : path.resolve(context.cwd, moved, ...rest)
}

function unknownAgent(name: string, all: readonly string[]): ReturnType<typeof fault> {
  const meant = didYouMean(name, [...all])
  return fault(
    "unknown-agent",
    `no agent is named ${JSON.stringify(name)}`,
    "`fleet agents` lists those that Fleet knows",
    meant === null ? `one of: ${agentsWithPlace.join(", ")}` : `did you mean ${meant}?`,
  )
}
