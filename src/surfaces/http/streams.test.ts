import { once } from "node:events"
import { expect, test } from "vitest"
import type { Event } from "../../domain/project/events.ts"
import { id } from "../../domain/ids.ts"
import { HandClock } from "../../runtime/clock.ts"
import { waitingBytesMax } from "./streams-client.ts"
import { EventLog, listenTo, serveEvents, take } from "./testing/event-log.ts"

const run = (name: string): Event => ({ type: "run.stopping", run: id(name), by: "me" })
const runs = (count: number, name = "r"): Event[] => Array.from({ length: count }, (_, n) => run(`${name}${n}`))
const lost: Event = { type: "worker.lost", worker: id("w") }
const heard: Event = { type: "worker.heard", worker: id("w"), sequence: 1 }
const rang: Event = { type: "timer.rang", name: "x" }
const numbers = (events: readonly { id: string | null }[]): number[] => events.map((event) => Number(event.id))
const upTo = (last: number, from = 1): number[] => Array.from({ length: last - from + 1 }, (_, n) => from + n)

test("each event comes by its type, with its number and the same view as anywhere", async () => {
  await using served = await serveEvents()
  served.log.append(run("a"))
  const listening = await listenTo(served.port, "?after=0")
  expect(listening.response.headers).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  })
  const [first] = await take(listening, 1)
  expect(first).toMatchObject({ id: "1", event: "run.stopping" })
  expect(JSON.parse(first?.data ?? "")).toMatchObject({
    schema_version: 1,
    number: 1,
    at: 1_000,
    type: "run.stopping",
    run: "a",
    text: "stopping, asked by me",
  })
})

test("who comes back goes on after what it saw; who comes new is told what comes", async () => {
  await using served = await serveEvents()
  served.log.append(...runs(5))
  expect(numbers(await take(await listenTo(served.port, "?after=1", { "last-event-id": "3" }), 2))).toEqual([4, 5])
  const fresh = await listenTo(served.port)
  served.log.append(...runs(2))
  expect(numbers(await take(fresh, 2))).toEqual([6, 7])
})

test("topics, a run and a session narrow it; bookkeeping is for nobody", async () => {
  await using served = await serveEvents()
  const attempt: Event = { type: "turn.started", task: id("a/api") }
  const listen = (query: string) => listenTo(served.port, `${query}&after=0`)
  served.log.append(run("a"), lost, heard, rang, run("b"), attempt, run("end"))
  expect(numbers(await take(await listen("?topics=worker,run"), 4))).toEqual([1, 2, 5, 7])
  expect(numbers(await take(await listen("?topics=worker&topics=session"), 2))).toEqual([2, 6])
  expect(numbers(await take(await listen("?run=a"), 2))).toEqual([1, 6])
  expect(numbers(await take(await listen("?session=a.api.1"), 1))).toEqual([6])
  expect(numbers(await take(await listen("?x=1"), 5))).toEqual([1, 2, 5, 6, 7])
  const bad = await served.app.request("/v1/events?topics=run,wrong")
  expect([bad.status, await bad.json()]).toMatchObject([422, { code: "bad-topic", why: expect.stringContaining("approval") }])
  for (const cursor of ["x", "-1", "1.5", "9".repeat(30)]) expect((await served.app.request(`/v1/events?after=${cursor}`)).status).toBe(400)
})

test("a cursor from the future or from before what is kept is reset, with the reason, and goes on from now", async () => {
  await using served = await serveEvents(new EventLog(), undefined, () => 4)
  served.log.append(...runs(5))
  for (const [cursor, reason] of [
    ["6", "ahead"],
    ["2", "behind"],
  ]) {
    const listening = await listenTo(served.port, "", { "last-event-id": cursor ?? "" })
    const [reset] = await take(listening, 1)
    expect(reset).toMatchObject({ event: "reset", id: "5" })
    expect(JSON.parse(reset?.data ?? "")).toMatchObject({ reason, after: 5, why: expect.any(String), fix: expect.any(String) })
  }
  expect(numbers(await take(await listenTo(served.port, "?after=3"), 2))).toEqual([4, 5])
})

test("what another hub wrote in between is read, in order", async () => {
  await using served = await serveEvents()
  const listening = await listenTo(served.port, "?after=0")
  served.log.append(...runs(3))
  expect(numbers(await take(listening, 3))).toEqual([1, 2, 3])
  const second = await listenTo(served.port, "?after=0")
  await once(second.response, "readable")
  served.log.appendElsewhere(...runs(3))
  served.log.append(...runs(3))
  expect(numbers(await take(second, 9))).toEqual(upTo(9))
})

test("both ends see that the other lives", async () => {
  const clock = new HandClock()
  const served = await serveEvents(new EventLog(), clock)
  await using _ = served
  const listening = await listenTo(served.port)
  let said = ""
  listening.response.setEncoding("utf8")
  const alive = new Promise<void>((resolve) =>
    listening.response.on("data", (chunk: string) => {
      said += chunk
      if (said.includes("connected")) clock.pass(15_000)
      if (said.includes(": alive\n\n")) resolve()
    }),
  )
  await alive
  expect(said).toMatch(/^retry: 1000\n/)
})

test("a client that takes nothing is dropped with a reason, and keeps nobody else from anything", async () => {
  await using served = await serveEvents()
  const slow = await listenTo(served.port)
  slow.response.pause()
  const quick = await listenTo(served.port)
  const wide = (): Event => ({ type: "run.stopping", run: id("wide"), by: "x".repeat(50_000) })
  let sent = 0
  const taken = (async () => {
    const seen: number[] = []
    for await (const event of quick.events) {
      seen.push(Number(event.id))
      if (event.data.includes('"run":"end"')) break
    }
    return seen
  })()
  // The kernel's own buffers take a few megabytes before the client is seen to be slow.
  while (served.feed.size === 2 && sent < 2_000) {
    served.log.append(wide())
    sent += 1
    await new Promise((resolve) => setImmediate(resolve))
  }
  served.log.append(run("end"))
  expect(served.feed.size).toBe(1)
  expect(await taken).toEqual(upTo(sent + 1))
  expect(sent * 50_000).toBeGreaterThan(waitingBytesMax)
  const all = await take(slow, Number.POSITIVE_INFINITY)
  const last = all.at(-1)
  expect(last).toMatchObject({ event: "dropped", id: null })
  expect(JSON.parse(last?.data ?? "")).toMatchObject({ reason: "slow", fix: expect.stringContaining("Last-Event-ID") })
  expect(numbers(all.slice(0, -1))).toEqual(upTo(all.length - 1))
})

test("a client that takes nothing while it catches up costs one page, not its whole history", async () => {
  await using served = await serveEvents()
  served.log.append(...Array.from({ length: 20_000 }, () => run("r".repeat(1_000))))
  const slow = await listenTo(served.port, "?after=0")
  slow.response.pause()
  const reads = served.log.reads
  expect(numbers(await take(await listenTo(served.port, "?after=19990"), 10))).toEqual(upTo(20_000, 19_991))
  expect(served.log.reads).toBeLessThan(reads + 20)
  expect(numbers(await take(slow, 20_000))).toEqual(upTo(20_000))
})

test("20 clients have 5,000 events, none lost and none reordered, whenever they come and however often they come back", async () => {
  await using served = await serveEvents()
  const total = 5_000
  const client = async (n: number): Promise<number[]> => {
    const seen: number[] = []
    // Every fourth one leaves now and then, and comes back with the last id that it saw.
    const patience = n % 4 === 0 ? 700 : total
    while (seen.length < total) {
      const listening = await listenTo(served.port, "?after=0", seen.length === 0 ? {} : { "last-event-id": String(seen.at(-1)) })
      seen.push(...numbers(await take(listening, Math.min(patience, total - seen.length))))
      listening.leave()
    }
    return seen
  }
  const early = Array.from({ length: 10 }, (_, n) => client(n))
  const late: Promise<number[]>[] = []
  for (let sent = 0; sent < total; sent += 10) {
    served.log.append(...runs(10))
    if (sent % 500 === 0) late.push(client(10 + late.length))
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (const seen of await Promise.all([...early, ...late])) expect(seen).toEqual(upTo(total))
  expect(late).toHaveLength(10)
})

test("who has left is forgotten", async () => {
  await using served = await serveEvents()
  const listening = await listenTo(served.port)
  await once(listening.response, "readable")
  expect([served.feed.size, served.log.published.size]).toEqual([1, 1])
  const left = new Promise<void>((resolve) => {
    const look = (): void => void (served.feed.size === 0 ? resolve() : setImmediate(look))
    look()
  })
  listening.leave()
  await left
  expect(served.log.published.size).toBe(0)
})
