/** One connection with one worker: its handshake, its heartbeat, its open queries. Knows nothing of the engine. */
import { FaultError, fault, type Fault } from "../../domain/fault.ts"
import type { Job } from "../../domain/worker/job.ts"
import { encode, type Wire, type WireListener } from "../../protocol/frames.ts"
import { heartbeatMs, reportsAheadMax, silenceMs, type Answer, type FromHub, type Hello, type Query } from "../../protocol/worker.ts"
import type { Clock } from "../../runtime/clock.ts"

const healthLimitMs = 30 * 60_000

export interface ConnectionOptions {
  readonly clock: Clock
  readonly askTimeoutMs: number
  readonly onMessage: (message: unknown) => void
  readonly onEnd: (why: Fault | null) => void
}

interface Asked {
  readonly resolve: (answer: Answer) => void
  readonly timeout: Disposable
}

const queriesMax = 1_000

export class Connection implements WireListener {
  /** Set once, when its hello was accepted. */
  hello: Hello | null = null
  ended = false
  readonly #options: ConnectionOptions
  readonly #asked = new Map<number, Asked>()
  #wire: Wire | null = null
  #nextQuery = 1
  /** Jobs given before the welcome, which must be the first thing that a worker hears. Null once it is welcome. */
  #beforeWelcome: Job[] | null = []
  #lastReceived = 0
  #lastAcknowledged = 0
  #heardAt: number
  #beat: Disposable

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#heardAt = options.clock.now()
    this.#beat = options.clock.after(heartbeatMs, () => this.#heartbeat())
  }

  attach(wire: Wire): void {
    this.#wire = wire
    if (this.ended) wire.destroy()
  }

  onMessage(message: unknown): void {
    if (this.ended) return
    this.#heardAt = this.#options.clock.now()
    this.#options.onMessage(message)
  }

  onDrain(): void {}

  onEnd(why: Fault | null): void {
    if (this.ended) return
    this.ended = true
    this.#beat[Symbol.dispose]()
    for (const asked of this.#asked.values()) this.#settle(asked, refusal(lostMeanwhile))
    this.#asked.clear()
    this.#options.onEnd(why)
  }

  send(message: FromHub): void {
    if (!this.ended) this.#wire?.send(encode(message))
  }

  sendJob(job: Job): void {
    if (this.#beforeWelcome === null) this.send({ type: "job", job })
    else this.#beforeWelcome.push(job)
  }

  welcome(acknowledged: number): void {
    if (this.ended) return
    this.#lastReceived = acknowledged
    this.#lastAcknowledged = acknowledged
    this.send({ type: "welcome", acknowledged })
    const jobs = this.#beforeWelcome ?? []
    this.#beforeWelcome = null
    for (const job of jobs) this.send({ type: "job", job })
  }

  refuse(why: Fault): void {
    this.send({ type: "refused", fault: why })
    this.#wire?.end()
  }

  /** Notes a report's number. Null when it is the one that comes next; otherwise what is wrong. */
  expects(sequence: number): string | null {
    if (this.#beforeWelcome !== null) return "a report before it was welcome"
    if (sequence !== this.#lastReceived + 1) return `report ${sequence} after report ${this.#lastReceived}`
    if (sequence - this.#lastAcknowledged > reportsAheadMax) return `more than ${reportsAheadMax} reports ahead of their acknowledgement`
    this.#lastReceived = sequence
    return null
  }

  acknowledge(sequence: number): void {
    this.#lastAcknowledged = sequence
    this.send({ type: "acknowledge", sequence })
  }

  ask(query: Query): Promise<Answer> {
    if (this.#asked.size >= queriesMax) return Promise.reject(new FaultError(tooManyQueries))
    const id = this.#nextQuery++
    return new Promise((resolve) => {
      // A project's own checks may take minutes each; each has a limit of its own.
      const limitMs = query.ask === "health" ? healthLimitMs : this.#options.askTimeoutMs
      const timeout = this.#options.clock.after(limitMs, () => this.answered(id, refusal(noAnswer(limitMs))))
      this.#asked.set(id, { resolve, timeout })
      this.send({ type: "query", id, query })
    })
  }

  /** An answer that nobody waits for any more is dropped. */
  answered(id: number, answer: Answer): void {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    if (asked !== undefined) this.#settle(asked, answer)
  }

  destroy(): void {
    this.#wire?.destroy()
    this.onEnd(null)
  }

  #settle(asked: Asked, answer: Answer): void {
    asked.timeout[Symbol.dispose]()
    asked.resolve(answer)
  }

  #heartbeat(): void {
    const silentMs = this.#options.clock.now() - this.#heardAt
    if (silentMs >= silenceMs) {
      this.onEnd(silent(this.hello, silentMs))
      this.#wire?.destroy()
      return
    }
    // Before its welcome a worker expects nothing else.
    if (this.#beforeWelcome === null) this.send({ type: "heartbeat" })
    this.#beat = this.#options.clock.after(heartbeatMs, () => this.#heartbeat())
  }
}

const refusal = (why: Fault): Answer => ({ ok: false, fault: why })

const silent = (hello: Hello | null, silentMs: number): Fault =>
  fault(
    "worker.silent",
    `The connection with ${hello === null ? "a worker" : `worker ${hello.worker}`} was ended`,
    `nothing was heard of it for ${Math.round(silentMs / 1_000)} s`,
    "None needed when it comes back by itself; otherwise look at its log and start it again.",
  )

const lostMeanwhile = fault(
  "worker.away",
  "The worker did not answer",
  "its connection ended meanwhile",
  "Ask again; when it stays away, start it with `fleet worker start`.",
)

const noAnswer = (timeoutMs: number): Fault =>
  fault("worker.no-answer", "The worker did not answer", `${timeoutMs} ms passed`, "Ask again; the machine may be busy.")

const tooManyQueries = fault("worker.too-many-queries", "The worker was not asked", `${queriesMax} questions wait for it already`, "Ask again later.")
