import { expect, test } from "vitest"
import { task, World } from "../../../test/world/world.ts"
import type { Campaign } from "../run/campaign.ts"
import type { PlanTask } from "../plan/plan.ts"

/** What the agent of the first task is opened with. */
function effortOf(of: PlanTask, campaign: Partial<Campaign> | null): string | null {
  const world = new World()
  world.join(1)
  world.submit([of], {}, "run-aaaa", campaign)
  for (const job of world.jobsOf("workspace.prepare")) world.succeed(job)
  const [open] = world.jobsOf("session.open")
  if (open?.kind !== "session.open") throw new Error("no agent was opened")
  return open.effort
}

test("in a campaign scouts think with medium effort, builders with high, those who verify with low", () => {
  expect(effortOf(task("a", { type: "research" }), {})).toBe("medium")
  expect(effortOf(task("a", { type: "build" }), {})).toBe("high")
  expect(effortOf(task("a", { type: "build", role: "verifier" }), {})).toBe("low")
})

test("the effort that a task names goes before its kind's, also outside of campaigns; a plan that names none leaves it to the agent", () => {
  expect(effortOf(task("a", { type: "build", effort: "xhigh" }), {})).toBe("xhigh")
  expect(effortOf(task("a", { effort: "low" }), null)).toBe("low")
  expect(effortOf(task("a"), null)).toBeNull()
})
