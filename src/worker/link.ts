/**
 * The worker's end of the worker protocol. Connects outwards and again for ever; a hub that dies interrupts nothing here.
 * Every report stays in the outbox until the hub acknowledged it, and is sent again, in order, after a reconnect.
 */
import { fault, type Fault } from "../domain/fault.ts"
import type { Job } from "../domain/worker/job.ts"
import type { Report } from "../domain/worker/job-result.ts"
import type { Answer, FromHub, Progress, Query } from "../protocol/worker.ts"
import { Connection, type ConnectionOptions } from "./link-connection.ts"

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
  readonly #options: ConnectionOptions
  readonly #listener: LinkListener
  readonly #held: Job[] = []
  #connection: Connection | null = null
  #backoff = backoffMs.first
  #retry: Disposable | null = null
  #closed = false
  #saidFull = false
  #welcomeAt: number
  #everWelcome = false

  constructor(options: ConnectionOptions, listener: LinkListener) {
    this.#options = options
    this.#listener = listener
    this.#welcomeAt = options.clock.now()
    this.#connect()
  }

  report(report: Report): number {
    const sequence = this.#options.outbox.add(report, this.#options.clock.now())
    this.#sayWhenFull()
    this.#connection?.pump()
    return sequence
  }

  /** Latest-wins: dropped when there is no hub, or when much waits to be sent. */
  progress(progress: Progress): void {
    this.#connection?.progress(progress)
  }

  /** A hub has taken this life at least once. */
  get everWelcome(): boolean {
    return this.#everWelcome || this.#connection?.welcome === true
  }

  /** Epoch milliseconds of the last moment that a hub was there. */
  get hubSeenAt(): number {
    return this.#connection?.welcome === true ? this.#options.clock.now() : this.#welcomeAt
  }

  [Symbol.dispose](): void {
    this.#closed = true
    this.#retry?.[Symbol.dispose]()
    this.#connection?.end()
  }

  #connect(): void {
    const connection: Connection = new Connection(this.#options, {
      heard: (message) => this.#heard(connection, message),
      misfit: (job, why) => void this.report({ type: "job.failed", job, fault: { ...why, what: "A job was not done" }, transient: false }),
      ended: () => this.#ended(connection),
    })
    this.#connection = connection
  }

  #heard(connection: Connection, message: FromHub): void {
    switch (message.type) {
      case "welcome":
        if (message.acknowledged < this.#options.outbox.acknowledged) return this.#forgotten(connection, message.acknowledged)
        return connection.begin(message.acknowledged)
      case "refused":
        this.#options.noticed(message.fault)
        this.#backoff = backoffMs.refused
        return connection.end()
      case "job":
        return this.#take(connection, message.job)
      case "acknowledge":
        this.#backoff = backoffMs.first
        connection.acknowledged(message.sequence)
        return this.#takeHeld()
      case "query":
        return this.#answer(connection, message.id, message.query)
      case "heartbeat":
        // Only a connection that holds is a good one: a hub that welcomes and hangs up is dialled more and more seldom.
        this.#backoff = backoffMs.first
        return
      case "shutdown":
        return this.#listener.shutdown()
    }
  }

  #take(connection: Connection, job: Job): void {
    if (!this.#options.outbox.full) return this.#listener.job(job)
    this.#held.push(job)
    if (this.#held.length <= heldMax) return
    this.#held.length = 0
    connection.end()
  }

  #takeHeld(): void {
    if (this.#options.outbox.full) return
    this.#saidFull = false
    for (const job of this.#held.splice(0)) this.#listener.job(job)
  }

  #answer(connection: Connection, id: number, query: Query): void {
    if (connection.queries >= queriesMax) return connection.send({ type: "answer", id, answer: { ok: false, fault: tooManyQueries } })
    connection.queries++
    void this.#listener.query(query).then((answer) => {
      connection.queries--
      connection.send({ type: "answer", id, answer })
    })
  }

  #forgotten(connection: Connection, acknowledged: number): void {
    this.#options.noticed(hubForgot(acknowledged, this.#options.outbox.acknowledged))
    connection.end()
    this.#listener.forgotten()
  }

  #ended(connection: Connection): void {
    if (connection !== this.#connection) return
    if (connection.welcome) {
      this.#everWelcome = true
      this.#welcomeAt = this.#options.clock.now()
    }
    this.#connection = null
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

const outboxFull = (size: number): Fault =>
  fault(
    "worker.outbox-full",
    "The worker takes no more jobs",
    `${size} reports wait for a hub that does not acknowledge them`,
    "Start the hub: fleet hub start. Nothing is lost; work goes on when they are taken.",
  )

const hubForgot = (remembered: number, acknowledged: number): Fault =>
  fault(
    "hub.forgot",
    "The worker ends its agents",
    `the hub remembers its reports up to ${remembered}, but had acknowledged those up to ${acknowledged}: its state is from before`,
    "None needed: the next worker is told what the hub does remember, and goes on from there.",
  )

const tooManyQueries = fault("worker.too-many-queries", "The worker was not asked", `${queriesMax} questions wait already`, "Ask again later.")
