/**
 * Drives opencode by `opencode serve` processes that many sessions share, each session a conversation in its own directory (checked with 1.18.33).
 * The person's own config and login are used as they are; Fleet adds one plugin, which gives tools the environment of their session.
 */
import path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { FaultError, fault, type Fault } from "../../../domain/fault.ts"
import type { AgentDriver, AgentSession, OpenRequest, SessionListener } from "../../../worker/ports/agent.ts"
import { ownEnvironment, sharedEnvironment } from "../environment.ts"
import { effortName } from "../extras.ts"
import type { DriverOptions } from "../options.ts"
import { record, text } from "../fields.ts"
import { unlessAborted } from "../unless-aborted.ts"
import { ApiError } from "./api.ts"
import { hasOwnConfig } from "./catalogue.ts"
import { Effort } from "./effort.ts"
import { modelOf } from "./messages.ts"
import { modelsOf, modesOf } from "./offers.ts"
import { makePlugin, type PluginFiles } from "./plugin.ts"
import { Pool, usualLimits, type PoolLimits } from "./pool.ts"
import { startServer, type Guest, type Server } from "./server.ts"
import { OpencodeSession } from "./session.ts"
import { serverSettings } from "./settings.ts"
import { usualPatience, type Patience } from "./waiting.ts"

export interface OpencodeLimits {
  readonly pool: PoolLimits
  readonly patience: Patience
  /** Between two looks at a running turn. */
  readonly lookMs: number
}
export const usualOpencodeLimits: OpencodeLimits = { pool: usualLimits, patience: usualPatience, lookMs: 5_000 }

export function openOpencodeDriver(options: DriverOptions, limits: OpencodeLimits = usualOpencodeLimits): AgentDriver {
  return new OpencodeDriver(options, limits)
}

class OpencodeDriver implements AgentDriver {
  readonly #options: DriverOptions
  readonly #limits: OpencodeLimits
  readonly #pool: Pool
  readonly #sessions = new Set<OpencodeSession>()
  readonly #stopping = new AbortController()
  #files: Promise<PluginFiles> | null = null

  constructor(options: DriverOptions, limits: OpencodeLimits) {
    this.#options = options
    this.#limits = limits
    this.#pool = new Pool(limits.pool)
  }

  async open(request: OpenRequest, listener: SessionListener, signal: AbortSignal): Promise<AgentSession> {
    const { openTimeoutMs } = this.#options
    const limited = AbortSignal.any([signal, this.#stopping.signal, AbortSignal.timeout(openTimeoutMs)])
    try {
      return await unlessAborted(limited, this.#open(request, listener, limited))
    } catch (error) {
      if (error instanceof FaultError || signal.aborted) throw error
      const why = limited.aborted && !this.#stopping.signal.aborted ? `it did not open a session within ${openTimeoutMs} ms` : (error as Error).message
      throw new FaultError(this.#fault(why), { cause: error })
    }
  }

  async #open(request: OpenRequest, listener: SessionListener, signal: AbortSignal): Promise<AgentSession> {
    signal.throwIfAborted()
    this.#files ??= makePlugin(path.join(this.#options.stateDirectory, "opencode"))
    const files = await this.#files
    const opening = new Opening()
    try {
      const server = await this.#lease(opening, request, files)
      signal.throwIfAborted()
      return await this.#openOn(server, opening, request, listener, files, signal)
    } catch (error) {
      // It died a moment ago, before anybody saw it.
      if (error instanceof FaultError || signal.aborted || !(await opening.diedSoon())) throw error
      return await this.#open(request, listener, signal)
    } finally {
      this.#pool.release(opening)
    }
  }

  async #openOn(
    server: Server,
    opening: Guest,
    request: OpenRequest,
    listener: SessionListener,
    files: PluginFiles,
    signal: AbortSignal,
  ): Promise<AgentSession> {
    await this.#check(server, request)
    const resumed = request.resume === null ? null : await find(server, request.resume, request.directory)
    const agentSession = resumed ?? text(record(await server.api.post("/session", request.directory, { title: request.session }))["id"])
    if (!(await files.loaded(server.id))) throw new FaultError(this.#withoutPlugin())
    signal.throwIfAborted()
    const environment = { ...request.environment, ...this.#options.entry.env }
    // What Fleet set for the server is not for tools: an opencode or npm among them works as the person's own.
    const without = Object.fromEntries(Object.keys(server.settings).map((name) => [name, ""]))
    await files.give(agentSession, ownEnvironment({ ...without, ...environment }, { ...server.environment, ...server.settings }))
    return this.#begin(request, listener, files, opening, server, agentSession, resumed !== null)
  }

  #begin(
    request: OpenRequest,
    listener: SessionListener,
    files: PluginFiles,
    opening: Guest,
    server: Server,
    agentSession: string,
    resumed: boolean,
  ): OpencodeSession {
    const { entry, permissions, graceMs } = this.#options
    const session: OpencodeSession = new OpencodeSession(
      {
        listener,
        agentSession,
        resumed,
        directory: request.directory,
        model: request.model ?? entry.model,
        mode: entry.mode,
        effort: new Effort(effortName(request.effort), listener),
        allowAll: permissions === "allow",
        graceMs,
        lookMs: this.#limits.lookMs,
        patience: this.#limits.patience,
        files,
        lease: (guest) => this.#lease(guest, request, files),
        rested: (guest) => this.#pool.rested(guest),
        closed: (last) => this.#closed(session, last, request.directory, files),
      },
      server,
    )
    this.#pool.handOver(opening, session)
    this.#sessions.add(session)
    return session
  }

  async #lease(guest: Guest, request: OpenRequest, files: PluginFiles): Promise<Server> {
    const isWhole = await hasOwnConfig(request.directory)
    return await this.#pool.lease(guest, isWhole ? "whole catalogue" : "cut catalogue", async () => {
      const shared = sharedEnvironment(request.environment, this.#options.entry.env)
      return await startServer(this.#options, shared, await serverSettings(this.#options, shared, files, isWhole), this.#stopping.signal)
    })
  }

  async #closed(session: OpencodeSession, server: Server | null, directory: string, files: PluginFiles): Promise<void> {
    this.#sessions.delete(session)
    const isShared = [...this.#sessions].some((other) => other.directory === directory)
    // What opencode keeps for a directory, it would keep as long as it lives.
    if (!isShared && !this.#stopping.signal.aborted) await server?.api.post("/instance/dispose", directory, {}, disposeMs).catch(() => undefined)
    this.#pool.release(session)
    await files.take(session.agentSession)
  }

  /** A mode or model that is not there would be met only by the first turn, or not at all. */
  async #check(server: Server, request: OpenRequest): Promise<void> {
    const { entry } = this.#options
    const model = request.model ?? entry.model
    if (entry.mode !== null) {
      const modes = (await modesOf(server.api, request.directory)).map((mode) => mode.name)
      if (!modes.includes(entry.mode)) throw new FaultError(this.#notOffered("mode", entry.mode, modes))
    }
    if (model === null) return
    const models = (await modelsOf(server.api, request.directory)).map((offered) => offered.id)
    if (modelOf(model) === null || !models.includes(model)) throw new FaultError(this.#notOffered("model", model, models))
  }

  #notOffered(what: "mode" | "model", wanted: string, offered: readonly string[]): Fault {
    const { name } = this.#options.entry
    const some = offered.slice(0, 20).join(", ")
    return fault(
      `agent-${what}`,
      `agent "${name}" has no ${what} "${wanted}"`,
      offered.length === 0 ? `opencode offers none here` : `it offers ${some}${offered.length > 20 ? ` and ${offered.length - 20} more` : ""}`,
      `choose another ${what} for it, in the plan or under agents.${name} in the config`,
    )
  }

  #withoutPlugin(): Fault {
    const { name } = this.#options.entry
    return fault(
      "agent-plugin",
      `${name} cannot share a server`,
      "opencode did not load Fleet's plugin, without which tools do not have the environment of their session (OPENCODE_PURE turns plugins off)",
      `unset OPENCODE_PURE, or use the agent opencode-acp, which has a process for each session`,
    )
  }

  #fault(why: string): Fault {
    const { name, argv } = this.#options.entry
    return fault(
      "agent-not-started",
      `${name} cannot open a session`,
      why,
      `see that "${argv.join(" ")}" starts in a terminal; fleet doctor shows what is there`,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(new Error("the driver was closed"))
    await Promise.all([...this.#sessions].map((session) => session.close()))
    await this.#pool[Symbol.asyncDispose]()
    await (await this.#files?.catch(() => null))?.[Symbol.asyncDispose]()
  }
}

/** Holds a server while a session is opened on it. */
class Opening implements Guest {
  readonly rests = false
  readonly #died = Promise.withResolvers<true>()
  heard(): void {}
  resync(): void {}
  died(): void {
    this.#died.resolve(true)
  }
  leave(): void {}

  diedSoon(): Promise<boolean> {
    return Promise.race([this.#died.promise, delay(seenMs, false, { ref: false })])
  }
}

const disposeMs = 2_000
/** A broken connection is met before the end of its process is seen. */
const seenMs = 1_000

/** The conversation's id, null when opencode does not know it. It works where it was begun, until it is moved. */
async function find(server: Server, conversation: string, directory: string): Promise<string | null> {
  if (!/^ses_\w+$/.test(conversation)) return null
  try {
    const known = record(await server.api.get(`/session/${conversation}`, directory))
    if (known["directory"] !== directory)
      await server.api.post("/experimental/control-plane/move-session", directory, { sessionID: conversation, destination: { directory } })
    return text(known["id"]) || null
  } catch (error) {
    if (error instanceof ApiError) return null
    throw error
  }
}
