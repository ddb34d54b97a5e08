import { expect, test } from "vitest"
import { id } from "../../domain/ids.ts"
import { goOn, theRun, worldOf } from "../../../test/world/turns.ts"
import { task } from "../../../test/world/world.ts"
import { sayMoved, viewCampaign } from "./campaign.ts"

const key = (task: string): string => task.split("/")[1] ?? task
const claimed = (ours: string, theirs: string): string => sayMoved({ task: id("auth-9k2c/api"), why: "claim", holder: "instance ext", ours, theirs }, key)

test("a task that waits because others have claimed its paths says who, which, and what it writes there", () => {
  expect(claimed("src/api", "src/api")).toBe("api waits for a later wave: instance ext has claimed src/api, which it writes too")
  expect(claimed("src/api/routes.ts", "src/api")).toBe("api waits for a later wave: instance ext has claimed src/api, and it writes src/api/routes.ts")
})

test("a campaign that goes on from a session file counts its waves on, before it begins and while it runs", () => {
  const of = worldOf()
  of.submit([task("api", { scope: ["src/api"] }), task("ui", { after: ["api"], scope: ["src/ui"] })], { waveSize: 3 }, "run-aaaa", { wavesBefore: 3 })
  const shown = () => {
    const run = theRun(of)
    if (run.campaign === null) throw new Error("it is no campaign")
    return viewCampaign(of.state, run, run.campaign)
  }
  expect(shown()).toMatchObject({ foreseenFrom: 4 })
  goOn(of)
  expect(theRun(of).waves.at(-1)).toMatchObject({ number: 4, open: true })
  expect(shown()).toMatchObject({ foreseen: [["api"], ["ui"]], foreseenFrom: 4 })
})
