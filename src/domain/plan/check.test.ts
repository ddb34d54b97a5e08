import fc from "fast-check"
import { expect, test } from "vitest"
import { checkPlan, isTaskKey, planLimits } from "./check.ts"
import { didYouMean } from "./did-you-mean.ts"
import { order } from "./graph.ts"
import { planOf, type TaskWords } from "./plan.fixture.ts"

const codes = (...tasks: TaskWords[]): string[] => checkPlan(planOf(...tasks)).map((found) => `${found.severity} ${found.code} ${found.line ?? "-"}`)

test("a sound plan has no faults", () => {
  expect(codes({ key: "a", scope: ["src/a"] }, { key: "b", after: ["a"], scope: ["src/b"] })).toEqual([])
})

test("a cycle is named as a whole, with the line of one of its tasks", () => {
  const [found] = checkPlan(planOf({ key: "a", after: ["c"] }, { key: "b", after: ["a"] }, { key: "c", after: ["b"] }, { key: "d", after: ["a"] }))
  expect(found).toMatchObject({ severity: "error", code: "cycle", what: "tasks need each other in a circle: a → c → b → a", file: "plan.yaml", line: 1 })
})

test("separate cycles are told separately, and a task that needs itself too", () => {
  const plan = planOf({ key: "a", after: ["b"] }, { key: "b", after: ["a"] }, { key: "c", after: ["c"] }, { key: "d", after: ["c", "a"] })
  expect(checkPlan(plan).flatMap((found) => (found.code === "cycle" ? [found.what] : []))).toEqual([
    "tasks need each other in a circle: a → b → a",
    'task "c" needs itself',
  ])
})

test("an unknown id is refused with the one that was meant", () => {
  const [found] = checkPlan(planOf({ key: "schema" }, { key: "api", after: ["shcema"] }))
  expect(found).toMatchObject({ code: "unknown-id", what: 'task "api" needs "shcema", which is not there', fix: 'did you mean "schema"?', line: 2 })
})

test("duplicate ids are refused, also when only their case differs", () => {
  expect(codes({ key: "api", scope: ["a"] }, { key: "API", scope: ["b"] }, { key: "api", scope: ["c"] })).toEqual([
    "error duplicate-id 2",
    "error duplicate-id 3",
  ])
})

test.each(["api", "T012", "1.1", "a_b-c.d", "x".repeat(64)])("%s can be an id", (text) => expect(isTaskKey(text)).toBe(true))
test.each(["", "-a", ".a", "a..b", "a.", "a.lock", "a/b", "a b", "é", "x".repeat(65), "__proto__", "a\n"])("%j cannot be an id", (text) => {
  expect(isTaskKey(text)).toBe(false)
  expect(codes({ key: text, scope: ["x"] })).toEqual(["error invalid-id 1"])
})

test.each<[string, Partial<TaskWords>]>([
  ["empty-prompt", { prompt: " \n" }],
  ["prompt-too-long", { prompt: "x".repeat(planLimits.promptChars + 1) }],
  ["nul", { prompt: "a\0" }],
  ["scope-outside", { scope: ["../x"] }],
  ["scope-outside", { scope: ["/etc"] }],
  ["too-many-scopes", { scope: Array.from({ length: 201 }, (_, at) => `d${at}`) }],
  ["negative-number", { estimateMinutes: -1 }],
  ["negative-number", { timeoutMinutes: Number.NaN }],
  ["negative-number", { retries: -1 }],
  ["invalid-retries", { retries: 1.5 }],
  ["no-time", { timeoutMinutes: 0 }],
  ["empty-command", { checks: [""] }],
])("%s is refused", (code, words) => expect(codes({ key: "a", scope: ["x"], ...words })).toEqual([`error ${code} 1`]))

test("an empty plan and one that is too large are refused", () => {
  expect(codes()).toEqual(["error no-tasks -"])
  expect(codes(...Array.from({ length: 2_001 }, (_, at) => ({ key: `t${at}` })))).toEqual(["error plan-too-large -"])
})

test("unordered tasks with overlapping scopes, tasks without scope, and unknown tags are told but not refused", () => {
  expect(
    codes(
      { key: "a", scope: ["src"], tags: { Skill: "x", Colour: "red" } },
      { key: "b", scope: ["src/b.ts"] },
      { key: "c", after: ["b"], scope: ["src/b.ts (read-only)"] },
      { key: "d", after: ["a"], scope: ["src/b.ts"] },
      { key: "e" },
      { key: "f", type: "research" },
    ),
  ).toEqual(["warning unknown-tag 1", "warning no-scope 5", "warning overlap 2", "warning overlap 4"])
})

test("so many faults are not all shown", () => {
  const faults = checkPlan(planOf(...Array.from({ length: 500 }, (_, at) => ({ key: `t${at}`, after: ["nowhere"] }))))
  expect(faults).toHaveLength(planLimits.faults)
  expect(faults.at(-1)?.code).toBe("more-faults")
})

test("a plan has a cycle fault exactly when its tasks cannot be put in order", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { maxLength: 8 }), (edges) => {
      const plan = planOf(...edges.map((needs, at) => ({ key: `t${at}`, after: needs.filter((need) => need < edges.length).map((need) => `t${need}`) })))
      const cyclic = order(plan).length < plan.tasks.length
      const found = checkPlan(plan).filter((one) => one.code === "cycle")
      expect(found.length > 0).toBe(cyclic)
      for (const { what } of found) {
        const names = what.startsWith("task ") ? [] : what.replace(/^.*: /, "").split(" → ")
        for (const [at, name] of names.slice(0, -1).entries())
          expect(plan.tasks.find((task) => task.key === name)?.after.map((need) => need.key as string)).toContain(names[at + 1])
      }
    }),
    { numRuns: 300 },
  )
})

test("the nearest name is meant, and none when none is near", () => {
  expect(didYouMean("promt", ["prompt", "title"])).toBe("prompt")
  expect(didYouMean("T012", ["T021", "T112"])).toBe("T021")
  expect(didYouMean("zzz", ["prompt", "title"])).toBeNull()
})
