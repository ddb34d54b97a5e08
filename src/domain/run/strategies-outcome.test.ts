import { expect, test } from "vitest"
import { ends, labels, pick, rivals } from "../../../test/world/rivals.ts"
import { asked, conflict, endTurn, goOn, landed, landing, states, theRun, working, worldOf } from "../../../test/world/turns.ts"
import { planOf, task, type World } from "../../../test/world/world.ts"
import { exitOf } from "../planning/exit-of.ts"
import { keepsNothing, sessionFileOf } from "../session-file/of-run.ts"

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
