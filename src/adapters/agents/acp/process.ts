/**
 * One agent process that speaks ACP, and the connection to it. Updates are taken off the stream in the order they come, before the SDK
 * dispatches the rest: its handlers run concurrently, so that the end of a turn could be heard before the turn's last text.
 */
import {
  client,
  methods,
  RequestError,
  type AnyMessage,
  type ClientContext,
  type InitializeResponse,
  type RequestPermissionResponse,
} from "@agentclientprotocol/sdk"
import type { RequestPermissionRequest } from "@agentclientprotocol/sdk"
import { setTimeout as delay } from "node:timers/promises"
import type { Child } from "../../../runtime/children.ts"
import { readLines } from "../../../runtime/lines.ts"
import { Tail } from "../../../runtime/tail.ts"
import type { OpenRequest } from "../../../worker/ports/agent.ts"
import { fillArgv, noFilling } from "../argv.ts"
import type { DriverOptions } from "../options.ts"
import { cannotOpen, cannotStart } from "./faults.ts"
import { readWithin } from "./files.ts"

/** What a session hears of its process. */
export interface Inbox {
  readonly directory: string
  /** The `update` of a `session/update`, as it came. */
  updated(update: unknown): void
  asked(request: RequestPermissionRequest, signal: AbortSignal): Promise<RequestPermissionResponse>
  /** The process or its stream ended, though nobody asked it to. */
  died(message: string): void
}

export interface AcpProcess {
  readonly agent: ClientContext
  readonly initialized: InitializeResponse
  /** Resolves with the reason when the process or its stream has ended; every inbox has heard of it by then. */
  readonly gone: Promise<string>
  attach(session: string, inbox: Inbox): void
  detach(session: string): void
  /** Closes stdin, then ends the process group. Safe to call twice. */
  end(): Promise<void>
}

const lineCharsMax = 32 * 1024 * 1024
const stderrCharsMax = 4_000
/** After one of "the process exited" and "its stdout ended", how long the other may take: a tool may hold the pipe open. */
const otherEndMs = 300
/** Some agents end by themselves when stdin does, some never. */
const eofMs = 1_500

export async function startProcess(options: DriverOptions, request: OpenRequest, signal: AbortSignal): Promise<AcpProcess> {
  signal.throwIfAborted()
  const { entry } = options
  const argv = fillArgv(entry.argv, { ...noFilling, workspace: request.directory, model: request.model ?? entry.model, effort: request.effort })
  const env = { ...(entry.shared ? withoutSession(request.environment) : request.environment), ...entry.env }
  const child = options.children.start({ argv, cwd: request.directory, env })
  const running = new Running(child, options.graceMs)
  try {
    const initialize = running.agent.request(
      methods.agent.initialize,
      {
        protocolVersion: 1,
        clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
        clientInfo: { name: "fleet", version: "0.1.0" },
      },
      { cancellationSignal: signal, stopWaitingOnCancel: true },
    )
    running.initialized = await initialize
    return running
  } catch (error) {
    await running.end()
    signal.throwIfAborted()
    const exit = await child.exited
    if (exit.failure !== null) throw cannotStart(entry, exit.failure)
    // What ended the connection names them already.
    throw cannotOpen(entry, error, error instanceof RequestError ? running.lastWords() : "")
  }
}

/** A process that many sessions share must not carry one session's marks: sweeping that session would end the others. */
function withoutSession(environment: Readonly<Record<string, string>>): Record<string, string> {
  const kept = new Set(["FLEET_WORKER", "FLEET_HOME_ID", "FLEET_SCRIPTED_HOME"])
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("FLEET_") || kept.has(name)))
}

class Running implements AcpProcess {
  readonly #child: Child
  readonly #graceMs: number
  readonly #inboxes = new Map<string, Inbox>()
  readonly #early = new Map<string, unknown>()
  readonly #stderr: Tail
  readonly agent: ClientContext
  readonly gone: Promise<string>
  initialized: InitializeResponse = { protocolVersion: 1 }
  #ending: Promise<void> | null = null

  constructor(child: Child, graceMs: number) {
    this.#child = child
    this.#graceMs = graceMs
    this.#stderr = new Tail(stderrCharsMax).follow(child.stderr)
    const incoming = this.#read()
    const connection = client({ name: "fleet" })
      .onRequest(methods.client.session.requestPermission, ({ params, signal }) => this.#inboxOf(params.sessionId).asked(params, signal))
      .onRequest(methods.client.fs.readTextFile, ({ params }) => readWithin(this.#inboxOf(params.sessionId).directory, params))
      .connect({ readable: incoming.messages, writable: writableTo(child, graceMs) })
    this.agent = connection.agent
    this.gone = this.#watch(incoming.ended).then((message) => {
      connection.close(new Error(message))
      return message
    })
  }

  attach(session: string, inbox: Inbox): void {
    this.#inboxes.set(session, inbox)
    const early = this.#early.get(session)
    this.#early.delete(session)
    if (early !== undefined) inbox.updated(early)
  }

  detach(session: string): void {
    this.#inboxes.delete(session)
    this.#early.delete(session)
  }

  lastWords(): string {
    return this.#stderr.toString().trim()
  }

  end(): Promise<void> {
    this.#ending ??= this.#end()
    return this.#ending
  }

  async #end(): Promise<void> {
    this.#child.stdin.end()
    await Promise.race([this.#child.exited, delay(eofMs, null, { ref: false })])
    await this.#child.end(this.#graceMs)
    await this.gone
  }

  #inboxOf(session: string): Inbox {
    const inbox = this.#inboxes.get(session)
    if (inbox === undefined) throw RequestError.resourceNotFound(session)
    return inbox
  }

  /** Lines that are no JSON are log output that strayed onto stdout: left out. */
  #read(): { messages: ReadableStream<AnyMessage>; ended: Promise<void> } {
    let closed = false
    let queue: ReadableStreamDefaultController<AnyMessage> | undefined
    const messages = new ReadableStream<AnyMessage>({
      start: (controller) => void (queue = controller),
      cancel: () => void (closed = true),
    })
    const ended = readLines(this.#child.stdout, lineCharsMax, (line) => {
      const message = line.cut ? null : parsed(line.text)
      if (message === null) return
      if ("method" in message && message.method === "session/update") this.#update(message.params)
      else if (!closed) queue?.enqueue(message)
    })
    return { messages, ended }
  }

  #update(params: unknown): void {
    const { sessionId, update } = (params ?? {}) as { sessionId?: unknown; update?: unknown }
    if (typeof sessionId !== "string") return
    const inbox = this.#inboxes.get(sessionId)
    if (inbox !== undefined) inbox.updated(update)
    // Its commands come right behind the answer that names the session, before anybody could attach.
    else if ((update as { sessionUpdate?: unknown } | null)?.sessionUpdate === "available_commands_update") this.#early.set(sessionId, update)
  }

  async #watch(outputEnded: Promise<void>): Promise<string> {
    const exited = this.#child.exited
    await Promise.race([exited, outputEnded])
    await Promise.race([Promise.all([exited, outputEnded]), delay(otherEndMs, null, { ref: false })])
    // What came last is dispatched by now, or as soon as the queued microtasks have run.
    await new Promise((resolve) => setImmediate(resolve))
    const exit = await Promise.race([exited, Promise.resolve(null)])
    const how =
      exit === null ? "its output ended, though it still runs" : exit.signal === null ? `it exited with code ${exit.code}` : `it was ended by ${exit.signal}`
    const words = this.lastWords()
    const message = words === "" ? how : `${how}; its last words: ${words.slice(-500)}`
    if (this.#ending === null) for (const inbox of this.#inboxes.values()) inbox.died(message)
    return message
  }
}

function parsed(text: string): AnyMessage | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as AnyMessage) : null
  } catch {
    return null
  }
}

/** An agent that does not take what it is told is over: it is ended, and everyone hears why by `gone`, not by a broken pipe. */
function writableTo(child: Child, graceMs: number): WritableStream<AnyMessage> {
  return new WritableStream({
    write: (message) =>
      new Promise((resolve) => {
        child.stdin.write(`${JSON.stringify(message)}\n`, (error) => {
          if (error) void child.end(graceMs)
          resolve()
        })
      }),
  })
}
