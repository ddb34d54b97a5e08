import fc from "fast-check"
import { expect, test } from "vitest"
import { task, World } from "../../../test/world/world.ts"
import type { Job } from "../worker/job.ts"

function world(): World {
  const made = new World()
  made.join(8)
  return made
}

const keyOf = (job: Job): string => (job.kind === "session.turn" ? (job.session.split(".")[1] ?? "") : "")
const working = (of: World): string[] => of.jobsOf("session.turn").map(keyOf).toSorted()

/** Answers everything but turns. */
function settle(of: World): void {
  for (let next = first(of); next !== undefined; next = first(of)) of.succeed(next)
}
const first = (of: World): Job | undefined => [...of.open.values()].map((action) => action.job).find((job) => job.kind !== "session.turn")

function end(of: World, key: string): void {
  const turn = of.jobsOf("session.turn").find((job) => keyOf(job) === key)
  if (turn === undefined) throw new Error(`${key} has no turn`)
  of.succeed(turn)
  settle(of)
}

test("a wave has as many tasks as were asked for, and the next begins when all of them are over", () => {
  const of = world()
  of.submit(
    ["a", "b", "c", "d", "e"].map((key) => task(key)),
    { waveSize: 3 },
  )
  settle(of)
  expect(working(of)).toEqual(["a", "b", "c"])
  end(of, "a")
  end(of, "b")
  expect(working(of)).toEqual(["c"])
  end(of, "c")
  expect(working(of)).toEqual(["d", "e"])
  expect(of.log.flatMap(({ event }) => (event.type === "wave.started" ? [event.tasks.length] : []))).toEqual([3, 2])
})

test("tasks that overlap are in different waves", () => {
  const of = world()
  of.submit([task("a", { scope: ["src/api"] }), task("b", { scope: ["src/api/auth"] }), task("c", { scope: ["web"] })], { waveSize: 3 })
  settle(of)
  expect(working(of)).toEqual(["a", "c"])
})

test("a task that needs one of this wave is in a later one, and says what it waits for", () => {
  const of = world()
  of.submit([task("a"), task("b", { after: ["a"] }), task("c")], { waveSize: 2 })
  settle(of)
  end(of, "a")
  expect(working(of)).toEqual(["c"])
  end(of, "c")
  expect(working(of)).toEqual(["b"])
})

test("a task that is tried again stays in its wave", () => {
  const of = world()
  of.submit([task("a"), task("b")], { waveSize: 1, retries: 2 })
  settle(of)
  const [turn] = of.jobsOf("session.turn")
  const usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, costUsd: null }
  of.report({ type: "turn.started", job: turn!.key, session: turn!.kind === "session.turn" ? turn!.session : ("" as never) })
  of.report({ type: "job.done", job: turn!.key, result: { kind: "session.turn", outcome: { how: "lost", message: "gone", text: "", usage } } })
  settle(of)
  expect(working(of)).toEqual(["a"])
})

test("any plan is done in waves of any size, never with more at work than a wave has, and never two waves at once", () => {
  const plan = fc
    .integer({ min: 1, max: 12 })
    .chain((count) =>
      fc.tuple(
        ...Array.from({ length: count }, (_, n) =>
          fc.record({ after: fc.subarray(Array.from({ length: n }, (_none, m) => `t${m}`)), scope: fc.subarray(["a", "a/b", "c"]) }),
        ),
      ),
    )
  fc.assert(
    fc.property(plan, fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.nat()), (tasks, waveSize, choice) => {
      const of = world()
      of.submit(
        tasks.map(({ after, scope }, n) => task(`t${n}`, { after, scope })),
        { waveSize },
      )
      settle(of)
      for (let left = working(of); left.length > 0; left = working(of)) {
        expect(left.length).toBeLessThanOrEqual(waveSize)
        const [run] = of.state.runs.values()
        expect(run?.waves.at(-1)?.tasks.map((id) => id.split("/")[1])).toEqual(expect.arrayContaining(left))
        end(of, left[Number(choice.next().value) % left.length] ?? "")
      }
      expect([...of.state.runs.values()].map((run) => run.status)).toMatchObject([{ name: "settled", outcome: "done" }])
    }),
  )
})
