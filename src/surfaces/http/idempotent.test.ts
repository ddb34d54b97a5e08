import { Hono } from "hono"
import { expect, test } from "vitest"
import { MemoryRemembered } from "../../adapters/stores/remembered-memory.ts"
import { fault, FaultError } from "../../domain/fault.ts"
import { id } from "../../domain/ids.ts"
import { answerCharsMax, type KeptAnswer } from "../../engine/ports/remembered.ts"
import { HandClock } from "../../runtime/clock.ts"
import type { Caller } from "./access.ts"
import { idempotent } from "./idempotent.ts"
import { answerProblem } from "./problem.ts"

function served(remembered = new MemoryRemembered()) {
  let made = 0
  let caller: Caller = { kind: "owner" }
  const gate = Promise.withResolvers<void>()
  const complaints: unknown[] = []
  const app = new Hono()
  app.onError((error, context) => answerProblem(context, error))
  app.use(async (context, next) => {
    context.set("caller", caller)
    await next()
  })
  const clock = new HandClock()
  app.use(idempotent(remembered, clock, (error) => void complaints.push(error)))
  app.post("/v1/runs", async (context) => {
    const body = await context.req.json<{ goal: string }>()
    return context.json({ id: `run-${++made}`, goal: body.goal }, 201, { location: `/v1/runs/run-${made}` })
  })
  app.post("/v1/slow", async (context) => {
    await gate.promise
    return context.json({ slow: true })
  })
  app.post("/v1/fails", () => {
    made += 1
    throw made === 1 ? new FaultError(fault("no-worker", "no worker", "none", "start one")) : new FaultError(fault("unknown-run", "no", "such", "run"))
  })
  app.post("/v1/large", (context) => context.text("x".repeat(answerCharsMax + 1)))
  app.post("/v1/nothing", (context) => context.body(null, 204))
  const post = async (target: string, key: string | null, body = '{"goal":"a"}') => {
    const response = await app.request(target, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...(key === null ? {} : { "idempotency-key": key }) },
    })
    const text = await response.text()
    return {
      status: response.status,
      replayed: response.headers.get("idempotent-replayed"),
      location: response.headers.get("location"),
      text,
      body: text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {},
    }
  }
  return { post, gate, clock, complaints, made: () => made, as: (other: Caller) => void (caller = other) }
}

test("the same request with the same key is done once and answered the same", async () => {
  const of = served()
  const first = await of.post("/v1/runs", "k1")
  expect(first).toMatchObject({ status: 201, replayed: null, location: "/v1/runs/run-1", body: { id: "run-1", goal: "a" } })
  const second = await of.post("/v1/runs", "k1")
  expect(second).toEqual({ ...first, replayed: "true" })
  expect(of.made()).toBe(1)
  expect(await of.post("/v1/runs", "k2")).toMatchObject({ body: { id: "run-2" } })
  await of.post("/v1/runs", null)
  expect(await of.post("/v1/runs", null)).toMatchObject({ replayed: null, body: { id: "run-4" } })
})

test("another body or another address with the same key is refused", async () => {
  const of = served()
  await of.post("/v1/runs", "k1")
  expect(await of.post("/v1/runs", "k1", '{"goal":"b"}')).toMatchObject({ status: 422, body: { code: "idempotency-other", fix: expect.any(String) } })
  expect(await of.post("/v1/nothing", "k1")).toMatchObject({ status: 422 })
  expect(of.made()).toBe(1)
})

test("while the first is at work the second is told to wait", async () => {
  const of = served()
  const both = [of.post("/v1/slow", "k1"), of.post("/v1/slow", "k1")]
  expect(await Promise.race(both)).toMatchObject({ status: 409, body: { code: "idempotency-running" } })
  of.gate.resolve()
  expect((await Promise.all(both)).map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
  expect(await of.post("/v1/slow", "k1")).toMatchObject({ status: 200, replayed: "true" })
})

test("what failed for the moment may be tried again; what was refused stays refused", async () => {
  const of = served()
  expect(await of.post("/v1/fails", "k1")).toMatchObject({ status: 503, replayed: null })
  expect(await of.post("/v1/fails", "k1")).toMatchObject({ status: 404, replayed: null })
  expect(await of.post("/v1/fails", "k1")).toMatchObject({ status: 404, replayed: "true", body: { code: "unknown-run" } })
})

test("an empty answer is replayed as one, and one that is too large says that it is not there", async () => {
  const of = served()
  expect(await of.post("/v1/nothing", "k1")).toMatchObject({ status: 204, text: "" })
  expect(await of.post("/v1/nothing", "k1")).toMatchObject({ status: 204, text: "", replayed: "true" })
  expect(await of.post("/v1/large", "k2")).toMatchObject({ status: 200 })
  expect(await of.post("/v1/large", "k2")).toMatchObject({ status: 409, body: { code: "idempotency-not-kept" } })
})

test("each caller has keys of its own, and a key has a length", async () => {
  const of = served()
  await of.post("/v1/runs", "k1")
  of.as({ kind: "agent", session: id("a") })
  expect(await of.post("/v1/runs", "k1")).toMatchObject({ status: 201, replayed: null })
  expect(await of.post("/v1/runs", "x".repeat(256))).toMatchObject({ status: 400 })
  expect(await of.post("/v1/runs", "")).toMatchObject({ status: 400 })
})

test("an answer that cannot be kept reaches its client nevertheless", async () => {
  class Full extends MemoryRemembered {
    override async finish(_key: string, _answer: KeptAnswer): Promise<void> {
      throw new FaultError(fault("store-full", "full", "full", "make room"))
    }
  }
  const of = served(new Full())
  expect(await of.post("/v1/runs", "k1")).toMatchObject({ status: 201, body: { id: "run-1" } })
  expect(of.complaints).toHaveLength(1)
})
