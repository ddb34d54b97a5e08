/** Keeps hubs of other homes away from the repositories that this one works on, for as long as it does. */
import { Lanes } from "../runtime/lane.ts"

export interface RepositoriesParts {
  /** Takes the lock of one. Rejects with a `FaultError` when another hub holds it. */
  readonly hold: (commonDirectory: string) => Promise<AsyncDisposable>
  /** Common directories that something works on, as the state has it. */
  readonly inUse: () => readonly string[]
  readonly complain: (error: unknown) => void
}

export class Repositories implements AsyncDisposable {
  readonly #parts: RepositoriesParts
  readonly #held = new Map<string, AsyncDisposable>()
  /** Taking and giving back, one after the other: two who want one at the same time must not take each other for another hub. */
  readonly #lanes = new Lanes()
  /** How many are about to use it, which the state does not know yet. */
  readonly #wanted = new Map<string, number>()

  constructor(parts: RepositoriesParts) {
    this.#parts = parts
  }

  /** Holds what the state says is in use. One repository that is gone must not keep the hub from all the others. */
  async holdAll(): Promise<void> {
    for (const directory of new Set(this.#parts.inUse())) await this.#take(directory).catch(this.#parts.complain)
  }

  /** Holds it while `work` goes on, and after it for as long as the state says that it is in use. */
  async during<T>(commonDirectory: string, work: () => Promise<T>): Promise<T> {
    this.#wanted.set(commonDirectory, (this.#wanted.get(commonDirectory) ?? 0) + 1)
    try {
      await this.#take(commonDirectory)
      return await work()
    } finally {
      const left = (this.#wanted.get(commonDirectory) ?? 1) - 1
      if (left > 0) this.#wanted.set(commonDirectory, left)
      else this.#wanted.delete(commonDirectory)
      this.releaseIdle()
    }
  }

  /** Those that nobody works on any more are free for others. */
  releaseIdle(): void {
    const inUse = new Set(this.#parts.inUse())
    for (const directory of this.#held.keys()) if (!inUse.has(directory) && !this.#wanted.has(directory)) void this.#giveBack(directory)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const held of this.#held.values()) await held[Symbol.asyncDispose]()
  }

  #take(directory: string): Promise<void> {
    return this.#lanes.run(directory, async () => {
      if (!this.#held.has(directory)) this.#held.set(directory, await this.#parts.hold(directory))
    })
  }

  #giveBack(directory: string): Promise<void> {
    return this.#lanes.run(directory, async () => {
      // Somebody may have wanted it while this waited.
      if (this.#wanted.has(directory) || this.#parts.inUse().includes(directory)) return
      const held = this.#held.get(directory)
      this.#held.delete(directory)
      await Promise.resolve(held?.[Symbol.asyncDispose]()).catch(this.#parts.complain)
    })
  }
}
