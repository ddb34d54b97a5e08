/** Messages over a byte stream: one JSON value a line. Both directions have limits; a stream that breaks one is ended, never buffered without end. */
import type { Duplex } from "node:stream"
import { fault, type Fault } from "../domain/fault.ts"
import { readLines, type Line } from "../runtime/lines.ts"
import { frameCharsMax } from "./worker.ts"

/** One end of a connection that carries whole messages. A unix socket and a WebSocket both fit. */
export interface Wire {
  /** Sends one frame made by `encode`, or ends the connection when too much waits already. */
  send(frame: string): void
  /** Much waits to be sent: what can wait should, until `onDrain` is called; what is only nice to know should be dropped. */
  readonly congested: boolean
  /** Sends what waits, then ends. Nothing is heard any more. */
  end(): void
  /** Ends at once. */
  destroy(): void
}

export interface WireListener {
  /** One parsed JSON value; still to be checked against a schema. */
  onMessage(message: unknown): void
  onDrain(): void
  /** Called once. `null`: ended as connections end. A fault: what was wrong with it. */
  onEnd(fault: Fault | null): void
}

/** This many characters wait at most in one connection before it is taken for stuck. */
const waitingCharsMax = 4 * frameCharsMax

export function encode(message: unknown): string {
  return JSON.stringify(message)
}

export function streamWire(stream: Duplex, listener: WireListener): Wire {
  let ended = false
  const end = (fault: Fault | null): void => {
    if (ended) return
    ended = true
    stream.destroy()
    listener.onEnd(fault)
  }
  const onLine = (line: Line): void => {
    if (ended || line.text === "") return
    const message = parse(line)
    if (message.ok) listener.onMessage(message.value)
    else end(message.fault)
  }
  stream.on("drain", () => ended || listener.onDrain())
  stream.on("error", () => end(null))
  stream.once("close", () => end(null))
  void readLines(stream, frameCharsMax, onLine).then(() => end(null))
  return {
    get congested() {
      return stream.writableNeedDrain
    },
    send: (frame) => {
      if (ended || stream.writableEnded) return
      stream.write(frame + "\n")
      if (stream.writableLength > waitingCharsMax) end(tooMuchWaiting)
    },
    end: () => {
      if (ended) return
      ended = true
      stream.end(() => stream.destroy())
      listener.onEnd(null)
    },
    destroy: () => end(null),
  }
}

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: Fault }

function parse({ text, cut }: Line): Parsed {
  if (cut) return { ok: false, fault: frameTooLong }
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch {
    return { ok: false, fault: notJson }
  }
}

const upgrade = "Stop both sides and start them with the same version of Fleet."
const frameTooLong = fault("protocol.frame-too-long", "The connection was ended", `a message had more than ${frameCharsMax} characters`, upgrade)
const notJson = fault("protocol.not-json", "The connection was ended", "a line was not JSON", upgrade)
const tooMuchWaiting = fault(
  "protocol.stuck",
  "The connection was ended",
  `the other side takes nothing while more than ${waitingCharsMax} characters wait`,
  "None needed: the worker connects again, and what matters is sent again.",
)
