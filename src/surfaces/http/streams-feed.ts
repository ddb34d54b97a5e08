/**
 * Sends each event to everyone who listens: written down once, in order, none left out. Who has to catch up reads the store at its own
 * pace; who is up to date shares what is written with all that want the same. Who takes too little is dropped, with a word why.
 */
import type { Event } from "../../domain/project/events.ts"
import type { Stored } from "../../engine/ports/store.ts"
import { viewEvent } from "../../engine/views/milestone.ts"
import type { EventView } from "../../protocol/views.ts"
import type { Broadcast } from "../../runtime/broadcast.ts"
import type { Clock } from "../../runtime/clock.ts"
import { FeedClient, frame } from "./streams-client.ts"
import { isWanted, keyOf, type Wanted } from "./streams-wanted.ts"

/** What a hub is to the feed. */
export interface FeedSource {
  readonly version: number
  readonly published: Broadcast<Stored<Event>>
  history(after: number, limit: number): Promise<readonly Stored<Event>[]>
}

const heartbeatMs = 15_000
/** How long events are gathered: one write for many is what makes many clients cheap. */
const gatherMs = 5
const pageEvents = 1_000
const encoder = new TextEncoder()
const heartbeat = encoder.encode(": alive\n\n")

/** Clients that want the same. */
interface Group {
  readonly wanted: Wanted
  readonly clients: Set<FeedClient>
  gathered: string[]
}

export class Feed {
  readonly #source: FeedSource
  readonly #clock: Clock
  readonly #oldest: () => number
  readonly #clients = new Set<FeedClient>()
  readonly #groups = new Map<string, Group>()
  /** Number of the last event that was gathered. */
  #last = 0
  #listening: Disposable | null = null
  #beat: Disposable | null = null
  #flushing: Disposable | null = null

  /** `oldest` says the number of the oldest event that is kept: who has seen less than the one before it starts anew. */
  constructor(source: FeedSource, clock: Clock, oldest: () => number = () => 1) {
    this.#source = source
    this.#clock = clock
    this.#oldest = oldest
  }

  get size(): number {
    return this.#clients.size
  }

  /** The bytes of one client's stream. `cutOff` ends its connection, when it takes nothing more. */
  open(wanted: Wanted, cursor: number | null, cutOff: () => void): ReadableStream<Uint8Array> {
    const client = new FeedClient(wanted, this.#clock, cutOff, () => this.#leave(client))
    this.#clients.add(client)
    this.#listening ??= this.#source.published.subscribe((stored) => this.#gather(stored))
    this.#beat ??= this.#clock.after(heartbeatMs, () => this.#sendHeartbeat())
    client.seen = cursor ?? this.#source.version
    const why = this.#whyGone(client.seen)
    if (why !== null) {
      client.seen = this.#source.version
      client.push(encoder.encode(frame("reset", client.seen, { schema_version: 1, ...why, after: client.seen })))
    }
    void this.#catchUp(client)
    return client.stream
  }

  /** Ends every stream. */
  close(): void {
    for (const client of this.#clients) client.end()
  }

  #whyGone(cursor: number): { reason: "ahead" | "behind"; why: string; fix: string } | null {
    const fix = "read the state again, then go on from `after`"
    if (cursor > this.#source.version) return { reason: "ahead", why: "there was no such event yet: this is another state than the one that you saw", fix }
    if (cursor < this.#oldest() - 1) return { reason: "behind", why: "the events after it are not kept any more", fix }
    return null
  }

  async #catchUp(client: FeedClient): Promise<void> {
    try {
      while (!client.gone) {
        // Between this look and joining nothing can be published: there is no pause in between.
        if (client.seen >= this.#source.version) return this.#join(client)
        const stored = await this.#source.history(client.seen, pageEvents)
        if (stored.length === 0) throw new Error(`there is nothing after ${client.seen}, and the last event is ${this.#source.version}`)
        const text = stored
          .map((one) => ({ type: one.event.type, view: viewEvent(one) }))
          .flatMap(({ type, view }) => (isWanted(client.wanted, type, view) ? [render(view)] : []))
          .join("")
        client.seen = stored.at(-1)?.number ?? client.seen
        if (text !== "") client.push(encoder.encode(text))
        await client.room()
      }
    } catch (error) {
      client.drop("unreadable", error instanceof Error ? error.message : String(error))
    }
  }

  #join(client: FeedClient): void {
    // What others wait for is not for this one: it has read it already.
    this.#flush()
    if (client.gone) return
    if (![...this.#groups.values()].some((group) => group.clients.size > 0)) this.#last = client.seen
    const key = keyOf(client.wanted)
    const group = this.#groups.get(key) ?? { wanted: client.wanted, clients: new Set(), gathered: [] }
    this.#groups.set(key, group)
    group.clients.add(client)
  }

  #gather(stored: Stored<Event>): void {
    if (this.#groups.size === 0) return
    // Another hub wrote in between: everyone reads what is missing.
    if (stored.number !== this.#last + 1) return this.#sendBack()
    this.#last = stored.number
    const view = viewEvent(stored)
    let text: string | null = null
    for (const group of this.#groups.values()) if (isWanted(group.wanted, stored.event.type, view)) group.gathered.push((text ??= render(view)))
    this.#flushing ??= this.#clock.after(gatherMs, () => this.#flush())
  }

  #flush(): void {
    this.#flushing?.[Symbol.dispose]()
    this.#flushing = null
    for (const group of this.#groups.values()) {
      if (group.gathered.length === 0) continue
      const bytes = encoder.encode(group.gathered.join(""))
      group.gathered = []
      for (const client of group.clients) client.push(bytes)
    }
  }

  #sendBack(): void {
    this.#flush()
    const live = [...this.#groups.values()].flatMap((group) => [...group.clients])
    this.#groups.clear()
    for (const client of live) {
      client.seen = this.#last
      void this.#catchUp(client)
    }
  }

  #sendHeartbeat(): void {
    this.#beat = this.#clock.after(heartbeatMs, () => this.#sendHeartbeat())
    this.#flush()
    for (const group of this.#groups.values()) for (const client of group.clients) client.push(heartbeat)
  }

  #leave(client: FeedClient): void {
    this.#clients.delete(client)
    for (const [key, group] of this.#groups) if (group.clients.delete(client) && group.clients.size === 0) this.#groups.delete(key)
    if (this.#clients.size > 0) return
    for (const held of [this.#listening, this.#beat, this.#flushing]) held?.[Symbol.dispose]()
    this.#listening = this.#beat = this.#flushing = null
  }
}

const render = (view: EventView): string => frame(view.type, view.number, { schema_version: 1, ...view })
