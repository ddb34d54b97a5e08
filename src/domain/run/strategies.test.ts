import { expect, test } from "vitest"
import { ends, labels, pick, rivals, type Outcome } from "../../../test/world/rivals.ts"
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
  working,
  worldOf,
} from "../../../test/world/turns.ts"
import { task } from "../../../test/world/world.ts"
import { comparisonOf } from "../strategy/comparison.ts"

// C.1.101, C.1.102, C.1.104
test("all strategies work at the same time on the same files, from the same commit, each on a branch of its own", () => {
  const of = worldOf()
  of.submit(
    labels.map((key) => task(key, { scope: ["src/auth"] })),
    {},
    "run-aaaa",
    { mode: "speculative", slug: "auth", strategies: 3, base: "0ba5e" },
  )
  expect(of.jobsOf("workspace.prepare")).toMatchObject(labels.map((key) => ({ base: "0ba5e", branch: `speculative/auth/${key}` })))
})

// C.1.105, C.1.106
test("checks that fail do not fail a strategy: they are a part of the comparison", () => {
  const of = rivals()
  ends(of, "class-based", { passed: false })
  expect(of.task("class-based")).toMatchObject({ state: { name: "proved" } })
  expect(comparisonOf(of.state, theRun(of)).strategies[0]).toMatchObject({
    key: "class-based",
    branch: "speculative/auth/class-based",
    status: "ready",
    checks: { passed: 0, failed: 1, firstFailure: "npm test" },
    diff: { files: 1, additions: 1, deletions: 0 },
    complexity: { before: 10, after: 10 },
  })
})

// C.1.107
test("when all strategies are over, a person picks; nothing lands before", () => {
  const of = rivals()
  ends(of, "class-based")
  ends(of, "functional")
  expect(asked(of)).toEqual([])
  endTurn(of, "factory", { text: "---HANDOFF---\n- status: failed\n---" })
  expect(asked(of)).toMatchObject([{ about: { kind: "pick" }, question: 'pick one of 2 strategies for "a plan"' }])
  expect(landing(of)).toEqual([])
})

// C.1.108, C.1.109, C.1.110
test("the winner lands through the queue; the others are archived with a tag, and their branches stay", () => {
  const of = rivals()
  for (const key of labels) ends(of, key)
  expect(of.tell({ type: "run.pick", run: theRun(of).id, key: "functional" as never, by: "me" })).toBeNull()
  expect(landing(of)).toEqual([["functional"]])
  expect(of.jobsOf("workspace.release")).toEqual([])
  landed(of)
  expect(of.log.flatMap(({ event }) => (event.type === "task.archived" ? [event.tag] : []))).toEqual([
    "archive/speculative/auth/class-based",
    "archive/speculative/auth/factory",
  ])
  expect(states(of)).toEqual({ "class-based": "archived", functional: "done", factory: "archived" })
  expect(theRun(of)).toMatchObject({ picked: { by: "me" }, hold: null, status: { name: "settled", outcome: "done" } })
  expect(asked(of)).toEqual([])
})

test("a wave that waited for the files of the strategies begins at once when the winner has landed and the others are archived", () => {
  const of = rivals()
  for (const key of labels) ends(of, key)
  of.submit([task("after", { scope: ["src/auth"] })], { waveSize: 2 }, "run-bbbb")
  of.tell({ type: "run.pick", run: theRun(of).id, key: "functional" as never, by: "me" })
  expect(theRun(of, "run-bbbb").waves).toEqual([])
  const [job] = landingJobs(of)
  of.report({ type: "job.done", job: job!.key, result: { kind: "landing.try", landing: { how: "landed", commit: "merged", tree: "tree", checks: [] } } })
  expect(theRun(of, "run-bbbb").waves).toMatchObject([{ tasks: ["run-bbbb/after"] }])
})

test("none picked archives all of them, and nothing lands", () => {
  const of = rivals()
  for (const key of labels) ends(of, key)
  expect(pick(of, null)).toBeNull()
  expect(new Set(Object.values(states(of)))).toEqual(new Set(["archived"]))
  expect(theRun(of).status.name).toBe("settled")
})

test("a no to the question picks none, and a yes is refused with how to pick", () => {
  const of = rivals()
  for (const key of labels) ends(of, key)
  expect(answer(of, true)).toMatchObject({ code: "approval-is-a-choice" })
  expect(answer(of, false)).toBeNull()
  expect(new Set(Object.values(states(of)))).toEqual(new Set(["archived"]))
})

test("the best is picked without a question where that was asked for: by the benchmark, then by complexity, then by the size of the diff", () => {
  const best = (...all: Outcome[]): string[][] => {
    const of = rivals({ pickBest: true })
    labels.forEach((key, n) => ends(of, key, all[n]))
    return landing(of)
  }
  expect(best({ benchmark: 3 }, { benchmark: 1, growth: 9, lines: 90 }, { benchmark: 2 })).toEqual([["functional"]])
  expect(best({ growth: 3 }, { growth: 2 }, { growth: -1, lines: 90 })).toEqual([["factory"]])
  expect(best({ lines: 3 }, { lines: 2 }, { lines: 4 })).toEqual([["functional"]])
  expect(best({ benchmark: 1, passed: false }, { benchmark: 9 }, { benchmark: 8 })).toEqual([["factory"]])
})

test("where no strategy passes its checks, measures decide nothing: a person is asked", () => {
  const of = rivals({ pickBest: true })
  for (const key of labels) ends(of, key, { passed: false })
  expect(landing(of)).toEqual([])
  expect(asked(of)).toMatchObject([{ about: { kind: "pick" } }])
})

test("picking is refused with the fix: while one is at work, of one that is not there, of one that failed, and twice", () => {
  const of = rivals()
  ends(of, "class-based")
  ends(of, "functional")
  expect(pick(of, "functional")).toMatchObject({ code: "strategies-at-work" })
  endTurn(of, "factory", { text: "---HANDOFF---\n- status: failed\n---" })
  expect(pick(of, "functionel")).toMatchObject({ code: "unknown-strategy", why: "it has class-based, functional, factory" })
  expect(pick(of, "factory")).toMatchObject({ code: "strategy-not-ready", why: expect.stringContaining("failed") })
  expect(pick(of, "functional")).toBeNull()
  expect(pick(of, "class-based")).toMatchObject({ code: "picked-already", why: "it was run-aaaa/functional" })
  const plain = worldOf()
  plain.submit([task("a")])
  expect(pick(plain, "a")).toMatchObject({ code: "not-speculative" })
})

test("a winner that does not merge is repaired by its author, and lands without being picked again", () => {
  const of = rivals()
  for (const key of labels) ends(of, key)
  pick(of, "functional")
  landed(of, conflict(of, "functional"))
  expect(working(of)).toEqual(["functional"])
  endTurn(of, "functional")
  expect(landing(of)).toEqual([["functional"]])
  landed(of)
  expect(theRun(of).status).toMatchObject({ name: "settled", outcome: "done" })
})

test("a winner whose checks failed does not land before they pass, also when the target has not moved", () => {
  const of = rivals()
  for (const key of labels) ends(of, key, { passed: false })
  pick(of, "factory")
  expect(landingJobs(of)[0]).toMatchObject({ commands: ["npm test"], items: [{ proved: [] }] })
  landed(of, failedChecks)
  expect(working(of)).toEqual(["factory"])
})

test("a strategy that is retried while a person is asked works, and then the question is put again with it", () => {
  const of = rivals()
  ends(of, "class-based")
  ends(of, "functional")
  endTurn(of, "factory", { text: "---HANDOFF---\n- status: failed\n---" })
  expect(of.tell({ type: "task.retry", task: of.task("factory").id })).toBeNull()
  goOn(of)
  expect(working(of)).toEqual(["factory"])
  expect(asked(of)).toEqual([])
  ends(of, "factory")
  expect(asked(of)).toMatchObject([{ question: 'pick one of 3 strategies for "a plan"' }])
  expect(pick(of, "factory")).toBeNull()
})

test("a strategy that is retried after another was picked is archived when it is proved", () => {
  const of = rivals()
  ends(of, "class-based")
  ends(of, "functional")
  endTurn(of, "factory", { text: "---HANDOFF---\n- status: failed\n---" })
  pick(of, "functional")
  landed(of)
  of.tell({ type: "task.retry", task: of.task("factory").id })
  goOn(of)
  ends(of, "factory")
  expect(states(of)).toMatchObject({ functional: "done", factory: "archived" })
})

test("where no strategy came to anything there is nothing to pick, and the run has failed", () => {
  const of = rivals()
  for (const key of labels) endTurn(of, key, { text: "---HANDOFF---\n- status: failed\n---" })
  expect(asked(of)).toEqual([])
  expect(theRun(of).status).toMatchObject({ name: "settled", outcome: "failed" })
})

test("a strategy that is stopped is compared no more, and the others can be picked", () => {
  const of = rivals()
  ends(of, "class-based")
  ends(of, "functional")
  of.tell({ type: "task.stop", task: of.task("factory").id })
  goOn(of)
  expect(comparisonOf(of.state, theRun(of)).strategies.map(({ key, status }) => [key, status])).toEqual([
    ["class-based", "ready"],
    ["functional", "ready"],
    ["factory", "stopped"],
  ])
  expect(pick(of, "class-based")).toBeNull()
})

test("a question for a pick whose strategies were all stopped is withdrawn, and the run is over", () => {
  const of = rivals()
  for (const key of labels) ends(of, key)
  for (const key of labels) of.tell({ type: "task.stop", task: of.task(key).id })
  expect(asked(of)).toEqual([])
  expect(theRun(of).status).toMatchObject({ name: "settled", outcome: "cancelled" })
})

test("measures that could not be had are no failure of the strategy, and are said", () => {
  const of = rivals({ benchmark: "npm run bench" })
  const turn = of.jobsOf("session.turn").find((job) => job.key.includes(".factory."))
  if (turn === undefined) throw new Error("factory has no turn")
  of.succeed(turn)
  for (let [measure] = of.jobsOf("workspace.measure"); measure === undefined; [measure] = of.jobsOf("workspace.measure")) {
    const next = [...of.open.values()].find(({ job }) => job.key.includes(".factory."))
    if (next === undefined) throw new Error("nothing is measured")
    of.succeed(next.job)
  }
  const [measure] = of.jobsOf("workspace.measure")
  expect(measure).toMatchObject({ benchmark: "npm run bench", base: "base", commit: "head" })
  of.report({ type: "job.failed", job: measure!.key, fault: { code: "x", what: "no parser", why: "too large", fix: "x" }, transient: false })
  expect(comparisonOf(of.state, theRun(of)).strategies[2]).toMatchObject({ status: "ready", benchmarkFailed: "no parser: too large" })
})

test("what an agent says of its decision and its tradeoffs stands beside what Fleet saw", () => {
  const of = rivals()
  endTurn(of, "factory", { text: "---HANDOFF---\n- decision: one factory function\n- tradeoffs: simple, but types are loose\n---" })
  expect(comparisonOf(of.state, theRun(of)).strategies[2]).toMatchObject({ decision: "one factory function", tradeoffs: "simple, but types are loose" })
})
