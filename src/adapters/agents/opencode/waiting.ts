/** How long Fleet watches opencode wait for its provider. opencode tries again for minutes; Fleet can give the slot to others meanwhile. */
import type { AgentError } from "../../../domain/session/turn.ts"

export interface Patience {
  readonly rateLimitMs: number
  readonly overloadMs: number
  readonly networkMs: number
}
export const usualPatience: Patience = { rateLimitMs: 5_000, overloadMs: 30_000, networkMs: 30_000 }

export class Waiting {
  readonly #patience: Patience
  #alarm: NodeJS.Timeout | null = null

  constructor(patience: Patience) {
    this.#patience = patience
  }

  /** It waits for `waitMs` before it tries again. One patience for all tries, until it goes on. */
  waits(class_: AgentError["class"], waitMs: number, giveUp: () => void): void {
    const patienceMs = this.#for(class_)
    if (patienceMs === null || this.#alarm !== null) return
    // What would not be over in time is not waited for.
    const isHopeless = class_ === "rate-limit" && waitMs > patienceMs
    this.#alarm = setTimeout(giveUp, isHopeless ? 0 : patienceMs)
  }

  goesOn(): void {
    if (this.#alarm !== null) clearTimeout(this.#alarm)
    this.#alarm = null
  }

  #for(class_: AgentError["class"]): number | null {
    switch (class_) {
      case "rate-limit":
        return this.#patience.rateLimitMs
      case "overload":
        return this.#patience.overloadMs
      case "network":
        return this.#patience.networkMs
      case "auth":
      case "refused":
      case "bug":
        return null
    }
  }
}
