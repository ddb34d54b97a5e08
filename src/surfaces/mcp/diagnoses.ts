/**
 * Looks at the health of repositories, which take longer than an agent's client waits for one answer: whoever asks again while one is
 * under way joins it. The last result that somebody was given stays, so that it can be run as a campaign. Lost with the process; then it is looked again.
 */
import { setTimeout as delay } from "node:timers/promises"
import type { Diagnosis } from "./fleet-for-agents.ts"

interface Look {
  readonly under: Promise<Diagnosis>
  over: boolean
  /** Somebody was given what came of it: the next who asks wants a new one. */
  given: boolean
}

const looksMax = 20

export class Diagnoses {
  readonly #looks = new Map<string, Look>()

  /** Null: it is still under way after `limitMs`. Rejects with what `begin` rejects with. `key`: whose, and which repository. */
  async of(key: string, begin: () => Promise<Diagnosis>, limitMs: number, signal: AbortSignal): Promise<Diagnosis | null> {
    const before = this.#looks.get(key)
    const look = before === undefined || before.given ? this.#begin(key, begin) : before
    const enough = new AbortController()
    const over = delay(limitMs, null, { signal: AbortSignal.any([signal, enough.signal]) }).catch(() => null)
    try {
      const came = await Promise.race([look.under, over])
      if (came !== null) look.given = true
      return came
    } catch (error) {
      this.#looks.delete(key)
      throw error
    } finally {
      enough.abort()
    }
  }

  /** What was found the last time; null when nothing was, or it is under way. */
  async last(key: string): Promise<Diagnosis | null> {
    const look = this.#looks.get(key)
    return look?.over === true ? look.under : null
  }

  #begin(key: string, begin: () => Promise<Diagnosis>): Look {
    const look: Look = { under: begin(), over: false, given: false }
    look.under.then(
      () => (look.over = true),
      // Told to whoever asks next; one who never asks again need not hear of it.
      () => undefined,
    )
    this.#looks.delete(key)
    this.#looks.set(key, look)
    const [oldest] = this.#looks.keys()
    if (this.#looks.size > looksMax && oldest !== undefined) this.#looks.delete(oldest)
    return look
  }
}
