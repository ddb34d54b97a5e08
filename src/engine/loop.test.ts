import { expect, test } from "vitest"
import { MemoryStore } from "../adapters/stores/memory.ts"
import { goodResult, planOf, task } from "../../test/world/world.ts"
import { fault, FaultError } from "../domain/fault.ts"
import { id, type ProjectId, type RunId } from "../domain/ids.ts"
import type { Command } from "../domain/project/command.ts"
import type { Action } from "../domain/project/draft.ts"
import type { Event } from "../domain/project/events.ts"
import { freeze } from "../domain/project/state.ts"
import { defaultSettings } from "../domain/run/run.ts"
import type { PlanTask } from "../domain/plan/plan.ts"
import { Broadcast } from "../runtime/broadcast.ts"
import { HandClock } from "../runtime/clock.ts"
import { Loop } from "./loop.ts"
import type { Commit, Stored } from "./ports/store.ts"

const worker = id<"worker">("w")
const boot = id<"boot">("b")

test("what is to be done is sent after it is committed, and not when the commit failed", async () => {
  const of = await open()
  await of.loop.send(join(1))
  of.store.failNext = new FaultError(fault("store-full", "full", "full", "make room"))
  const before = of.loop.state
  await expect(of.loop.send(submit([task("a")]))).rejects.toMatchObject({ fault: { code: "store-full" } })
  expect(of.loop.state).toBe(before)
  expect(of.sent).toEqual([])
  await of.loop.send(submit([task("a")]))
  expect(of.sent.map((action) => action.job.key)).toEqual(["prepare:run-aaaa.a.1"])
})

test("a refused command changes nothing and says why", async () => {
  const of = await open()
  await expect(of.loop.send({ type: "run.stop", run: id("nobody"), by: "me" })).rejects.toMatchObject({ fault: { code: "unknown-run" } })
  expect(of.store.commits).toBe(0)
})

test("another writer was first: the state is read again and the command decided anew", async () => {
  const store = new FailingStore()
  const [one, two] = [await open(store), await open(store)]
  await one.loop.send(join(1))
  await two.loop.send(submit([task("a")]))
  expect(two.loop.state.workers.size).toBe(1)
  expect(two.sent).toHaveLength(1)
  expect(two.loop.version).toBe((await store.read(id("p"), 0, 1_000)).length)
})

test("a new hub has the same state as the old one, by replay and from a snapshot, and sends what is still open", async () => {
  const of = await open()
  await of.loop.send(join(50))
  await of.loop.send(submit(Array.from({ length: 900 }, (_, n) => task(`t${n}`))))
  await finishSome(of, 2_600)
  expect(of.store.snapshots).toBe(1)
  const again = await open(of.store)
  const still = {
    ...of.loop.state,
    workers: of.loop.state.workers.map((one) => ({ ...one, status: again.loop.state.workers.get(worker)!.status })),
    timers: again.loop.state.timers,
  }
  expect(freeze(again.loop.state)).toEqual(freeze(still))
  expect(again.loop.openActions(worker).map((action) => action.job.key)).toEqual(of.loop.openActions(worker).map((action) => action.job.key))
})

test("a timer of the state rings by itself, and again when its commit failed", async () => {
  const of = await open()
  await of.loop.send(join(1))
  await of.loop.send(submit([task("a", { timeoutMinutes: 1 })]))
  of.store.failNext = new FaultError(fault("store-full", "full", "full", "make room"))
  of.clock.pass(61_000)
  await of.complained
  expect(of.loop.state.tasks.get(id("run-aaaa/a"))?.state).toMatchObject({ attempt: { phase: { name: "preparing" } } })
  const closing = of.event("attempt.closing")
  of.clock.pass(2_000)
  await closing
  expect(of.loop.state.tasks.get(id("run-aaaa/a"))?.state).toMatchObject({ attempt: { phase: { name: "closing" } } })
})

test("a worker that connected before the hub died is away until it comes back, and lost when it does not", async () => {
  const of = await open()
  await of.loop.send(join(1))
  const again = await open(of.store)
  expect(again.loop.state.workers.get(worker)?.status.name).toBe("away")
  const lost = again.event("worker.lost")
  again.clock.pass(60_001)
  await lost
  expect(again.loop.state.workers.get(worker)?.status.name).toBe("lost")
})

interface Opened {
  readonly loop: Loop
  readonly store: FailingStore
  readonly clock: HandClock
  readonly sent: Action[]
  readonly complained: Promise<unknown>
  event(type: Event["type"]): Promise<Event>
}

async function open(store = new FailingStore()): Promise<Opened> {
  const clock = new HandClock()
  const sent: Action[] = []
  const complained = Promise.withResolvers<unknown>()
  const published = new Broadcast<Stored<Event>>()
  const loop = await Loop.open({ project: id("p"), store, clock, published, perform: (action) => void sent.push(action), complain: complained.resolve })
  const event = (type: Event["type"]): Promise<Event> => {
    const { promise, resolve } = Promise.withResolvers<Event>()
    published.subscribe((stored) => {
      if (stored.event.type === type) resolve(stored.event)
    })
    return promise
  }
  return { loop, store, clock, sent, complained: complained.promise, event }
}

async function finishSome(of: Opened, jobs: number): Promise<void> {
  for (let n = 0; n < jobs; n++) {
    const action = of.loop.openActions(worker)[0]
    if (action === undefined) return
    const sequence = (of.loop.state.workers.get(worker)?.heard ?? 0) + 1
    await of.loop.send({ type: "worker.report", worker, boot, sequence, report: { type: "job.done", job: action.job.key, result: goodResult(action.job) } })
  }
}

const join = (slots: number): Command => ({
  type: "worker.join",
  worker,
  offer: { boot, pid: 1, slots, labels: [], agents: [{ name: "scripted", slotsMax: null }] },
})

const submit = (tasks: readonly PlanTask[], run: RunId = id("run-aaaa")): Command => ({
  type: "run.submit",
  run,
  plan: planOf(tasks),
  repository: "/repo",
  commonDirectory: "/repo/.git",
  ignoreCase: false,
  target: "main",
  settings: { ...defaultSettings, agent: "scripted" },
  campaign: null,
})

/** The store in memory, with failures on demand. */
class FailingStore extends MemoryStore<Event, Action> {
  failNext: Error | null = null
  snapshots = 0
  commits = 0

  override async commit(project: ProjectId, expectedVersion: number, commit: Commit<Event, Action>): Promise<number> {
    const error = this.failNext
    this.failNext = null
    if (error !== null) throw error
    this.commits += 1
    return super.commit(project, expectedVersion, commit)
  }
  override async saveSnapshot(project: ProjectId, version: number, state: unknown): Promise<void> {
    this.snapshots += 1
    await super.saveSnapshot(project, version, state)
  }
}
