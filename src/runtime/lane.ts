/** Runs what it is given one after the other, in the order given. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work)
    this.#last = next.catch(() => undefined)
    return next
  }

  /** Resolves when everything given so far has ended. */
  async idle(): Promise<void> {
    await this.#last
  }
}

/** A lane for each name, dropped again when it is idle. */
export class Lanes {
  readonly #lanes = new Map<string, { lane: Lane; waiting: number }>()

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const entry = this.#lanes.get(name) ?? { lane: new Lane(), waiting: 0 }
    this.#lanes.set(name, entry)
    entry.waiting++
    try {
      return await entry.lane.run(work)
    } finally {
      if (--entry.waiting === 0) this.#lanes.delete(name)
    }
  }
}
