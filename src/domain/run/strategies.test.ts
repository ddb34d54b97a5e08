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
  working,
  worldOf,
} from "../../../test/world/turns.ts"
import { goodResult, planOf, task, type World } from "../../../test/world/world.ts"
import type { CheckResult, Measures } from "../worker/job-result.ts"
import { exitOf } from "../planning/exit-of.ts"
import { keepsNothing, sessionFileOf } from "../planning/session-file-of.ts"
import { comparisonOf } from "../strategy/comparison.ts"
import type { Campaign } from "./campaign.ts"

const labels = ["class-based", "functional", "factory"]

/** Strategies at work, all of them on the same files. */
function rivals(more: Partial<Campaign> = {}, retries = 0): World {
  const of = worldOf()
  const tasks = labels.map((key) => task(key, { scope: ["src/auth"], checks: ["npm test"] }))
  of.submit(tasks, { retries }, "run-aaaa", { mode: "speculative", slug: "auth", strategies: 3, base: "0ba5e", ...more })
  goOn(of)
  return of
}

interface Outcome {
  readonly passed?: boolean
  readonly benchmark?: number | null
  readonly growth?: number
  readonly lines?: number
}

/** The strategy's agent ends, and Fleet sees this of its work. */
function ends(of: World, key: string, { passed = true, benchmark = null, growth = 0, lines = 1 }: Outcome = {}): void {
  const turn = of.jobsOf("session.turn").find((job) => job.key.includes(`.${key}.`))
  if (turn === undefined) throw new Error(`${key} has no turn`)
  of.succeed(turn)
  for (;;) {
    const [next] = [...of.open.values()].map((action) => action.job).filter((job) => job.key.includes(`.${key}.`))
    if (next === undefined) return
    const good = goodResult(next)
    if (good.kind === "workspace.collect") {
      const files = [{ path: "src/auth/a.ts", status: "modified" as const, additions: lines, deletions: 0, from: null }]
      of.report({ type: "job.done", job: next.key, result: { ...good, collected: { ...good.collected, files } } })
    } else if (good.kind === "checks.run")
      of.report({ type: "job.done", job: next.key, result: { ...good, checks: good.checks.map((check): CheckResult => ({ ...check, passed })) } })
    else if (good.kind === "workspace.measure") {
      const measures: Measures = { complexity: { before: 10, after: 10 + growth }, benchmark, benchmarkFailed: null }
      of.report({ type: "job.done", job: next.key, result: { ...good, measures } })
      return
    } else of.succeed(next)
  }
}

const pick = (of: World, key: string | null) => {
  const refused = of.tell({ type: "run.pick", run: theRun(of).id, key: key as never, by: "me" })
  goOn(of)
  return refused
}

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

/** As people and the next campaign read it. */
const said = (of: World) => {
  const run = theRun(of)
  return {
    status: run.status,
    file: sessionFileOf(of.state, run, run.campaign!, keepsNothing).status,
    next: /^- Next: (.*)$/m.exec(exitOf(of.state, run) ?? "")?.[1],
  }
}
const fails = { text: "---HANDOFF---\n- status: failed\n---" }

test("a campaign whose picked strategy landed is done, whatever became of the others", () => {
  const of = rivals()
  ends(of, "class-based")
  endTurn(of, "functional", fails)
  of.tell({ type: "task.stop", task: of.task("factory").id })
  goOn(of)
  pick(of, "class-based")
  landed(of)
  expect(states(of)).toEqual({ "class-based": "done", functional: "failed", factory: "cancelled" })
  expect(said(of)).toMatchObject({ status: { name: "settled", outcome: "done" }, file: "completed", next: "nothing is left" })
  expect(of.tell({ type: "run.continue", run: theRun(of).id })).toMatchObject({ code: "nothing-to-continue" })
})

test("when the picked strategy cannot land, it is asked which of the others does, and only what has landed has won", () => {
  const of = rivals()
  for (const key of ["class-based", "functional"]) ends(of, key)
  endTurn(of, "factory", fails)
  pick(of, "functional")
  while (landing(of).length > 0) landed(of, conflict(of, "functional"))
  of.tell({ type: "task.stop", task: of.task("functional").id })
  goOn(of)
  expect(asked(of)).toMatchObject([{ about: { kind: "pick" }, question: 'pick the one strategy that is ready, or none, for "a plan"' }])
  const winner = () => sessionFileOf(of.state, theRun(of), theRun(of).campaign!, keepsNothing).comparison?.winner
  expect(winner()).toBeNull()
  pick(of, "class-based")
  expect(winner()).toBeNull()
  landed(of)
  expect(winner()).toBe("class-based")
  expect(theRun(of).status).toMatchObject({ name: "settled", outcome: "done" })
})

test("with the best to be picked, the next best lands when the best cannot", () => {
  const of = rivals({ pickBest: true, benchmark: "bench" })
  ends(of, "class-based", { benchmark: 1 })
  ends(of, "functional", { benchmark: 2 })
  ends(of, "factory", { benchmark: 3 })
  expect(landing(of)).toEqual([["class-based"]])
  landed(of, conflict(of, "class-based"))
  of.tell({ type: "task.stop", task: of.task("class-based").id })
  goOn(of)
  expect(landing(of)).toEqual([["functional"]])
})

test("a campaign whose picked strategy was stopped before it landed, and of which there is no other, is cancelled, and can go on with that one", () => {
  const of = rivals()
  ends(of, "functional")
  endTurn(of, "class-based", fails)
  endTurn(of, "factory", fails)
  pick(of, "functional")
  landed(of, conflict(of, "functional"))
  of.tell({ type: "task.stop", task: of.task("functional").id })
  goOn(of)
  expect(said(of)).toMatchObject({ status: { outcome: "cancelled" }, file: "needs-continue", next: "functional: cancelled" })
  expect(of.tell({ type: "run.continue", run: theRun(of).id })).toBeNull()
  goOn(of)
  expect(working(of)).toEqual(["functional"])
})

const ways = [
  "Extract classes with a container in `src/auth/x.ts`",
  "Compose curried functions over `src/auth/y.ts`",
  "Generate code from tables, see `src/auth/z.ts`",
]

test.each([null, "plan"])("a campaign of which no strategy was picked is cancelled, also when one failed; its planner is %s", (planner) => {
  const of = worldOf()
  const strategies = labels.map((key, at) => task(key, { scope: ["src/auth"], prompt: ways[at] ?? "" }))
  of.planned = planOf(strategies)
  const campaign = { mode: "speculative", slug: "auth", strategies: 3, base: "0ba5e", planner: planner as never } as const
  of.submit(planner === null ? strategies : [task(planner, { type: "research", role: "planner" })], { retries: 0 }, "run-aaaa", campaign)
  goOn(of)
  if (planner !== null) endTurn(of, planner)
  ends(of, "class-based")
  ends(of, "functional")
  endTurn(of, "factory", fails)
  pick(of, null)
  expect(said(of)).toMatchObject({ status: { name: "settled", outcome: "cancelled" }, file: "needs-continue", next: "nothing is left" })
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
