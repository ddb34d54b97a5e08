import { expect, test } from "vitest"
import { lead } from "../fleet/conductor.ts"
import { scenario } from "../fleet/scenario.ts"
import { installed, realAgents } from "./agents.ts"

test.each(installed)("%s itself leads two children with nothing but curl, one of which fails first", { timeout: 600_000 }, async (agent) => {
  await using agents = await realAgents()
  await using fleet = await scenario({ slots: 4, config: agents.config })
  const { good, bad, callbacks } = await lead(fleet, agent)
  expect(good.diffs).toMatchObject([{ file: "good.txt", status: "added", after: "good" }])
  expect(bad.diffs).toMatchObject([{ file: "bad.txt", status: "added", after: "better" }])
  expect(callbacks).toHaveLength(3)
  expect(callbacks.filter((text) => text.includes("Status: error"))).toHaveLength(1)
})
