/** One conversation over ACP: its turns, its permissions, its end. */
import { methods, RequestError, type ContentBlock, type RequestPermissionRequest, type RequestPermissionResponse } from "@agentclientprotocol/sdk"
import { setTimeout as delay } from "node:timers/promises"
import type { Steering, TurnOutcome } from "../../../domain/session/turn.ts"
import type { Offers } from "../../../protocol/worker.ts"
import type { AgentSession, OpenRequest, PromptExtras, SessionListener } from "../../../worker/ports/agent.ts"
import { noExtras, noPictures, readPictures, withPaths } from "../extras.ts"
import type { DriverOptions } from "../options.ts"
import { Choices } from "./choices.ts"
import type { AcpProcess, Inbox } from "./process.ts"
import type { Offered } from "./settings.ts"
import { chooseOption, ToolCalls } from "./tools.ts"
import { outcomeOf, Turn } from "./turn.ts"
import { readUpdate, record, toolNews } from "./updates.ts"

/** An agent that did not end its turn this long after it was asked to is not asked again. */
const interruptMs = 10_000
/** The same when the session is to be closed: its process is ended anyway. */
const interruptOnCloseMs = 2_000
/** An agent that ends its turn at each of this many denials will not find another way. */
const denialsMax = 10

export class AcpSession implements AgentSession, Inbox {
  readonly agentSession: string
  readonly resumed: boolean
  readonly agentVersion: string | null
  readonly directory: string
  readonly #process: AcpProcess
  readonly #listener: SessionListener
  readonly #options: DriverOptions
  readonly #release: () => Promise<void>
  readonly #choices: Choices
  readonly #tools = new ToolCalls()
  readonly #waiting = new Map<string, (answer: RequestPermissionResponse) => void>()
  readonly #offered = new Map<string, RequestPermissionRequest["options"]>()
  #turn: Turn | null = null
  #costUsd: number | null = null
  #permissions = 0
  #prompted = false
  /** Why no further turn is possible. */
  #over: string | null = null
  #closing: Promise<void> | null = null

  constructor(
    process: AcpProcess,
    id: string,
    resumed: boolean,
    request: OpenRequest,
    offered: Offered,
    listener: SessionListener,
    options: DriverOptions,
    release: () => Promise<void>,
  ) {
    this.#process = process
    this.agentSession = id
    this.resumed = resumed
    this.agentVersion = process.initialized.agentInfo?.version ?? null
    this.directory = request.directory
    this.#choices = new Choices(process.agent, id, offered, options, request.model ?? options.entry.model)
    this.#listener = listener
    this.#options = options
    this.#release = release
    // Last: it may hand over at once what came before.
    process.attach(id, this)
  }

  async prompt(text: string, extras: PromptExtras = noExtras): Promise<TurnOutcome> {
    if (this.#turn !== null) throw new Error("a turn runs in this session already")
    this.#prompted = true
    const turn = new Turn(this.#listener, this.#costUsd)
    if (this.#over !== null) return turn.lost(this.#over)
    this.#turn = turn
    try {
      return await Promise.race([
        this.#converse(turn, text, extras).then(
          (answer) => this.#ended(turn, answer),
          (error: unknown) => this.#failed(turn, error),
        ),
        turn.abandoned,
      ])
    } finally {
      this.#turn = null
      this.#withdrawAll()
    }
  }

  answer(permission: string, allow: boolean, note: string | null): Promise<boolean> {
    const options = this.#offered.get(permission)
    if (options === undefined) return Promise.resolve(false)
    if (!allow && this.#turn !== null) this.#turn.denial = note ?? ""
    return Promise.resolve(this.#settle(permission, answerOf(options, allow)))
  }

  /** A denial has no place for words in ACP, and opencode ends its turn at one: then the words are its next prompt, and the turn goes on. */
  async #converse(turn: Turn, text: string, extras: PromptExtras): Promise<unknown> {
    await this.#choices.forTurn("mode", extras.mode, this.#listener)
    await this.#choices.forTurn("model", extras.model, this.#listener)
    for (let prompt = await this.#content(text, extras), left = denialsMax; ; left--) {
      turn.denial = null
      const params = { sessionId: this.agentSession, prompt }
      const answer = await this.#process.agent.request(methods.agent.session.prompt, params)
      const { denial } = turn
      if (denial === null || turn.interrupted || left === 0 || record(answer)["stopReason"] !== "end_turn") return answer
      turn.carryOver(answer)
      prompt = [{ type: "text", text: denied(denial) }]
    }
  }

  async #content(text: string, { attachments }: PromptExtras): Promise<ContentBlock[]> {
    if (attachments.length === 0) return [{ type: "text", text }]
    if (this.#process.initialized.agentCapabilities?.promptCapabilities?.image !== true) {
      this.#listener.said(noPictures(this.#options.entry.name))
      return [{ type: "text", text: withPaths(text, attachments) }]
    }
    const pictures = await readPictures(attachments, (chunk) => this.#listener.said(chunk))
    return [{ type: "text", text }, ...pictures.map(({ attachment, base64 }) => ({ type: "image" as const, mimeType: attachment.mime, data: base64 }))]
  }

  offers(): Promise<Offers> {
    return Promise.resolve(this.#choices.offers())
  }

  /** ACP has no way to say something to a turn that runs. */
  steer(): Promise<Steering> {
    return Promise.resolve("cannot")
  }

  async interrupt(): Promise<void> {
    await this.#stopTurn(interruptMs)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  updated(update: unknown): void {
    const { sessionUpdate, availableCommands } = record(update)
    if (sessionUpdate === "available_commands_update") return this.#choices.told(availableCommands)
    // Before the first prompt there is only history, replayed.
    if (!this.#prompted) return
    const read = readUpdate(update)
    if (read.type !== "aside") this.#turn?.acknowledge()
    switch (read.type) {
      case "chunk":
        if (read.chunk.type !== "note" && this.#turn !== null) this.#turn.denial = null
        if (read.chunk.type === "text") this.#turn?.said.add(read.chunk.text)
        return this.#listener.said(read.chunk)
      case "tool":
        return this.#tools.hear(read.tool).forEach((chunk) => this.#listener.said(chunk))
      case "cost":
        this.#costUsd = read.costUsd
        return this.#turn?.cost(read.costUsd)
      case "sign":
      case "aside":
    }
  }

  asked(request: RequestPermissionRequest, signal: AbortSignal): Promise<RequestPermissionResponse> {
    const turn = this.#turn
    if (turn === null || turn.interrupted) return Promise.resolve(cancelled)
    turn.acknowledge()
    const { toolCallId } = request.toolCall
    for (const chunk of this.#tools.hear(toolNews(toolCallId, { ...record(request.toolCall), status: "pending" }))) this.#listener.said(chunk)
    if (this.#options.permissions === "allow") return Promise.resolve(answerOf(request.options, true))
    const permission = `${toolCallId}#${++this.#permissions}`
    const { promise, resolve } = Promise.withResolvers<RequestPermissionResponse>()
    this.#waiting.set(permission, resolve)
    this.#offered.set(permission, request.options)
    signal.addEventListener("abort", () => this.#withdraw(permission), { once: true })
    this.#listener.asked(this.#tools.permission(toolCallId, permission))
    return promise
  }

  died(message: string): void {
    this.#over ??= message
    if (this.#closing === null) this.#listener.died(message)
  }

  #ended(turn: Turn, response: unknown): TurnOutcome {
    turn.acknowledge()
    return outcomeOf(turn, response, this.#options.entry.family)
  }

  async #failed(turn: Turn, error: unknown): Promise<TurnOutcome> {
    if (error instanceof RequestError) return turn.failed(error)
    const message = await this.#process.gone
    // We ended it ourselves, after it did not stop when asked.
    return turn.interrupted || this.#closing !== null ? turn.stopped() : turn.lost(message)
  }

  /** Asks once; ends what does not obey: the process when it is this session's own, else only our waiting for it. */
  async #stopTurn(limitMs: number): Promise<void> {
    const turn = this.#turn
    if (turn === null) return
    const first = !turn.interrupted
    turn.interrupted = true
    // A failed notification means that the connection is gone, which ends the turn by itself.
    if (first) await this.#process.agent.notify(methods.agent.session.cancel, { sessionId: this.agentSession }).catch(() => undefined)
    this.#withdrawAll()
    if ((await Promise.race([turn.over, delay(limitMs, "late" as const, { ref: false })])) !== "late") return
    this.#over = "the agent did not stop when it was asked to"
    if (this.#options.entry.shared) turn.abandon()
    else await this.#process.end()
  }

  async #close(): Promise<void> {
    await this.#stopTurn(interruptOnCloseMs)
    this.#over ??= "the session was closed"
    if (this.#options.entry.shared && this.#process.initialized.agentCapabilities?.sessionCapabilities?.close != null)
      await Promise.race([
        this.#process.agent.request(methods.agent.session.close, { sessionId: this.agentSession }).catch(() => undefined),
        delay(interruptOnCloseMs, undefined, { ref: false }),
      ])
    this.#process.detach(this.agentSession)
    await this.#release()
  }

  #withdrawAll(): void {
    for (const permission of this.#waiting.keys()) this.#withdraw(permission)
  }

  #withdraw(permission: string): void {
    if (this.#settle(permission, cancelled)) this.#listener.withdrawn(permission)
  }

  #settle(permission: string, answer: RequestPermissionResponse): boolean {
    const resolve = this.#waiting.get(permission)
    this.#waiting.delete(permission)
    this.#offered.delete(permission)
    resolve?.(answer)
    return resolve !== undefined
  }
}

const denied = (note: string): string =>
  `What you just asked for was denied${note === "" ? "" : `: ${note}`}. Do not try it again. Go on with the task without it; if it cannot be done without, say so and end.`

const cancelled: RequestPermissionResponse = { outcome: { outcome: "cancelled" } }

function answerOf(options: RequestPermissionRequest["options"], allow: boolean): RequestPermissionResponse {
  const optionId = chooseOption(options, allow)
  return optionId === null ? cancelled : { outcome: { outcome: "selected", optionId } }
}
