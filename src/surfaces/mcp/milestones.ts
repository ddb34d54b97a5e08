/** The hub's stream of events, as milestones. */
import { Readable } from "node:stream"
import type { ReadableStream } from "node:stream/web"
import type { EventView } from "../../protocol/views.ts"
import { readServerEvents } from "../cli/server-events.ts"

/** Ends with the stream; whatever else is in it is passed over. `signal` lets go of the stream: in its own process, the hub has no socket to see closed. */
export async function* milestonesOf(body: globalThis.ReadableStream<Uint8Array>, signal: AbortSignal): AsyncIterable<EventView> {
  for await (const event of readServerEvents(Readable.fromWeb(body as ReadableStream, { signal }))) {
    const milestone = event.data === "" ? null : milestoneOf(event.data)
    if (milestone !== null) yield milestone
  }
}

function milestoneOf(data: string): EventView | null {
  try {
    const read: unknown = JSON.parse(data)
    const whole = typeof read === "object" && read !== null && "number" in read && "text" in read
    return whole ? (read as EventView) : null
  } catch {
    return null
  }
}
