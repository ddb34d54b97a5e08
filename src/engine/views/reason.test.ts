import { expect, test } from "vitest"
import { ends, labels, pick, rivals } from "../../../test/world/rivals.ts"
import { landed, theRun } from "../../../test/world/turns.ts"
import { viewCampaign } from "./campaign.ts"
import { sayRun } from "./milestone-run.ts"
import { sayTask } from "./reason.ts"

test.each([
  [null, "no strategy was picked"],
  ["factory", "another strategy was picked"],
])("a strategy that was archived says whether another was picked: %s", (key, said) => {
  const of = rivals()
  for (const label of labels) ends(of, label)
  pick(of, key)
  if (key !== null) landed(of)
  expect(sayTask(of.state, of.task("functional"), of.now)).toBe(`${said}; kept as archive/speculative/auth/functional`)
  const run = theRun(of)
  expect(viewCampaign(of.state, run, run.campaign!).picked).toBe(key)
  const lines = of.log.flatMap(({ event }) => (event.type === "run.picked" ? [sayRun(event)] : []))
  expect(lines).toEqual([key === null ? "no strategy was picked, by me" : "factory was picked, by me"])
})
