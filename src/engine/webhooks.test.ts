import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { MemoryStore } from "../adapters/stores/memory.ts"
import { MemoryRemembered } from "../adapters/stores/remembered-memory.ts"
import { httpPosts } from "../adapters/webhooks/http.ts"
import { Receiver } from "../adapters/webhooks/testing/receiver.ts"
import { id, type ProjectId } from "../domain/ids.ts"
import type { Command } from "../domain/project/command.ts"
import type { Action } from "../domain/project/draft.ts"
import type { Event } from "../domain/project/events.ts"
import type { Topic } from "../domain/webhook/topic.ts"
import { Broadcast } from "../runtime/broadcast.ts"
import { HandClock } from "../runtime/clock.ts"
import { Loop } from "./loop.ts"
import type { Stored } from "./ports/store.ts"
import { givenUpMs, Webhooks } from "./webhooks.ts"

const project = id<"project">("p") satisfies ProjectId
const hook = id<"webhook">("wh_1")
const secret = `whsec_${Buffer.alloc(32, 9).toString("base64")}`
const program = new URL("../../test/fixtures/programs/delivers-webhooks.ts", import.meta.url).pathname

interface Opened extends AsyncDisposable {
  readonly loop: Loop
  readonly clock: HandClock
  readonly remembered: MemoryRemembered
  readonly complaints: unknown[]
  send(command: Command): Promise<void>
  event(type: Event["type"]): Promise<Event>
  /** Ends the telling as a hub that is stopped would, and begins it again. */
  again(): Promise<void>
  /** Passes time as soon as somebody waits for it. */
  pass(ms: number): Promise<void>
}

async function open(): Promise<Opened> {
  const clock = new HandClock()
  const store = new MemoryStore<Event, Action>()
  const published = new Broadcast<Stored<Event>>()
  const remembered = new MemoryRemembered()
  const complaints: unknown[] = []
  const complain = (error: unknown): void => void complaints.push(error)
  const loop = await Loop.open({ project, store, clock, published, perform: () => undefined, complain })
  const hub = {
    get state() {
      return loop.state
    },
    get version() {
      return loop.version
    },
    published,
    history: (after: number, limit: number) => store.read(project, after, limit),
    send: (command: Command) => loop.send(command),
  }
  const begin = (): Webhooks =>
    new Webhooks({
      hub,
      remembered,
      clock,
      complain,
      posts: httpPosts({ privateAddresses: false, version: "0", limitMs: 300 }),
      random: () => 1,
      source: "urn:fleet:home",
    })
  let webhooks = begin()
  return {
    loop,
    clock,
    remembered,
    complaints,
    send: (command) => loop.send(command),
    event: (type) => {
      const { promise, resolve } = Promise.withResolvers<Event>()
      published.subscribe(({ event }) => void (event.type === type && resolve(event)))
      return promise
    },
    again: async () => {
      await webhooks[Symbol.asyncDispose]()
      webhooks = begin()
    },
    pass: async (ms) => {
      while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve))
      clock.pass(ms)
    },
    [Symbol.asyncDispose]: async () => {
      await webhooks[Symbol.asyncDispose]()
      await loop[Symbol.asyncDispose]()
    },
  }
}

const add = (url: string, topics: readonly Topic[] = [], webhook = hook, after = 0): Command => ({ type: "webhook.add", webhook, url, topics, secret, after })
const trial: Command = { type: "webhook.test", webhook: hook }
const joined = (boot: string): Command => ({ type: "worker.join", worker: id("w"), offer: { boot: id(boot), pid: 1, slots: 1, labels: [], agents: [] } })
const numbers = (receiver: Receiver): number[] => receiver.received.map(({ number }) => number)

test("a webhook is told of what it asked for, as a CloudEvent with the view of the API, and of its own trial", async () => {
  await using receiver = await new Receiver(secret).start()
  await using of = await open()
  await of.send(add(receiver.url, ["worker"]))
  await of.send(joined("b1"))
  await of.send({ type: "worker.leave", worker: id("w"), boot: id("b1") })
  await of.send(trial)
  await receiver.until("received", 3)
  expect(receiver.received.map(({ type, id: message }) => [type, message])).toEqual([
    ["fleet.worker.joined", "wh_1.2"],
    ["fleet.worker.away", "wh_1.3"],
    ["fleet.webhook.tested", "wh_1.4"],
  ])
  expect(receiver.received[0]?.envelope).toEqual({
    specversion: "1.0",
    id: "2",
    source: "urn:fleet:home",
    type: "fleet.worker.joined",
    time: new Date(of.clock.now()).toISOString(),
    datacontenttype: "application/json",
    data: expect.objectContaining({ schema_version: 1, number: 2, type: "worker.joined", text: "worker w connected with 1 slots" }),
  })
})

test("what is refused is tried again, later each time, and nothing overtakes it", async () => {
  await using receiver = await new Receiver(secret).start()
  await using of = await open()
  receiver.behaves = { status: 500 }
  await of.send(add(receiver.url, ["worker"]))
  await of.send(joined("b1"))
  await of.send(joined("b2"))
  const startedAt = of.clock.now()
  for (const [tries, ms] of [
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
  ] as const) {
    await receiver.until("tries", tries)
    await of.pass(ms)
  }
  await receiver.until("tries", 4)
  receiver.behaves = "takes"
  await of.pass(8_000)
  await receiver.until("received", 2)
  expect(of.clock.now() - startedAt).toBe(15_000)
  expect(receiver.tries).toEqual(["wh_1.2", "wh_1.2", "wh_1.2", "wh_1.2", "wh_1.2", "wh_1.3"])
  expect(numbers(receiver)).toEqual([2, 3])
})

test("one that hangs or is down keeps the others from nothing", async () => {
  await using receiver = await new Receiver(secret).start()
  await using hanging = await new Receiver(secret).start()
  await using of = await open()
  hanging.behaves = "hangs"
  await of.send(add(hanging.url, ["worker"], id("wh_slow")))
  await of.send(add("http://127.0.0.1:1/", ["worker"], id("wh_down")))
  await of.send(add(receiver.url, ["worker"]))
  for (let n = 0; n < 5; n++) await of.send(joined(`b${n}`))
  await receiver.until("received", 5)
  await hanging.until("tries", 1)
  expect(numbers(receiver)).toEqual([4, 5, 6, 7, 8])
  expect(hanging.received).toEqual([])
})

test("a receiver that restarts, and a hub that is stopped meanwhile, lose nothing", async () => {
  await using receiver = await new Receiver(secret).start()
  await using of = await open()
  await of.send(add(receiver.url, ["worker"]))
  await of.send(joined("b1"))
  await receiver.until("received", 1)
  await receiver.stop()
  for (let n = 2; n < 6; n++) await of.send(joined(`b${n}`))
  await of.again()
  await of.send(joined("b6"))
  await receiver.start()
  await of.again()
  await of.send(joined("b7"))
  while (!numbers(receiver).includes(8)) await receiver.until("received", receiver.received.length + 1)
  // What it took while it went down may come again: at least once, and told apart by its id.
  expect([...new Set(receiver.received.map((one) => one.id))]).toEqual([2, 3, 4, 5, 6, 7, 8].map((number) => `wh_1.${number}`))
})

test("one that takes nothing for a day is disabled with the reason; enabled again it is told what it missed", async () => {
  await using receiver = await new Receiver(secret).start()
  await using of = await open()
  receiver.behaves = { status: 500 }
  await of.send(add(receiver.url, ["worker"]))
  const disabled = of.event("webhook.disabled")
  await of.send(joined("b1"))
  await receiver.until("tries", 1)
  await of.pass(1_000)
  await receiver.until("tries", 2)
  await of.pass(givenUpMs)
  expect(await disabled).toMatchObject({ reason: expect.stringMatching(/^event 2 was tried 3 times in a day; the last time it answered 500$/) })
  await of.send(joined("b2"))
  receiver.behaves = "takes"
  await of.send({ type: "webhook.enable", webhook: hook })
  await receiver.until("received", 2)
  expect(numbers(receiver)).toEqual([2, 4])
})

test("one that is gone is disabled at once, and one that is removed is forgotten", async () => {
  await using receiver = await new Receiver(secret).start()
  await using of = await open()
  await of.send(add(receiver.url, ["worker"]))
  await of.send(joined("b1"))
  await receiver.until("received", 1)
  receiver.behaves = { status: 410 }
  const disabled = of.event("webhook.disabled")
  await of.send(joined("b2"))
  expect(await disabled).toMatchObject({ reason: expect.stringContaining("410") })
  await of.send({ type: "webhook.remove", webhook: hook })
  await of.again()
  expect(await of.remembered.cursor(hook)).toBeNull()
  expect(of.complaints).toEqual([])
})

test("the hub is killed again and again while it tells: nothing is lost, nothing is out of order", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "fleet-webhooks-"))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  await using receiver = await new Receiver(secret).start()
  const wanted = 400
  const kills = [20, 90, 91, 200, 310]
  for (const killAt of [...kills, Number.POSITIVE_INFINITY]) {
    const hub = spawn(process.execPath, [program, directory, receiver.url, secret, String(wanted)], { stdio: ["ignore", "inherit", "inherit"] })
    const gone = once(hub, "exit") as Promise<[number | null]>
    if (killAt === Number.POSITIVE_INFINITY) expect((await gone)[0]).toBe(0)
    else {
      await Promise.race([receiver.until("received", killAt), gone])
      hub.kill("SIGKILL")
      await gone
    }
  }
  const firsts = [...new Set(numbers(receiver))]
  expect(firsts).toEqual([...firsts].sort((a, b) => a - b))
  expect(firsts.length).toBeGreaterThanOrEqual(wanted)
  expect(firsts).toEqual(Array.from({ length: firsts.length }, (_, n) => n + 2))
})
