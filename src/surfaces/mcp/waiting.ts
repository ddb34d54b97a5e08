/** Looks at something again whenever it may have changed, until it is as wanted or the time is over. */
import { setTimeout as delay } from "node:timers/promises"
import { FaultError } from "../../domain/fault.ts"
import type { EventView } from "../../protocol/views.ts"
import type { FleetForAgents } from "./fleet-for-agents.ts"

export interface Waiting<Seen> {
  readonly fleet: FleetForAgents
  readonly limitMs: number
  readonly signal: AbortSignal
  readonly look: () => Promise<Seen>
  readonly enough: (seen: Seen) => boolean
  readonly concerns: (seen: Seen, event: EventView) => boolean
  /** Every event that concerns it. */
  readonly heard: (event: EventView) => void
}

/** Before it asks a hub again whose stream has broken. */
const askAgainMs = 250

/** Rejects with the first look's fault, and when `signal` fires. A hub that goes away meanwhile is asked again until the time is over. */
export async function waitUntil<Seen>(waiting: Waiting<Seen>): Promise<{ last: Seen; timedOut: boolean }> {
  const { limitMs, signal, look, enough } = waiting
  let last = await look()
  if (enough(last) || limitMs === 0) return { last, timedOut: !enough(last) }
  const over = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
  while (!over.aborted) {
    try {
      last = await followOnce(waiting, last, over)
    } catch (error) {
      signal.throwIfAborted()
      // Its views may be refused for good (a session that was deleted): then waiting on makes no sense.
      if (error instanceof FaultError && !away.has(error.fault.code)) throw error
    }
    if (enough(last)) return { last, timedOut: false }
    await delay(askAgainMs, undefined, { signal: over }).catch(() => undefined)
  }
  signal.throwIfAborted()
  // What a session does at the moment is told by no event.
  last = await look().catch(() => last)
  return { last, timedOut: !enough(last) }
}

const away: ReadonlySet<string> = new Set(["hub-absent", "hub-silent", "hub-answer", "no-worker"])

/** Until enough is seen, the time is over, or the stream ends. The stream is there before the look, so that nothing falls between. */
async function followOnce<Seen>({ fleet, look, enough, concerns, heard }: Waiting<Seen>, before: Seen, over: AbortSignal): Promise<Seen> {
  const stop = new AbortController()
  const changes = new Changes(await fleet.follow(AbortSignal.any([over, stop.signal])), (event) => {
    const concerned = concerns(before, event)
    if (concerned) heard(event)
    // An event of a question does not say which session asks.
    return concerned || event.type.startsWith("approval.")
  })
  try {
    for (;;) {
      const last = await look()
      if (enough(last) || !(await changes.next(over))) return last
    }
  } finally {
    // Not waited for: what the stream does with it must not hold the answer up.
    stop.abort()
  }
}

/** Many events while one looks are one change. */
class Changes {
  #changed = false
  #over = false
  #wake: (() => void) | null = null

  constructor(events: AsyncIterable<EventView>, changes: (event: EventView) => boolean) {
    void this.#read(events, changes)
  }

  /** False when the stream has ended. */
  async next(over: AbortSignal): Promise<boolean> {
    if (!this.#changed && !this.#over && !over.aborted) await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#changed = false
    return !this.#over && !over.aborted
  }

  async #read(events: AsyncIterable<EventView>, changes: (event: EventView) => boolean): Promise<void> {
    try {
      for await (const event of events) {
        if (!changes(event)) continue
        this.#changed = true
        this.#wake?.()
      }
    } catch {
      // Broken or ended by us: either way there is nothing more to hear, and the caller looks again.
    }
    this.#over = true
    this.#wake?.()
  }
}
