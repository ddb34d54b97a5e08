import { expect, test } from "vitest"
import { plannerPrompt, strategistPrompt } from "../../domain/plan/planner-prompt.ts"
import { readPlan } from "./read.ts"

test.each([
  ["planner", plannerPrompt({ direction: "x", spec: null, claims: [] }), 2],
  ["strategist", strategistPrompt({ direction: "x", count: 3 }), 1],
])("the example in the %s's work order is a plan that Fleet reads", (_, prompt, tasks) => {
  const yaml = /```yaml\n([\s\S]*?)\n```/g
  const example = [...prompt.matchAll(yaml)].at(-1)?.[1] ?? ""
  const { plan, faults } = readPlan(example, { file: "answer.yaml" })
  expect(faults).toEqual([])
  expect(plan?.tasks).toHaveLength(tasks)
})
