/** One thread of a shared `codex app-server`, as a session. Owns its turns and its open questions; the process belongs to the driver. */
import { setTimeout as delay } from "node:timers/promises"
import { noUsage, type AgentError, type Steering, type TurnOutcome, type Usage } from "../../../domain/session/turn.ts"
import type { Offers } from "../../../protocol/worker.ts"
import { nothingOffered, type AgentSession, type PromptExtras, type SessionListener } from "../../../worker/ports/agent.ts"
import { noExtras, notForOneTurn } from "../extras.ts"
import { list, record, text, type Json } from "../fields.ts"
import { errorOf, finalError } from "./errors.ts"
import { decisionOf, permissionOf, toolChunk, usageBetween, usageOf } from "./items.ts"
import { ProcessGone } from "../json-lines.ts"
import type { Peer, RequestId } from "./peer.ts"
import { Turn } from "./turn.ts"

export interface ThreadOptions {
  readonly peer: Peer
  readonly listener: SessionListener
  readonly thread: string
  readonly resumed: boolean
  /** The one that it was opened with, as codex names it. */
  readonly model: string | null
  /** Named with every turn: codex would keep it, but not over a resume. */
  readonly effort: string | null
  readonly agentVersion: string | null
  readonly allowAll: boolean
  readonly graceMs: number
  /** When the account's limit ends, if it is used up. */
  limitResetAt(): number | null
  /** The session needs no more events. */
  closed(session: CodexSession): void
}

/**
 * Codex waits out a rate limit by itself, without saying how long, and a network that is away for as long as it takes. After this, Fleet does the waiting, which
 * can give the slot to others meanwhile.
 */
const patiencesMs: ReadonlyMap<AgentError["class"], number> = new Map<AgentError["class"], number>([
  ["rate-limit", 5_000],
  ["network", 60_000],
])

interface Question {
  readonly id: RequestId
  readonly method: string
  readonly params: Json
}

export class CodexSession implements AgentSession {
  readonly agentSession: string
  readonly resumed: boolean
  readonly agentVersion: string | null
  /** Its own thread and those of the agents that it started. */
  readonly threads: Set<string>
  readonly #options: ThreadOptions
  readonly #questions = new Map<string, Question>()
  /** Items under way, for the questions that name them. */
  readonly #items = new Map<string, Json>()
  /** The last turn was for another model. */
  #othersModel = false
  #turn: Turn | null = null
  #lost: string | null = null
  /** Totals of the thread before the running turn; null until codex has told them. */
  #before: Usage | null
  #total: Usage = noUsage
  #patience: NodeJS.Timeout | null = null

  constructor(options: ThreadOptions) {
    this.#options = options
    this.agentSession = options.thread
    this.resumed = options.resumed
    this.agentVersion = options.agentVersion
    this.threads = new Set([options.thread])
    this.#before = options.resumed ? null : noUsage
  }

  async prompt(prompt: string, extras: PromptExtras = noExtras): Promise<TurnOutcome> {
    const turn = new Turn(this.#options.listener)
    if (this.#lost !== null) turn.end({ how: "lost", message: this.#lost })
    else if (this.#turn !== null) throw new Error("a turn is running already")
    else await this.#begin(turn, prompt, extras)
    return await turn.outcome
  }

  async #begin(turn: Turn, prompt: string, { attachments, model, mode }: PromptExtras): Promise<void> {
    this.#turn = turn
    if (mode !== null) this.#options.listener.said(notForOneTurn("codex", "mode", mode, "its mode is the sandbox of the whole session"))
    const pictures = attachments.map(({ file }) => ({ type: "localImage", path: file }))
    // A model stays until another is named.
    const wanted = model ?? (this.#othersModel ? this.#options.model : null)
    this.#othersModel = model !== null
    try {
      // Only `turn/started` says that it runs: before that, codex knows no turn to interrupt.
      await this.#options.peer.request("turn/start", {
        threadId: this.agentSession,
        input: [{ type: "text", text: prompt, text_elements: [] }, ...pictures],
        ...(wanted === null ? {} : { model: wanted }),
        ...(this.#options.effort === null ? {} : { effort: this.#options.effort }),
      })
    } catch (error) {
      // When the process is gone, `died` ends the turn.
      if (!(error instanceof ProcessGone))
        this.#end(turn, {
          how: "failed",
          error: { class: "bug", message: `codex did not take the prompt: ${error instanceof Error ? error.message : String(error)}`, resetAt: null },
        })
    }
  }

  #acknowledged(turn: Turn, id: string): void {
    if (turn.id !== null) return
    turn.id = id
    this.#options.listener.started()
    if (turn.interrupted) void this.#stop(turn, id)
  }

  async answer(permission: string, allow: boolean, note: string | null): Promise<boolean> {
    const question = this.#questions.get(permission)
    if (question === undefined || this.#lost !== null) return false
    this.#questions.delete(permission)
    this.#options.peer.respond(question.id, decisionOf(question.method, question.params, allow))
    // Codex's answers have no place for a reason; a steer brings it into the running turn.
    if (!allow && note !== null) await this.steer(`The request was denied: ${note}`)
    return true
  }

  async steer(words: string): Promise<Steering> {
    const turn = this.#turn
    if (turn === null || turn.id === null || turn.interrupted) return "over"
    const input = [{ type: "text", text: words, text_elements: [] }]
    // What codex has taken, its turn does not end without having read.
    const taken = this.#options.peer.request("turn/steer", { threadId: this.agentSession, expectedTurnId: turn.id, input }).then(
      () => "taken" as const,
      () => (this.#turn === turn && this.#lost === null ? "cannot" : "over"),
    )
    return await Promise.race([taken, turn.outcome.then(() => "over" as const)])
  }

  /** Its modes are sandboxes, of a whole session; its slash commands are those of its own screen. */
  async offers(): Promise<Offers> {
    const { data } = await this.#options.peer.request("model/list", {}).catch(() => ({ data: [] }))
    const models = list(data).map(record)
    return {
      ...nothingOffered,
      models: models.map((model) => ({ id: text(model["model"]) || text(model["id"]), title: text(model["displayName"]) || text(model["id"]) })),
    }
  }

  async interrupt(): Promise<void> {
    const turn = this.#turn
    if (turn === null) return
    turn.interrupted = true
    if (turn.id !== null) await this.#stop(turn, turn.id)
  }

  async #stop(turn: Turn, turnId: string): Promise<void> {
    await this.#options.peer.request("turn/interrupt", { threadId: this.agentSession, turnId }).catch(() => undefined)
    const late = new AbortController()
    const stopped = turn.outcome.then(() => late.abort())
    const waited = delay(this.#options.graceMs, undefined, { signal: late.signal, ref: false }).then(
      () => this.#lose(`codex did not stop its turn within ${this.#options.graceMs} ms`),
      () => undefined,
    )
    await Promise.race([stopped, waited])
    await this.#endCommands()
  }

  /** Codex lets a command run on whose turn was interrupted (25 of 25, with 0.169). An experimental call, but the only one that ends them. */
  async #endCommands(): Promise<void> {
    await this.#options.peer.request("thread/backgroundTerminals/clean", { threadId: this.agentSession }).catch(() => undefined)
  }

  async close(): Promise<void> {
    if (this.#lost !== null) return
    await this.interrupt()
    this.#lose("the session was closed")
    this.#options.closed(this)
    await this.#endCommands()
    await this.#options.peer.request("thread/unsubscribe", { threadId: this.agentSession }).catch(() => undefined)
  }

  /** The process is gone though nobody asked. */
  died(message: string): void {
    if (this.#lost !== null) return
    this.#options.listener.died(message)
    this.#lose(message)
  }

  /** The process was ended by us. */
  ended(): void {
    this.#lose("the agent was ended")
  }

  #lose(message: string): void {
    this.#lost ??= message
    if (this.#turn !== null) this.#end(this.#turn, { how: "lost", message })
  }

  note(words: string): void {
    if (this.#turn !== null) this.#options.listener.said({ type: "note", text: words })
  }

  asked(id: RequestId, method: string, params: Json): boolean {
    const permission = String(id)
    const request = permissionOf(permission, method, params, this.#items.get(text(params["itemId"])) ?? {})
    if (request === null) return false
    if (this.#options.allowAll) this.#options.peer.respond(id, decisionOf(method, params, true))
    else {
      this.#questions.set(permission, { id, method, params })
      this.#options.listener.asked(request)
    }
    return true
  }

  notified(method: string, params: Json): void {
    if (method === "serverRequest/resolved") return this.#withdraw(String(params["requestId"]))
    const turn = this.#turn
    if (turn === null) return
    if (method.startsWith("item/")) this.#goesOn()
    const item = record(params["item"])
    const own = text(params["threadId"]) === this.agentSession
    switch (method) {
      case "turn/started":
        if (own && turn.id === null) this.#acknowledged(turn, text(record(params["turn"])["id"]))
        return
      case "item/agentMessage/delta":
        if (own) turn.say(text(params["itemId"]), text(params["delta"]))
        return
      case "item/started":
        return this.#itemStarted(item)
      case "item/completed":
        return this.#itemCompleted(turn, item, own)
      case "thread/tokenUsage/updated":
        if (own) this.#used(turn, record(params["tokenUsage"]))
        return
      case "error":
        if (own && params["willRetry"] === true) this.#retries(turn, errorOf(params["error"], this.#options.limitResetAt()))
        return
      case "turn/completed":
        if (own) this.#completed(turn, record(params["turn"]))
        return
    }
  }

  #retries(turn: Turn, error: AgentError): void {
    turn.retried = error
    this.note(`codex tries again: ${error.message}`)
    // While there is no network codex tells of it again and again, for ever: one patience for all of that.
    if (error.class === "network" && this.#patience !== null) return
    this.#goesOn()
    const patienceMs = patiencesMs.get(error.class)
    if (patienceMs === undefined) return
    this.#patience = setTimeout(() => {
      turn.gaveUp = true
      void this.interrupt()
    }, patienceMs)
  }

  #goesOn(): void {
    if (this.#patience !== null) clearTimeout(this.#patience)
    this.#patience = null
  }

  #itemStarted(item: Json): void {
    this.#items.set(text(item["id"]), item)
    for (const thread of list(item["receiverThreadIds"])) this.threads.add(text(thread))
    const chunk = toolChunk(item, false)
    if (chunk !== null) this.#options.listener.said(chunk)
  }

  #itemCompleted(turn: Turn, item: Json, own: boolean): void {
    this.#items.delete(text(item["id"]))
    for (const thread of list(item["receiverThreadIds"])) this.threads.add(text(thread))
    const chunk = toolChunk(item, true)
    if (chunk !== null) this.#options.listener.said(chunk)
    if (!own) return
    if (item["type"] === "agentMessage") turn.complete(text(item["id"]), text(item["text"]))
    const thought = item["type"] === "reasoning" ? [...list(item["summary"]), ...list(item["content"])].map(text).join("\n") : ""
    if (thought !== "") this.#options.listener.said({ type: "thought", text: thought })
  }

  #used(turn: Turn, tokenUsage: Json): void {
    this.#total = usageOf(record(tokenUsage["total"]))
    this.#before ??= usageBetween(usageOf(record(tokenUsage["last"])), this.#total)
    turn.usage = usageBetween(this.#before, this.#total)
    this.#options.listener.used(turn.usage)
  }

  #completed(turn: Turn, completed: Json): void {
    const status = text(completed["status"])
    if (completed["error"] != null || status === "failed")
      this.#end(turn, { how: "failed", error: finalError(completed["error"], turn.retried, this.#options.limitResetAt()) })
    else if (status === "interrupted" && turn.gaveUp && turn.retried !== null) this.#end(turn, { how: "failed", error: turn.retried })
    else if (status === "interrupted") this.#end(turn, { how: "interrupted" })
    else if (status === "completed") this.#end(turn, { how: "completed" })
    else this.#end(turn, { how: "lost", message: `codex ended its turn with the unknown status "${status}"` })
  }

  #end(turn: Turn, how: Parameters<Turn["end"]>[0]): void {
    this.#turn = null
    this.#goesOn()
    this.#before = this.#total
    this.#items.clear()
    for (const permission of this.#questions.keys()) this.#withdraw(permission)
    turn.end(how)
  }

  #withdraw(permission: string): void {
    if (this.#questions.delete(permission)) this.#options.listener.withdrawn(permission)
  }
}
