/** Time as a value that is handed in, so that a test can be the one who lets it pass. */

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Calls `run` once, after `ms`. Disposing takes the call back. A waiting call does not keep the process alive. */
  after(ms: number, run: () => void): Disposable
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    timer.unref()
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}

/** A clock for tests: time passes only when `pass` says so. */
export class HandClock implements Clock {
  #now: number
  #waiting: { at: number; run: () => void }[] = []

  constructor(now = 1_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): Disposable {
    const entry = { at: this.#now + ms, run }
    this.#waiting.push(entry)
    return { [Symbol.dispose]: () => void (this.#waiting = this.#waiting.filter((other) => other !== entry)) }
  }

  /** Lets `ms` pass and makes the calls that fall due, each at its own instant. */
  pass(ms: number): void {
    const until = this.#now + ms
    for (let due = this.#next(until); due !== undefined; due = this.#next(until)) {
      const entry = due
      this.#waiting = this.#waiting.filter((other) => other !== entry)
      this.#now = Math.max(this.#now, entry.at)
      entry.run()
    }
    this.#now = until
  }

  /** How many calls wait. */
  get waiting(): number {
    return this.#waiting.length
  }

  #next(until: number): { at: number; run: () => void } | undefined {
    return this.#waiting.filter((entry) => entry.at <= until).toSorted((a, b) => a.at - b.at)[0]
  }
}
