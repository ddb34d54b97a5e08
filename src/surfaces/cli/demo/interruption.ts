/** A person's wish to leave, from the first moment to the last: what is going on is left, and what was started is still cleaned up. */
import type { SignalSource } from "../context.ts"

const wishes: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"]

export class Interruption implements Disposable {
  readonly #controller = new AbortController()
  readonly #signals: SignalSource
  readonly #interrupt = (): void => this.#controller.abort()

  constructor(signals: SignalSource) {
    this.#signals = signals
    for (const name of wishes) signals.on(name, this.#interrupt)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** What comes of the work, or null as soon as the person wants to leave. */
  async or<Value>(work: Promise<Value>): Promise<Value | null> {
    const left = Promise.withResolvers<null>()
    const leave = (): void => left.resolve(null)
    if (this.signal.aborted) leave()
    this.signal.addEventListener("abort", leave, { once: true })
    try {
      return await Promise.race([work, left.promise])
    } finally {
      this.signal.removeEventListener("abort", leave)
      // Left alone, it may fail because what it needs is taken away.
      work.catch(() => undefined)
    }
  }

  [Symbol.dispose](): void {
    for (const name of wishes) this.#signals.off(name, this.#interrupt)
  }
}
