import { expect, test } from "vitest"
import { answer, asked, goOn, states, theRun, working, worldOf } from "../../../test/world/turns.ts"
import { task, type World } from "../../../test/world/world.ts"
import type { Campaign } from "./campaign.ts"

const parts = ["api", "ui", "docs"].map((key) => task(key, { scope: [`src/${key}`] }))

function started(campaign: Partial<Campaign>, tasks = parts): World {
  const of = worldOf()
  of.submit(tasks, { waveSize: 3 }, "run-aaaa", campaign)
  goOn(of)
  return of
}

// C.1.133
test("a novice is asked before anything starts, and sees how many agents, where, and what it may cost", () => {
  const of = started({ confirmed: "no", trust: "novice", consent: "unknown" })
  expect(working(of)).toEqual([])
  const [question] = asked(of)
  expect(question?.question).toBe('start "a plan"? Spawning 3 agents across 1 waves in isolated worktrees. Estimated token budget: ~750K.')
  for (const told of ["3 agents in 1 wave", "api: src/api", "about 750K tokens", "novice"]) expect(question?.detail).toContain(told)
})

// C.1.133
test("somebody who has come far is not asked for a few agents, and is for more than six", () => {
  expect(working(started({ confirmed: "no", trust: "trusted" }))).toEqual(["api", "docs", "ui"])
  const many = Array.from({ length: 7 }, (_, n) => task(`t${n}`, { scope: [`src/${n}`] }))
  expect(asked(started({ confirmed: "no", trust: "trusted" }, many))).toHaveLength(1)
})

test("whoever saw these tasks and agreed is not asked again", () => {
  expect(working(started({ confirmed: "yes", trust: "novice" }))).toEqual(["api", "docs", "ui"])
})

// C.1.131
test("who agreed beforehand is asked all the same for what is hard to take back", () => {
  const red = started({ confirmed: "unless-red", trust: "trusted" }, [task("ci", { scope: [".github/workflows"] }), ...parts])
  expect(asked(red)[0]?.detail).toMatch(/^red: it changes shared infrastructure/)
  expect(working(red)).toEqual([])
  expect(working(started({ confirmed: "unless-red", trust: "novice" }))).toEqual(["api", "docs", "ui"])
})

// C.1.131
test("rival strategies are red: they are asked about whatever was agreed beforehand", () => {
  const of = started({ mode: "speculative", strategies: 2, confirmed: "unless-red", trust: "trusted" }, [
    task("a", { scope: ["src"] }),
    task("b", { scope: ["src"] }),
  ])
  expect(asked(of)[0]?.question).toContain("Running 2 parallel approaches to the same task. All will touch the same files.")
})

test("no stops the campaign before anything of it began", () => {
  const of = started({ confirmed: "no", trust: "novice" })
  answer(of, false)
  expect(states(of)).toEqual({ api: "cancelled", ui: "cancelled", docs: "cancelled" })
  expect(theRun(of)).toMatchObject({ hold: null, status: { name: "settled", outcome: "cancelled" } })
})

test("a campaign that is stopped while it waits at its gate withdraws the question", () => {
  const of = started({ confirmed: "no", trust: "novice" })
  of.tell({ type: "run.stop", run: theRun(of).id, by: "me" })
  expect(asked(of)).toEqual([])
  expect([...of.state.approvals.values()]).toMatchObject([{ answer: { allow: false, by: "fleet", note: "the run was stopped" } }])
  expect(theRun(of).status.name).toBe("settled")
})

test("a campaign whose start was denied asks again when it is taken up, by whatever way", () => {
  const continued = started({ confirmed: "no", trust: "novice" })
  answer(continued, false)
  expect(continued.tell({ type: "run.continue", run: theRun(continued).id })).toBeNull()
  expect(working(continued)).toEqual([])
  answer(continued, true)
  expect(working(continued)).toEqual(["api", "docs", "ui"])
  const retried = started({ confirmed: "no", trust: "novice" })
  answer(retried, false)
  retried.tell({ type: "task.retry", task: retried.task("api").id })
  expect(working(retried)).toEqual([])
  expect(asked(retried)).toMatchObject([{ about: { kind: "start" } }])
})

test("a campaign that was allowed to start is not asked about when it is stopped and taken up", () => {
  const of = started({ confirmed: "no", trust: "novice" })
  answer(of, true)
  of.tell({ type: "run.stop", run: theRun(of).id, by: "me" })
  for (let left = 20; left > 0; left--) of.runDry()
  expect(of.tell({ type: "run.continue", run: theRun(of).id })).toBeNull()
  expect(asked(of)).toEqual([])
})

test("what is left of a campaign that was continued goes on in waves, however little it is", () => {
  const of = started({ wavesBefore: 2 }, [task("rest", { scope: ["src"] })])
  expect(theRun(of)).toMatchObject({ waves: [{ number: 3 }], gate: { proportion: null } })
})

test("what is said before it begins counts the waves that there will be, not those that are not warranted", () => {
  const disclosed = (tasks: Parameters<typeof started>[1]) => theRun(started({ confirmed: "no" }, tasks)).gate?.disclosure
  const sameDirectory = ["a", "b", "c"].map((key) => task(key, { scope: [`src/${key}.ts`] }))
  expect(disclosed(sameDirectory)).toContain("Spawning 3 agents across 3 waves")
  expect(disclosed([task("a", { scope: ["a"] }), task("b", { scope: ["b"], after: ["a"] })])).toContain("Spawning 2 agents across 1 waves")
})
