/** The latest so many of what comes in any order. Of two with the same instant the one that came first is first. */
export interface Dated {
  readonly at: number
}

export class Latest<T extends Dated> {
  readonly #most: number
  #items: T[]
  constructor(most: number, items: readonly T[] = []) {
    this.#most = most
    this.#items = [...items]
  }

  add(item: T): void {
    const last = this.#items.at(-1)
    if (last !== undefined && this.#items.length >= this.#most && item.at <= last.at) return
    const before = this.#items.findIndex((other) => other.at < item.at)
    this.#items.splice(before < 0 ? this.#items.length : before, 0, item)
    if (this.#items.length > this.#most) this.#items.pop()
  }

  get items(): readonly T[] {
    return this.#items
  }
}
