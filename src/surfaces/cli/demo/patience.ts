/** Waits for a person to answer, but not for ever: a demo that somebody started and left must end too. */
import type { RunView } from "../../../protocol/views.ts"
import { openApprovals, type Controls } from "../live/display.ts"

export const patienceSeconds = 60

export class Patience implements Disposable {
  readonly #controls: Controls
  readonly #lost: () => void
  #timer: NodeJS.Timeout | null = null

  /** `lost` is called when nobody answered and the demo did. */
  constructor(controls: Controls, lost: () => void) {
    this.#controls = controls
    this.#lost = lost
  }

  see(run: RunView): void {
    const [ask] = openApprovals(run)
    if (ask === undefined) return this[Symbol.dispose]()
    this.#timer ??= setTimeout(() => {
      this.#lost()
      this.#controls.answer(ask, true)
    }, patienceSeconds * 1_000)
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
