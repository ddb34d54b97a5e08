/** What every adapter of `Workers` must do, whatever carries the messages. The adapter's own test calls this with a way to open and to dial it. */
import { expect, test } from "vitest"
import { FaultError } from "../../domain/fault.ts"
import { id } from "../../domain/ids.ts"
import type { Job } from "../../domain/worker/job.ts"
import type { Report } from "../../domain/worker/job-result.ts"
import { encode, type Wire, type WireListener } from "../../protocol/frames.ts"
import { heartbeatMs, reportsAheadMax, silenceMs, type FromHub, type FromWorker, type Hello } from "../../protocol/worker.ts"
import { HandClock } from "../../runtime/clock.ts"
import type { Workers, WorkersListener } from "./workers.ts"

export interface OpenedWorkers extends AsyncDisposable {
  readonly workers: Workers
  readonly dial: (listener: WireListener) => Promise<Wire>
}
export type OpenWorkers = (listener: WorkersListener, clock: HandClock) => Promise<OpenedWorkers>

const worker = id<"worker">("w1")
const boot = id<"boot">("b1")
export const hello: Hello = { protocol: 1, worker, boot, pid: 1, version: "0", slots: 4, labels: [], agents: [{ name: "scripted", slotsMax: null }] }
const job: Job = { kind: "repository.tidy", key: id("tidy:1"), repository: "/r" }
const done = (number: number): Report => ({ type: "job.done", job: id(`tidy:${number}`), result: { kind: "repository.tidy", removed: number } })

export function workersConformance(open: OpenWorkers): void {
  test("a worker that says hello is heard, told what is committed, and gets the jobs that were sent meanwhile", async () => {
    await using world = await begin(open, { acknowledged: 7, onConnected: (workers) => workers.send(worker, job) })
    const peer = await world.peer(hello)
    expect(await peer.next()).toEqual({ type: "welcome", acknowledged: 7 })
    expect(await peer.next()).toEqual({ type: "job", job })
    expect(world.heard).toEqual(["connected w1 b1"])
  })

  test("reports are handed over one at a time, in order, and acknowledged only when they were taken", async () => {
    await using world = await begin(open)
    const peer = await world.welcome(hello)
    const taking = world.hold()
    for (const number of [1, 2, 3]) peer.report(number)
    await world.until("reported 1")
    expect(world.heard.filter((line) => line.startsWith("reported"))).toEqual(["reported 1"])
    taking.resolve()
    expect(await peer.next()).toEqual({ type: "acknowledge", sequence: 1 })
    expect(await peer.next()).toEqual({ type: "acknowledge", sequence: 2 })
    expect(await peer.next()).toEqual({ type: "acknowledge", sequence: 3 })
  })

  test("a report that cannot be taken is not acknowledged, and the worker has to come back with it", async () => {
    await using world = await begin(open)
    const peer = await world.welcome(hello)
    world.refuseNext()
    peer.report(1)
    expect(await peer.next()).toBe("ended")
    const again = await world.welcome(hello)
    again.report(1)
    expect(await again.next()).toEqual({ type: "acknowledge", sequence: 1 })
  })

  test("a gap in the reports, too many ahead, and nonsense all end the connection", async () => {
    await using world = await begin(open)
    const gap = await world.welcome(hello)
    gap.report(2)
    expect(await gap.next()).toBe("ended")
    const nonsense = await world.welcome(hello)
    nonsense.wire.send(encode({ type: "report", report: { sequence: "one" } }))
    expect(await nonsense.next()).toBe("ended")
    const eager = await world.welcome(hello)
    const taking = world.hold()
    for (let number = 1; number <= reportsAheadMax + 1; number++) eager.report(number)
    expect(await eager.next()).toBe("ended")
    taking.resolve()
  })

  test("another protocol, and a second worker of the same name, are refused with a reason", async () => {
    await using world = await begin(open)
    const other = await world.peer({ ...hello, protocol: 99 })
    expect(await other.next()).toMatchObject({ type: "refused", fault: { code: "worker.other-protocol" } })
    expect(await other.next()).toBe("ended")
    const first = await world.welcome(hello)
    const second = await world.peer({ ...hello, boot: id("b2") })
    expect(await second.next()).toMatchObject({ type: "refused", fault: { code: "worker.name-taken" } })
    first.wire.destroy()
    await world.until("disconnected w1 b1")
    await world.welcome({ ...hello, boot: id("b2") })
  })

  test("the same life of a worker on a new connection takes the place of the old one", async () => {
    await using world = await begin(open)
    const first = await world.welcome(hello)
    const second = await world.welcome(hello)
    expect(await first.next()).toBe("ended")
    second.report(1)
    expect(await second.next()).toEqual({ type: "acknowledge", sequence: 1 })
    expect(world.heard).not.toContain("disconnected w1 b1")
  })

  test("a question is answered, refused, or not answered in time", async () => {
    await using world = await begin(open)
    const ask = () => world.workers.ask(worker, { ask: "inspect", directory: "/r", ref: null })
    await expect(ask()).rejects.toMatchObject({ fault: { code: "worker.away" } })
    const peer = await world.welcome(hello)
    const repository = {
      root: "/r",
      commonDirectory: "/r/.git",
      head: null,
      branch: "main",
      bare: false,
      dirty: [],
      ignoreCase: false,
      branches: [],
      refCommit: null,
    }
    const answered = ask()
    const query = await peer.next()
    if (query === "ended" || query.type !== "query") throw new Error("no question came")
    peer.send({ type: "answer", id: query.id, answer: { ok: true, ask: "inspect", repository } })
    expect(await answered).toEqual({ ok: true, ask: "inspect", repository })
    const late = ask()
    await peer.next()
    world.clock.pass(10_000)
    peer.send({ type: "heartbeat" })
    world.clock.pass(10_000)
    await expect(late).rejects.toBeInstanceOf(FaultError)
  })

  test("a question whose worker goes away is refused at once", async () => {
    await using world = await begin(open)
    const peer = await world.welcome(hello)
    const asked = world.workers.ask(worker, { ask: "inspect", directory: "/r", ref: null })
    await peer.next()
    peer.wire.destroy()
    await expect(asked).rejects.toMatchObject({ fault: { code: "worker.away" } })
  })

  test("both sides hear a heartbeat, and a worker that falls silent is taken for gone", async () => {
    await using world = await begin(open)
    const peer = await world.welcome(hello)
    world.clock.pass(heartbeatMs)
    expect(await peer.next()).toEqual({ type: "heartbeat" })
    world.clock.pass(silenceMs)
    await world.until("disconnected w1 b1")
  })

  test("a worker is told to end", async () => {
    await using world = await begin(open)
    const peer = await world.welcome(hello)
    world.workers.shutdown(worker)
    expect(await peer.next()).toEqual({ type: "shutdown" })
  })
}

type Heard = FromHub | "ended"

/** A worker played by hand. */
class Peer implements WireListener {
  wire!: Wire
  readonly #inbox: Heard[] = []
  #waiting: ((message: Heard) => void) | null = null

  onMessage(message: unknown): void {
    this.#hear(message as FromHub)
  }
  onDrain(): void {}
  onEnd(): void {
    this.#hear("ended")
  }
  next(): Promise<Heard> {
    const first = this.#inbox.shift()
    return first === undefined ? new Promise((resolve) => (this.#waiting = resolve)) : Promise.resolve(first)
  }
  send(message: FromWorker): void {
    this.wire.send(encode(message))
  }
  report(sequence: number): void {
    this.send({ type: "report", report: { sequence, at: 1, report: done(sequence) } })
  }
  #hear(message: Heard): void {
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting === null) this.#inbox.push(message)
    else waiting(message)
  }
}

async function begin(open: OpenWorkers, how: { acknowledged?: number; onConnected?: (workers: Workers) => void } = {}) {
  const clock = new HandClock()
  const heard: string[] = []
  const waiting: { line: string; resolve: () => void }[] = []
  let gate: Promise<void> = Promise.resolve()
  let refuse = false
  const say = (line: string): void => {
    heard.push(line)
    for (const entry of waiting) if (entry.line === line) entry.resolve()
  }
  const opened: OpenedWorkers = await open(
    {
      connected: async (from) => {
        say(`connected ${from.worker} ${from.boot}`)
        how.onConnected?.(opened.workers)
        return how.acknowledged ?? 0
      },
      disconnected: async (from, life) => say(`disconnected ${from} ${life}`),
      reported: async (_from, _life, report) => {
        say(`reported ${report.sequence}`)
        await gate
        if (!refuse) return
        refuse = false
        throw new Error("the disk is full")
      },
      progressed: () => undefined,
    },
    clock,
  )
  const peer = async (says: Hello): Promise<Peer> => {
    const made = new Peer()
    made.wire = await opened.dial(made)
    made.send({ type: "hello", hello: says })
    return made
  }
  return {
    clock,
    heard,
    workers: opened.workers,
    peer,
    welcome: async (says: Hello) => {
      const made = await peer(says)
      expect(await made.next()).toMatchObject({ type: "welcome" })
      return made
    },
    until: (line: string) => (heard.includes(line) ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ line, resolve }))),
    hold: () => {
      const held = Promise.withResolvers<void>()
      gate = held.promise
      return held
    },
    refuseNext: () => void (refuse = true),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}
