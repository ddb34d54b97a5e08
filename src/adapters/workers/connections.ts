/** The hub's side of the worker protocol, for any transport: who is connected, and the order in which the engine hears of it. */
import { FaultError, fault, type Fault } from "../../domain/fault.ts"
import type { BootId, WorkerId } from "../../domain/ids.ts"
import type { Job } from "../../domain/worker/job.ts"
import type { Answered, Workers, WorkersListener } from "../../engine/ports/workers.ts"
import type { Wire, WireListener } from "../../protocol/frames.ts"
import { parseFromWorker } from "../../protocol/worker-messages.ts"
import { protocolVersion, type FromWorker, type Hello, type Query } from "../../protocol/worker.ts"
import type { Clock } from "../../runtime/clock.ts"
import { Lanes } from "../../runtime/lane.ts"
import { Connection } from "./connection.ts"

export interface ConnectionsOptions {
  readonly listener: WorkersListener
  readonly clock: Clock
  /** A worker that does not answer a query for this long has not answered. */
  readonly askTimeoutMs: number
  /** Hears why a connection was refused or ended, for the log. */
  readonly noticed: (notice: Fault) => void
}

export class Connections implements Workers {
  readonly #options: ConnectionsOptions
  readonly #connected = new Map<WorkerId, Connection>()
  readonly #all = new Set<Connection>()
  /** One lane a worker, across its connections: the engine hears a worker's end before it hears it come back. */
  readonly #lanes = new Lanes()
  #closed = false

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  /** Takes in a new connection. The transport calls what is returned. */
  accept(open: (listener: WireListener) => Wire): void {
    const connection: Connection = new Connection({
      clock: this.#options.clock,
      askTimeoutMs: this.#options.askTimeoutMs,
      onMessage: (message) => this.#heard(connection, message),
      onEnd: (why) => this.#ended(connection, why),
    })
    this.#all.add(connection)
    connection.attach(open(connection))
    if (this.#closed) connection.destroy()
  }

  send(worker: WorkerId, job: Job): void {
    this.#connected.get(worker)?.sendJob(job)
  }

  async ask(worker: WorkerId, query: Query): Promise<Answered> {
    const connection = this.#connected.get(worker)
    if (connection === undefined) throw new FaultError(away(worker))
    const answer = await connection.ask(query)
    if (!answer.ok) throw new FaultError(answer.fault)
    return answer
  }

  shutdown(worker: WorkerId): void {
    this.#connected.get(worker)?.send({ type: "shutdown" })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    const names = [...this.#connected.keys()]
    for (const connection of this.#all) connection.destroy()
    await Promise.all(names.map((name) => this.#lanes.run(name, async () => undefined)))
  }

  #heard(connection: Connection, value: unknown): void {
    const parsed = parseFromWorker(value)
    if (!parsed.ok) return this.#end(connection, parsed.fault)
    const message = parsed.message
    const { hello } = connection
    if (hello === null) {
      if (message.type === "hello") this.#hello(connection, message.hello)
      else this.#end(connection, unexpected(`a ${message.type} before the hello`))
    } else this.#message(connection, hello, message)
  }

  #hello(connection: Connection, hello: Hello): void {
    const refusal = this.#refusal(hello)
    if (refusal !== null) {
      this.#options.noticed(refusal)
      return connection.refuse(refusal)
    }
    const earlier = this.#connected.get(hello.worker)
    connection.hello = hello
    this.#connected.set(hello.worker, connection)
    // The same life of the same worker on a new connection: it noticed before we did that the old one was dead.
    earlier?.destroy()
    void this.#inOrder(connection, hello.worker, async () => {
      const acknowledged = await this.#options.listener.connected(hello)
      connection.welcome(acknowledged)
    })
  }

  #refusal(hello: Hello): Fault | null {
    if (hello.protocol !== protocolVersion) return otherProtocol(hello)
    const connected = this.#connected.get(hello.worker)
    if (connected !== undefined && connected.hello?.boot !== hello.boot) return nameTaken(hello)
    return null
  }

  #message(connection: Connection, hello: Hello, message: FromWorker): void {
    switch (message.type) {
      case "hello":
        return this.#end(connection, unexpected("a second hello"))
      case "report": {
        const wrong = connection.expects(message.report.sequence)
        if (wrong !== null) return this.#end(connection, unexpected(wrong))
        return void this.#inOrder(connection, hello.worker, async () => {
          await this.#options.listener.reported(hello.worker, hello.boot, message.report)
          connection.acknowledge(message.report.sequence)
        })
      }
      case "progress":
        return this.#options.listener.progressed(hello.worker, message.progress)
      case "answer":
        return connection.answered(message.id, message.answer)
      case "heartbeat":
        return
    }
  }

  /** What the listener could not take ends the connection: nothing is acknowledged, and the worker comes back with it. */
  #inOrder(connection: Connection, worker: WorkerId, tell: () => Promise<void>): Promise<void> {
    return this.#lanes.run(worker, async () => {
      if (connection.ended) return
      try {
        await tell()
      } catch (error) {
        this.#end(connection, notTaken(error))
      }
    })
  }

  #end(connection: Connection, why: Fault): void {
    this.#options.noticed(why)
    connection.destroy()
  }

  #ended(connection: Connection, why: Fault | null): void {
    this.#all.delete(connection)
    if (why !== null) this.#options.noticed(why)
    const { hello } = connection
    if (hello === null) return
    const replaced = this.#connected.get(hello.worker) !== connection
    if (!replaced) this.#connected.delete(hello.worker)
    // A closing hub says nothing: its workers are not lost, it is only that nobody listens.
    if (this.#closed || replaced) return
    this.#disconnected(hello.worker, hello.boot)
  }

  #disconnected(worker: WorkerId, boot: BootId): void {
    void this.#lanes.run(worker, async () => {
      if (this.#closed) return
      await this.#options.listener.disconnected(worker, boot).catch((error: unknown) => this.#options.noticed(notTaken(error)))
    })
  }
}

const away = (worker: WorkerId): Fault =>
  fault("worker.away", `Worker ${worker} cannot be asked`, "it is not connected", "Start it with `fleet worker start`, or look with `fleet status`.")

const otherProtocol = (hello: Hello): Fault =>
  fault(
    "worker.other-protocol",
    `Worker ${hello.worker} was refused`,
    `it speaks version ${hello.protocol} of the worker protocol, this hub version ${protocolVersion}`,
    "Start the worker and the hub with the same version of Fleet.",
  )

const nameTaken = (hello: Hello): Fault =>
  fault(
    "worker.name-taken",
    `Worker ${hello.worker} was refused`,
    "another worker of that name is connected",
    "Give this one another name with `--name`, or stop the other one.",
  )

const unexpected = (what: string): Fault =>
  fault("protocol.unexpected", "A worker's connection was ended", `it sent ${what}`, "Start the worker and the hub with the same version of Fleet.")

const notTaken = (error: unknown): Fault =>
  fault(
    "hub.report-not-taken",
    "A worker's connection was ended",
    `the hub could not take in what it said: ${error instanceof Error ? error.message : String(error)}`,
    "None needed when it passes: the worker comes back and says it again. Otherwise look for disk space with `fleet doctor`.",
  )
