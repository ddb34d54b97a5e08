import { expect, test } from "vitest"
import { task, World } from "../../../test/world/world.ts"
import type { PlanTask } from "../plan/plan.ts"

/** What is asked before the campaign begins. */
function asked(tasks: readonly PlanTask[]): string {
  const world = new World()
  world.join(1)
  world.submit(tasks, { waveSize: 3 }, "run-aaaa", { confirmed: "no", trust: "novice", consent: "unknown" })
  const [approval] = world.state.approvals.values()
  return approval?.detail ?? "nothing was asked"
}

test("the question before a campaign says when nothing will be checked, and is silent of it when a task names a check", () => {
  const unchecked = "Neither the plan nor harness.json names a check: nothing will be checked when it is merged."
  expect(asked([task("a", { checks: [] })]).split("\n")).toContain(unchecked)
  expect(asked([task("a", { checks: ["npm test"] })])).not.toContain("nothing will be checked")
})
