/** Looks at all agents that the registry knows, at the same time. */
import { knownAgents } from "../../adapters/agents/known.ts"
import { probeAgent, type Probe } from "../../adapters/agents/probe.ts"
import { register, type RegisteredAgent } from "../../adapters/agents/registry.ts"
import { readConfig } from "../../adapters/files/config.ts"
import { Children } from "../../runtime/children.ts"
import type { CliContext } from "./context.ts"

export interface AgentReport {
  readonly name: string
  readonly title: string
  readonly driver: string
  /** Absolute path of its program; null when it was not found. */
  readonly program: string | null
  readonly version: string | null
  readonly login: "yes" | "unknown"
  /** Why `login` is said. */
  readonly loginWhy: string
  /** Its program was found and said its version. */
  readonly canStart: boolean
  /** Why it cannot start; null when it can. */
  readonly problem: string | null
  readonly install: string
  readonly loginHint: string
}

const versionLimitMs = 10_000

export async function probeAgents(context: CliContext): Promise<AgentReport[]> {
  const { node, scriptedAgent } = context.programs
  const agents = register(knownAgents([node, scriptedAgent]), await readConfig(context.config))
  const environment = Object.fromEntries(Object.entries(context.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
  await using children = new Children()
  const probed = [...agents.values()].map(async (agent) => reportOf(agent, await probeAgent(agent, environment, context.userHome, children, versionLimitMs)))
  return await Promise.all(probed)
}

function reportOf({ entry, known }: RegisteredAgent, { name, program, version, login, install, loginHint }: Probe): AgentReport {
  const problem = program === null ? `${entry.argv[0]} was not found` : version === null ? `it did not say its version within ${versionLimitMs / 1000} s` : null
  return {
    name,
    title: known?.title ?? name,
    driver: entry.driver,
    program,
    version,
    login: login === "unknown" ? "unknown" : "yes",
    loginWhy: loginReasons[login],
    canStart: problem === null,
    problem,
    install,
    loginHint,
  }
}

const loginReasons: Readonly<Record<Probe["login"], string>> = {
  seen: "its key or its login file is there",
  "not-needed": "it needs none",
  unknown: "no sign of a login was found; it may lie where Fleet cannot look",
}
