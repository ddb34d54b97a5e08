import { expect, test } from "vitest"
import { asked, endTurn, goOn, landed, landing, states, theRun, working, worldOf } from "../../../test/world/turns.ts"
import { task, type World } from "../../../test/world/world.ts"
import { noUsage } from "../session/turn.ts"
import type { RunSettings } from "./run.ts"

function inWaves(tasks: Parameters<World["submit"]>[0], settings: Partial<RunSettings> = {}): World {
  const of = worldOf()
  of.submit(tasks, { waveSize: 3, ...settings })
  goOn(of)
  return of
}

/** The agents end, and what they made lands. */
function endWave(of: World, usage = 0): void {
  for (const key of working(of)) endTurn(of, key, { usage: { ...noUsage, outputTokens: usage } })
  if (landing(of).length > 0) landed(of)
}

const waves = (of: World): string[][] => theRun(of).waves.map(({ tasks }) => tasks.map((id) => id.split("/")[1] ?? ""))

const others = (scope: string[], instance = "agent-1") => ({
  type: "claims.see" as const,
  commonDirectory: "/repo/.git",
  ignoreCase: false,
  claims: scope.length === 0 ? [] : [{ instance, scopes: task("x", { scope }).scope, purpose: "theirs" }],
})

// C.1.20, C.1.21
test("what needs nothing is in the first wave, and what needs it in the second", () => {
  const of = inWaves([task("a"), task("b"), task("c", { after: ["a"] })])
  endWave(of)
  expect(working(of)).toEqual(["c"])
  expect(waves(of)).toEqual([["a", "b"], ["c"]])
})

// C.1.23, C.1.57, C.1.60, C.1.91, C.1.92
test("a task that would overlap one of its wave is moved to the next, with the reason", () => {
  const of = inWaves([task("a", { scope: ["src/api"] }), task("b", { scope: ["src/api/auth"] }), task("c", { scope: ["src/ui"] })])
  expect(waves(of)).toEqual([["a", "c"]])
  expect(theRun(of).waves[0]?.moved).toEqual([{ task: "run-aaaa/b", why: "overlap", with: "run-aaaa/a", ours: "src/api/auth", theirs: "src/api" }])
  endWave(of)
  expect(waves(of)).toEqual([["a", "c"], ["b"]])
})

// C.1.58, C.1.59, C.4.3
test("siblings, names that only begin alike, and scopes that are only read do not overlap", () => {
  const of = inWaves([task("a", { scope: ["src/api"] }), task("b", { scope: ["src/api-v2"] }), task("c", { scope: ["src/api (read-only)", "docs"] })])
  expect(waves(of)).toEqual([["a", "b", "c"]])
})

// C.1.13, C.1.61
test("a task whose paths somebody outside has claimed is kept out with the reason, and begins when that claim ends", () => {
  const of = worldOf()
  of.tell(others(["src/api"]))
  of.submit([task("a", { scope: ["src/api/auth"] }), task("b", { scope: ["src/ui"] })], { waveSize: 3 })
  goOn(of)
  expect(waves(of)).toEqual([["b"]])
  expect(theRun(of).waves[0]?.moved).toMatchObject([{ task: "run-aaaa/a", why: "claim", holder: "instance agent-1", theirs: "src/api" }])
  endWave(of)
  expect(working(of)).toEqual([])
  expect(theRun(of).status.name).toBe("running")
  of.tell(others([]))
  goOn(of)
  expect(working(of)).toEqual(["a"])
})

test("a run whose every task is claimed by somebody outside waits, and does not end", () => {
  const of = worldOf()
  of.tell(others(["**"]))
  of.submit([task("a", { scope: ["src"] })], { waveSize: 3 })
  expect(theRun(of)).toMatchObject({ status: { name: "running" }, waves: [] })
  expect(states(of)).toEqual({ a: "pending" })
})

// C.1.94, C.1.95
test("an orphan's claim that was swept is held no more, and the wave that was waiting begins", () => {
  const of = worldOf()
  of.tell(others(["src"], "fleet-old-w1-a1"))
  of.submit([task("a", { scope: ["src"] })], { waveSize: 3 })
  of.tell(others(["docs"], "agent-2"))
  goOn(of)
  expect(working(of)).toEqual(["a"])
})

// C.1.62, C.1.64, C.1.67
test("three agents that build fit into a wave of 700K tokens, and of more than three only what fits", () => {
  const build = ["a", "b", "c", "d"].map((key) => task(key))
  expect(waves(inWaves(build, { waveSize: 3, waveTokens: 700_000 }))).toEqual([["a", "b", "c"]])
  const of = inWaves(build, { waveSize: 4, waveTokens: 700_000 })
  expect(waves(of)).toEqual([["a", "b", "c"]])
  expect(theRun(of).waves[0]?.moved).toEqual([{ task: "run-aaaa/d", why: "tokens", estimate: 1_000_000, tokensMax: 700_000 }])
})

// C.1.67
test("seven scouts fit into a wave of 700K tokens, and one that builds beside four of them", () => {
  const scouts = Array.from({ length: 8 }, (_, n) => task(`s${n}`, { type: "research" }))
  expect(waves(inWaves(scouts, { waveSize: 10, waveTokens: 700_000 }))[0]).toHaveLength(7)
  expect(waves(inWaves([task("build", { priority: 1 }), ...scouts], { waveSize: 10, waveTokens: 700_000 }))[0]).toHaveLength(5)
})

// C.1.65
test("a wave that used more than its budget makes the next one smaller by one, never smaller than one", () => {
  const of = inWaves(
    ["a", "b", "c", "d", "e", "f"].map((key) => task(key)),
    { waveTokens: 700_000, waveSize: 2 },
  )
  endWave(of, 400_000)
  expect(theRun(of).waves[0]).toMatchObject({ open: false, tokens: 800_000 })
  endWave(of, 800_000)
  endWave(of)
  expect(waves(of)).toEqual([["a", "b"], ["c"], ["d"], ["e"]])
})

test("a wave that stayed within its budget leaves the next one as large", () => {
  const of = inWaves(
    ["a", "b", "c", "d"].map((key) => task(key)),
    { waveTokens: 700_000, waveSize: 2 },
  )
  endWave(of, 350_000)
  expect(waves(of)).toEqual([
    ["a", "b"],
    ["c", "d"],
  ])
})

test("a task that is estimated larger than any wave still begins, alone", () => {
  const of = inWaves([task("a"), task("b")], { waveTokens: 100_000 })
  expect(waves(of)).toEqual([["a"]])
  endWave(of)
  expect(waves(of)).toEqual([["a"], ["b"]])
})

test("two runs of one repository whose waves overlap do not wait for each other for ever", () => {
  const of = worldOf(2)
  of.submit([task("a1", { scope: ["x"] }), task("a2", { scope: ["y"], priority: -1 })], { waveSize: 2, slotsMax: 1 })
  of.submit([task("b1", { scope: ["y"] }), task("b2", { scope: ["x"], priority: -1 })], { waveSize: 2, slotsMax: 1 }, "run-bbbb")
  for (let left = 20; left > 0; left--) {
    goOn(of)
    const [key] = working(of)
    if (key !== undefined) endTurn(of, key)
    while (landing(of).length > 0) landed(of)
  }
  expect(states(of)).toEqual({ a1: "done", a2: "done", b1: "done", b2: "done" })
})

test("a task whose paths another run works on is kept out of the wave with the reason, so that the wave does not wait for it", () => {
  const of = worldOf()
  of.submit([task("x", { scope: ["src"] })], {}, "run-bbbb")
  of.submit([task("a", { scope: ["src"] }), task("b", { scope: ["docs"] })], { waveSize: 2 })
  goOn(of)
  expect(waves(of)).toEqual([["b"]])
  expect(theRun(of).waves[0]?.moved).toMatchObject([{ task: "run-aaaa/a", why: "overlap", with: "run-bbbb/x" }])
})

test("a task of the open wave that is given a need outside of it leaves the wave, which ends without it", () => {
  const of = inWaves([task("a"), task("b", { priority: -1 }), task("c", { priority: -2 })], { waveSize: 2, slotsMax: 1 })
  expect(working(of)).toEqual(["a"])
  expect(of.tell({ type: "task.change", task: of.task("b").id, scope: null, after: [of.task("c").key] })).toBeNull()
  endWave(of)
  expect(working(of)).toEqual(["c"])
  endWave(of)
  endWave(of)
  expect(states(of)).toEqual({ a: "done", b: "done", c: "done" })
  expect(asked(of)).toEqual([])
})
