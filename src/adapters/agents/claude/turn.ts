/** What one running turn has said so far, and its end. */
import { addUsage, noUsage, type AgentError, type TurnOutcome, type Usage } from "../../../domain/session/turn.ts"
import type { Json } from "../fields.ts"

/** The end of a long turn is kept: the handoff is there. */
const textCharsMax = 1024 * 1024

export class Turn {
  /** Of the prompt, as the agent names it back. */
  readonly id: string
  /** The agent acknowledged the prompt. */
  started = false
  interrupted = false
  /** The agent would wait for long, and was interrupted for this reason. */
  gaveUp: AgentError | null = null
  /** The line in which the agent told an error of the provider. */
  apiError: Json = {}
  readonly outcome: Promise<TurnOutcome>
  readonly #resolve: (outcome: TurnOutcome) => void
  /** By message: each of its blocks repeats the message's usage. */
  readonly #usage = new Map<string, Usage>()
  /** What was said to the running turn and is not yet in the conversation, by its id. */
  readonly #waiting = new Map<string, (taken: boolean) => void>()
  #carried: Usage = noUsage
  #text = ""

  constructor(id: string) {
    this.id = id
    const { promise, resolve } = Promise.withResolvers<TurnOutcome>()
    this.outcome = promise
    this.#resolve = resolve
  }

  /** Adds a block of text; what comes back is to be said. Blocks are set apart by an empty line. */
  say(block: string): string {
    const said = this.#text === "" ? block : `\n\n${block}`
    this.#text = (this.#text + said).slice(-textCharsMax)
    return said
  }

  /** The turn's usage with that message's. */
  use(message: string, usage: Usage): Usage {
    this.#usage.set(message, usage)
    return this.usage()
  }

  usage(): Usage {
    return [...this.#usage.values()].reduce(addUsage, this.#carried)
  }

  /** With what was carried over. */
  total(usage: Usage): Usage {
    return addUsage(this.#carried, usage)
  }

  /** The agent goes on after it had ended its work; `usage` is that of the work so far. */
  carryOver(usage: Usage): void {
    this.#carried = this.total(usage)
    this.#usage.clear()
  }

  /** Something is said to the turn under that id; resolves to whether it came into the conversation before the end. */
  said(message: string): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#waiting.set(message, resolve)
    return promise
  }

  get waiting(): readonly string[] {
    return [...this.#waiting.keys()]
  }

  /** The message of that id is in the conversation, if there is one. */
  took(message: string): void {
    this.#waiting.get(message)?.(true)
    this.#waiting.delete(message)
  }

  /** `usage` is what the agent says at its end of what was not carried over, else it is summed. */
  end(how: Ending, usage?: Usage): void {
    this.#resolve({ ...how, text: this.#text, usage: usage === undefined ? this.usage() : this.total(usage) })
    for (const resolve of this.#waiting.values()) resolve(false)
  }
}

export type Ending = DistributiveOmit<TurnOutcome, "text" | "usage">
type DistributiveOmit<T, Keys extends PropertyKey> = T extends unknown ? Omit<T, Keys> : never
