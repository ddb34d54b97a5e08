/** Server-sent events as this API's users know them: a first comment, `data:` lines, a comment now and then, and an end for clients that do not keep up. */
import type { Context } from "hono"
import { streamSSE, type SSEStreamingApi } from "hono/streaming"
import { fault, FaultError } from "../../../domain/fault.ts"
import type { Clock } from "../../../runtime/clock.ts"

export const keepaliveMs = 15_000
/** Things that wait for one client. */
const waitingMax = 1_000
const streamsMax = 128

/** What happened and was not told yet. `wake` without a thing only says that it is worth looking. */
export class Waiting<Thing> {
  #things: Thing[] = []
  #stirred = false
  #wake: (() => void) | null = null
  #overrun = false

  /** More came than the client took. */
  get overrun(): boolean {
    return this.#overrun
  }

  add(thing: Thing): void {
    if (this.#things.length >= waitingMax) this.#overrun = true
    else this.#things.push(thing)
    this.wake()
  }

  wake(): void {
    this.#stirred = true
    this.#wake?.()
  }

  take(): Thing[] {
    this.#stirred = false
    const things = this.#things
    this.#things = []
    return things
  }

  /** Resolves when there is something to look at; false when the time was up before. */
  async stirred(clock: Clock, stream: SSEStreamingApi): Promise<boolean> {
    if (this.#stirred || stream.aborted) return true
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    using _limit = clock.after(keepaliveMs, resolve)
    await promise
    this.#wake = null
    return this.#stirred || stream.aborted
  }
}

export interface Telling<Thing> {
  /** Called before the client hears that it is connected. */
  readonly subscribe: (waiting: Waiting<Thing>) => Disposable
  /** Called whenever something may have happened, until it says that it was the last time. */
  readonly tell: (things: readonly Thing[], write: (data: object) => Promise<void>) => Promise<"more" | "over">
}

/** All streams of one API. */
export class Streams {
  #open = 0

  feed<Thing>(context: Context, clock: Clock, telling: Telling<Thing>): Response {
    if (this.#open >= streamsMax)
      throw new FaultError(fault("too-many-streams", "no further stream can be opened", `${streamsMax} are open`, "end some of them, and keep one a client"))
    this.#open++
    return streamSSE(context, async (stream) => {
      try {
        await run(stream, clock, telling)
      } finally {
        this.#open--
      }
    })
  }
}

async function run<Thing>(stream: SSEStreamingApi, clock: Clock, { subscribe, tell }: Telling<Thing>): Promise<void> {
  const waiting = new Waiting<Thing>()
  using _subscribed = subscribe(waiting)
  stream.onAbort(() => waiting.wake())
  await stream.write(": connected\n\n")
  const write = (data: object): Promise<void> => stream.writeSSE({ data: JSON.stringify(data) })
  while (!stream.aborted) {
    if ((await tell(waiting.take(), write)) === "over") return
    if (waiting.overrun) return void (await stream.write(": dropped, because it did not keep up; connect again and read what is there\n\n"))
    if (!(await waiting.stirred(clock, stream))) await stream.write(": keepalive\n\n")
  }
}
