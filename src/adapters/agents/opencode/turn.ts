/**
 * What one running turn has said so far, and its end. It is told the same things by events and by reading the messages again, in any order and
 * more than once: everything here may be heard twice.
 */
import { addUsage, noUsage, type AgentError, type TurnOutcome, type Usage } from "../../../domain/session/turn.ts"
import type { SessionListener } from "../../../worker/ports/agent.ts"
import { list, record, text, type Json } from "../fields.ts"
import { errorOf, isAbort } from "./errors.ts"
import { toolChunk, usageOf } from "./messages.ts"

/** The end of a long turn is kept: the handoff is there. */
const textCharsMax = 1024 * 1024

interface Said {
  readonly kind: "text" | "thought"
  whole: string
  /** Pieces may have been missed: only the whole counts now. */
  torn: boolean
}

export class Turn {
  started = false
  interrupted = false
  /** The last error after which opencode tried again. */
  retried: AgentError | null = null
  /** It was interrupted because it waited too long for its provider. */
  gaveUp = false
  /** Of `session.error`: the message may say it later, or never exist. */
  sessionError: unknown = null
  readonly outcome: Promise<TurnOutcome>
  readonly #resolve: (outcome: TurnOutcome) => void
  readonly #listener: SessionListener
  /** The id of the last message before the turn; ids ascend. */
  readonly #after: string
  readonly #said = new Map<string, Said>()
  readonly #tools = new Map<string, "started" | "over">()
  /** Parts of tools under way, by their calls. */
  readonly #calls = new Map<string, Json>()
  readonly #usage = new Map<string, Usage>()
  /** Assistant messages of the conversation itself. */
  readonly #answers = new Map<string, Json>()
  readonly #questions = new Set<string>()
  /** What was said to the running turn: its text, until the message that holds it is known. */
  readonly #steered = new Map<string, (taken: boolean) => void>()
  readonly #unanswered = new Map<string, (taken: boolean) => void>()

  constructor(listener: SessionListener, after: string) {
    this.#listener = listener
    this.#after = after
    const { promise, resolve } = Promise.withResolvers<TurnOutcome>()
    this.outcome = promise
    this.#resolve = resolve
  }

  acknowledge(): void {
    if (this.started) return
    this.started = true
    this.#listener.started()
  }

  /** A message of the conversation. */
  message(info: Json): void {
    const id = text(info["id"])
    if (id <= this.#after) return
    if (info["role"] === "user") {
      this.#questions.add(id)
      return this.acknowledge()
    }
    this.acknowledge()
    this.#answers.set(id, info)
    this.use(info)
    for (const [question, resolve] of this.#unanswered) {
      if (question > text(info["parentID"])) continue
      this.#unanswered.delete(question)
      resolve(true)
    }
  }

  /** Also of a message of an agent that this one started. */
  use(info: Json): void {
    const id = text(info["id"])
    const usage = usageOf(info)
    const before = this.#usage.get(id) ?? noUsage
    if (info["role"] !== "assistant" || (usage.inputTokens + usage.outputTokens + usage.cachedTokens === 0 && usage.costUsd === null)) return
    if (before.inputTokens === usage.inputTokens && before.outputTokens === usage.outputTokens && before.cachedTokens === usage.cachedTokens) return
    this.#usage.set(id, usage)
    this.#listener.used(this.#total())
  }

  part(part: Json): void {
    const message = text(part["messageID"])
    if (message <= this.#after) return
    if (this.#questions.has(message)) return this.#asked(message, part)
    const answer = this.#answers.get(message)
    if (answer === undefined) return
    switch (part["type"]) {
      case "text":
        // A summary of the conversation is no answer.
        if (part["synthetic"] !== true && answer["summary"] !== true) this.#say("text", part)
        return
      case "reasoning":
        return this.#say("thought", part)
      case "tool":
        return this.tool(part)
    }
  }

  /** Also of an agent that this one started. */
  tool(part: Json): void {
    const chunk = toolChunk(part)
    if (chunk === null) return
    const known = this.#tools.get(chunk.id)
    if (chunk.status === "started") this.#calls.set(chunk.id, part)
    else this.#calls.delete(chunk.id)
    if (known === undefined) {
      this.#tools.set(chunk.id, "started")
      this.#listener.said({ ...chunk, status: "started", output: null })
    }
    if (chunk.status === "started" || known === "over") return
    this.#tools.set(chunk.id, "over")
    this.#listener.said(chunk)
  }

  /** The tool's part that a question is about; empty when it is not known. */
  callOf(asked: Json): Json {
    return this.#calls.get(text(record(asked["tool"])["callID"])) ?? {}
  }

  piece(part: string, delta: string): void {
    const said = this.#said.get(part)
    if (said === undefined || said.torn || delta === "") return
    this.#tell(said, delta)
    said.whole += delta
  }

  /** Events may have been missed. */
  tear(): void {
    for (const said of this.#said.values()) said.torn = true
  }

  /** Resolves to whether it came into the conversation of this turn. */
  steer(words: string): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#steered.set(words, resolve)
    return promise
  }

  /** Something was said to it that is on its way: opencode answers before it has written it down. */
  get awaited(): boolean {
    return this.#steered.size > 0
  }

  /** Something was said to it that the model has not seen yet. */
  get waits(): boolean {
    return this.#steered.size + this.#unanswered.size > 0
  }

  /** Messages that nobody will answer any more. */
  get unanswered(): readonly string[] {
    return [...this.#unanswered.keys()]
  }

  /** What the messages say of the end, once opencode works no more; null when they do not say it (yet). */
  verdict(at: number): Ending | null {
    const last = [...this.#answers.keys()].toSorted().at(-1)
    const answer = last === undefined ? null : (this.#answers.get(last) ?? null)
    if (answer === null || last === undefined || this.waits || [...this.#questions].some((question) => question > last)) return null
    const error = answer["error"] ?? null
    if (error !== null && !isAbort(error)) return { how: "failed", error: errorOf(error, at) }
    if (error !== null) return this.interrupted || this.gaveUp ? this.stopped() : failed("bug", "opencode stopped the turn by itself")
    const finish = text(answer["finish"])
    if (finish === "" || finish === "tool-calls" || finish === "unknown") return null
    if (finish === "length" || finish === "content-filter") return failed("refused", `the turn ended at a limit of the model: ${finish}`)
    return { how: "completed" }
  }

  /** The end when the messages do not say it. */
  unexplained(at: number): Ending {
    if (this.interrupted || this.gaveUp) return this.stopped()
    if (this.sessionError !== null) return { how: "failed", error: errorOf(this.sessionError, at) }
    return failed("bug", "opencode ended its turn, and does not say how")
  }

  stopped(): Ending {
    return this.gaveUp && this.retried !== null ? { how: "failed", error: this.retried } : { how: "interrupted" }
  }

  end(how: Ending): void {
    this.#resolve({ ...how, text: this.#text(), usage: this.#total() })
    for (const resolve of [...this.#steered.values(), ...this.#unanswered.values()]) resolve(false)
    this.#steered.clear()
    this.#unanswered.clear()
  }

  #asked(message: string, part: Json): void {
    const resolve = this.#steered.get(text(part["text"]))
    if (resolve === undefined) return
    this.#steered.delete(text(part["text"]))
    this.#unanswered.set(message, resolve)
  }

  #say(kind: Said["kind"], part: Json): void {
    const id = text(part["id"])
    const whole = text(part["text"])
    const said = this.#said.get(id) ?? { kind, whole: "", torn: false }
    this.#said.set(id, said)
    const ended = record(part["time"])["end"] !== undefined
    if (whole === said.whole || (whole.length <= said.whole.length && !ended)) return
    this.#tell(said, whole.startsWith(said.whole) ? whole.slice(said.whole.length) : whole)
    said.whole = whole
  }

  #tell(said: Said, piece: string): void {
    const apart = said.kind === "text" && said.whole === "" && this.#text() !== "" ? "\n\n" : ""
    this.#listener.said({ type: said.kind, text: apart + piece })
  }

  #text(): string {
    return [...this.#said.values()]
      .flatMap(({ kind, whole }) => (kind === "text" && whole !== "" ? [whole] : []))
      .join("\n\n")
      .slice(-textCharsMax)
  }

  #total(): Usage {
    return [...this.#usage.values()].reduce(addUsage, noUsage)
  }
}

/** What an entry of `GET /session/{id}/message` holds, into the turn. */
export function absorb(turn: Turn, entry: unknown): void {
  const { info, parts } = record(entry)
  turn.message(record(info))
  for (const part of list(parts)) turn.part(record(part))
}

export type Ending = DistributiveOmit<TurnOutcome, "text" | "usage">
type DistributiveOmit<T, Keys extends PropertyKey> = T extends unknown ? Omit<T, Keys> : never

const failed = (class_: AgentError["class"], message: string): Ending => ({ how: "failed", error: { class: class_, message, resetAt: null } })
