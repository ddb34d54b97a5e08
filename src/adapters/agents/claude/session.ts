/** One `claude` process as a session: its turns, its open questions, its end. */
import { randomUUID } from "node:crypto"
import { setTimeout as delay } from "node:timers/promises"
import type { AgentError, Steering, TurnOutcome, Usage } from "../../../domain/session/turn.ts"
import type { Child } from "../../../runtime/children.ts"
import type { Offers } from "../../../protocol/worker.ts"
import type { AgentSession, PromptExtras, SessionListener } from "../../../worker/ports/agent.ts"
import { noExtras, readPictures } from "../extras.ts"
import { number, record, text, type Json } from "../fields.ts"
import { Choices } from "./choices.ts"
import { Connection } from "./connection.ts"
import { limitResetAt, resultError, retryError } from "./errors.ts"
import { assistantChunks, permissionOf, toolResults, totalCostUsd, usageOf } from "./messages.ts"
import { Turn, type Ending } from "./turn.ts"

export interface SessionOptions {
  readonly child: Child
  readonly listener: SessionListener
  readonly agentSession: string
  readonly resumed: boolean
  readonly model: string | null
  readonly mode: string
  readonly agentVersion: string | null
  readonly allowAll: boolean
  readonly graceMs: number
}

/** Claude retries up to ten times, for minutes, whatever the error. A longer wait than this for a rate limit is Fleet's, which can give the slot to others meanwhile. */
const rateLimitPatienceMs = 5_000
/** No retry mends a wrong key; one may mend a token that was just renewed. */
const authRetriesMax = 2
const titlesMax = 1_000

export class ClaudeSession implements AgentSession {
  readonly agentSession: string
  readonly resumed: boolean
  readonly agentVersion: string | null
  readonly #options: SessionOptions
  readonly #connection: Connection
  /** The input of each open question, by its id. */
  readonly #questions = new Map<string, Json>()
  /** Of tools under way, for the line that tells their result. */
  readonly #titles = new Map<string, string>()
  readonly #choices: Choices
  #turn: Turn | null = null
  #lost: string | null = null
  #costUsd = 0
  #limitResetAt: number | null = null

  constructor(options: SessionOptions) {
    this.#options = options
    this.agentSession = options.agentSession
    this.resumed = options.resumed
    this.agentVersion = options.agentVersion
    this.#connection = new Connection(options.child, {
      message: (line) => this.#message(line),
      requested: (id, request) => this.#requested(id, request),
      cancelled: (id) => this.#withdraw(id),
      garbled: (what) => this.#note(`claude sent ${what}`),
    })
    this.#choices = new Choices(options, this.#connection)
    void this.#connection.gone.then((reason) => this.#died(reason))
  }

  /** Resolves when the process takes prompts. Rejects when it ends before. */
  async initialize(): Promise<void> {
    this.#choices.told = await this.#connection.request({ subtype: "initialize" })
  }

  async prompt(prompt: string, extras: PromptExtras = noExtras): Promise<TurnOutcome> {
    if (this.#turn !== null) throw new Error("a turn is running already")
    const turn = new Turn(randomUUID())
    if (this.#lost !== null) turn.end({ how: "lost", message: this.#lost })
    else {
      this.#turn = turn
      await this.#begin(turn, prompt, extras)
    }
    return await turn.outcome
  }

  async #begin(turn: Turn, prompt: string, { attachments, model, mode }: PromptExtras): Promise<void> {
    const pictures = await readPictures(attachments, (chunk) => this.#options.listener.said(chunk))
    await this.#choices.choose("model", model)
    await this.#choices.choose("mode", mode)
    if (this.#turn !== turn) return
    // Nothing was said yet that could be stopped.
    if (turn.interrupted) return this.#end(turn, { how: "interrupted" })
    this.#say(
      turn.id,
      prompt,
      pictures.map(({ attachment, base64 }) => ({ type: "image", source: { type: "base64", media_type: attachment.mime, data: base64 } })),
    )
  }

  offers(): Promise<Offers> {
    return Promise.resolve(this.#choices.offers())
  }

  /** Claude puts what is said in a turn behind the tool that runs, and into the conversation when that has ended. */
  async steer(words: string): Promise<Steering> {
    const turn = this.#turn
    if (turn === null || !turn.started || turn.interrupted) return "over"
    const message = randomUUID()
    const taken = turn.said(message)
    this.#say(message, words)
    return (await taken) ? "taken" : "over"
  }

  #say(uuid: string, words: string, pictures: readonly object[] = []): void {
    this.#connection.send({
      type: "user",
      message: { role: "user", content: [{ type: "text", text: words }, ...pictures] },
      parent_tool_use_id: null,
      session_id: this.agentSession,
      uuid,
    })
  }

  async answer(permission: string, allow: boolean, note: string | null): Promise<boolean> {
    const input = this.#questions.get(permission)
    if (input === undefined || this.#lost !== null) return false
    this.#questions.delete(permission)
    this.#connection.respond(permission, allow ? { behavior: "allow", updatedInput: input } : { behavior: "deny", message: note ?? "This was denied." })
    return true
  }

  async interrupt(): Promise<void> {
    const turn = this.#turn
    if (turn === null) return
    turn.interrupted = true
    if (turn.started) await this.#stop(turn)
  }

  async #stop(turn: Turn): Promise<void> {
    // Left where it is, it would begin a turn that nobody waits for.
    for (const message of turn.waiting) void this.#connection.request({ subtype: "cancel_async_message", message_uuid: message }).catch(() => undefined)
    await this.#connection.request({ subtype: "interrupt" }).catch(() => undefined)
    const late = new AbortController()
    const stopped = turn.outcome.then(() => late.abort())
    const { graceMs, child } = this.#options
    const waited = delay(graceMs, undefined, { signal: late.signal, ref: false }).then(
      async () => {
        this.#lose(`claude did not stop its turn within ${graceMs} ms`)
        await child.end(graceMs)
      },
      () => undefined,
    )
    await Promise.race([stopped, waited])
  }

  async close(): Promise<void> {
    this.#lose("the session was closed")
    this.#options.child.stdin.end()
    // SIGTERM at once: it ends the tools that run; the end of its input alone would let a running turn go on.
    await this.#options.child.end(this.#options.graceMs)
  }

  #died(reason: string): void {
    if (this.#lost !== null) return
    this.#options.listener.died(reason)
    this.#lose(reason)
  }

  #lose(message: string): void {
    this.#lost ??= message
    if (this.#turn !== null) this.#end(this.#turn, { how: "lost", message })
  }

  #note(words: string): void {
    if (this.#turn !== null) this.#options.listener.said({ type: "note", text: words })
  }

  #requested(id: string, request: Json): void {
    if (request["subtype"] !== "can_use_tool") return this.#connection.refuse(id, "fleet does not answer this")
    const input = record(request["input"])
    if (this.#options.allowAll) return this.#connection.respond(id, { behavior: "allow", updatedInput: input })
    this.#questions.set(id, input)
    this.#options.listener.asked(permissionOf(id, request))
  }

  #withdraw(id: string): void {
    if (this.#questions.delete(id)) this.#options.listener.withdrawn(id)
  }

  #message(line: Json): void {
    if (line["type"] === "rate_limit_event") this.#limitResetAt = limitResetAt(line)
    const turn = this.#turn
    if (turn === null) return
    if (names(line, turn.id)) this.#acknowledged(turn)
    else turn.took(begun(line))
    switch (text(line["type"])) {
      case "system":
        if (line["subtype"] === "api_retry") this.#retries(turn, line)
        return
      case "assistant":
        return this.#assistant(turn, line)
      case "user":
        return toolResults(line, (id) => this.#titles.get(id) ?? "tool").forEach((chunk) => this.#options.listener.said(chunk))
      case "result":
        // Work that it left in the background may end a turn of its own before it sees the prompt.
        if (turn.started) this.#result(turn, line)
        return
    }
  }

  #acknowledged(turn: Turn): void {
    if (turn.started) return
    turn.started = true
    this.#options.listener.started()
    if (turn.interrupted) void this.#stop(turn)
  }

  #retries(turn: Turn, line: Json): void {
    const error = retryError(line, Date.now())
    const delayMs = number(line["retry_delay_ms"])
    this.#note(`${error.message}; claude tries again in ${Math.ceil(delayMs / 1000)} s`)
    const hopeless = (error.class === "rate-limit" && delayMs > rateLimitPatienceMs) || (error.class === "auth" && number(line["attempt"]) > authRetriesMax)
    if (hopeless && turn.gaveUp === null) this.#giveUp(turn, error)
  }

  #giveUp(turn: Turn, error: AgentError): void {
    turn.gaveUp = error
    void this.interrupt()
  }

  #assistant(turn: Turn, line: Json): void {
    if (line["is_api_error_message"] === true || text(line["error"]) !== "") {
      turn.apiError = line
      return
    }
    for (const chunk of assistantChunks(line)) {
      if (chunk.type === "tool") this.#remember(chunk.id, chunk.title)
      this.#options.listener.said(chunk.type === "text" ? { type: "text", text: turn.say(chunk.text) } : chunk)
    }
    const message = record(line["message"])
    this.#options.listener.used(turn.use(text(message["id"]), usageOf(message["usage"], null)))
  }

  #remember(tool: string, title: string): void {
    if (this.#titles.size >= titlesMax) this.#titles.clear()
    this.#titles.set(tool, title)
  }

  #result(turn: Turn, result: Json): void {
    const total = totalCostUsd(result)
    const usage = usageOf(result["usage"], total === null ? null : Math.max(0, total - this.#costUsd))
    this.#costUsd = total ?? this.#costUsd
    this.#options.listener.used(turn.total(usage))
    const error = turn.gaveUp ?? resultError(result, turn.apiError, this.#limitResetAt)
    // It goes on at once with what was said too late for the work that it has just ended; to Fleet that is the same turn.
    if (error === null && !turn.interrupted && turn.waiting.length > 0) return turn.carryOver(usage)
    if (turn.interrupted && turn.gaveUp === null && text(result["terminal_reason"]) !== "completed") this.#end(turn, { how: "interrupted" }, usage)
    else this.#end(turn, error === null ? { how: "completed" } : { how: "failed", error }, usage)
  }

  #end(turn: Turn, how: Ending, usage?: Usage): void {
    this.#turn = null
    this.#titles.clear()
    for (const id of this.#questions.keys()) this.#withdraw(id)
    turn.end(how, usage)
  }
}

/** The line says that the prompt of that id is being worked on. */
function names(line: Json, id: string): boolean {
  return begun(line) === id || line["user_message_uuid"] === id
}

/** The id of the message that the line says to be begun: `command_lifecycle` in new versions, the replayed message in older ones. */
function begun(line: Json): string {
  if (line["type"] === "command_lifecycle") return line["state"] === "started" ? text(line["command_uuid"]) : ""
  return line["type"] === "user" ? text(line["uuid"]) : ""
}
