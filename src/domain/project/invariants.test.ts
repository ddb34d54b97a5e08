import fc from "fast-check"
import { expect, test } from "vitest"
import { finishWell, moves, play, slots } from "../../../test/world/moves.ts"
import { runs, runsLimitMs } from "../../../test/world/runs.ts"
import { expectSound, replay } from "../../../test/world/sound.ts"
import { task, World } from "../../../test/world/world.ts"
import type { PlanTask } from "../plan/plan.ts"
import { freeze, thaw } from "./state.ts"

const move = fc.record({ what: fc.constantFrom(...moves), which: fc.nat(1_000) })
/** Of any length: without `size` there are never more than ten. */
const steps = (maxLength: number) => fc.array(move, { maxLength, size: "max" })

const folders = ["src/a", "src/a/deep", "src/b", "docs", "**"]
const plan = fc
  .array(
    fc.record({ needs: fc.array(fc.nat(20), { maxLength: 3 }), scope: fc.subarray(folders, { maxLength: 2 }), gate: fc.boolean(), checks: fc.boolean() }),
    { minLength: 1, maxLength: 12 },
  )
  .map((rows) =>
    rows.map((row, index): PlanTask =>
      task(`t${index}`, {
        after: [...new Set(row.needs.filter((need) => need < index).map((need) => `t${need}`))],
        scope: row.scope,
        gate: row.gate && index % 3 === 0 ? "human" : "none",
        checks: row.checks ? ["true"] : [],
      }),
    ),
  )

test("whatever happens, in whatever order, the invariants hold after every command", { timeout: runsLimitMs }, () => {
  fc.assert(
    fc.property(plan, steps(150), (tasks, all) => {
      const world = new World()
      world.join(slots)
      world.submit(tasks, { slotsMax: slots })
      expectSound(world)
      for (const step of all) {
        const before = world.log.length
        play(world, step.what, step.which)
        if (world.log.length > before) expectSound(world)
      }
      expect(replay(world)).toEqual(freeze(world.state))
      expect(freeze(thaw(JSON.parse(JSON.stringify(freeze(world.state)))))).toEqual(freeze(world.state))
    }),
    runs(100),
  )
})

test("when everything goes well from some point on, every run settles and everything that can be done is done", { timeout: runsLimitMs }, () => {
  fc.assert(
    fc.property(plan, steps(60), (tasks, all) => {
      const world = new World()
      world.join(slots)
      const run = world.submit(tasks)
      for (const step of all) play(world, step.what, step.which)
      finishWell(world, run)
      expect(world.state.runs.get(run)?.status).toMatchObject({ name: "settled", outcome: "done" })
      expect(world.open.size).toBe(0)
      expect(
        world.state.claims.size +
          world.state.active.size +
          world.state.landings.size +
          world.state.timers.filter((_, name) => !name.startsWith("cooling")).size,
      ).toBe(0)
    }),
    runs(200),
  )
})
