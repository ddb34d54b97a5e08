/**
 * A table of what was seen again and again, each with a score that halves every seven days. The score is kept up with every sighting, so that
 * nothing is read twice; the table has a limit, and the weakest go when it is reached.
 */
export const halfLifeMs = 7 * 24 * 60 * 60 * 1_000

export interface Seen {
  /** As first written. */
  readonly text: string
  readonly count: number
  /** Different sessions. One that comes back after `sessionsRemembered` others is counted again. */
  readonly sessions: number
  /** Those that would be known again, the latest last. */
  readonly lastSessions: readonly string[]
  /** Epoch milliseconds, and the same as it was written. */
  readonly lastAt: number
  readonly lastSeen: string
  /** The sum of what each sighting was worth at `lastAt`. */
  readonly score: number
}

export interface Sighting {
  readonly key: string
  readonly text: string
  readonly session: string
  readonly at: number
  readonly timestamp: string
}

export const sessionsRemembered = 32

export class Ranked {
  readonly #seen: Map<string, Seen>
  readonly #most: number
  constructor(most: number, seen: Iterable<readonly [string, Seen]> = []) {
    this.#most = most
    this.#seen = new Map(seen)
  }

  see(sighting: Sighting): void {
    const known = this.#seen.get(sighting.key)
    this.#seen.set(sighting.key, known === undefined ? first(sighting) : again(known, sighting))
    // Twice the limit, so that the weakest are looked for once for many sightings.
    if (this.#seen.size > this.#most * 2) this.#prune()
  }

  entries(): IterableIterator<[string, Seen]> {
    return this.#seen.entries()
  }
  values(): Seen[] {
    return [...this.#seen.values()]
  }

  #prune(): void {
    const weakest = [...this.#seen].toSorted(([, a], [, b]) => strength(a) - strength(b)).slice(0, this.#seen.size - this.#most)
    for (const [key] of weakest) this.#seen.delete(key)
  }
}

/** The logarithm to the base of two of the score at any one instant that is the same for all. */
export const strength = ({ score, lastAt }: Seen): number => Math.log2(score) + lastAt / halfLifeMs

const decay = (ms: number): number => 2 ** (-ms / halfLifeMs)

const first = ({ text, session, at, timestamp }: Sighting): Seen => ({
  text,
  count: 1,
  sessions: 1,
  lastSessions: [session],
  lastAt: at,
  lastSeen: timestamp,
  score: 1,
})

function again(known: Seen, { session, at, timestamp }: Sighting): Seen {
  const isLater = at > known.lastAt
  const isNew = !known.lastSessions.includes(session)
  return {
    text: known.text,
    count: known.count + 1,
    sessions: known.sessions + (isNew ? 1 : 0),
    lastSessions: isNew ? [...known.lastSessions, session].slice(-sessionsRemembered) : known.lastSessions,
    lastAt: isLater ? at : known.lastAt,
    lastSeen: isLater ? timestamp : known.lastSeen,
    score: isLater ? known.score * decay(at - known.lastAt) + 1 : known.score + decay(known.lastAt - at),
  }
}
