/** Tells many listeners the same thing, in order. A listener that throws is dropped; nobody waits for anybody. */
export class Broadcast<T> {
  readonly #listeners = new Set<(value: T) => void>()

  subscribe(listener: (value: T) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  send(value: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(value)
      } catch {
        this.#listeners.delete(listener)
      }
    }
  }

  get size(): number {
    return this.#listeners.size
  }
}
