import { expect, test } from "vitest"
import { task, World } from "../../../test/world/world.ts"
import { id } from "../ids.ts"
import type { PlanTask } from "../plan/plan.ts"
import type { Campaign } from "../run/campaign.ts"
import { campaignFilesOf } from "./campaign-file.ts"

function campaign(tasks: readonly PlanTask[], of: Partial<Campaign>): World {
  const world = new World()
  world.join(4)
  world.submit(tasks, { waveSize: of.mode === "speculative" ? null : 3 }, "auth", { record: true, direction: "Refactor auth", ...of })
  return world
}

function files(world: World): ReadonlyMap<string, string> {
  const [run] = world.state.runs.values()
  return new Map(run?.campaign == null ? [] : campaignFilesOf(world.state, run, run.campaign).map(({ name, text }) => [name, text]))
}

const frontOf = (text = ""): Record<string, string> =>
  Object.fromEntries((text.split("---\n")[1] ?? "").split("\n").flatMap((line) => (line === "" ? [] : [line.split(": ") as [string, string]])))

test("each strategy has a file with its branch and its worktree's status: active, then merged for the one that landed and archived for the others", () => {
  const strategies = ["class-based", "functional"].map((key) => task(key, { title: `Auth: ${key}`, prompt: `Do it ${key}`, scope: ["src/auth"] }))
  const world = campaign(strategies, { mode: "speculative", strategies: 2, base: "base" })
  expect([...files(world).keys()]).toEqual(["auth-class-based", "auth-functional"])
  expect(frontOf(files(world).get("auth-functional"))).toEqual({
    by: "fleet",
    campaign: "auth",
    status: "active",
    branch: "speculative/auth/functional",
    worktree_status: "active",
  })
  world.runDry()
  expect([...files(world).values()].map((text) => frontOf(text)["worktree_status"])).toEqual(["active", "active"])
  expect(world.tell({ type: "run.pick", run: id("auth"), key: id("functional"), by: "user" })).toBeNull()
  world.runDry()
  expect(frontOf(files(world).get("auth-functional"))).toMatchObject({ status: "completed", worktree_status: "merged" })
  expect(frontOf(files(world).get("auth-class-based"))).toMatchObject({
    status: "parked",
    worktree_status: "archived",
    branch: "speculative/auth/class-based",
  })
})

test("a standard campaign has one file, with what it claims, until it is completed", () => {
  const world = campaign([task("a", { scope: ["src/a"] }), task("b", { scope: ["src/b"] })], { mode: "standard" })
  expect(files(world).get("auth")).toMatch(
    /^---\nby: fleet\ncampaign: auth\nstatus: active\n---\n\n# Campaign: a plan\n\nStatus: active\nStarted: .*\nDirection: Refactor auth\n/,
  )
  expect(files(world).get("auth")).toContain("## Claimed Scope\n- src/a\n- src/b\n")
  world.runDry()
  expect([...files(world)].map(([name, text]) => [name, frontOf(text)["status"]])).toEqual([["auth", "completed"]])
})
