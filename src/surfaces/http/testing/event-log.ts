/** Events without a hub: written by hand, published and read as the loop does it. And the stream of them over a real socket. */
import { once } from "node:events"
import http from "node:http"
import type { AddressInfo } from "node:net"
import { getRequestListener } from "@hono/node-server"
import { Hono } from "hono"
import type { Event } from "../../../domain/project/events.ts"
import type { Stored } from "../../../engine/ports/store.ts"
import { Broadcast } from "../../../runtime/broadcast.ts"
import { systemClock, type Clock } from "../../../runtime/clock.ts"
import { readServerEvents, type ServerEvent } from "../../cli/server-events.ts"
import { answerProblem } from "../problem.ts"
import { Feed, type FeedSource } from "../streams-feed.ts"
import { streamEvents } from "../streams.ts"

export class EventLog implements FeedSource {
  readonly published = new Broadcast<Stored<Event>>()
  readonly #stored: Stored<Event>[] = []
  /** How often somebody read what is past. */
  reads = 0

  get version(): number {
    return this.#stored.length
  }

  async history(after: number, limit: number): Promise<readonly Stored<Event>[]> {
    this.reads += 1
    const page = this.#stored.slice(after, after + limit)
    await new Promise((resolve) => setImmediate(resolve))
    return page
  }

  append(...events: readonly Event[]): void {
    this.appendAt(1_000, ...events)
  }

  appendAt(at: number, ...events: readonly Event[]): void {
    const first = this.#stored.length + 1
    const stored = events.map((event, index) => ({ number: first + index, at, event }))
    this.#stored.push(...stored)
    for (const one of stored) this.published.send(one)
  }

  /** As another hub on the same store would: nobody here hears of it. */
  appendElsewhere(...events: readonly Event[]): void {
    for (const event of events) this.#stored.push({ number: this.#stored.length + 1, at: 1_000, event })
  }
}

export interface ServedEvents extends AsyncDisposable {
  readonly log: EventLog
  readonly feed: Feed
  readonly port: number
  readonly app: Hono
}

export async function serveEvents(log = new EventLog(), clock: Clock = systemClock, oldest?: () => number): Promise<ServedEvents> {
  const feed = new Feed(log, clock, oldest)
  const app = new Hono()
  app.onError((error, context) => answerProblem(context, error))
  app.get("/v1/events", (context) => streamEvents(context, feed))
  const answer = getRequestListener(app.fetch)
  const server = http.createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    log,
    feed,
    app,
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      feed.close()
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}

export interface Listening {
  readonly response: http.IncomingMessage
  /** Resolves once the hub has the client: its first bytes are there. */
  readonly events: AsyncIterable<ServerEvent>
  leave(): void
}

export async function listenTo(port: number, query = "", headers: Record<string, string> = {}): Promise<Listening> {
  const request = http.get({ host: "127.0.0.1", port, path: `/v1/events${query}`, headers, agent: false })
  request.on("error", () => undefined)
  const [response] = (await once(request, "response")) as [http.IncomingMessage]
  response.on("error", () => undefined)
  return { response, events: readServerEvents(response), leave: () => void request.destroy() }
}

/** The first so many events, or all until the end. */
export async function take(listening: Listening, count: number): Promise<ServerEvent[]> {
  const taken: ServerEvent[] = []
  if (count === 0) return taken
  for await (const event of listening.events) {
    taken.push(event)
    if (taken.length === count) break
  }
  return taken
}
