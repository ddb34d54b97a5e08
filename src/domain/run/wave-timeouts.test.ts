/** What runs out of time, in a campaign of waves. */
import { expect, test } from "vitest"
import { asked, endTurn, finish, goOn, landed, landing, states, theRun, timeOut, turnOf, working, worldOf } from "../../../test/world/turns.ts"
import { task, type World } from "../../../test/world/world.ts"
import type { RunSettings } from "./run.ts"

function inWaves(tasks: Parameters<World["submit"]>[0], settings: Partial<RunSettings> = {}): World {
  const of = worldOf()
  of.submit(tasks, { waveSize: 2, retries: 0, ...settings })
  goOn(of)
  return of
}

/** What the wave has proved lands. */
function land(of: World): void {
  while (landing(of).length > 0) landed(of)
}

// C.1.81
test("a scout of the first wave that runs out of time is skipped, though others need it", () => {
  const of = inWaves([task("a", { type: "research" }), task("b"), task("c", { after: ["a"] })], { retries: 2 })
  timeOut(of, "a")
  expect(of.task("a").state).toMatchObject({ name: "failed", failure: { kind: "timeout" } })
})

// C.1.80
test("a task of the first wave that others need is tried once more when it runs out of time, with less to do", () => {
  const of = inWaves([task("a"), task("b", { timeoutMinutes: 99 }), task("c", { after: ["a"] })])
  timeOut(of, "a")
  expect(working(of)).toEqual(["a", "b"])
  expect(of.task("a").attempts).toHaveLength(1)
  expect(turnOf(of, "a").prompt).toContain("Take the shortest way to done")
  expect(of.log.findLast(({ event }) => event.type === "task.requeued")?.event).toMatchObject({ next: { simplified: true, counts: "try" } })
})

test("so is one whose paths others wait for", () => {
  const of = inWaves([task("a", { scope: ["src"] }), task("b", { scope: ["src/b"] })])
  timeOut(of, "a")
  expect(working(of)).toEqual(["a"])
})

// C.1.82
test("a second timeout ends it", () => {
  const of = inWaves([task("a"), task("b"), task("c", { after: ["a"] })], { retries: 5 })
  timeOut(of, "a")
  timeOut(of, "a")
  expect(of.task("a").state).toMatchObject({ name: "failed", failure: { kind: "timeout" } })
})

test("a task that nobody waits for is not tried again when it runs out of time", () => {
  const of = inWaves([task("a"), task("b", { timeoutMinutes: 99 })], { retries: 5 })
  timeOut(of, "a")
  expect(states(of)).toMatchObject({ a: "failed", b: "running" })
})

test("nor is one of a later wave", () => {
  const of = inWaves([task("a"), task("b", { after: ["a"] }), task("c", { after: ["b"] })], { retries: 5 })
  endTurn(of, "a")
  land(of)
  timeOut(of, "b")
  expect(of.task("b").state.name).toBe("failed")
})

test("the first wave of a campaign that was continued is its first, whatever its number", () => {
  const of = worldOf()
  of.submit([task("a"), task("b", { after: ["a"] })], { waveSize: 2 }, "run-aaaa", { wavesBefore: 3 })
  goOn(of)
  expect(theRun(of).waves[0]?.number).toBe(4)
  timeOut(of, "a")
  expect(working(of)).toEqual(["a"])
})

// C.1.83
test("what the others of a wave have proved lands though one hung, and the next wave begins", () => {
  const of = inWaves(["a", "b", "c"].map((key) => task(key)))
  endTurn(of, "b")
  timeOut(of, "a")
  land(of)
  expect(states(of)).toMatchObject({ a: "failed", b: "done", c: "running" })
  expect(asked(of)).toEqual([])
})

// C.1.79
test("what an agent had handed off before its time was over is kept", () => {
  const of = inWaves([task("a"), task("b")])
  const job = turnOf(of, "a")
  of.report({ type: "turn.started", job: job.key, session: job.session })
  const running = of.task("a").state
  if (running.name !== "running" || running.attempt.deadline.name !== "at") throw new Error("a does not run")
  of.now = running.attempt.deadline.instant
  of.tell({ type: "tick" })
  const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, costUsd: null }
  finish(of, job, { kind: "session.turn", outcome: { how: "interrupted", text: "---HANDOFF---\n- the parser is half done", usage } })
  expect(of.task("a")).toMatchObject({ state: { name: "failed" }, attempts: [{ handoff: { items: ["the parser is half done"] } }] })
})

test("outside of waves, a timeout is followed by as many tries as any failure", () => {
  const of = inWaves([task("a", { type: "research" })], { waveSize: null, retries: 1 })
  timeOut(of, "a")
  expect(working(of)).toEqual(["a"])
  timeOut(of, "a")
  expect(of.task("a").state.name).toBe("failed")
})
