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
/** The weakest are looked for when the table holds this many times what it keeps: seldom, for many sightings at once. */
const slack = 4

/** Changed in place, as a table sees a hundred thousand of them; nobody outside holds one while it can change. */
type Entry = { -readonly [Key in keyof Seen]: Key extends "lastSessions" ? string[] : Seen[Key] }

export class Ranked {
  readonly #entries: Map<string, Entry>
  readonly #most: number
  constructor(most: number, seen: Iterable<readonly [string, Seen]> = []) {
    this.#most = most
    this.#entries = new Map([...seen].map(([key, one]) => [key, { ...one, lastSessions: [...one.lastSessions] }]))
  }

  see(sighting: Sighting): void {
    const known = this.#entries.get(sighting.key)
    if (known !== undefined) return seeAgain(known, sighting)
    this.#entries.set(sighting.key, first(sighting))
    if (this.#entries.size > this.#most * slack) this.#prune()
  }

  entries(): (readonly [string, Seen])[] {
    return [...this.#entries].map(([key, one]) => [key, { ...one, lastSessions: [...one.lastSessions] }])
  }
  values(): readonly Seen[] {
    return [...this.#entries.values()]
  }

  /** Those that are kept stay in the order in which they were first seen. */
  #prune(): void {
    const strengths = Float64Array.from(this.#entries.values(), strength)
    const weakestKept = strengths.toSorted()[strengths.length - this.#most] ?? -Infinity
    let surplus = this.#entries.size - this.#most
    let at = 0
    for (const key of this.#entries.keys()) {
      const own = strengths[at++] ?? 0
      if (own < weakestKept) {
        this.#entries.delete(key)
        surplus--
      }
    }
    // Of those that are as strong as the weakest that is kept, the oldest go.
    for (const [key, entry] of this.#entries) {
      if (surplus <= 0) return
      if (strength(entry) === weakestKept) {
        this.#entries.delete(key)
        surplus--
      }
    }
  }
}

/** The logarithm to the base of two of the score at any one instant that is the same for all. */
export const strength = ({ score, lastAt }: Seen): number => Math.log2(score) + lastAt / halfLifeMs

const decay = (ms: number): number => 2 ** (-ms / halfLifeMs)

const first = ({ text, session, at, timestamp }: Sighting): Entry => ({
  text,
  count: 1,
  sessions: 1,
  lastSessions: [session],
  lastAt: at,
  lastSeen: timestamp,
  score: 1,
})

function seeAgain(known: Entry, { session, at, timestamp }: Sighting): void {
  known.count++
  if (!known.lastSessions.includes(session)) {
    known.sessions++
    known.lastSessions.push(session)
    if (known.lastSessions.length > sessionsRemembered) known.lastSessions.shift()
  }
  if (at > known.lastAt) {
    known.score = known.score * decay(at - known.lastAt) + 1
    known.lastAt = at
    known.lastSeen = timestamp
  } else known.score += decay(known.lastAt - at)
}
