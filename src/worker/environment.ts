/** The environment of an agent: a clean base, what the hub adds, the marks by which its processes are found, a name in git, and its ports. */
import type { BootId, SessionId, WorkspaceId } from "../domain/ids.ts"
import type { PortBlock } from "./port-blocks.ts"

type Environment = Readonly<Record<string, string>>

export interface EnvironmentParts {
  /** The worker's own environment, as it was handed in. */
  readonly base: Readonly<Record<string, string | undefined>>
  /** Variables that this agent needs of it: keys and addresses of its provider. */
  readonly passed: readonly string[]
  /** What the hub adds for this session. */
  readonly added: Environment
  readonly session: SessionId
  readonly workspace: WorkspaceId
  readonly boot: BootId
  /** Same for every worker of one home: what an earlier life left is found by it. */
  readonly homeId: string
  readonly agent: string
  /** Git knows who the person is, in this workspace. */
  readonly personKnown: boolean
  readonly ports: PortBlock
}

const plain = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TERM",
  "TZ",
  "TMPDIR",
  "SSH_AUTH_SOCK",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
])
const families = ["LC_", "XDG_"]

/** Agents are known in git by an address that can never be anybody's. */
export const agentEmail = (agent: string): string => `${agent.replaceAll(/[^A-Za-z0-9._-]/g, "-")}@agents.fleet.invalid`

/** Nothing but what is named here reaches an agent: no `GIT_*`, and no `FLEET_*` of whoever started the worker. */
export function agentEnvironment(parts: EnvironmentParts): Environment {
  const added = Object.entries(parts.added).filter(([name]) => !name.startsWith("GIT_"))
  return { ...baseEnvironment(parts.base, parts.passed), ...Object.fromEntries(added), ...identity(parts), ...marks(parts), ...ports(parts.ports) }
}

/** For commands that are not an agent's: checks, setup. */
export function baseEnvironment(base: Readonly<Record<string, string | undefined>>, passed: readonly string[]): Environment {
  const kept = Object.entries(base).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !forbidden(entry[0]) && (isPlain(entry[0]) || passed.includes(entry[0])),
  )
  return Object.fromEntries(kept)
}

const isPlain = (name: string): boolean => plain.has(name.toUpperCase()) || families.some((family) => name.startsWith(family))
const forbidden = (name: string): boolean => name.startsWith("GIT_") || name.startsWith("FLEET_")

/**
 * Who wrote a commit is the agent, so that history shows which lines an agent made. Who commits it is the person, whom git
 * knows by itself; only where git does not know, committing would fail, and the agent stands in.
 */
function identity({ agent, personKnown }: EnvironmentParts): Environment {
  const author = { GIT_AUTHOR_NAME: agent, GIT_AUTHOR_EMAIL: agentEmail(agent) }
  return personKnown ? author : { ...author, GIT_COMMITTER_NAME: agent, GIT_COMMITTER_EMAIL: agentEmail(agent) }
}

function marks({ session, workspace, boot, homeId }: EnvironmentParts): Environment {
  return { FLEET_SESSION: session, FLEET_WORKSPACE: workspace, FLEET_WORKER: boot, FLEET_HOME_ID: homeId }
}

function ports({ base, count }: PortBlock): Environment {
  return { FLEET_PORT_BASE: String(base), FLEET_PORT_COUNT: String(count) }
}
