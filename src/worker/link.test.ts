import { expect, test } from "vitest"
import { id } from "../domain/ids.ts"
import type { Job } from "../domain/worker/job.ts"
import type { Report } from "../domain/worker/job-result.ts"
import type { Wire, WireListener } from "../protocol/frames.ts"
import { heartbeatMs, reportsAheadMax, silenceMs, type FromHub, type FromWorker, type Hello } from "../protocol/worker.ts"
import { HandClock } from "../runtime/clock.ts"
import { Link } from "./link.ts"
import { Outbox, outboxLimits, type OutboxLimits } from "./outbox.ts"

const hello: Hello = { protocol: 1, worker: id("w"), boot: id("b"), pid: 1, version: "0", slots: 1, labels: [], agents: [] }
const done = (number: number): Report => ({ type: "job.done", job: id(`tidy:${number}`), result: { kind: "repository.tidy", removed: number } })
const job: Job = { kind: "repository.tidy", key: id("tidy:x"), repository: "/r" }

/** A hub played by hand, which can die and come back. */
class FakeHub {
  up = true
  congested = false
  heard: FromWorker[] = []
  listener: WireListener | null = null

  readonly dial = async (listener: WireListener): Promise<Wire> => {
    if (!this.up) throw new Error("nobody listens")
    this.listener = listener
    this.heard = []
    const isCongested = (): boolean => this.congested
    return {
      send: (frame) => void (this.listener === listener && this.heard.push(JSON.parse(frame) as FromWorker)),
      get congested() {
        return isCongested()
      },
      end: () => this.#ended(listener),
      destroy: () => this.#ended(listener),
    }
  }

  say(message: FromHub): void {
    this.listener?.onMessage(message)
  }

  die(): void {
    const listener = this.listener
    this.up = false
    this.listener = null
    listener?.onEnd(null)
  }

  get sequences(): number[] {
    return this.heard.flatMap((message) => (message.type === "report" ? [message.report.sequence] : []))
  }

  #ended(listener: WireListener): void {
    if (this.listener === listener) this.listener = null
    listener.onEnd(null)
  }
}

async function world(limits: OutboxLimits = outboxLimits) {
  const hub = new FakeHub()
  const clock = new HandClock()
  const outbox = new Outbox(limits)
  const jobs: Job[] = []
  const notices: string[] = []
  const shutdowns: string[] = []
  const link = new Link(
    { hello, clock, outbox, dial: hub.dial, noticed: (notice) => notices.push(notice.code) },
    {
      job: (taken) => jobs.push(taken),
      query: async () => ({ ok: true, ask: "changes", files: [] }),
      shutdown: () => shutdowns.push("shutdown"),
      forgotten: () => shutdowns.push("forgotten"),
    },
  )
  await settled()
  return { hub, clock, outbox, jobs, notices, shutdowns, link, [Symbol.dispose]: () => link[Symbol.dispose]() }
}

/** Lets promises that have been resolved already run on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test("nothing is told before the welcome, and then everything in order", async () => {
  using at = await world()
  at.link.report(done(1))
  at.link.report(done(2))
  expect(at.hub.heard).toEqual([{ type: "hello", hello }])
  at.hub.say({ type: "welcome", acknowledged: 0 })
  expect(at.hub.sequences).toEqual([1, 2])
})

test("a hub that dies and comes back hears what it had not acknowledged, with the same numbers, once", async () => {
  using at = await world()
  at.hub.say({ type: "welcome", acknowledged: 0 })
  for (const number of [1, 2, 3]) at.link.report(done(number))
  at.hub.say({ type: "acknowledge", sequence: 1 })
  at.hub.die()
  at.link.report(done(4))
  for (let tries = 0; tries < 20; tries++) {
    at.clock.pass(5_000)
    await settled()
  }
  at.hub.up = true
  at.clock.pass(5_000)
  await settled()
  at.hub.say({ type: "welcome", acknowledged: 2 })
  expect(at.hub.sequences).toEqual([3, 4])
  at.hub.say({ type: "acknowledge", sequence: 4 })
  expect(at.outbox.size).toBe(0)
})

test("no more reports are ahead of their acknowledgement than the protocol allows", async () => {
  using at = await world()
  at.hub.say({ type: "welcome", acknowledged: 0 })
  for (let number = 1; number <= reportsAheadMax + 10; number++) at.link.report(done(number))
  expect(at.hub.sequences).toHaveLength(reportsAheadMax)
  at.hub.say({ type: "acknowledge", sequence: 5 })
  expect(at.hub.sequences).toHaveLength(reportsAheadMax + 5)
})

test("while the connection is full, reports wait and progress is dropped", async () => {
  using at = await world()
  at.hub.say({ type: "welcome", acknowledged: 0 })
  at.hub.congested = true
  at.link.report(done(1))
  at.link.progress({ session: id("s"), usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, costUsd: null }, files: null, activity: "", lastEventAt: 0 })
  expect(at.hub.heard).toHaveLength(1)
  at.hub.congested = false
  at.hub.listener?.onDrain()
  expect(at.hub.heard.slice(1).map((message) => message.type)).toEqual(["report"])
})

test("with a full outbox no job is taken and it is said; when there is room again, the job is", async () => {
  using at = await world({ reportsMax: 2, charsMax: 1_000_000 })
  at.hub.say({ type: "welcome", acknowledged: 0 })
  at.link.report(done(1))
  at.link.report(done(2))
  at.hub.say({ type: "job", job })
  expect(at.jobs).toEqual([])
  expect(at.notices).toEqual(["worker.outbox-full"])
  at.hub.say({ type: "acknowledge", sequence: 1 })
  expect(at.jobs).toEqual([job])
})

test("a hub that falls silent is left and dialled again", async () => {
  using at = await world()
  at.hub.say({ type: "welcome", acknowledged: 0 })
  const first = at.hub.listener
  at.clock.pass(silenceMs + heartbeatMs)
  at.clock.pass(100)
  await settled()
  expect(at.hub.listener).not.toBe(first)
  expect(at.hub.heard).toEqual([{ type: "hello", hello }])
})

test("a message that does not fit, or acknowledges what was never sent, ends the connection and nothing else", async () => {
  using at = await world()
  at.hub.listener?.onMessage({ type: "jobs", job: { kind: "make coffee", key: "coffee:1" } })
  at.clock.pass(1_000)
  await settled()
  at.hub.say({ type: "welcome", acknowledged: 9 })
  expect(at.notices).toEqual(["protocol.invalid", "protocol.unexpected"])
  expect(at.hub.listener).toBeNull()
})

test("a refused worker says why and tries again later", async () => {
  using at = await world()
  at.hub.say({ type: "refused", fault: { code: "worker.name-taken", what: "a", why: "b", fix: "c" } })
  expect(at.notices).toEqual(["worker.name-taken"])
  at.clock.pass(5_000)
  await settled()
  expect(at.hub.listener).toBeNull()
  at.clock.pass(5_000)
  await settled()
  expect(at.hub.heard).toEqual([{ type: "hello", hello }])
})

test("a result that no message can hold is told as a failure, not as a connection that ends for ever", async () => {
  using at = await world()
  at.hub.say({ type: "welcome", acknowledged: 0 })
  const files = Array.from({ length: 100_000 }, (_, index) => ({
    path: `${"d/".repeat(60)}${index}`,
    status: "added" as const,
    additions: 1,
    deletions: 0,
    from: null,
  }))
  const collected = { head: "h", tree: "t", base: "b", commits: 1, committedByFleet: false, files, unresolved: [], embedded: [] }
  at.link.report({ type: "job.done", job: id("collect:x"), result: { kind: "workspace.collect", collected } })
  expect(at.hub.heard.at(-1)).toMatchObject({
    type: "report",
    report: { sequence: 1, report: { type: "job.failed", fault: { code: "worker.result-too-large" } } },
  })
})

test("a job that this worker does not understand fails by itself; a result that nobody could read is told as a failure", async () => {
  using at = await world()
  at.hub.say({ type: "welcome", acknowledged: 0 })
  at.hub.listener?.onMessage({ type: "job", job: { kind: "make coffee", key: "coffee:1" } })
  const usage = { inputTokens: Number.NaN, outputTokens: 0, cachedTokens: 0, costUsd: null }
  at.link.report({ type: "job.done", job: id("turn:1"), result: { kind: "session.turn", outcome: { how: "completed", text: "", usage } } })
  const reports = at.hub.heard.flatMap((message) => (message.type === "report" ? [message.report.report] : []))
  expect(reports).toMatchObject([
    { type: "job.failed", job: "coffee:1", fault: { code: "protocol.invalid" }, transient: false },
    { type: "job.failed", job: "turn:1", fault: { code: "protocol.invalid" }, transient: false },
  ])
})

test("a hub whose state is from before what it acknowledged ends this life of the worker, instead of waiting for reports that are gone", async () => {
  using at = await world()
  at.hub.say({ type: "welcome", acknowledged: 0 })
  at.link.report(done(1))
  at.hub.say({ type: "acknowledge", sequence: 1 })
  at.hub.die()
  at.hub.up = true
  at.clock.pass(1_000)
  await settled()
  at.hub.say({ type: "welcome", acknowledged: 0 })
  expect(at.notices).toEqual(["hub.forgot"])
  expect(at.shutdowns).toEqual(["forgotten"])
})

test("a hub that welcomes and hangs up is dialled more and more seldom", async () => {
  using at = await world()
  let welcomes = 0
  for (let passed = 0; passed < 20_000; passed += 50) {
    if (at.hub.listener !== null) {
      welcomes++
      at.hub.say({ type: "welcome", acknowledged: 0 })
      at.hub.die()
      at.hub.up = true
    }
    at.clock.pass(50)
    await settled()
  }
  expect(welcomes).toBeLessThan(20)
})
