/**
 * One conversation of opencode as a session. Events are hints: what is so is read from the server, after each new connection, at the end of each turn,
 * and now and then while one runs, so that a lost event neither hangs a turn nor falsifies its end.
 */
import { setTimeout as delay } from "node:timers/promises"
import { noUsage, type AgentError, type Steering, type TurnOutcome } from "../../../domain/session/turn.ts"
import type { Offers } from "../../../protocol/worker.ts"
import type { AgentSession, PromptExtras, SessionListener } from "../../../worker/ports/agent.ts"
import { list, number, record, text, type Json } from "../fields.ts"
import { ApiError } from "./api.ts"
import { retryOf } from "./errors.ts"
import { permissionOf } from "./messages.ts"
import { offersOf } from "./offers.ts"
import { commandOf, promptBody, steerBody } from "./prompt.ts"
import type { PluginFiles } from "./plugin.ts"
import type { Guest, Server } from "./server.ts"
import { absorb, Turn, type Ending } from "./turn.ts"

/** opencode tries again for minutes, whatever the error. After this, Fleet does the waiting, which can give the slot to others meanwhile. */
export interface Patience {
  readonly rateLimitMs: number
  readonly overloadMs: number
  readonly networkMs: number
}
export const usualPatience: Patience = { rateLimitMs: 5_000, overloadMs: 30_000, networkMs: 30_000 }

export interface ConversationOptions {
  readonly listener: SessionListener
  readonly agentSession: string
  readonly resumed: boolean
  readonly directory: string
  readonly model: string | null
  readonly mode: string | null
  readonly allowAll: boolean
  readonly graceMs: number
  /** Between two looks at a running turn. */
  readonly lookMs: number
  readonly patience: Patience
  readonly files: PluginFiles
  /** A server to go on with, when the one before is gone or given up. */
  lease(guest: Guest): Promise<Server>
  rested(guest: Guest): void
  /** The session needs no server any more. */
  closed(session: OpencodeSession): Promise<void>
}

/** An end is looked for this often before it is judged without being explained: the last message may be stored a little later. */
const readsMax = 10
const readAgainMs = 100
const messagesMax = 1_000
/** A broken connection is met before the end of its process is seen. */
const seenMs = 1_000

export class OpencodeSession implements AgentSession, Guest {
  readonly agentSession: string
  readonly resumed: boolean
  readonly #options: ConversationOptions
  #server: Server | null
  #version: string | null
  #turn: Turn | null = null
  #lost: string | null = null
  #closing: Promise<void> | null = null
  /** Its own conversation and those of the agents that it started. */
  readonly #family = new Set<string>()
  readonly #permissions = new Set<string>()
  readonly #answered = new Set<string>()
  #extras: PromptExtras | null = null
  #looking: NodeJS.Timeout | null = null
  #patience: NodeJS.Timeout | null = null
  #settling = false

  constructor(options: ConversationOptions, server: Server) {
    this.#options = options
    this.agentSession = options.agentSession
    this.resumed = options.resumed
    this.#server = server
    this.#version = server.version
    this.#family.add(options.agentSession)
  }

  get agentVersion(): string | null {
    return this.#version
  }

  get rests(): boolean {
    return this.#turn === null
  }

  async prompt(words: string, extras: PromptExtras | null = null): Promise<TurnOutcome> {
    if (this.#turn !== null || this.#extras !== null) throw new Error("a turn is running already")
    if (this.#lost !== null) return { how: "lost", message: this.#lost, text: "", usage: noUsage }
    this.#extras = extras ?? { attachments: [], model: null, mode: null }
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
    this.#look()
    await this.#send(server, turn, words, extras)
    return turn
  }

  async #onServer(): Promise<Server> {
    if (this.#server !== null) return this.#server
    const server = await this.#options.lease(this)
    await server.api.get(this.#path(), this.#options.directory)
    this.#version = server.version
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
      const body = await promptBody(words, extras, this.#options, command)
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
    const server = this.#server
    if (this.#lost !== null || server === null || !this.#permissions.delete(permission)) return false
    return await this.#reply(server, permission, allow, note)
  }

  async #reply(server: Server, permission: string, allow: boolean, note: string | null): Promise<boolean> {
    this.#answered.add(permission)
    // Without words, opencode ends its turn at a denial.
    const body = allow ? { reply: "once" } : { reply: "reject", message: note ?? "This was denied. Go on without it." }
    return await server.api.post(`/permission/${permission}/reply`, this.#options.directory, body).then(
      () => true,
      () => false,
    )
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
    await this.#options.closed(this)
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
        return own ? turn.message(record(properties["info"])) : turn.use(record(properties["info"]))
      case "message.part.updated":
        return this.#part(turn, record(properties["part"]), own)
      case "message.part.delta":
        this.#goesOn()
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
        return this.#asked(properties)
      case "permission.replied":
        return this.#withdraw(text(properties["requestID"]))
      case "question.asked":
        return void this.#question(properties)
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
    if (part["type"] !== "step-start") this.#goesOn()
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
    const patienceMs = this.#patienceFor(error.class)
    if (patienceMs === null || this.#patience !== null) return
    // What would not be over in time is not waited for.
    const hopeless = error.class === "rate-limit" && waitMs > patienceMs
    this.#patience = setTimeout(() => this.#giveUp(turn), hopeless ? 0 : patienceMs)
  }

  #patienceFor(class_: AgentError["class"]): number | null {
    const { rateLimitMs, overloadMs, networkMs } = this.#options.patience
    if (class_ === "rate-limit") return rateLimitMs
    if (class_ === "overload") return overloadMs
    return class_ === "network" ? networkMs : null
  }

  #giveUp(turn: Turn): void {
    turn.gaveUp = true
    void this.interrupt()
  }

  #goesOn(): void {
    if (this.#patience !== null) clearTimeout(this.#patience)
    this.#patience = null
  }

  #note(words: string): void {
    this.#options.listener.said({ type: "note", text: words })
  }

  #asked(asked: Json): void {
    const request = permissionOf(asked)
    const server = this.#server
    if (server === null || this.#permissions.has(request.permission) || this.#answered.has(request.permission)) return
    this.#turn?.acknowledge()
    if (this.#options.allowAll) return void this.#reply(server, request.permission, true, null)
    this.#permissions.add(request.permission)
    this.#options.listener.asked(request)
  }

  #withdraw(permission: string): void {
    if (this.#permissions.delete(permission)) this.#options.listener.withdrawn(permission)
  }

  /** Nobody sits there to choose; without any answer the turn would wait for ever. */
  async #question(asked: Json): Promise<void> {
    const id = text(asked["id"])
    if (this.#answered.has(id)) return
    this.#answered.add(id)
    const questions = list(asked["questions"])
    this.#note(`opencode asked, and was told that nobody can answer: ${questions.map((question) => text(record(question)["question"])).join(" ")}`)
    const answers = questions.map(() => ["Nobody can answer questions here. Decide it yourself by what the task says, and go on."])
    await this.#server?.api.post(`/question/${id}/reply`, this.#options.directory, { answers }).catch(() => this.#answered.delete(id))
  }

  /** Looks again and again while a turn runs. */
  #look(): void {
    this.#looking = setInterval(() => {
      if (this.#turn !== null) void this.#settle(this.#turn)
    }, this.#options.lookMs)
    this.#looking.unref()
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
    if (works) await this.#openQuestions(server)
    for (const entry of list(await server.api.get(this.#path(`/message?limit=${messagesMax}`), directory))) absorb(turn, entry)
    if (works) {
      await this.#status(turn, this.agentSession, status)
      return "works"
    }
    const now = Date.now()
    if (turn.interrupted && !turn.gaveUp) return turn.started || isLast ? (turn.verdict(now) ?? { how: "interrupted" }) : null
    if (turn.gaveUp) return turn.stopped()
    return turn.verdict(now) ?? (isLast ? turn.unexplained(now) : null)
  }

  async #openQuestions(server: Server): Promise<void> {
    const { directory } = this.#options
    for (const child of list(await server.api.get(this.#path("/children"), directory))) this.#born(record(child))
    const ours = (asked: unknown): boolean => this.#family.has(text(record(asked)["sessionID"]))
    const permissions = list(await server.api.get("/permission", directory)).filter(ours)
    for (const asked of permissions) this.#asked(record(asked))
    const open = new Set(permissions.map((asked) => text(record(asked)["id"])))
    for (const permission of this.#permissions) if (!open.has(permission)) this.#withdraw(permission)
    for (const asked of list(await server.api.get("/question", directory)).filter(ours)) await this.#question(record(asked))
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
    this.#goesOn()
    if (this.#looking !== null) clearInterval(this.#looking)
    for (const permission of this.#permissions) this.#withdraw(permission)
    this.#answered.clear()
    turn.end(ending)
    this.#options.rested(this)
  }

  #path(rest = ""): string {
    return `/session/${this.agentSession}${rest}`
  }
}
