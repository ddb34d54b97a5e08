import { expect, test } from "vitest"
import { task, World } from "../../../test/world/world.ts"
import { keepsNothing, sessionFileOf } from "./of-run.ts"

test("a merge says which checks passed on it, each once", () => {
  const world = new World()
  world.join(3)
  world.submit(
    ["a", "b", "c"].map((key) => task(key, { checks: ["tsc --noEmit", "npm test"] })),
    { waveSize: 3 },
    "run-aaaa",
    { record: true },
  )
  world.runDry()
  const [run] = world.state.runs.values()
  if (run?.campaign == null) throw new Error("no campaign")
  const [wave] = sessionFileOf(world.state, run, run.campaign, keepsNothing).waves
  expect(wave?.merges).toEqual([expect.stringMatching(/^\S+ a, b, c \(checks: `tsc --noEmit`, `npm test` passed\)$/)])
})
