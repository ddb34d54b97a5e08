import { expect, test } from "vitest"
import { endTurn, goOn, landed, landing, states, theRun, working, worldOf } from "../../../test/world/turns.ts"
import { task, type World } from "../../../test/world/world.ts"
import { freeze, thaw } from "./state.ts"

type Old = Record<"runs" | "tasks" | "landings" | "taken", Record<string, unknown>[]>

/** The state as a Fleet that knew no campaigns wrote it: what came later is not there, a run has its newest wave alone, and a landing one task. */
function asOld(of: World): unknown {
  const frozen = JSON.parse(JSON.stringify(freeze(of.state))) as Old
  for (const run of frozen.runs) {
    const waves = run["waves"] as { number: number; tasks: string[]; open: boolean }[]
    const [newest] = waves.slice(-1).map(({ number, tasks, open }) => ({ number, tasks, open }))
    run["wave"] = newest ?? null
    for (const name of ["waves", "campaign", "gate", "hold", "autoContinue", "waveAllowed", "criticism", "picked"]) delete run[name]
    const settings = run["settings"] as Record<string, unknown>
    for (const name of ["waveTokens", "confirmMerges"]) delete settings[name]
  }
  for (const one of frozen.tasks) delete one["conflicts"]
  for (const landing of frozen.landings) {
    const [only] = landing["tasks"] as string[]
    landing["task"] = only
    for (const name of ["tasks", "wave"]) delete landing[name]
  }
  for (const claim of frozen.taken) delete claim["instance"]
  return frozen
}

function land(of: World): void {
  while (landing(of).length > 0) landed(of)
}

test("a run in waves that an older Fleet began goes on, wave by wave", () => {
  const of = worldOf()
  of.submit(
    ["a", "b", "c", "d"].map((key) => task(key)),
    { waveSize: 2 },
  )
  goOn(of)
  endTurn(of, "a")
  endTurn(of, "b")
  land(of)
  goOn(of)
  of.state = thaw(asOld(of))
  expect(theRun(of)).toMatchObject({
    waves: [{ number: 2, open: true, moved: [], gaps: [], tokens: null }],
    settings: { waveTokens: null, confirmMerges: false },
  })
  expect(working(of)).toEqual(["c", "d"])
  endTurn(of, "c")
  endTurn(of, "d")
  land(of)
  expect(states(of)).toEqual({ a: "done", b: "done", c: "done", d: "done" })
})

test("a landing that an older Fleet had in its queue lands, and what does not merge is told", () => {
  const of = worldOf()
  of.submit([task("a"), task("b")])
  goOn(of)
  endTurn(of, "a")
  endTurn(of, "b")
  of.state = thaw(asOld(of))
  landed(of, { how: "conflict", task: of.task("a").id, target: "main", files: ["x"], theirs: [] })
  expect(of.task("a").conflicts).toEqual([["x"]])
  land(of)
  endTurn(of, "a")
  land(of)
  expect(states(of)).toEqual({ a: "done", b: "done" })
})

test("a state without anything new comes out of an old snapshot as it went in", () => {
  const of = worldOf()
  of.submit([task("a", { scope: ["src"] }), task("b", { after: ["a"] })])
  of.tell({ type: "claims.see", commonDirectory: "/x", ignoreCase: false, claims: [] })
  goOn(of)
  const { tasks, ...others } = freeze(thaw(asOld(of))) as Old
  const { tasks: before, ...othersBefore } = freeze(of.state) as Old
  expect(others).toEqual(othersBefore)
  expect(tasks.map(({ state }) => state)).toEqual(before.map(({ state }) => state))
})
