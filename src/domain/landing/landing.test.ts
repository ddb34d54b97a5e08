import { expect, test } from "vitest"
import {
  answer,
  asked,
  conflict,
  endTurn,
  failedChecks,
  goOn,
  landed,
  landing,
  landingJobs,
  states,
  theRun,
  turnOf,
  working,
  worldOf,
} from "../../../test/world/turns.ts"
import { task, type World } from "../../../test/world/world.ts"

/** A wave whose tasks are all proved: their landing is tried. */
function provedWave(keys: readonly string[], settings: { confirmMerges?: boolean; checks?: readonly string[] } = {}): World {
  const of = worldOf()
  of.submit(
    keys.map((key) => task(key, { checks: settings.checks ?? [] })),
    { waveSize: keys.length, confirmMerges: settings.confirmMerges ?? false },
  )
  goOn(of)
  for (const key of keys) endTurn(of, key)
  return of
}

// C.1.39, C.1.130
test("what a wave has proved lands in one merge, whose message names the wave and its tasks", () => {
  const of = provedWave(["a", "b", "c"])
  expect(landing(of)).toEqual([["a", "b", "c"]])
  expect(landingJobs(of)[0]?.message).toMatch(/^Wave 1: .*- a: a\n- b: b\n- c: c\n[^]*Fleet-Wave: 1/s)
  landed(of)
  expect(states(of)).toEqual({ a: "done", b: "done", c: "done" })
  expect(new Set([...of.state.tasks.values()].map(({ state }) => state.name === "done" && state.landed?.commit))).toEqual(new Set(["merged"]))
})

// C.1.39, C.1.73
test("of a wave, what does not merge goes back to its author, and the others land first", () => {
  const of = provedWave(["a", "b", "c"])
  landed(of, conflict(of, "b"))
  expect(landing(of)).toEqual([["a", "c"]])
  expect(states(of)).toMatchObject({ a: "landing", b: "pending", c: "landing" })
  expect(of.task("b").conflicts).toEqual([["x.ts"]])
})

test("a repair begins when those that shared its wave have landed, and lands in the same wave", () => {
  const of = provedWave(["a", "b", "c"])
  landed(of, conflict(of, "b"))
  expect(working(of)).toEqual([])
  landed(of)
  expect(working(of)).toEqual(["b"])
  expect(turnOf(of, "b").prompt).toContain("Merge conflict")
  endTurn(of, "b")
  expect(landing(of)).toEqual([["b"]])
  landed(of)
  expect(theRun(of)).toMatchObject({ status: { name: "settled", outcome: "done" }, waves: [{ number: 1, open: false }] })
})

test("a check that fails on the merge parts the wave in halves until the one that fails is found; the others land", () => {
  const of = provedWave(["a", "b", "c", "d"], { checks: ["npm test"] })
  landed(of, failedChecks)
  expect(landing(of)).toEqual([["a", "b"]])
  landed(of)
  expect(landing(of)).toEqual([["c", "d"]])
  landed(of, failedChecks)
  expect(landing(of)).toEqual([["c"]])
  landed(of, failedChecks)
  expect(landing(of)).toEqual([["d"]])
  landed(of)
  expect(states(of)).toMatchObject({ a: "done", b: "done", c: "running", d: "done" })
  expect(turnOf(of, "c").prompt).toContain("merged with `main` a check fails")
})

test("parts of a wave are other landings: what is asked of a worker twice has two names", () => {
  const of = provedWave(["a", "b", "c"])
  const keys: string[] = []
  for (let left = 5; left > 0 && landing(of).length > 0; left--) {
    keys.push(...landingJobs(of).map((job) => job.key))
    landed(of, left === 5 ? conflict(of, "c") : failedChecks)
  }
  expect(new Set(keys).size).toBe(keys.length)
})

test("checks that proved each task alone are run again on the merge of all of them", () => {
  expect(landingJobs(provedWave(["a", "b"], { checks: ["npm test"] }))[0]).toMatchObject({
    commands: ["npm test"],
    items: [{ proved: ["npm test"] }, { proved: ["npm test"] }],
  })
})

test("a task that is stopped leaves the landing of its wave, and the others land without it", () => {
  const of = provedWave(["a", "b", "c"], { confirmMerges: true })
  expect(of.tell({ type: "task.stop", task: of.task("b").id })).toBeNull()
  expect(asked(of)).toHaveLength(1)
  answer(of, true)
  expect(landing(of)).toEqual([["a", "c"]])
  landed(of)
  expect(states(of)).toEqual({ a: "done", b: "cancelled", c: "done" })
})

test("a task that is landed this moment is not cut off", () => {
  const of = provedWave(["a", "b"])
  expect(of.tell({ type: "task.stop", task: of.task("a").id })).toMatchObject({ code: "task-landing" })
})

test("a wave's merge waits for the person who wants to be asked, who sees what is in it", () => {
  const of = provedWave(["a", "b"], { confirmMerges: true })
  expect(landing(of)).toEqual([])
  expect(asked(of)).toMatchObject([{ about: { kind: "landing" }, question: "merge wave 1 (2 tasks, 0 files) onto main?", detail: "a: a\nb: b" }])
  answer(of, true)
  expect(landing(of)).toEqual([["a", "b"]])
})

test("a merge that is denied lands nothing of its wave", () => {
  const of = provedWave(["a", "b"], { confirmMerges: true })
  answer(of, false, "not yet")
  expect(states(of)).toEqual({ a: "failed", b: "failed" })
  expect(of.task("b").state).toMatchObject({ failure: { kind: "denied", note: "not yet" } })
  expect(landing(of)).toEqual([])
})

test("a landing that waits for a person holds up nobody else on the same target, and follows what is tried when it is allowed", () => {
  const of = provedWave(["a", "b"], { confirmMerges: true })
  of.submit([task("x"), task("y")], {}, "run-bbbb")
  goOn(of)
  endTurn(of, "x")
  endTurn(of, "y")
  expect(landing(of)).toEqual([["x"]])
  answer(of, true)
  expect(landing(of)).toEqual([["x"]])
  landed(of)
  expect(landing(of)).toEqual([["y"]])
  landed(of)
  expect(landing(of)).toEqual([["a", "b"]])
})

test("a run that is stopped while its wave is tried lets that end, and tries nothing again", () => {
  for (const outcome of ["conflict", "checks", "held"] as const) {
    const of = provedWave(["a", "b", "c"])
    of.tell({ type: "run.stop", run: theRun(of).id, by: "me" })
    expect(landing(of)).toEqual([["a", "b", "c"]])
    const fault = { code: "dirty", what: "dirty", why: "dirty", fix: "clean" }
    landed(of, outcome === "conflict" ? conflict(of, "b") : outcome === "checks" ? failedChecks : { how: "held", fault })
    expect(states(of), outcome).toEqual({ a: "cancelled", b: "cancelled", c: "cancelled" })
    expect(theRun(of).status).toMatchObject({ name: "settled", outcome: "cancelled" })
    expect(asked(of)).toEqual([])
  }
})

test("a run that is stopped while its wave is tried keeps what lands all the same", () => {
  const of = provedWave(["a", "b"])
  of.tell({ type: "run.stop", run: theRun(of).id, by: "me" })
  landed(of)
  expect(states(of)).toEqual({ a: "done", b: "done" })
})

test("a landing of a wave that is held asks once, and is tried again by itself", () => {
  const of = provedWave(["a", "b"])
  const held = { how: "held", fault: { code: "dirty", what: "dirty", why: "dirty", fix: "clean" } } as const
  landed(of, held)
  of.tick()
  landed(of, held)
  expect(asked(of)).toHaveLength(1)
  of.tick()
  landed(of)
  expect(asked(of)).toEqual([])
  expect(states(of)).toEqual({ a: "done", b: "done" })
})
