import { expect, test } from "vitest"
import { endTurn, goOn, landed, landing, states, theRun, working, worldOf } from "../../../test/world/turns.ts"
import { task, type World } from "../../../test/world/world.ts"
import type { TaskKey } from "../ids.ts"

/** `a` works; `b` and `c` come after it. */
function chain(settings: Parameters<World["submit"]>[1] = {}): World {
  const of = worldOf()
  of.submit([task("a", { scope: ["src/a"] }), task("b", { after: ["a"], scope: ["src/b"] }), task("c", { after: ["b"] })], settings)
  goOn(of)
  return of
}

const change = (of: World, key: string, { scope = null, after = null }: { scope?: string[] | null; after?: string[] | null }) =>
  of.tell({
    type: "task.change",
    task: of.task(key).id,
    scope: scope === null ? null : task("x", { scope }).scope,
    after: after === null ? null : after.map((one) => one as TaskKey),
  })

function land(of: World): void {
  while (landing(of).length > 0) landed(of)
}

test("what has not begun may get another scope, which holds from then on", () => {
  const of = chain()
  expect(change(of, "b", { scope: ["docs"] })).toBeNull()
  expect(of.task("b").plan.scope).toMatchObject([{ pattern: "docs" }])
})

test("what has begun is not changed: the person is told what to do instead", () => {
  const of = chain()
  expect(change(of, "a", { scope: ["docs"] })).toMatchObject({ code: "task-begun", fix: expect.stringContaining("stop it") })
  expect(change(of, "b", { after: [] })).toBeNull()
})

test("a need that is taken away lets the task begin, and one that is added makes it wait", () => {
  const of = chain()
  change(of, "b", { after: [] })
  goOn(of)
  expect(working(of)).toEqual(["a", "b"])
  change(of, "c", { after: ["a", "b"] })
  endTurn(of, "b")
  land(of)
  expect(working(of)).toEqual(["a"])
  endTurn(of, "a")
  land(of)
  expect(working(of)).toEqual(["c"])
})

test("a need that is done already is none", () => {
  const of = chain()
  endTurn(of, "a")
  land(of)
  expect(change(of, "c", { after: ["a"] })).toBeNull()
  goOn(of)
  expect(working(of)).toEqual(["b", "c"])
})

test("needs that would go in a circle, and needs that are not there, are refused", () => {
  const of = chain()
  expect(change(of, "b", { after: ["c"] })).toMatchObject({ code: "cycle" })
  expect(change(of, "b", { after: ["b"] })).toMatchObject({ code: "cycle" })
  expect(change(of, "b", { after: ["aa"] })).toMatchObject({ code: "unknown-id" })
  expect(of.task("b").plan.after).toMatchObject([{ key: "a" }])
})

test("a task that is skipped is not done, and nobody waits for it", () => {
  const of = chain()
  expect(of.tell({ type: "task.skip", task: of.task("b").id })).toBeNull()
  endTurn(of, "a")
  land(of)
  expect(working(of)).toEqual(["c"])
  expect(states(of)).toMatchObject({ b: "cancelled" })
  endTurn(of, "c")
  land(of)
  expect(theRun(of).status).toMatchObject({ name: "settled", outcome: "done" })
})

test("what was stopped goes on without those that were left out; asked for by name, one of them is done after all", () => {
  const of = chain()
  of.tell({ type: "task.skip", task: of.task("b").id })
  of.tell({ type: "run.stop", run: theRun(of).id, by: "ada" })
  goOn(of)
  of.tell({ type: "run.continue", run: theRun(of).id })
  goOn(of)
  endTurn(of, "a")
  land(of)
  endTurn(of, "c")
  land(of)
  expect(states(of)).toMatchObject({ a: "done", b: "cancelled", c: "done" })
  expect(of.tell({ type: "run.continue", run: theRun(of).id })).toMatchObject({ code: "nothing-to-continue" })
  expect(of.tell({ type: "task.retry", task: of.task("b").id })).toBeNull()
  goOn(of)
  expect(working(of)).toEqual(["b"])
})

test("what comes later and names a task that was skipped does not wait for it either", () => {
  const of = chain()
  of.tell({ type: "task.skip", task: of.task("b").id })
  const add = (key: string, after: string[]) => of.tell({ type: "run.extend", run: theRun(of).id, task: task(key, { after, scope: [key] }) })
  expect(add("d", ["b"])).toBeNull()
  expect(add("e", ["a"])).toBeNull()
  expect(change(of, "e", { after: ["a", "b"] })).toBeNull()
  goOn(of)
  expect(working(of)).toContain("d")
  endTurn(of, "a")
  land(of)
  expect(working(of)).toContain("e")
})

test("one that works may be skipped too: it is ended, and those behind it begin", () => {
  const of = chain()
  expect(of.tell({ type: "task.skip", task: of.task("a").id })).toBeNull()
  goOn(of)
  expect(working(of)).toEqual(["b"])
})

test("what is over cannot be skipped", () => {
  const of = chain()
  endTurn(of, "a")
  land(of)
  expect(of.tell({ type: "task.skip", task: of.task("a").id })).toMatchObject({ code: "task-over" })
})

test("a strategy cannot be made to come after another: only one of them lands", () => {
  const of = worldOf(1)
  of.submit([task("a", { scope: ["src"] }), task("b", { scope: ["src"] })], {}, "run-aaaa", { mode: "speculative", strategies: 2 })
  expect(change(of, "b", { after: ["a"] })).toMatchObject({ code: "ordered" })
  const added = task("c", { scope: ["src"], after: ["a"] })
  expect(of.tell({ type: "run.extend", run: theRun(of).id, task: added })).toMatchObject({ code: "ordered" })
})

test("a task that is added while the run goes on begins, or waits for what it needs", () => {
  const of = chain()
  const run = theRun(of).id
  expect(of.tell({ type: "run.extend", run, task: task("d", { scope: ["web"] }) })).toBeNull()
  expect(of.tell({ type: "run.extend", run, task: task("e", { after: ["d"], scope: ["web/e"] }) })).toBeNull()
  goOn(of)
  expect(working(of)).toEqual(["a", "d"])
  endTurn(of, "d")
  land(of)
  expect(working(of)).toEqual(["a", "e"])
})

test("in waves, a task that is added is in a later one", () => {
  const of = chain({ waveSize: 3 })
  of.tell({ type: "run.extend", run: theRun(of).id, task: task("d", { scope: ["web"] }) })
  goOn(of)
  expect(working(of)).toEqual(["a"])
  endTurn(of, "a")
  land(of)
  expect(working(of)).toEqual(["b", "d"])
})

test("nothing is added twice under one id, behind what is not there, for an agent that nobody has, or to a run that is over", () => {
  const of = chain()
  const run = theRun(of).id
  expect(of.tell({ type: "run.extend", run, task: task("a") })).toMatchObject({ code: expect.stringContaining("id") })
  expect(of.tell({ type: "run.extend", run, task: task("d", { after: ["x"] }) })).toMatchObject({ code: "unknown-id" })
  expect(of.tell({ type: "run.extend", run, task: task("d", { agent: "gpt-9" }) })).toMatchObject({ code: "unknown-agent" })
  of.tell({ type: "run.stop", run, by: "me" })
  expect(of.tell({ type: "run.extend", run, task: task("d") })).toMatchObject({ code: "run-over" })
  expect(Object.keys(states(of))).toEqual(["a", "b", "c"])
})
