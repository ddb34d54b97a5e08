/** What one running turn has said so far, and its end. */
import { noUsage, type AgentError, type TurnOutcome, type Usage } from "../../../domain/session/turn.ts"
import type { SessionListener } from "../../../worker/ports/agent.ts"

/** The end of a long turn is kept: the handoff is there. */
const textCharsMax = 1024 * 1024

export class Turn {
  /** Null until the agent has acknowledged the prompt. */
  id: string | null = null
  usage: Usage = noUsage
  interrupted = false
  /** The last error after which codex tried again. */
  retried: AgentError | null = null
  /** It was interrupted because it waited too long for a rate limit or a network. */
  gaveUp = false
  readonly outcome: Promise<TurnOutcome>
  readonly #resolve: (outcome: TurnOutcome) => void
  readonly #listener: SessionListener
  /** Characters that arrived of each message. */
  readonly #messages = new Map<string, number>()
  #text = ""

  constructor(listener: SessionListener) {
    this.#listener = listener
    const { promise, resolve } = Promise.withResolvers<TurnOutcome>()
    this.outcome = promise
    this.#resolve = resolve
  }

  /** A piece of the message with that id. Messages are set apart by an empty line. */
  say(message: string, piece: string): void {
    if (piece === "") return
    const apart = !this.#messages.has(message) && this.#text !== "" ? "\n\n" : ""
    this.#messages.set(message, (this.#messages.get(message) ?? 0) + piece.length)
    this.#text = (this.#text + apart + piece).slice(-textCharsMax)
    this.#listener.said({ type: "text", text: apart + piece })
  }

  /** The message is complete: what no piece brought is said now. */
  complete(message: string, whole: string): void {
    this.say(message, whole.slice(this.#messages.get(message) ?? 0))
  }

  end(how: Ending): void {
    this.#resolve({ ...how, text: this.#text, usage: this.usage })
  }
}

export type Ending = DistributiveOmit<TurnOutcome, "text" | "usage">
type DistributiveOmit<T, Keys extends PropertyKey> = T extends unknown ? Omit<T, Keys> : never
