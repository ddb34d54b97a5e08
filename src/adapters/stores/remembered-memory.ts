/** Remembers for as long as the process lives: for tests. */
import { answersCharsMax, keysMax, rememberedMs, type Begun, type Cursor, type KeptAnswer, type Remembered } from "../../engine/ports/remembered.ts"

interface Entry {
  readonly hash: string
  readonly at: number
  readonly answer: KeptAnswer | null
}

export class MemoryRemembered implements Remembered {
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>()
  readonly #cursors = new Map<string, Cursor>()
  #chars = 0

  async begin(key: string, hash: string, at: number): Promise<Begun> {
    const known = this.#entries.get(key)
    if (known !== undefined && at - known.at < rememberedMs) {
      if (known.hash !== hash) return { how: "other" }
      return known.answer === null ? { how: "running" } : { how: "same", answer: known.answer }
    }
    // Between the look and the mark there is no pause, or two would both be the first.
    this.#drop(key)
    this.#entries.set(key, { hash, at, answer: null })
    this.#prune()
    return { how: "fresh" }
  }

  async finish(key: string, answer: KeptAnswer, _at: number): Promise<void> {
    const known = this.#entries.get(key)
    if (known === undefined) return
    this.#chars += answer.body.length
    this.#entries.set(key, { ...known, answer })
    this.#prune()
  }

  async forget(key: string): Promise<void> {
    this.#drop(key)
  }

  async cursor(name: string): Promise<Cursor | null> {
    return this.#cursors.get(name) ?? null
  }
  async moveCursor(name: string, cursor: Cursor): Promise<void> {
    this.#cursors.set(name, cursor)
  }
  async dropCursor(name: string): Promise<void> {
    this.#cursors.delete(name)
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #drop(key: string): void {
    this.#chars -= this.#entries.get(key)?.answer?.body.length ?? 0
    this.#entries.delete(key)
  }

  #prune(): void {
    for (const key of this.#entries.keys()) {
      if (this.#chars <= answersCharsMax && this.#entries.size <= keysMax) return
      this.#drop(key)
    }
  }
}
