/**
 * Drives codex by one `codex app-server` process that all sessions of this driver share, each as a thread (checked with codex 0.169).
 * The process starts with the first session, and again after it died; threads outlive it, in codex's own home.
 */
import { setTimeout as delay } from "node:timers/promises"
import { FaultError, fault } from "../../../domain/fault.ts"
import type { AgentDriver, AgentSession, OpenRequest, SessionListener } from "../../../worker/ports/agent.ts"
import type { Child } from "../../../runtime/children.ts"
import { sharedEnvironment } from "../environment.ts"
import type { DriverOptions } from "../options.ts"
import { effortName, effortNotTaken } from "../extras.ts"
import { list, record, text, textOrNull, type Json } from "../fields.ts"
import { unlessAborted } from "../unless-aborted.ts"
import { limitResetAt } from "./errors.ts"
import { Peer, RpcError, type RequestId } from "./peer.ts"
import { threadSettings } from "./sandbox.ts"
import { CodexSession } from "./session.ts"

export function openCodexDriver(options: DriverOptions): AgentDriver {
  return new CodexDriver(options)
}

interface Server {
  readonly child: Child
  readonly peer: Peer
  readonly environment: Readonly<Record<string, string>>
  readonly version: string | null
}

class CodexDriver implements AgentDriver {
  readonly #options: DriverOptions
  readonly #sessions = new Set<CodexSession>()
  #server: Promise<Server> | null = null
  #limitResetAt: number | null = null
  #disposed = false

  constructor(options: DriverOptions) {
    this.#options = options
  }

  async open(request: OpenRequest, listener: SessionListener, signal: AbortSignal): Promise<AgentSession> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(this.#options.openTimeoutMs)])
    try {
      return await unlessAborted(limited, this.#open(request, listener, limited))
    } catch (error) {
      if (error instanceof FaultError || signal.aborted) throw error
      throw new FaultError(this.#fault(limited.aborted ? `it did not open a session within ${this.#options.openTimeoutMs} ms` : (error as Error).message), {
        cause: error,
      })
    }
  }

  #fault(why: string): ReturnType<typeof fault> {
    const { name, argv } = this.#options.entry
    return fault(
      "agent-not-started",
      `${name} cannot open a session`,
      why,
      `see that "${argv.join(" ")}" starts in a terminal, and that codex is logged in: codex login`,
    )
  }

  #loggedOut(): ReturnType<typeof fault> {
    const { name } = this.#options.entry
    const why = "codex has neither an account nor a provider that needs none (it takes no key from the environment)"
    return fault("agent-auth", `${name} is not logged in`, why, "log in: codex login; then: fleet retry <task>")
  }

  async #open(request: OpenRequest, listener: SessionListener, signal: AbortSignal): Promise<AgentSession> {
    if (this.#disposed) throw new Error("the driver was disposed")
    signal.throwIfAborted()
    this.#server ??= this.#start(request)
    const server = await this.#server
    const settings = await threadSettings(request, this.#options, server.environment)
    const resumed = request.resume === null ? null : await resume(server.peer, request.resume, settings)
    const answer = resumed ?? (await server.peer.request("thread/start", settings))
    const thread = text(record(answer["thread"])["id"])
    // Nobody waits for it any more.
    if (signal.aborted) await server.peer.request("thread/unsubscribe", { threadId: thread })
    signal.throwIfAborted()
    const model = textOrNull(answer["model"])
    const session = new CodexSession({
      peer: server.peer,
      listener,
      thread,
      resumed: resumed !== null,
      model,
      effort: await this.#effort(server.peer, model, effortName(request.effort), listener),
      agentVersion: server.version,
      allowAll: this.#options.permissions === "allow",
      graceMs: this.#options.graceMs,
      limitResetAt: () => this.#limitResetAt,
      closed: (closed) => this.#sessions.delete(closed),
    })
    this.#sessions.add(session)
    return session
  }

  /** Null, and told, when the model is known to take others. What codex does not know of a model, it finds out itself. */
  async #effort(peer: Peer, model: string | null, effort: string | null, listener: SessionListener): Promise<string | null> {
    const known = effort === null ? [] : await effortsOf(peer, model)
    if (effort === null || known.length === 0 || known.includes(effort)) return effort
    listener.said(effortNotTaken(this.#options.entry.name, effort, `its model ${model ?? ""} takes ${known.join(", ")}`))
    return null
  }

  async #start(request: OpenRequest): Promise<Server> {
    const { entry, children, stateDirectory } = this.#options
    const environment = sharedEnvironment(request.environment, entry.env)
    const child = children.start({ argv: entry.argv, cwd: stateDirectory, env: environment })
    const peer: Peer = new Peer(child, {
      notified: (method, params) => this.#notified(method, params),
      requested: (id, method, params) => this.#requested(peer, id, method, params),
      garbled: (what) => this.#each((session) => session.note(`codex sent ${what}`)),
    })
    void peer.gone.then((reason) => this.#gone(reason))
    try {
      const answer = await peer.request("initialize", {
        clientInfo: { name: "fleet", title: "Fleet", version: "0" },
        capabilities: { experimentalApi: true, requestAttestation: false, optOutNotificationMethods: unread },
      })
      peer.notify("initialized")
      if (!(await isLoggedIn(peer))) throw new FaultError(this.#loggedOut())
      return { child, peer, environment, version: /\/(\d+\.\d+\.\d+\S*)/.exec(text(answer["userAgent"]))?.[1] ?? null }
    } catch (error) {
      await child.end(this.#options.graceMs)
      throw error
    }
  }

  #gone(reason: string): void {
    this.#server = null
    this.#each((session) => (this.#disposed ? session.ended() : session.died(reason)))
    this.#sessions.clear()
  }

  #notified(method: string, params: Json): void {
    if (method === "account/rateLimits/updated") this.#limitResetAt = limitResetAt(params["rateLimits"])
    this.#of(params)?.notified(method, params)
  }

  #requested(peer: Peer, id: RequestId, method: string, params: Json): void {
    const taken = this.#of(params)?.asked(id, method, params) ?? false
    // Nobody can answer it: say so at once, or the turn would wait for ever.
    if (!taken) peer.refuse(id, `fleet does not answer ${method}`)
  }

  #of(params: Json): CodexSession | undefined {
    const thread = text(params["threadId"])
    return [...this.#sessions].find((session) => session.threads.has(thread))
  }

  #each(act: (session: CodexSession) => void): void {
    for (const session of this.#sessions) act(session)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    const server = await this.#server?.catch(() => null)
    if (server == null) return
    // The end of its input ends it, and its tools with it; the group is killed when it does not listen.
    server.child.stdin.end()
    await Promise.race([server.child.exited, delay(this.#options.graceMs, null, { ref: false })])
    await server.child.end(this.#options.graceMs)
    this.#each((session) => session.ended())
    this.#sessions.clear()
  }
}

/** Never read by us, and many. */
const unread = [
  "item/commandExecution/outputDelta",
  "item/fileChange/outputDelta",
  "item/reasoning/textDelta",
  "item/reasoning/summaryTextDelta",
  "turn/diff/updated",
  "turn/plan/updated",
]

/** Without a login codex would try, and try again, what cannot succeed. A version that does not say is taken at its work. */
async function isLoggedIn(peer: Peer): Promise<boolean> {
  try {
    const { account, requiresOpenaiAuth } = await peer.request("account/read", {})
    return account !== null || requiresOpenaiAuth !== true
  } catch (error) {
    if (error instanceof RpcError) return true
    throw error
  }
}

/** Empty for a model that codex does not list. */
async function effortsOf(peer: Peer, model: string | null): Promise<string[]> {
  const { data } = await peer.request("model/list", { includeHidden: true }).catch(() => ({ data: [] }))
  const found = list(data)
    .map(record)
    .find((one) => text(one["model"]) === model || text(one["id"]) === model)
  return list(found?.["supportedReasoningEfforts"]).map((one) => text(record(one)["reasoningEffort"]))
}

/** Codex's answer, null when it does not know the thread. */
async function resume(peer: Peer, thread: string, settings: object): Promise<Json | null> {
  try {
    const answer = await peer.request("thread/resume", { ...settings, threadId: thread })
    return text(record(answer["thread"])["id"]) === "" ? null : answer
  } catch (error) {
    if (error instanceof RpcError) return null
    throw error
  }
}
