/** Server-sent events: everything that happens, by number, and a run as it changes. A client that does not keep up is dropped, not buffered for. */
import type { HttpBindings } from "@hono/node-server"
import type { Context } from "hono"
import { streamSSE, type SSEStreamingApi } from "hono/streaming"
import { fault } from "../../domain/fault.ts"
import type { RunId } from "../../domain/ids.ts"
import { runOf } from "../../domain/project/state.ts"
import type { Hub } from "../../engine/hub.ts"
import { viewEvent } from "../../engine/views/milestone.ts"
import { viewRun } from "../../engine/views/run.ts"
import type { EventView } from "../../protocol/views.ts"
import { answerFault } from "./problem.ts"
import type { Feed } from "./streams-feed.ts"
import { cursorOf, wantedBy } from "./streams-wanted.ts"

const heartbeatMs = 15_000
const coalesceMs = 100
const pageEvents = 1_000
const waitingMax = 10_000
const clientsMax = 1_000

/** `GET /v1/events`: what happened after `after` (or `Last-Event-ID`), then what comes. Each event by its own type, with its number as id. */
export function streamEvents(context: Context, feed: Feed): Response {
  if (feed.size >= clientsMax)
    return answerFault(
      context,
      fault("too-many-streams", "too many listen already", `there are ${clientsMax} streams`, "close some of them; one client needs one stream"),
    )
  const outgoing = (context.env as Partial<HttpBindings> | undefined)?.outgoing
  const stream = feed.open(wantedBy(context), cursorOf(context), () => {
    if (outgoing?.closed === false) outgoing.destroy()
  })
  return new Response(stream, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" },
  })
}

/** The run at once and whenever it has changed, with its milestones between; ends when it has settled. */
export function streamRun(context: Context, hub: Hub, run: RunId): Response {
  return streamSSE(context, async (stream) => {
    using milestones = new Milestones(hub, startOf(context, hub), run)
    using _stirred = hub.stirred.subscribe((session) => {
      if (session.startsWith(`${run}.`)) milestones.wake()
    })
    for (;;) {
      for (const event of await milestones.next()) await writeEvent(stream, event)
      const { now } = hub.parts.clock
      const view = viewRun(hub.state, runOf(hub.state, run), hub.live, now())
      await stream.writeSSE({ event: "run", data: JSON.stringify({ schema_version: 1, ...view }) })
      if (stream.aborted || milestones.overrun) return
      if (view.endedAt !== null && milestones.drained(hub.version)) {
        await stream.writeSSE({ event: "end", data: JSON.stringify({ status: view.status }) })
        return
      }
      await milestones.changed(heartbeatMs, stream)
      await new Promise((resolve) => setTimeout(resolve, coalesceMs))
    }
  })
}

/** Reads events in order, first from the store, then as they are published, and says when there are more. */
class Milestones implements Disposable {
  readonly #hub: Hub
  readonly #run: string | null
  readonly #subscription: Disposable
  #seen: number
  #waiting = 0
  #wake: (() => void) | null = null
  #stirred = false

  constructor(hub: Hub, after: number, run: string | null) {
    this.#hub = hub
    this.#run = run
    this.#seen = after
    this.#subscription = hub.published.subscribe(() => {
      this.#waiting += 1
      this.wake()
    })
  }

  get overrun(): boolean {
    return this.#waiting > waitingMax
  }

  drained(version: number): boolean {
    return this.#seen >= version
  }

  async next(): Promise<EventView[]> {
    this.#waiting = 0
    const stored = await this.#hub.history(this.#seen, pageEvents)
    this.#seen = stored.at(-1)?.number ?? this.#seen
    if (stored.length === pageEvents) this.#stirred = true
    return stored
      .filter(({ event }) => event.type !== "worker.heard")
      .map(viewEvent)
      .filter((event) => this.#run === null || event.run === this.#run)
  }

  wake(): void {
    this.#stirred = true
    this.#wake?.()
  }

  /** Resolves when there is something new; writes a comment so that both ends see that the other lives. */
  async changed(withinMs: number, stream: SSEStreamingApi): Promise<void> {
    while (!this.#stirred && !stream.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      stream.onAbort(resolve)
      using _limit = this.#hub.parts.clock.after(withinMs, resolve)
      await promise
      this.#wake = null
      if (!this.#stirred && !stream.aborted) await stream.write(": alive\n\n")
    }
    this.#stirred = false
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]()
  }
}

async function writeEvent(stream: SSEStreamingApi, event: EventView): Promise<void> {
  await stream.writeSSE({ id: String(event.number), event: "milestone", data: JSON.stringify({ schema_version: 1, ...event }) })
}

function startOf(context: Context, hub: Hub): number {
  const given = context.req.header("last-event-id") ?? context.req.query("after")
  const number = given === undefined ? Number.NaN : Number(given)
  return Number.isInteger(number) && number >= 0 ? number : hub.version
}
