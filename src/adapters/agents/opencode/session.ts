/**
 * One conversation of opencode as a session. Events are hints: what is so is read from the server, after each new connection, at the end of each turn,
 * and now and then while one runs, so that a lost event neither hangs a turn nor falsifies its end.
 */
import { setTimeout as delay } from "node:timers/promises"
import { noUsage, type AgentError, type Steering, type TurnOutcome } from "../../../domain/session/turn.ts"
import type { Offers } from "../../../protocol/worker.ts"
import type { AgentSession, PromptExtras } from "../../../worker/ports/agent.ts"
import { noExtras } from "../extras.ts"
import { list, number, record, text, type Json } from "../fields.ts"
import { ApiError } from "./api.ts"
import type { ConversationOptions } from "./conversation.ts"
import { retryOf } from "./errors.ts"
import { offersOf } from "./offers.ts"
import { commandOf, promptBody, Returning, steerBody } from "./prompt.ts"
import { Questions } from "./questions.ts"
import type { Guest, Server } from "./server.ts"
import { absorb, Turn, type Ending } from "./turn.ts"
import { Waiting } from "./waiting.ts"

/** An end is looked for this often before it is judged without being explained: the last message may be stored a little later. */
const readsMax = 10
const readAgainMs = 100
const messagesMax = 1_000
/** A broken connection is met before the end of its process is seen. */
const seenMs = 1_000

export class OpencodeSession implements AgentSession, Guest {
  readonly agentSession: string
  readonly resumed: boolean
  agentVersion: string | null
  readonly #options: ConversationOptions
  #server: Server | null
  #turn: Turn | null = null
  #lost: string | null = null
  #closing: Promise<void> | null = null
  /** Its own conversation and those of the agents that it started. */
  readonly #family = new Set<string>()
  readonly #questions: Questions
  readonly #waiting: Waiting
  readonly #returning = new Returning()
  #extras: PromptExtras | null = null
  #looking: NodeJS.Timeout | null = null
  #settling = false

  constructor(options: ConversationOptions, server: Server) {
    this.#options = options
    this.agentSession = options.agentSession
    this.resumed = options.resumed
    this.#server = server
    this.agentVersion = server.version
    this.#family.add(options.agentSession)
    this.#questions = new Questions(options)
    this.#waiting = new Waiting(options.patience)
  }

  get directory(): string {
    return this.#options.directory
  }

  get rests(): boolean {
    return this.#turn === null && this.#extras === null
  }

  async prompt(words: string, extras: PromptExtras = noExtras): Promise<TurnOutcome> {
    if (this.#turn !== null || this.#extras !== null) throw new Error("a turn is running already")
    if (this.#lost !== null) return { how: "lost", message: this.#lost, text: "", usage: noUsage }
    this.#extras = extras
    try {
      const turn = await this.#begin(words, this.#extras)
      return typeof turn === "string" ? { how: "lost", message: turn, text: "", usage: noUsage } : await turn.outcome
    } finally {
      this.#extras = null
    }
  }

  /** A text when there is no server to work on. */
  async #begin(words: string, extras: PromptExtras): Promise<Turn | string> {
    let server: Server
    let turn: Turn
    try {
      server = await this.#onServer()
      const last = await this.#lastMessage(server).catch(async (error: unknown) => {
        // It died a moment ago, before anybody saw it.
        if (error instanceof ApiError || (await Promise.race([server.gone, delay(seenMs, null, { ref: false })])) === null) throw error
        this.#server = null
        server = await this.#onServer()
        return await this.#lastMessage(server)
      })
      turn = new Turn(this.#options.listener, last)
    } catch (error) {
      this.#die(`no opencode server: ${(error as Error).message}`)
      return this.#lost ?? "no opencode server"
    }
    if (this.#lost !== null) return this.#lost
    this.#turn = turn
    this.#looking = setInterval(() => void this.#settle(turn), this.#options.lookMs)
    await this.#send(server, turn, words, extras)
    return turn
  }

  async #onServer(): Promise<Server> {
    if (this.#server !== null) return this.#server
    const server = await this.#options.lease(this)
    await server.api.get(this.#path(), this.#options.directory)
    this.agentVersion = server.version
    this.#server = server
    return server
  }

  async #lastMessage(server: Server): Promise<string> {
    const messages = list(await server.api.get(this.#path("/message?limit=1"), this.#options.directory))
    return text(record(record(messages.at(-1))["info"])["id"])
  }

  async #send(server: Server, turn: Turn, words: string, extras: PromptExtras): Promise<void> {
    const { directory } = this.#options
    try {
      const command = await commandOf(server.api, directory, words)
      const usual = await this.#returning.forTurn(server.api, directory, extras, this.#options)
      const body = await promptBody(words, extras, usual, command, (chunk) => this.#options.listener.said(chunk))
      if (command === null) await server.api.post(this.#path("/prompt_async"), directory, body)
      // It answers when the turn has ended, which is seen elsewhere.
      else void server.api.post(this.#path("/command"), directory, body, null).catch((error: unknown) => this.#refused(turn, error))
    } catch (error) {
      this.#refused(turn, error)
    }
    if (turn.interrupted) await this.#stop(turn)
  }

  /** An answer says that the turn does not run. Without one it may: then looking tells. */
  #refused(turn: Turn, error: unknown): void {
    if (!(error instanceof ApiError)) return
    this.#end(turn, { how: "failed", error: { class: "bug", message: `opencode did not take the prompt: ${error.message}`, resetAt: null } })
  }

  async steer(words: string): Promise<Steering> {
    const turn = this.#turn
    const server = this.#server
    if (turn === null || server === null || !turn.started || turn.interrupted) return "over"
    const taken = turn.steer(words)
    const body = steerBody(words, this.#extras, this.#options)
    const sent = await server.api.post(this.#path("/prompt_async"), this.#options.directory, body).then(
      () => true,
      () => false,
    )
    if (!sent) return "over"
    return await Promise.race([taken.then((is) => (is ? ("taken" as const) : ("over" as const))), turn.outcome.then(() => "over" as const)])
  }

  async answer(permission: string, allow: boolean, note: string | null): Promise<boolean> {
    return this.#lost === null && (await this.#questions.answer(this.#server, permission, allow, note))
  }

  async offers(): Promise<Offers> {
    return await offersOf(this.#server?.api ?? null, this.#options.directory)
  }

  async interrupt(): Promise<void> {
    const turn = this.#turn
    if (turn === null) return
    turn.interrupted = true
    await this.#stop(turn)
  }

  async #stop(turn: Turn): Promise<void> {
    const { directory, graceMs } = this.#options
    const late = new AbortController()
    const stopped = turn.outcome.then(() => late.abort())
    const waited = delay(graceMs, undefined, { signal: late.signal, ref: false }).then(
      () => this.#lose(`opencode did not stop its turn within ${graceMs} ms`),
      () => undefined,
    )
    void this.#abort(turn, directory)
    await Promise.race([stopped, waited])
  }

  /** A prompt that was only just taken may not work yet, so that there is nothing to stop: then it is asked again. */
  async #abort(turn: Turn, directory: string): Promise<void> {
    while (this.#turn === turn && this.#server !== null) {
      await this.#server.api.post(this.#path("/abort"), directory, {}).catch(() => undefined)
      await this.#settle(turn)
      await delay(readAgainMs, undefined, { ref: false })
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.interrupt()
    this.#lose("the session was closed")
    await this.#options.closed(this.#server)
    this.#server = null
  }

  heard(type: string, properties: Json): void {
    const session = text(properties["sessionID"]) || text(record(properties["info"])["id"])
    if (type === "session.created") this.#born(record(properties["info"]))
    const turn = this.#turn
    if (turn === null || !this.#family.has(session)) return
    const own = session === this.agentSession
    switch (type) {
      case "message.updated":
        if (own && record(properties["info"])["role"] === "user") this.#returning.saw(record(properties["info"]))
        return own ? turn.message(record(properties["info"])) : turn.use(record(properties["info"]))
      case "message.part.updated":
        return this.#part(turn, record(properties["part"]), own)
      case "message.part.delta":
        this.#waiting.goesOn()
        if (own && properties["field"] === "text") turn.piece(text(properties["partID"]), text(properties["delta"]))
        return
      case "session.status":
        return void this.#status(turn, session, record(properties["status"]))
      case "session.error":
        if (own) turn.sessionError = properties["error"]
        return void this.#settle(turn)
      case "session.idle":
        return void this.#settle(turn)
      case "permission.asked":
        turn.acknowledge()
        return this.#questions.permission(this.#server, properties, turn.callOf(properties))
      case "permission.replied":
        return this.#questions.withdraw(text(properties["requestID"]))
      case "question.asked":
        return void this.#questions.question(this.#server, properties)
    }
  }

  resync(): void {
    const turn = this.#turn
    if (turn === null) return
    turn.tear()
    void this.#settle(turn)
  }

  leave(): void {
    this.#server = null
  }

  died(reason: string): void {
    this.#server = null
    // At rest nothing is lost: its conversation is stored, and goes on elsewhere at the next prompt.
    if (this.#turn !== null) this.#die(reason)
  }

  #die(reason: string): void {
    if (this.#lost !== null) return
    this.#options.listener.died(reason)
    this.#lose(reason)
  }

  #lose(message: string): void {
    this.#lost ??= message
    if (this.#turn !== null) this.#end(this.#turn, this.#turn.interrupted && this.#closing !== null ? { how: "interrupted" } : { how: "lost", message })
  }

  #born(info: Json): void {
    if (this.#family.has(text(info["parentID"]))) this.#family.add(text(info["id"]))
  }

  #part(turn: Turn, part: Json, own: boolean): void {
    if (part["type"] !== "step-start") this.#waiting.goesOn()
    if (own) turn.part(part)
    else if (part["type"] === "tool") turn.tool(part)
  }

  async #status(turn: Turn, session: string, status: Json): Promise<void> {
    if (status["type"] === "idle") return await this.#settle(turn)
    turn.acknowledge()
    if (status["type"] === "retry") this.#retries(turn, status, retryOf(status, await this.#options.files.note(session)))
  }

  #retries(turn: Turn, status: Json, error: AgentError): void {
    if (this.#turn !== turn || turn.gaveUp) return
    const waitMs = Math.max(0, number(status["next"]) - Date.now())
    if (turn.retried?.message !== error.message) this.#note(`opencode tries again in ${Math.ceil(waitMs / 1_000)} s: ${error.message}`)
    turn.retried = error
    this.#waiting.waits(error.class, waitMs, () => {
      turn.gaveUp = true
      void this.interrupt()
    })
  }

  #note(words: string): void {
    this.#options.listener.said({ type: "note", text: words })
  }

  /** Ends the turn when opencode works no more. A server that does not answer now is asked again later. */
  async #settle(turn: Turn): Promise<void> {
    if (this.#settling) return
    this.#settling = true
    try {
      for (let reads = 0; reads < readsMax && this.#turn === turn; reads++) {
        const ending = await this.#read(turn, reads === readsMax - 1)
        if (ending === "works") return
        if (ending !== null) return await this.#ended(turn, ending)
        await delay(readAgainMs, undefined, { ref: false })
      }
    } catch {
      // Gone, or slow: `died` or the next look tells.
    } finally {
      this.#settling = false
    }
  }

  async #read(turn: Turn, isLast: boolean): Promise<Ending | "works" | null> {
    const server = this.#server
    const { directory } = this.#options
    if (server === null) return "works"
    const status = record(record(await server.api.get("/session/status", directory))[this.agentSession])
    const works = status["type"] === "busy" || status["type"] === "retry"
    for (const entry of list(await server.api.get(this.#path(`/message?limit=${messagesMax}`), directory))) absorb(turn, entry)
    if (works) {
      await this.#openQuestions(server, turn)
      await this.#status(turn, this.agentSession, status)
      return "works"
    }
    const now = Date.now()
    // What is written down only after the end would be worked on by itself.
    if (turn.interrupted && !turn.gaveUp) return (turn.started && !turn.awaited) || isLast ? (turn.verdict(now) ?? { how: "interrupted" }) : null
    if (turn.gaveUp) return turn.stopped()
    return turn.verdict(now) ?? (isLast ? turn.unexplained(now) : null)
  }

  async #openQuestions(server: Server, turn: Turn): Promise<void> {
    for (const child of list(await server.api.get(this.#path("/children"), this.#options.directory))) this.#born(record(child))
    await this.#questions.read(server, this.#family, (asked) => turn.callOf(asked))
  }

  /** What was said to a turn and came too late for it must not be done by the next one. */
  async #ended(turn: Turn, ending: Ending): Promise<void> {
    const server = this.#server
    for (const message of turn.unanswered) await server?.api.delete(this.#path(`/message/${message}`), this.#options.directory).catch(() => undefined)
    this.#end(turn, ending)
  }

  #end(turn: Turn, ending: Ending): void {
    if (this.#turn !== turn) return
    this.#turn = null
    this.#waiting.goesOn()
    if (this.#looking !== null) clearInterval(this.#looking)
    this.#questions.over()
    turn.end(ending)
    this.#options.rested(this)
  }

  #path(rest = ""): string {
    return `/session/${this.agentSession}${rest}`
  }
}
