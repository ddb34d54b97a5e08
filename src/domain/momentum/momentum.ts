/**
 * What the sessions so far add up to: where work goes on, what was decided again and again, what failed, what was built (C.3, C.1.15).
 * Records are added one by one and never looked at again; memory does not grow with their number. Its state can be kept and taken up again.
 */
import type { DiscoveryRecord } from "../discovery/record.ts"
import { Latest } from "./latest.ts"
import { Ranked, strength, type Seen, type Sighting } from "./ranked.ts"

/** `.planning/momentum.json`, with the names of the file. */
export interface MomentumFile {
  readonly schema: 1
  readonly updated: string
  readonly discovery_count: number
  readonly active_scopes: readonly ActiveScope[]
  readonly recurring_decisions: readonly RecurringDecision[]
  readonly recent_failures: readonly RecentFailure[]
  readonly recent_handoffs: readonly RecentHandoff[]
}
export interface ActiveScope {
  readonly scope: string
  readonly session_count: number
  readonly last_worked: string
}
export interface RecurringDecision {
  readonly decision: string
  readonly count: number
  readonly session_count: number
  readonly last_seen: string
}
export interface RecentFailure {
  readonly failure: string
  readonly agent: string
  readonly session: string | null
  readonly timestamp: string
}
export interface RecentHandoff {
  readonly item: string
  readonly session: string | null
  readonly agent: string
  readonly timestamp: string
}

/** All that an accumulator knows, as plain JSON. */
export interface MomentumState {
  readonly count: number
  readonly scopes: readonly (readonly [string, Seen])[]
  readonly decisions: readonly (readonly [string, Seen])[]
  readonly failures: readonly Note[]
  readonly handoffs: readonly Note[]
}
export interface Note {
  readonly text: string
  readonly agent: string
  readonly session: string | null
  readonly timestamp: string
  readonly at: number
}

export const activeScopesMax = 10
export const recurringDecisionsMax = 15
export const recentFailuresMax = 10
export const recentHandoffsMax = 20
/** Kept, so that one that grows can overtake those that are shown. */
export const scopesKept = 200
export const decisionsKept = 300
/** Decisions that begin alike are one. */
const decisionKeyChars = 80
const textCharsMax = 500

export class Momentum {
  #count: number
  readonly #scopes: Ranked
  readonly #decisions: Ranked
  readonly #failures: Latest<Note>
  readonly #handoffs: Latest<Note>

  constructor(state: MomentumState = { count: 0, scopes: [], decisions: [], failures: [], handoffs: [] }) {
    this.#count = state.count
    this.#scopes = new Ranked(scopesKept, state.scopes)
    this.#decisions = new Ranked(decisionsKept, state.decisions)
    this.#failures = new Latest(recentFailuresMax, state.failures)
    this.#handoffs = new Latest(recentHandoffsMax, state.handoffs)
  }

  add(record: DiscoveryRecord): void {
    const at = Date.parse(record.timestamp)
    this.#count++
    for (const scope of record.scope) this.#scopes.see(sighting(record, at, scope, scope))
    for (const decision of record.decisions) this.#decisions.see(sighting(record, at, decisionKey(decision), decision))
    for (const failure of record.failures) this.#failures.add(note(record, at, failure))
    for (const item of record.handoff_items) this.#handoffs.add(note(record, at, item))
  }

  get count(): number {
    return this.#count
  }

  /** `nowMs` only says when it was made: the order does not depend on it, as all scores fade alike. */
  render(nowMs: number): MomentumFile {
    return {
      schema: 1,
      updated: new Date(nowMs).toISOString(),
      discovery_count: this.#count,
      active_scopes: activeScopes(this.#scopes),
      recurring_decisions: recurringDecisions(this.#decisions),
      recent_failures: this.#failures.items.map(({ text, agent, session, timestamp }) => ({ failure: text, agent, session, timestamp })),
      recent_handoffs: this.#handoffs.items.map(({ text, agent, session, timestamp }) => ({ item: text, session, agent, timestamp })),
    }
  }

  get state(): MomentumState {
    return {
      count: this.#count,
      scopes: this.#scopes.entries(),
      decisions: this.#decisions.entries(),
      failures: this.#failures.items,
      handoffs: this.#handoffs.items,
    }
  }
}

function activeScopes(scopes: Ranked): readonly ActiveScope[] {
  const ranked = scopes.values().toSorted((a, b) => strength(b) - strength(a))
  return ranked.slice(0, activeScopesMax).map(({ text, sessions, lastSeen }) => ({ scope: text, session_count: sessions, last_worked: lastSeen }))
}

/** One that was seen once is noise. */
function recurringDecisions(decisions: Ranked): readonly RecurringDecision[] {
  const recurring = decisions.values().filter(({ count }) => count >= 2)
  return recurring
    .toSorted((a, b) => b.count - a.count)
    .slice(0, recurringDecisionsMax)
    .map(({ text, count, sessions, lastSeen }) => ({ decision: text, count, session_count: sessions, last_seen: lastSeen }))
}

const decisionKey = (decision: string): string => decision.slice(0, decisionKeyChars).toLowerCase().trim()

const sighting = ({ session, timestamp }: DiscoveryRecord, at: number, key: string, text: string): Sighting => ({
  key,
  text: text.slice(0, textCharsMax),
  session: session ?? "",
  at,
  timestamp,
})

const note = ({ agent, session, timestamp }: DiscoveryRecord, at: number, text: string): Note => ({
  text: text.slice(0, textCharsMax),
  agent,
  session,
  timestamp,
  at,
})
