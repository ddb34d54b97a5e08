import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, test } from "vitest"
import { explainPlan } from "../../domain/plan/explain.ts"
import type { PlannedTask } from "../../domain/plan/explain.ts"
import { readPlan } from "./read.ts"
import { planJsonSchema, planReference } from "./reference.ts"

const root = path.resolve(import.meta.dirname, "../../..")
const textOf = (file: string): string => readFileSync(path.join(root, file), "utf8")

test.each([
  ["examples/plan.yaml", "yaml", 5, ["warning overlap"]],
  ["examples/plan.md", "markdown", 4, []],
  ["examples/tasks.md", "speckit", 9, []],
])("%s is a sound plan", (file, format, count, warnings) => {
  const { plan, faults } = readPlan(textOf(file), { file })
  expect(faults.map((found) => `${found.severity} ${found.code}`)).toEqual(warnings)
  expect(plan?.source).toEqual({ format, file })
  expect(plan?.tasks).toHaveLength(count)
  const explained: readonly PlannedTask[] = plan === null ? [] : explainPlan(plan, 3)
  expect(explained).toHaveLength(count)
})

test("the published schema and reference page are up to date: else run scripts/generate-schema.ts", () => {
  expect(textOf("schema/plan.json")).toBe(planJsonSchema())
  expect(textOf("docs/reference/plan.md")).toBe(planReference())
})
