import { expect, test } from "vitest"
import { readInline } from "./inline.ts"

test("sentences run beside each other unless they say otherwise", () => {
  const { plan, faults } = readInline([
    "Task one (id: a)",
    "Task two (id: b) (depends_on: a) (scope: src/x (read-only), docs) (agent: codex)",
    "Write docs [Skill: docs] (see below)",
    "Write docs",
  ])
  expect(faults.map((found) => `${found.severity} ${found.code}`)).toEqual(["warning no-scope", "warning no-scope", "warning no-scope"])
  if (plan === null) throw new Error("no plan")
  expect(plan.tasks.map((one) => [one.key, one.after])).toEqual([
    ["a", []],
    ["b", [{ key: "a", reason: "declared" }]],
    ["write-docs-see-below", []],
    ["write-docs", []],
  ])
  expect(plan.tasks[0]).toMatchObject({ title: "Task one", prompt: "Task one" })
  expect(plan.tasks[1]).toMatchObject({
    agent: "codex",
    scope: [
      { pattern: "src/x", access: "read" },
      { pattern: "docs", access: "write" },
    ],
  })
  expect(plan.tasks[2]).toMatchObject({ prompt: "Write docs [Skill: docs] (see below)", tags: { Skill: "docs" } })
  expect(plan.goal).toBe("Task one and 3 more")
})

test("sentences are checked like every plan", () => {
  const codes = (...texts: string[]): string[] =>
    readInline(texts)
      .faults.filter((found) => found.severity === "error")
      .map((found) => found.code)
  expect(codes("One (id: a) (depends_on: b)")).toEqual(["unknown-id"])
  expect(codes("One (id: a) (depends_on: b)", "Two (id: b) (depends_on: a)")).toEqual(["cycle"])
  expect(codes("One (id: a)", "Two (id: a)")).toEqual(["duplicate-id"])
  expect(codes("(id: a)")).toEqual(["empty-prompt"])
  expect(codes("One (id: a/b)")).toEqual(["invalid-id"])
  expect(codes("One (scope: ../x)")).toEqual(["scope-outside"])
  expect(codes("One (type: song)")).toEqual(["wrong-shape"])
  expect(codes()).toEqual(["no-tasks"])
})
