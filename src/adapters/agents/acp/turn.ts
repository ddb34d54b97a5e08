/** One turn over ACP while it runs, and what it comes to. */
import type { RequestError } from "@agentclientprotocol/sdk"
import { addUsage, noUsage, type AgentError, type TurnOutcome, type Usage } from "../../../domain/session/turn.ts"
import { Tail } from "../../../runtime/tail.ts"
import type { SessionListener } from "../../../worker/ports/agent.ts"
import { errorInText, errorOf } from "./errors.ts"
import { record } from "./updates.ts"
import { usageOf } from "./usage.ts"

/** Of what the agent said; the end is kept, since the handoff stands there. */
const textCharsMax = 1024 * 1024

export class Turn {
  readonly said = new Tail(textCharsMax)
  /** Resolves when the turn is over, whatever it came to. */
  readonly over: Promise<void>
  /** Resolves when we no longer wait for the agent. */
  readonly abandoned: Promise<TurnOutcome>
  interrupted = false
  /** What a person answered, as long as the agent did nothing after it was denied what it asked for. */
  denial: string | null = null
  readonly #listener: SessionListener
  readonly #costBefore: number | null
  readonly #end: () => void
  readonly #abandon: (outcome: TurnOutcome) => void
  #started = false
  #costUsd: number | null = null
  #carried: Usage = noUsage

  constructor(listener: SessionListener, costBefore: number | null) {
    this.#listener = listener
    this.#costBefore = costBefore
    const over = Promise.withResolvers<void>()
    const abandoned = Promise.withResolvers<TurnOutcome>()
    this.over = over.promise
    this.abandoned = abandoned.promise
    this.#end = over.resolve
    this.#abandon = abandoned.resolve
  }

  /** The first sign that the agent works on the prompt. */
  acknowledge(): void {
    if (this.#started) return
    this.#started = true
    this.#listener.started()
  }

  /** `total` is the session's; the turn's share is what it grew by. */
  cost(total: number): void {
    this.#costUsd = total - (this.#costBefore ?? 0)
    this.#listener.used({ ...noUsage, costUsd: this.#costUsd })
  }

  /** The agent ended its turn, and is prompted once more in the same one. */
  carryOver(response: unknown): void {
    this.#carried = addUsage(this.#carried, usageOf(response, null))
  }

  completed(response: unknown): TurnOutcome {
    return { how: "completed", ...this.#sum(response) }
  }
  stopped(response: unknown = null): TurnOutcome {
    return { how: "interrupted", ...this.#sum(response) }
  }
  failedWith(error: AgentError, response: unknown = null): TurnOutcome {
    return { how: "failed", error, ...this.#sum(response) }
  }
  failed(error: RequestError): TurnOutcome {
    return this.interrupted ? this.stopped() : this.failedWith(errorOf(error, Date.now()))
  }
  lost(message: string): TurnOutcome {
    return { how: "lost", message, ...this.#sum(null) }
  }
  abandon(): void {
    this.#abandon(this.stopped())
  }

  #sum(response: unknown): { text: string; usage: Usage } {
    const usage = addUsage(this.#carried, usageOf(response, this.#costUsd))
    if (usage.inputTokens + usage.outputTokens > 0) this.#listener.used(usage)
    this.#end()
    return { text: this.said.toString(), usage }
  }
}

/** What the agent's own end of the turn means. Only `end_turn` without an error said in words is a completed turn. */
export function outcomeOf(turn: Turn, response: unknown, family: string): TurnOutcome {
  const reason = record(response)["stopReason"]
  switch (reason) {
    case "end_turn": {
      const error = errorInText(family, turn.said.toString())
      return error === null ? turn.completed(response) : turn.failedWith(error, response)
    }
    case "cancelled":
      return turn.interrupted ? turn.stopped(response) : turn.failedWith(bug("the agent cancelled the turn by itself"), response)
    case "refusal":
      return turn.failedWith({ class: "refused", message: "the model refused to go on", resetAt: null }, response)
    case "max_tokens":
    case "max_turn_requests":
      return turn.failedWith({ class: "refused", message: `the turn ended at a limit of the agent: ${reason}`, resetAt: null }, response)
    default:
      return turn.failedWith(bug(`the agent ended the turn with "${String(reason)}"`), response)
  }
}

const bug = (message: string): AgentError => ({ class: "bug", message, resetAt: null })
