/** Quick mode: one wave, merged by itself, and nothing written down. */
import { expect, test } from "vitest"
import { campaignOf, module, namesIn, plan, tidied } from "./campaigns.ts"
import { scenario } from "./scenario.ts"

test("two tasks are done at once and merged without a question, and nothing is written under .planning", async () => {
  await using fleet = await scenario({ slots: 2 })
  await fleet.start(campaignOf(fleet, { mode: "quick", waveSize: null, plan: plan([module("api"), module("web")]) }))
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  expect(run.campaign?.sessionFile).toBeNull()
  // C.1.120
  const attempts = run.tasks.flatMap((task) => task.attempts)
  expect(Math.max(...attempts.map(({ startedAt }) => startedAt))).toBeLessThan(Math.min(...attempts.map(({ endedAt }) => endedAt ?? 0)))
  expect((await fleet.landed()).toSorted()).toEqual(["api", "web"])
  expect(await tidied(fleet)).toEqual([])
  expect(await namesIn(fleet.repo.path)).not.toContain(".planning")
  expect(await namesIn(fleet.repo.path)).not.toContain(".claude")
})
