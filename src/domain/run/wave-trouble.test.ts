import { expect, test } from "vitest"
import { answer, asked, endTurn, goOn, landed, landing, states, theRun, working, worldOf } from "../../../test/world/turns.ts"
import { task, type World } from "../../../test/world/world.ts"
import type { RunSettings } from "./run.ts"

function inWaves(tasks: Parameters<World["submit"]>[0], settings: Partial<RunSettings> = {}): World {
  const of = worldOf()
  of.submit(tasks, { waveSize: 2, retries: 0, ...settings })
  goOn(of)
  return of
}

const fail = (of: World, key: string): void => endTurn(of, key, { text: "---HANDOFF---\n- status: blocked\n- no key for the API\n---" })
const waves = (of: World): string[][] => theRun(of).waves.map(({ tasks }) => tasks.map((id) => id.split("/")[1] ?? ""))

/** What the wave has proved lands. */
function land(of: World): void {
  while (landing(of).length > 0) landed(of)
}

const noRoom = { code: "no-space", what: "no workspace", why: "the disk is full", fix: "make room" }

/** Refuses a workspace to whoever asks next. */
function refuseWorkspace(of: World, key: string, transient = false): void {
  const job = of.jobsOf("workspace.prepare").find((one) => one.key.includes(`.${key}.`))
  if (job === undefined) throw new Error(`${key} asks for no workspace`)
  of.report({ type: "job.failed", job: job.key, fault: noRoom, transient })
  goOn(of)
}

// C.1.97
test("when all of a wave failed, the run is held and a person is asked, who sees who failed and why", () => {
  const of = inWaves(["a", "b", "c"].map((key) => task(key)))
  fail(of, "a")
  fail(of, "b")
  expect(working(of)).toEqual([])
  expect(theRun(of).hold).toMatchObject({ for: "wave" })
  expect(asked(of)).toMatchObject([{ question: "all of wave 1 failed: go on with the next wave?", about: { kind: "wave" } }])
  expect(asked(of)[0]?.detail).toMatch(/^a: the agent says blocked: .*no key for the API\nb: the agent says blocked: /)
})

test("after a wave that failed, yes begins the next one and no stops the run", () => {
  const yes = inWaves(["a", "b", "c"].map((key) => task(key)))
  for (const key of ["a", "b"]) fail(yes, key)
  answer(yes, true)
  expect(working(yes)).toEqual(["c"])
  const no = inWaves(["a", "b", "c"].map((key) => task(key)))
  for (const key of ["a", "b"]) fail(no, key)
  answer(no, false)
  expect(states(no)).toEqual({ a: "failed", b: "failed", c: "cancelled" })
  expect(theRun(no).status).toMatchObject({ name: "settled", outcome: "cancelled" })
})

test("when some of a wave failed and the others were stopped or left out, the question says so of each", () => {
  const of = inWaves(
    ["a", "b", "c", "d", "e"].map((key) => task(key)),
    { waveSize: 4 },
  )
  of.tell({ type: "task.stop", task: of.task("b").id })
  of.tell({ type: "task.skip", task: of.task("c").id })
  goOn(of)
  fail(of, "a")
  fail(of, "d")
  expect(asked(of)).toMatchObject([{ question: "nobody of wave 1 succeeded (2 failed, 1 stopped, 1 left out): go on with the next wave?" }])
  expect(asked(of)[0]?.detail).toMatch(/^a: the agent says blocked: .*\nb: stopped\nc: left out\nd: the agent says blocked: .*\n\nDeny to stop the run\.$/)
})

test("when one of a wave failed and another could not begin, the question says so", () => {
  const of = inWaves([task("a"), task("b", { priority: -1 }), task("c", { priority: -2 })], { slotsMax: 1 })
  of.tell({ type: "task.change", task: of.task("b").id, scope: null, after: [of.task("c").key] })
  fail(of, "a")
  expect(asked(of)).toMatchObject([{ question: "nobody of wave 1 succeeded (1 failed, 1 could not begin): go on with the next wave?" }])
  expect(asked(of)[0]?.detail).toContain("\nb: could not begin\n")
})

// C.1.97
test("when all of a wave failed and all that is left needs it, a person is asked whether it is tried again", () => {
  const chain = (): World => inWaves([task("a"), task("b"), task("c", { after: ["a", "b"] })])
  const yes = chain()
  for (const key of ["a", "b"]) fail(yes, key)
  expect(asked(yes)).toMatchObject([{ question: "all of wave 1 failed, and all that is left needs a, b: try them again?" }])
  answer(yes, true)
  expect(working(yes)).toEqual(["a", "b"])
  for (const key of ["a", "b"]) endTurn(yes, key)
  land(yes)
  expect(working(yes)).toEqual(["c"])
  const no = chain()
  for (const key of ["a", "b"]) fail(no, key)
  answer(no, false)
  expect(states(no)).toEqual({ a: "failed", b: "failed", c: "cancelled" })
  expect(theRun(no).status).toMatchObject({ name: "settled" })
})

test("a wave in which all failed and that nothing needs is the end: nobody is asked", () => {
  const of = inWaves([task("a"), task("b")])
  for (const key of ["a", "b"]) fail(of, key)
  expect(asked(of)).toEqual([])
  expect(theRun(of).status).toMatchObject({ name: "settled", outcome: "failed" })
})

test("when one of a wave succeeded, the next begins without a question", () => {
  const of = inWaves(["a", "b", "c"].map((key) => task(key)))
  fail(of, "a")
  endTurn(of, "b")
  land(of)
  expect(working(of)).toEqual(["c"])
})

test("when the last wave failed there is nothing to ask: the run has failed", () => {
  const of = inWaves([task("a"), task("b")])
  fail(of, "a")
  fail(of, "b")
  expect(asked(of)).toEqual([])
  expect(theRun(of).status).toMatchObject({ name: "settled", outcome: "failed" })
})

test("a question whose tasks were all stopped meanwhile is withdrawn, and the run is over", () => {
  const of = inWaves(["a", "b", "c"].map((key) => task(key)))
  for (const key of ["a", "b"]) fail(of, key)
  of.tell({ type: "task.stop", task: of.task("c").id })
  expect(asked(of)).toEqual([])
  expect(theRun(of)).toMatchObject({ hold: null, status: { name: "settled" } })
})

// C.1.98
test("a wave goes on without a task that could not be given a workspace, and the next wave takes it up", () => {
  const of = worldOf()
  of.submit([task("a", { scope: ["src/a"] }), task("b"), task("c")], { waveSize: 2 })
  refuseWorkspace(of, "a")
  expect(theRun(of).waves[0]?.gaps).toEqual(["run-aaaa/a"])
  expect(working(of)).toEqual(["b"])
  endTurn(of, "b")
  land(of)
  expect(waves(of)).toEqual([
    ["a", "b"],
    ["a", "c"],
  ])
  expect(working(of)).toEqual(["a", "c"])
})

test("a task that has no workspace a second time has failed", () => {
  const of = worldOf()
  of.submit([task("a"), task("b")], { waveSize: 2, retries: 0 })
  refuseWorkspace(of, "a")
  const [turn] = of.jobsOf("session.turn")
  expect(turn).toBeDefined()
  for (const job of of.jobsOf("session.turn")) of.succeed(job)
  while (of.jobsOf("workspace.prepare").length === 0) {
    const [next] = of.open.values()
    if (next !== undefined) of.succeed(next.job)
  }
  refuseWorkspace(of, "a")
  expect(of.task("a").state).toMatchObject({ name: "failed", failure: { kind: "workspace", fault: noRoom } })
})

test("work that could not be collected is no gap: the task is tried again in its own wave", () => {
  const of = worldOf()
  of.submit([task("a"), task("b")], { waveSize: 2, retries: 1 })
  for (const kind of ["workspace.prepare", "session.open", "session.turn", "session.close"] as const)
    of.succeed(of.jobsOf(kind).find((job) => job.key.includes(".a.")) ?? fallThrough())
  const collect = of.jobsOf("workspace.collect")[0] ?? fallThrough()
  of.report({ type: "job.failed", job: collect.key, fault: noRoom, transient: true })
  expect(theRun(of).waves[0]?.gaps).toEqual([])
  expect(of.task("a").state).toMatchObject({ name: "pending", next: { reason: "resume" } })
})

const fallThrough = (): never => {
  throw new Error("no such job")
}

// C.1.56
test("where a campaign does not continue by itself, a person is asked before each wave but the first", () => {
  const of = inWaves(
    ["a", "b", "c"].map((key) => task(key)),
    { waveSize: 1 },
  )
  of.tell({ type: "run.auto-continue", run: theRun(of).id, on: false })
  endTurn(of, "a")
  land(of)
  expect(working(of)).toEqual([])
  expect(asked(of)).toMatchObject([{ question: "go on with wave 2?" }])
  answer(of, true)
  expect(working(of)).toEqual(["b"])
  endTurn(of, "b")
  land(of)
  expect(asked(of)).toMatchObject([{ question: "go on with wave 3?" }])
  answer(of, false)
  expect(states(of)).toMatchObject({ b: "done", c: "cancelled" })
})

test("turned on again, it goes on by itself after the question that is open", () => {
  const of = inWaves(
    ["a", "b", "c"].map((key) => task(key)),
    { waveSize: 1 },
  )
  of.tell({ type: "run.auto-continue", run: theRun(of).id, on: false })
  endTurn(of, "a")
  land(of)
  of.tell({ type: "run.auto-continue", run: theRun(of).id, on: true })
  answer(of, true)
  endTurn(of, "b")
  land(of)
  expect(working(of)).toEqual(["c"])
})

test("after a wave in which all failed, one yes is enough where a campaign does not continue by itself", () => {
  const of = inWaves(
    ["a", "b"].map((key) => task(key)),
    { waveSize: 1 },
  )
  of.tell({ type: "run.auto-continue", run: theRun(of).id, on: false })
  fail(of, "a")
  answer(of, true)
  expect(working(of)).toEqual(["b"])
})

test("what is tried again is what all that is left needs, whichever wave it failed in", () => {
  const of = inWaves([task("a"), task("b"), task("s", { type: "research", after: ["b"] }), task("c", { after: ["a", "s"] })])
  fail(of, "a")
  endTurn(of, "b")
  land(of)
  fail(of, "s")
  expect(asked(of)).toMatchObject([{ question: "all of wave 2 failed, and all that is left needs a, s: try them again?" }])
  answer(of, true)
  expect(working(of)).toEqual(["a", "s"])
})

test("where nothing that is left needs the wave that failed, nobody is asked to try it again", () => {
  const of = inWaves([task("a"), task("b"), task("s", { type: "research", after: ["b"] }), task("c", { after: ["a", "b"] })])
  fail(of, "a")
  endTurn(of, "b")
  land(of)
  fail(of, "s")
  expect(asked(of)).toEqual([])
  expect(theRun(of).status).toMatchObject({ name: "settled", outcome: "failed" })
})
