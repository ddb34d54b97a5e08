/**
 * The worker's end of the worker protocol. Connects outwards and again for ever; a hub that dies interrupts nothing here.
 * Every report stays in the outbox until the hub acknowledged it, and is sent again, in order, after a reconnect.
 */
import { fault, type Fault } from "../domain/fault.ts"
import type { JobKey } from "../domain/ids.ts"
import type { Job, Report } from "../domain/worker/job.ts"
import { encode, type Wire, type WireListener } from "../protocol/frames.ts"
import { keyOfMisfit, parseFromHub } from "../protocol/worker-messages.ts"
import {
  heartbeatMs,
  reportsAheadMax,
  silenceMs,
  type Answer,
  type FromHub,
  type FromWorker,
  type Hello,
  type Progress,
  type Query,
} from "../protocol/worker.ts"
import type { Clock } from "../runtime/clock.ts"
import { Outbox } from "./outbox.ts"

export interface LinkOptions {
  readonly hello: Hello
  readonly clock: Clock
  readonly outbox: Outbox
  /** Opens a connection to the hub. Rejects when there is none. */
  readonly dial: (listener: WireListener) => Promise<Wire>
  readonly noticed: (notice: Fault) => void
}

/** What the link hands on. */
export interface LinkListener {
  job(job: Job): void
  query(query: Query): Promise<Answer>
  shutdown(): void
  /** The hub has lost reports that it acknowledged and that are gone here: this life cannot be told any more. */
  forgotten(): void
}

const backoffMs = { first: 50, most: 2_000, refused: 10_000 }
/** Jobs that wait for room in the outbox. With more than these the connection is ended, and the hub sends them again. */
const heldMax = 10_000
const queriesMax = 1_000

export class Link implements Disposable {
  readonly #options: LinkOptions
  readonly #listener: LinkListener
  readonly #held: Job[] = []
  #life: Life | null = null
  #backoff = backoffMs.first
  #retry: Disposable | null = null
  #closed = false
  #saidFull = false
  #welcomeAt: number
  #everWelcome = false

  constructor(options: LinkOptions, listener: LinkListener) {
    this.#options = options
    this.#listener = listener
    this.#welcomeAt = options.clock.now()
    this.#connect()
  }

  report(report: Report): number {
    const sequence = this.#options.outbox.add(report, this.#options.clock.now())
    this.#sayWhenFull()
    this.#life?.pump()
    return sequence
  }

  /** Latest-wins: dropped when there is no hub, or when much waits to be sent. */
  progress(progress: Progress): void {
    this.#life?.progress(progress)
  }

  /** A hub has taken this life at least once. */
  get everWelcome(): boolean {
    return this.#everWelcome || this.#life?.welcome === true
  }

  /** Epoch milliseconds of the last moment that a hub was there. */
  get hubSeenAt(): number {
    return this.#life?.welcome === true ? this.#options.clock.now() : this.#welcomeAt
  }

  [Symbol.dispose](): void {
    this.#closed = true
    this.#retry?.[Symbol.dispose]()
    this.#life?.end()
  }

  #connect(): void {
    const life: Life = new Life(this.#options, {
      heard: (message) => this.#heard(life, message),
      misfit: (job, why) => void this.report({ type: "job.failed", job, fault: { ...why, what: "A job was not done" }, transient: false }),
      ended: () => this.#ended(life),
    })
    this.#life = life
  }

  #heard(life: Life, message: FromHub): void {
    switch (message.type) {
      case "welcome":
        if (message.acknowledged < this.#options.outbox.acknowledged) return this.#forgotten(life, message.acknowledged)
        return life.begin(message.acknowledged)
      case "refused":
        this.#options.noticed(message.fault)
        this.#backoff = backoffMs.refused
        return life.end()
      case "job":
        return this.#take(life, message.job)
      case "acknowledge":
        this.#backoff = backoffMs.first
        life.acknowledged(message.sequence)
        return this.#takeHeld()
      case "query":
        return this.#answer(life, message.id, message.query)
      case "heartbeat":
        // Only a connection that holds is a good one: a hub that welcomes and hangs up is dialled more and more seldom.
        this.#backoff = backoffMs.first
        return
      case "shutdown":
        return this.#listener.shutdown()
    }
  }

  #take(life: Life, job: Job): void {
    if (!this.#options.outbox.full) return this.#listener.job(job)
    this.#held.push(job)
    if (this.#held.length <= heldMax) return
    this.#held.length = 0
    life.end()
  }

  #takeHeld(): void {
    if (this.#options.outbox.full) return
    this.#saidFull = false
    for (const job of this.#held.splice(0)) this.#listener.job(job)
  }

  #answer(life: Life, id: number, query: Query): void {
    if (life.queries >= queriesMax) return life.send({ type: "answer", id, answer: { ok: false, fault: tooManyQueries } })
    life.queries++
    void this.#listener.query(query).then((answer) => {
      life.queries--
      life.send({ type: "answer", id, answer })
    })
  }

  #forgotten(life: Life, acknowledged: number): void {
    this.#options.noticed(hubForgot(acknowledged, this.#options.outbox.acknowledged))
    life.end()
    this.#listener.forgotten()
  }

  #ended(life: Life): void {
    if (life !== this.#life) return
    if (life.welcome) {
      this.#everWelcome = true
      this.#welcomeAt = this.#options.clock.now()
    }
    this.#life = null
    if (this.#closed) return
    this.#retry = this.#options.clock.after(this.#backoff, () => this.#connect())
    this.#backoff = Math.max(this.#backoff, Math.min(this.#backoff * 2, backoffMs.most))
  }

  #sayWhenFull(): void {
    if (!this.#options.outbox.full || this.#saidFull) return
    this.#saidFull = true
    this.#options.noticed(outboxFull(this.#options.outbox.size))
  }
}

interface LifeListener {
  heard(message: FromHub): void
  misfit(job: JobKey, why: Fault): void
  ended(): void
}

/** One connection, from the dial to its end. */
class Life implements WireListener {
  welcome = false
  queries = 0
  readonly #options: LinkOptions
  readonly #listener: LifeListener
  #wire: Wire | null = null
  #ended = false
  #sent = 0
  #heardAt: number
  #beat: Disposable

  constructor(options: LinkOptions, listener: LifeListener) {
    this.#options = options
    this.#listener = listener
    this.#heardAt = options.clock.now()
    this.#beat = options.clock.after(heartbeatMs, () => this.#heartbeat())
    options.dial(this).then(
      (wire) => this.#dialled(wire),
      () => this.onEnd(null),
    )
  }

  begin(acknowledged: number): void {
    if (!this.#options.outbox.acknowledge(acknowledged)) return this.#wrong(acknowledged)
    this.welcome = true
    this.#sent = this.#options.outbox.acknowledged
    this.pump()
  }

  acknowledged(sequence: number): void {
    if (sequence > this.#sent || !this.#options.outbox.acknowledge(sequence)) return this.#wrong(sequence)
    this.pump()
  }

  /** Sends what is next in the outbox, as far ahead as the protocol and the connection allow. */
  pump(): void {
    const { outbox } = this.#options
    while (this.welcome && !this.#ended && this.#wire?.congested === false && this.#sent - outbox.acknowledged < reportsAheadMax) {
      const frame = outbox.frame(this.#sent + 1)
      if (frame === undefined) return
      this.#sent++
      this.#wire.send(frame)
    }
  }

  progress(progress: Progress): void {
    if (this.welcome && this.#wire?.congested === false) this.send({ type: "progress", progress })
  }

  send(message: FromWorker): void {
    if (!this.#ended) this.#wire?.send(encode(message))
  }

  end(): void {
    this.#wire?.destroy()
    this.onEnd(null)
  }

  onMessage(value: unknown): void {
    if (this.#ended) return
    this.#heardAt = this.#options.clock.now()
    const parsed = parseFromHub(value)
    if (parsed.ok) return this.#listener.heard(parsed.message)
    this.#options.noticed(parsed.fault)
    // A hub sends an open job again with each connection: one that does not fit must not end them all.
    const job = keyOfMisfit(value)
    if (job === null) this.end()
    else this.#listener.misfit(job, parsed.fault)
  }

  onDrain(): void {
    this.pump()
  }

  onEnd(why: Fault | null): void {
    if (this.#ended) return
    this.#ended = true
    this.#beat[Symbol.dispose]()
    if (why !== null) this.#options.noticed(why)
    this.#listener.ended()
  }

  #dialled(wire: Wire): void {
    this.#wire = wire
    if (this.#ended) return wire.destroy()
    this.send({ type: "hello", hello: this.#options.hello })
  }

  #heartbeat(): void {
    if (this.#options.clock.now() - this.#heardAt >= silenceMs) return this.end()
    if (this.welcome) this.send({ type: "heartbeat" })
    this.#beat = this.#options.clock.after(heartbeatMs, () => this.#heartbeat())
  }

  #wrong(sequence: number): void {
    this.#options.noticed(wrongAcknowledgement(sequence))
    this.end()
  }
}

const outboxFull = (size: number): Fault =>
  fault(
    "worker.outbox-full",
    "The worker takes no more jobs",
    `${size} reports wait for a hub that does not acknowledge them`,
    "Start the hub: fleet hub start. Nothing is lost; work goes on when they are taken.",
  )

const wrongAcknowledgement = (sequence: number): Fault =>
  fault(
    "protocol.unexpected",
    "The connection with the hub was ended",
    `it acknowledged report ${sequence}, which was never sent`,
    "Stop the worker and start it again.",
  )

const hubForgot = (remembered: number, acknowledged: number): Fault =>
  fault(
    "hub.forgot",
    "The worker ends its agents",
    `the hub remembers its reports up to ${remembered}, but had acknowledged those up to ${acknowledged}: its state is from before`,
    "None needed: the next worker is told what the hub does remember, and goes on from there.",
  )

const tooManyQueries = fault("worker.too-many-queries", "The worker was not asked", `${queriesMax} questions wait already`, "Ask again later.")
