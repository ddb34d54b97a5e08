/** The real adapters behind the worker's ports. */
import path from "node:path"
import { mkdirSync } from "node:fs"
import { knownAgents } from "../adapters/agents/known.ts"
import { openAgents, type RegisteredAgent } from "../adapters/agents/registry.ts"
import { findProgram } from "../adapters/agents/command/program.ts"
import { runChecks } from "../adapters/checks/shell.ts"
import { openHealth } from "../adapters/health/health.ts"
import { openMaps } from "../adapters/map/maps.ts"
import { readHarness } from "../adapters/planning/harness.ts"
import { openPlanning } from "../adapters/planning/planning.ts"
import { openWorkspaces } from "../adapters/workspaces/workspaces.ts"
import { decidePermission } from "../domain/approval/policy.ts"
import { FaultError, fault } from "../domain/fault.ts"
import type { BootId } from "../domain/ids.ts"
import type { Config } from "../protocol/config.ts"
import type { SeenAgent } from "../protocol/worker.ts"
import { Children } from "../runtime/children.ts"
import type { Clock } from "../runtime/clock.ts"
import { cpuMsOfMarked, endMarked } from "../runtime/marked.ts"
import { gitCheckouts } from "../worker/checkout.ts"
import type { Agents } from "../worker/ports/agents.ts"
import type { SessionProcesses } from "../worker/ports/processes.ts"
import { PortBlocks } from "../worker/port-blocks.ts"
import { Transcripts } from "../worker/transcript.ts"
import type { WorkerOptions } from "../worker/worker.ts"
import { sibling } from "./entry.ts"

export interface PartsOptions {
  readonly home: string
  readonly boot: BootId
  readonly homeId: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly config: Config
  readonly clock: Clock
}

const graceMs = 3_000
const sweepGraceMs = 1_000
const openTimeoutMs = 60_000

export async function workerParts(options: PartsOptions): Promise<WorkerOptions["parts"]> {
  const { home, boot, homeId, environment, config, clock } = options
  const children = new Children()
  const own = withoutFleet(environment)
  return {
    clock,
    boot,
    homeId,
    environment,
    agents: agentsOf(options, children),
    processes: sessionProcesses,
    checkouts: gitCheckouts(own),
    ports: new PortBlocks(Number.parseInt(homeId.slice(0, 8), 16)),
    transcripts: new Transcripts(path.join(home, "transcripts")),
    decide: (request, directory) => decidePermission(config.permissions, request, directory),
    graceMs,
    // Only what a person's command starts is marked: a sweep must never kill git while it moves a branch.
    workspaces: await openWorkspaces({ home, environment: own, marks: { FLEET_WORKER: boot, FLEET_HOME_ID: homeId } }),
    maps: openMaps({ cacheDirectory: path.join(home, "maps"), environment: own }),
    planning: openPlanning({ kept: path.join(home, "planning"), environment: own, clock }),
    health: openHealth({
      environment: own,
      now: () => clock.now(),
      configured: async (root) => {
        const { commands, notice } = await readHarness(root)
        return { commands, notice: notice === null ? null : `${notice.what}: ${notice.why}` }
      },
    }),
    runChecks: (request, signal) => runChecks({ ...request, children, signal }),
  }
}

/** Git and setup commands are the person's own: they get what the person's shell had. */
function withoutFleet(environment: PartsOptions["environment"]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("FLEET_")))
}

function agentsOf({ home, environment, config }: PartsOptions, children: Children): Agents {
  const stateDirectory = path.join(home, "agents")
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 })
  const known = knownAgents([process.execPath, sibling("scripted-agent")]).map((agent) =>
    // Its conversations belong to this home, and go with it.
    agent.name === "scripted" ? { ...agent, env: { ...agent.env, FLEET_SCRIPTED_HOME: path.join(stateDirectory, "scripted") } } : agent,
  )
  const registry = openAgents({ known, config, children, stateDirectory, graceMs, openTimeoutMs })
  return {
    offered: [...registry.all].map(([name, { entry }]) => ({ name, slotsMax: entry.slotsMax })),
    look: () => Promise.all([...registry.all.values()].map((agent) => seen(agent, environment["PATH"] ?? "", home))),
    driver: async (name) => registry.driver(name),
    passedVariables: (name) => passedVariables(registry.all.get(name), environment),
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]()
      await children[Symbol.asyncDispose]()
    },
  }
}

async function seen({ entry, known }: RegisteredAgent, searchPath: string, home: string): Promise<SeenAgent> {
  const program = await findProgram(entry.argv[0], searchPath, home)
  return { name: entry.name, found: program !== null, install: known?.install ?? `correct agents.${entry.name}.argv in the config` }
}

/**
 * A provider's key comes with its address, its model, its organisation: `OPENAI_API_KEY` lets all of `OPENAI_*` through, and
 * the agent's own family of variables, `CODEX_*`. Agents that only the config knows get what the config says.
 */
function passedVariables(agent: RegisteredAgent | undefined, environment: PartsOptions["environment"]): readonly string[] {
  const login = agent?.known?.login?.env ?? []
  const families = new Set([...login.map(familyOf), ...(agent?.known == null ? [] : [familyOf(`${agent.known.name.toUpperCase()}_`)])])
  return Object.keys(environment).filter((name) => name.includes("_") && families.has(familyOf(name)))
}

const familyOf = (variable: string): string => variable.slice(0, variable.indexOf("_") + 1)

const sessionProcesses: SessionProcesses = {
  cpuMs: (session) => cpuMsOfMarked("FLEET_SESSION", session),
  end: async (session) => {
    const { ended, survivors } = await endMarked({ name: "FLEET_SESSION", value: session, graceMs: sweepGraceMs })
    if (survivors.length === 0) return ended
    throw new FaultError(
      fault(
        "session.survivors",
        `Session ${session} is not ended`,
        `processes ${survivors.join(", ")} cannot be ended; they belong to another user or wait for a device`,
        "End them by hand, then try again.",
      ),
    )
  },
}
