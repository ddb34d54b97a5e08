/** One turn from prompt to outcome. Whatever the agent does or fails to do, it ends: by itself, interrupted, stalled or lost. */
import { noUsage, type Steering, type TurnOutcome, type Usage } from "../domain/session/turn.ts"
import type { Clock } from "../runtime/clock.ts"
import type { AgentSession, PromptExtras } from "./ports/agent.ts"
import { Watchdog, type Facts } from "./watchdog.ts"

export interface TurnOptions {
  readonly clock: Clock
  readonly agent: AgentSession
  readonly facts: Facts
  readonly stallMs: number
  readonly graceMs: number
  /** Ends every process of the session. */
  readonly sweep: () => Promise<unknown>
}

/** An agent that says nothing until its model speaks has the prompt by then all the same. */
const acknowledgeMs = 1_000

type Ending = { readonly why: "none" } | { readonly why: "asked" } | { readonly why: "stalled"; readonly silentMs: number }

export class Turn {
  readonly watchdog: Watchdog
  usage: Usage = noUsage
  readonly #acknowledged = Promise.withResolvers<void>()
  #started = false
  readonly #options: TurnOptions
  readonly #forced = Promise.withResolvers<TurnOutcome>()
  readonly #done = Promise.withResolvers<void>()
  #ending: Ending = { why: "none" }
  #answered = false
  #interrupted = false
  #agentEnd: Promise<void> | null = null

  constructor(options: TurnOptions) {
    this.#options = options
    const { clock, facts, stallMs } = options
    this.watchdog = new Watchdog({ clock, facts, stallMs, onStall: (silentMs) => void this.#end({ why: "stalled", silentMs }) })
  }

  /** The agent has the prompt. */
  get started(): boolean {
    return this.#started
  }

  acknowledge(): void {
    this.#started = true
    this.#acknowledged.resolve()
    this.watchdog.heard()
  }

  /** The agent itself was ended in this turn and takes no further prompt. */
  get endedAgent(): boolean {
    return this.#agentEnd !== null
  }

  /** It ended because somebody asked for it. */
  get interrupted(): boolean {
    return this.#interrupted
  }

  async run(prompt: string, extras: PromptExtras): Promise<TurnOutcome> {
    const { agent } = this.#options
    try {
      const outcome = await Promise.race([agent.prompt(prompt, extras), this.#forced.promise])
      this.#answered = true
      if (this.#ending.why === "stalled") await this.#endAgent()
      const named = this.#named(outcome)
      this.#interrupted = named.how === "interrupted"
      return named
    } finally {
      this.watchdog[Symbol.dispose]()
      this.#done.resolve()
    }
  }

  /** Answers at the latest when the turn is over, whatever the agent does. */
  async steer(text: string): Promise<Steering> {
    if (!this.started || this.#ending.why !== "none") return "over"
    return await Promise.race([this.#options.agent.steer(text), this.#done.promise.then(() => "over" as const)])
  }

  /** Like `interrupt`, for an agent that is to go on: one that is asked before it has the prompt may miss it, and would have to be ended. */
  async stop(): Promise<void> {
    const acknowledged = Promise.race([this.#acknowledged.promise, this.#done.promise])
    if (!this.#started) await this.#within(acknowledged, Math.min(acknowledgeMs, this.#options.graceMs))
    await this.interrupt()
  }

  /** Asks the agent to stop, then closes it, then gives up on it. Resolves when the turn is over. */
  interrupt(): Promise<void> {
    return this.#end({ why: "asked" })
  }

  async #end(ending: Ending): Promise<void> {
    if (this.#ending.why !== "none") return this.#done.promise
    this.#ending = ending
    this.watchdog[Symbol.dispose]()
    await this.#within(this.#options.agent.interrupt())
    await this.#within(this.#done.promise)
    if (!this.#answered) await this.#endAgent()
    // A driver that does not even notice that its process is gone must not hold the session for ever.
    this.#forced.resolve({ how: "lost", message: "the agent did not answer and was ended", text: "", usage: this.usage })
    await this.#done.promise
  }

  #endAgent(): Promise<void> {
    this.#agentEnd ??= this.#closeAndSweep()
    return this.#agentEnd
  }

  async #closeAndSweep(): Promise<void> {
    await this.#within(this.#options.agent.close())
    await this.#options.sweep().catch(() => undefined)
  }

  /** What it was ended for is why it ended, unless the agent finished at the last moment. */
  #named(outcome: TurnOutcome): TurnOutcome {
    if (outcome.how === "completed") return outcome
    const { text, usage } = outcome
    switch (this.#ending.why) {
      case "none":
        return outcome
      case "asked":
        return { how: "interrupted", text, usage }
      case "stalled":
        return { how: "stalled", silentMs: this.#ending.silentMs, text, usage }
    }
  }

  #within(promise: Promise<unknown>, limitMs = this.#options.graceMs): Promise<unknown> {
    const limit = Promise.withResolvers<void>()
    const timer = this.#options.clock.after(limitMs, () => limit.resolve())
    return Promise.race([promise.catch(() => undefined), limit.promise]).finally(() => timer[Symbol.dispose]())
  }
}
