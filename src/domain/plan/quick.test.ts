import fc from "fast-check"
import { expect, test } from "vitest"
import { assess } from "./assess.ts"
import { order } from "./graph.ts"
import { key, planOf } from "./plan.fixture.ts"
import { quickLimits, sequenceOverlaps, splitQuick } from "./quick.ts"

const split = (text: string): readonly string[] | string => {
  const found = splitQuick(text)
  return found.ok ? found.tasks : found.fault.code
}

test.each<[string, readonly string[] | string]>([
  ["fix the login; update the README", ["fix the login", "update the README"]],
  [" a ;b;; c; ", ["a", "b", "c"]],
  ['say "a; b"; do c', ['say "a; b"', "do c"]],
  ["run `x; y`; do c", ["run `x; y`", "do c"]],
  ["a (scope: src/a; src/b); c (see (x; y))", ["a (scope: src/a; src/b)", "c (see (x; y))"]],
  ["don't touch it; it's the users' work", ["don't touch it", "it's the users' work"]],
  ["say 'a; b'; c", ["say 'a; b'", "c"]],
  ['an open " quote; another', ['an open " quote', "another"]],
  ["an open ( bracket; another", ["an open ( bracket", "another"]],
  [String.raw`say "a\"; b"; c`, [String.raw`say "a\"; b"`, "c"]],
  ["“a; b”; c", ["“a; b”", "c"]],
  ["only one", "quick-too-few"],
  [";;", "quick-too-few"],
  ["", "quick-too-few"],
  [Array.from({ length: 21 }, (_, at) => `t${at}`).join(";"), "quick-too-many"],
  ["x;".repeat(20_000), "quick-too-long"],
])("%j is split into %j", (text, tasks) => expect(split(text)).toEqual(tasks))

test("nothing but semicolons and space is lost in splitting", () => {
  const text = fc.string({ unit: fc.constantFrom("a", ";", '"', "'", "`", "(", ")", " ", "\\"), maxLength: 60 })
  fc.assert(
    fc.property(text, (written) => {
      const found = splitQuick(written)
      if (!found.ok) return
      expect(found.tasks.length).toBeGreaterThanOrEqual(quickLimits.tasksMin)
      expect(found.tasks.join("").replace(/[;\s]/g, "")).toBe(written.replace(/[;\s]/g, ""))
    }),
  )
})

test("tasks that touch the same file run one after the other, with the reason", () => {
  const plan = planOf({ key: "a", scope: ["src/x.ts"] }, { key: "b", scope: ["src/y.ts"] }, { key: "c", scope: ["src/x.ts"] }, { key: "d" })
  const { plan: ordered, sequenced } = sequenceOverlaps(plan)
  expect(sequenced).toEqual([{ task: "c", after: "a", why: "both touch src/x.ts" }])
  expect(ordered.tasks.map((task) => task.after)).toEqual([[], [], [{ key: "a", reason: "order" }], []])
})

test("what the words of a task name counts when it has no scope, and shared dependencies count too", () => {
  const plan = planOf({ key: "a" }, { key: "b" }, { key: "c", scope: ["package.json"] }, { key: "d", scope: ["package-lock.json"] })
  const mentioned = new Map([
    [key("a"), ["src/login.ts"]],
    [key("b"), ["src/login.ts"]],
  ])
  expect(sequenceOverlaps(plan, { mentioned }).sequenced).toEqual([
    { task: "b", after: "a", why: "both touch src/login.ts" },
    { task: "d", after: "c", why: "both would change the dependencies of npm" },
  ])
})

test("tasks in one directory with different files run side by side, unless an assessment was asked for and says that they may meet", () => {
  const plan = planOf({ key: "a", scope: ["src/api/a.ts"] }, { key: "b", scope: ["src/api/b.ts"] })
  expect(sequenceOverlaps(plan).sequenced).toEqual([])
  const tasks = plan.tasks.map(({ key: name, title, scope }) => ({ key: name, title, files: scope.map(({ pattern }) => pattern), after: [] }))
  expect(sequenceOverlaps(plan, { assessment: assess({ tasks, repository: [], concurrency: 4 }) }).sequenced).toMatchObject([{ task: "b", after: "a" }])
})

test("whatever overlaps, the plan can still be put in order, and what overlaps is ordered", () => {
  const words = fc.record({ scope: fc.subarray(["a.ts", "b.ts", "c.ts", "src"]), needs: fc.subarray([0, 1, 2, 3, 4, 5]) })
  fc.assert(
    fc.property(fc.array(words, { maxLength: 6 }), fc.boolean(), (tasks, backwards) => {
      // Edges in one direction only, so that there is no circle to begin with.
      const allowed = (at: number, need: number): boolean => need < tasks.length && (backwards ? need > at : need < at)
      const plan = planOf(
        ...tasks.map(({ scope, needs }, at) => ({ key: `t${at}`, scope, after: needs.filter((need) => allowed(at, need)).map((need) => `t${need}`) })),
      )
      const once = sequenceOverlaps(plan)
      expect(order(once.plan)).toHaveLength(tasks.length)
      expect(sequenceOverlaps(once.plan).sequenced).toEqual([])
    }),
  )
})
