/** The agents of this worker: those that Fleet knows, changed and extended by the user's config, and their drivers, opened when first needed. */
import { fault, FaultError } from "../../domain/fault.ts"
import type { AgentConfig, Config } from "../../protocol/config.ts"
import type { Children } from "../../runtime/children.ts"
import type { AgentDriver } from "../../worker/ports/agent.ts"
import type { KnownAgent } from "./known.ts"
import type { AgentEntry, CommandEntry, DriverKind, DriverOptions } from "./options.ts"

export interface AgentsOptions {
  readonly known: readonly KnownAgent[]
  readonly config: Config
  readonly children: Children
  readonly stateDirectory: string
  readonly graceMs: number
  readonly openTimeoutMs: number
}

export interface RegisteredAgent {
  readonly entry: AgentEntry | CommandEntry
  readonly permissions: "ask" | "allow"
  /** Null for an agent that only the config knows. */
  readonly known: KnownAgent | null
}

export interface Agents extends AsyncDisposable {
  /** By name: the known ones and those of the config. */
  readonly all: ReadonlyMap<string, RegisteredAgent>
  /** The same driver each time. Throws a `FaultError` when there is no such agent. */
  driver(name: string): AgentDriver
}

/** Throws a `FaultError` when the config names an agent that cannot be started as it says. */
export function openAgents(options: AgentsOptions): Agents {
  const all = register(options.known, options.config)
  const drivers = new Map<string, LazyDriver>()
  return {
    all,
    driver(name) {
      const agent = all.get(name)
      if (agent === undefined) throw unknownAgent(name, [...all.keys()])
      const driver = drivers.get(name) ?? new LazyDriver(() => load(agent, options))
      drivers.set(name, driver)
      return driver
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...drivers.values()].map((driver) => driver[Symbol.asyncDispose]()))
    },
  }
}

export function register(known: readonly KnownAgent[], config: Config): ReadonlyMap<string, RegisteredAgent> {
  const all = new Map<string, RegisteredAgent>()
  for (const agent of known) all.set(agent.name, registered(agent.name, agent, config.agents[agent.name] ?? {}))
  for (const [name, changes] of Object.entries(config.agents)) if (!all.has(name)) all.set(name, registered(name, null, changes))
  return all
}

function registered(name: string, known: KnownAgent | null, changes: AgentConfig): RegisteredAgent {
  const permissions = changes.permissions ?? "ask"
  const driver = changes.driver ?? (speaksAcp(changes.argv) ? "acp" : known?.driver)
  const argv = argvOf(changes.argv) ?? known?.argv
  if (driver === undefined) throw incomplete(name, "driver", "acp, codex, claude, opencode or command")
  if (argv === undefined) throw incomplete(name, "argv", "the program and its arguments as a list")
  const entry: AgentEntry = {
    name,
    driver,
    argv,
    env: { ...known?.env, ...(permissions === "ask" ? known?.askEnv : {}), ...changes.env },
    model: changes.model ?? null,
    mode: changes.mode ?? known?.modes[permissions] ?? null,
    shared: changes.shared ?? false,
    slotsMax: changes.slots ?? null,
    family: known?.name ?? name,
  }
  return { entry: driver === "command" ? withCommand(entry, changes) : entry, permissions, known }
}

/** An argv that a person wrote for an agent that Fleet drives in another way by now (`[opencode, acp]`) means what it says. */
const speaksAcp = (argv: readonly string[] | undefined): boolean => argv?.slice(1).some((item) => item === "acp" || item === "--acp") ?? false

function withCommand(entry: AgentEntry, changes: AgentConfig): CommandEntry {
  const { resumeArgv, sessionPattern = null, errors = [] } = changes
  return { ...entry, driver: "command", command: { resumeArgv: argvOf(resumeArgv) ?? null, sessionPattern, errors } }
}

function argvOf(argv: readonly string[] | undefined): [string, ...string[]] | undefined {
  const [program, ...args] = argv ?? []
  return program === undefined ? undefined : [program, ...args]
}

function incomplete(name: string, key: string, what: string): FaultError {
  return new FaultError(
    fault(
      "agent-incomplete",
      `agent "${name}" cannot be started`,
      `Fleet does not know it, and agents.${name} in the config has no ${key}`,
      `add agents.${name}.${key}: ${what}`,
    ),
  )
}

function unknownAgent(name: string, names: readonly string[]): FaultError {
  return new FaultError(
    fault(
      "agent-unknown",
      `there is no agent "${name}"`,
      `known are ${names.join(", ")}`,
      `use one of these, or describe it under agents.${name} in the config`,
    ),
  )
}

/** Drivers are loaded when a session is first opened: most workers use one or two, and each brings its protocol along. */
async function load({ entry, permissions }: RegisteredAgent, options: AgentsOptions): Promise<AgentDriver> {
  const { children, stateDirectory, graceMs, openTimeoutMs } = options
  const driverOptions: DriverOptions = { entry, children, permissions, stateDirectory, graceMs, openTimeoutMs }
  const open: Readonly<Record<DriverKind, () => Promise<AgentDriver>>> = {
    acp: async () => (await import("./acp.ts")).openAcpDriver(driverOptions),
    codex: async () => (await import("./codex/driver.ts")).openCodexDriver(driverOptions),
    claude: async () => (await import("./claude/driver.ts")).openClaudeDriver(driverOptions),
    opencode: async () => (await import("./opencode/driver.ts")).openOpencodeDriver(driverOptions),
    command: async () => {
      const { openCommandDriver } = await import("./command.ts")
      if (!("command" in entry)) throw new Error(`the entry of ${entry.name} has no command settings`)
      return openCommandDriver({ ...driverOptions, entry })
    },
  }
  return open[entry.driver]()
}

class LazyDriver implements AgentDriver {
  readonly #load: () => Promise<AgentDriver>
  #driver: Promise<AgentDriver> | null = null
  #closed = false

  constructor(load: () => Promise<AgentDriver>) {
    this.#load = load
  }

  open: AgentDriver["open"] = async (request, listener, signal) => {
    if (this.#closed) throw new Error("the driver was closed")
    this.#driver ??= this.#load()
    return (await this.#driver).open(request, listener, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await (await this.#driver)?.[Symbol.asyncDispose]()
  }
}
