/** Splits a byte stream into lines with a limit on their length. A line that is too long is cut and flagged, never buffered without end. */
import { StringDecoder } from "node:string_decoder"
import type { Readable } from "node:stream"

export interface Line {
  readonly text: string
  /** True when the line was longer than the limit; `text` is its beginning. */
  readonly cut: boolean
}

/** Calls `onLine` for each line of `stream`, in order. A last line without a newline counts. Resolves when the stream has ended or failed. */
export function readLines(stream: Readable, lineCharsMax: number, onLine: (line: Line) => void): Promise<void> {
  const decoder = new StringDecoder("utf8")
  let pending = ""
  let cut = false
  const take = (text: string): void => {
    let start = 0
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      keep(text.slice(start, end))
      flush()
      start = end + 1
    }
    keep(text.slice(start))
  }
  const keep = (part: string): void => {
    const room = lineCharsMax - pending.length
    if (part.length > room) cut = true
    pending += part.length > room ? part.slice(0, room) : part
  }
  const flush = (): void => {
    const text = pending.endsWith("\r") ? pending.slice(0, -1) : pending
    const line = { text, cut }
    pending = ""
    cut = false
    onLine(line)
  }
  return new Promise((resolve) => {
    let ended = false
    const end = (): void => {
      if (ended) return
      ended = true
      take(decoder.end())
      if (pending !== "" || cut) flush()
      resolve()
    }
    stream.on("data", (chunk: Buffer | string) => take(typeof chunk === "string" ? chunk : decoder.write(chunk)))
    stream.once("end", end)
    stream.once("close", end)
    stream.once("error", end)
  })
}
