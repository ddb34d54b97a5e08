import fc from "fast-check"
import { expect, test } from "vitest"
import { overlaps } from "../scope/overlap.ts"
import { explainPlan } from "./explain.ts"
import { forecast } from "./forecast.ts"
import { criticalPath, dependants, estimateMinutes, lowerBoundMinutes, needed, order, ranks } from "./graph.ts"
import { key, planOf } from "./plan.fixture.ts"

const diamond = planOf(
  { key: "e2e", after: ["api", "ui"], estimateMinutes: 10 },
  { key: "api", after: ["schema"], estimateMinutes: 20 },
  { key: "ui", after: ["schema"], estimateMinutes: 5 },
  { key: "schema", estimateMinutes: 3 },
)

test("tasks come after what they need, else as written", () => {
  expect(order(diamond).map((task) => task.key)).toEqual(["schema", "api", "ui", "e2e"])
})

test("a rank is the longest way to the end", () => {
  expect(Object.fromEntries(ranks(diamond))).toEqual({ schema: 33, api: 30, ui: 15, e2e: 10 })
  expect(criticalPath(diamond)).toEqual(["schema", "api", "e2e"])
  expect(lowerBoundMinutes(diamond, 8)).toBe(33)
  expect(lowerBoundMinutes(diamond, 1)).toBe(38)
})

test("without an estimate the type decides; what is ticked takes no time", () => {
  const plan = planOf({ key: "a", type: "skill" }, { key: "b", type: "research" }, { key: "c" }, { key: "d", ticked: true })
  expect(plan.tasks.map(estimateMinutes)).toEqual([5, 8, 15, 0])
})

test("dependants and needs are transitive", () => {
  expect([...dependants(diamond, key("schema"))].toSorted()).toEqual(["api", "e2e", "ui"])
  expect([...needed(diamond, key("e2e"))].toSorted()).toEqual(["api", "schema", "ui"])
  expect([...dependants(diamond, key("e2e"))]).toEqual([])
})

const waits = (plan: Parameters<typeof explainPlan>[0], slots = 8): Record<string, readonly string[]> =>
  Object.fromEntries(explainPlan(plan, slots).map((task) => [task.key, task.waits]))

test("every edge is explained with its reason", () => {
  const plan = planOf(
    { key: "T1", tags: { Phase: "Phase 2: Foundation" } },
    { key: "T2", tags: { Phase: "Phase 3: Stories" }, gate: "human" },
    { key: "T3", after: ["T1"], ticked: true },
  )
  const [first, second, third] = plan.tasks
  if (first === undefined || second === undefined || third === undefined) throw new Error("three tasks")
  const after = [
    { key: first.key, reason: "phase" },
    { key: first.key, reason: "order" },
    { key: first.key, reason: "declared" },
  ] as const
  expect(waits({ ...plan, tasks: [first, { ...second, after }, third] })).toEqual({
    T1: [],
    T3: ["nothing to do: it is ticked in the plan"],
    T2: [
      'after "T1": phase barrier (Phase 3 starts when Phase 2 has landed)',
      'after "T1": file order (not both are marked as parallel)',
      'after "T1": declared',
      "waits for a person: someone must approve before it starts (gate: human)",
    ],
  })
})

test("the later of two tasks with overlapping scopes is told why the other goes first", () => {
  expect(
    waits(
      planOf(
        { key: "logout", scope: ["src/server/session.ts"], estimateMinutes: 5 },
        { key: "auth", scope: ["src/server/session.ts"], estimateMinutes: 5 },
        { key: "audit", after: ["auth"], estimateMinutes: 30 },
        { key: "tidy", scope: ["src/server"], estimateMinutes: 7 },
      ),
    ),
  ).toEqual({
    auth: [],
    audit: ['after "auth": declared'],
    tidy: ['serialised with "auth": both write where src/server and src/server/session.ts overlap; "auth" goes first because it is on the critical path'],
    logout: [
      'serialised with "auth": both write src/server/session.ts; "auth" goes first because it is on the critical path',
      'serialised with "tidy": both write where src/server/session.ts and src/server overlap; "tidy" goes first because more work waits behind it (7 min against 5 min)',
    ],
  })
})

test("what waits for a slot says so", () => {
  expect(waits(planOf({ key: "a" }, { key: "b" }, { key: "c" }), 2)).toEqual({
    a: [],
    b: [],
    c: ["waits for one of 2 slots: more tasks are ready together, and what has more work behind it starts first"],
  })
  expect(explainPlan(planOf({ key: "a" }), 0)).toHaveLength(1)
})

test("a forecast never runs two conflicting tasks at once, nor too many, nor one before its needs, and is no faster than the bound", () => {
  const scopes = ["src", "src/a", "src/*.ts", "docs", "src/a.ts (read-only)"]
  const task = fc.record({
    after: fc.array(fc.nat(9), { maxLength: 2 }),
    scope: fc.subarray(scopes, { maxLength: 2 }),
    estimateMinutes: fc.nat(9),
    ticked: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(task, { minLength: 1, maxLength: 10 }), fc.integer({ min: 1, max: 4 }), (words, slots) => {
      const plan = planOf(...words.map((one, at) => ({ ...one, key: `t${at}`, after: one.after.filter((need) => need < at).map((need) => `t${need}`) })))
      const { of, minutes } = forecast(plan, slots)
      const span = (name: string): { from: number; to: number } => {
        const from = of.get(key(name))?.startMinute ?? Number.NaN
        return { from, to: from + estimateMinutes(plan.tasks.find((one) => one.key === name)!) }
      }
      const busy = plan.tasks.filter((one) => estimateMinutes(one) > 0)
      for (const one of plan.tasks) {
        const { from, to } = span(one.key)
        expect(to).toBeLessThanOrEqual(minutes)
        for (const need of one.after) expect(span(need.key).to).toBeLessThanOrEqual(from)
        const beside = busy.filter((other) => span(other.key).from <= from && from < span(other.key).to)
        expect(beside.length).toBeLessThanOrEqual(slots)
        if (estimateMinutes(one) > 0)
          for (const other of beside) if (other !== one) expect(one.scope.some((a) => other.scope.some((b) => overlaps(a, b)))).toBe(false)
      }
      expect(minutes).toBeGreaterThanOrEqual(lowerBoundMinutes(plan, slots) - 1e-9)
      expect(explainPlan(plan, slots)).toHaveLength(plan.tasks.length)
    }),
    { numRuns: 300 },
  )
})
