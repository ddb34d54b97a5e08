/** Reads server-sent events from a response, as the HTML standard defines them, with a limit on their size. */
import type { Readable } from "node:stream"
import { StringDecoder } from "node:string_decoder"

export interface ServerEvent {
  /** `message` when the server named none. */
  readonly event: string
  readonly id: string | null
  readonly data: string
}

const eventCharsMax = 32 * 1024 * 1024

/** Ends with the stream. An event that is cut off by the end is dropped, as the standard says. */
export async function* readServerEvents(stream: Readable): AsyncIterable<ServerEvent> {
  const decoder = new StringDecoder("utf8")
  let rest = ""
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    rest += decoder.write(chunk)
    if (rest.length > eventCharsMax) throw new Error(`an event is longer than ${eventCharsMax} characters`)
    const blocks = rest.split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ""
    for (const block of blocks) {
      const event = eventOf(block)
      if (event !== null) yield event
    }
  }
}

function eventOf(block: string): ServerEvent | null {
  let event = "message"
  let id: string | null = null
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(":")
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "")
    if (field === "event") event = value
    else if (field === "id") id = value
    else if (field === "data") data.push(value)
  }
  return data.length === 0 && event === "message" ? null : { event, id, data: data.join("\n") }
}
