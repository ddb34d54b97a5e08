/** One client of the event stream: what was written for it and not taken yet, with a limit. */
import type { Clock } from "../../runtime/clock.ts"
import type { Wanted } from "./streams-wanted.ts"

/** So much is written ahead while it catches up. */
const aheadBytes = 64 * 1024
/** So much may wait for it while it is up to date. */
export const waitingBytesMax = 1024 * 1024
/** How long the last words may take. */
const lastWordsMs = 5_000
const encoder = new TextEncoder()

export class FeedClient {
  readonly wanted: Wanted
  readonly stream: ReadableStream<Uint8Array>
  /** Number of the last event that it was given, while it catches up. */
  seen = 0
  gone = false
  readonly #clock: Clock
  readonly #cutOff: () => void
  readonly #left: () => void
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null
  #taken: (() => void) | null = null

  constructor(wanted: Wanted, clock: Clock, cutOff: () => void, left: () => void) {
    this.wanted = wanted
    this.#clock = clock
    this.#cutOff = cutOff
    this.#left = left
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => this.#taken?.(),
        cancel: () => this.#leave(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: aheadBytes }),
    )
    this.push(encoder.encode("retry: 1000\n: connected\n\n"))
  }

  push(bytes: Uint8Array): void {
    if (this.gone) return
    if (this.#waiting() + bytes.length > waitingBytesMax && this.#waiting() > aheadBytes)
      return this.drop("slow", `${this.#waiting()} bytes wait for it, and it does not take them`)
    this.#controller?.enqueue(bytes)
  }

  /** Resolves when it has taken enough for more to be written, or is gone. */
  async room(): Promise<void> {
    while (!this.gone && this.#waiting() >= aheadBytes) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#taken = resolve
      await promise
    }
  }

  /** The last words reach it when it takes what was before them. */
  drop(reason: "slow" | "unreadable", why: string): void {
    if (this.gone) return
    this.#controller?.enqueue(encoder.encode(frame("dropped", null, { schema_version: 1, reason, why, fix: "come back with Last-Event-ID: nothing is lost" })))
    this.end()
    this.#clock.after(lastWordsMs, this.#cutOff)
  }

  end(): void {
    if (this.gone) return
    this.#leave()
    this.#controller?.close()
  }

  #waiting(): number {
    return aheadBytes - (this.#controller?.desiredSize ?? aheadBytes)
  }

  #leave(): void {
    this.gone = true
    this.#taken?.()
    this.#left()
  }
}

/** One event in the format of the HTML standard. JSON has no line breaks of its own. */
export function frame(event: string, id: number | null, data: object): string {
  return `${id === null ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
