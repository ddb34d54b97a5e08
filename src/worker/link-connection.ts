/** One connection of the worker with the hub, from the dial to its end. */
import { fault, type Fault } from "../domain/fault.ts"
import type { JobKey } from "../domain/ids.ts"
import { encode, type Wire, type WireListener } from "../protocol/frames.ts"
import { keyOfMisfit, parseFromHub } from "../protocol/worker-messages.ts"
import { heartbeatMs, reportsAheadMax, silenceMs, type FromHub, type FromWorker, type Hello, type Progress } from "../protocol/worker.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Outbox } from "./outbox.ts"

export interface ConnectionOptions {
  readonly hello: Hello
  readonly clock: Clock
  readonly outbox: Outbox
  /** Opens a connection to the hub. Rejects when there is none. */
  readonly dial: (listener: WireListener) => Promise<Wire>
  readonly noticed: (notice: Fault) => void
}

export interface ConnectionListener {
  heard(message: FromHub): void
  misfit(job: JobKey, why: Fault): void
  ended(): void
}

export class Connection implements WireListener {
  welcome = false
  queries = 0
  readonly #options: ConnectionOptions
  readonly #listener: ConnectionListener
  #wire: Wire | null = null
  #ended = false
  #sent = 0
  #heardAt: number
  #beat: Disposable

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
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

const wrongAcknowledgement = (sequence: number): Fault =>
  fault(
    "protocol.unexpected",
    "The connection with the hub was ended",
    `it acknowledged report ${sequence}, which was never sent`,
    "Stop the worker and start it again.",
  )
