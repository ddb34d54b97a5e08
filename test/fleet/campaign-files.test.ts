/** `.planning/campaigns/`: what others lead there is told to a planner, and Fleet's own campaigns and strategies have their files there. */
import { mkdir, writeFile } from "node:fs/promises"
import { expect, test } from "vitest"
import { eventually } from "../eventually.ts"
import { task } from "../world/world.ts"
import { answers, campaignOf, handsOff, module, namesIn, plan, planningFile, sessionFileWith, textOf, toldTo, writes, yaml } from "./campaigns.ts"
import { describe as told, scenario, type Scenario } from "./scenario.ts"

const campaignFile = (fleet: Scenario, name: string): string => planningFile(fleet, "campaigns", `${name}.md`)

/** Waits for the file to be as wanted; its text. */
const fileWith = (fleet: Scenario, name: string, ...parts: readonly string[]): Promise<string> =>
  eventually(`the campaign file ${name} has ${parts.join(" and ")}`, async () => {
    const text = await textOf(campaignFile(fleet, name))
    return parts.every((part) => text.includes(part)) && text
  })

test("a planner is told of the campaigns of others and not of its own, whose file is completed with it; its merge says which checks of harness.json passed", async () => {
  await using fleet = await scenario({ slots: 4 })
  await mkdir(planningFile(fleet, "campaigns"), { recursive: true })
  const others = "# Campaign: Auth\n\nStatus: active\nDirection: Move sign-in to tokens\n\n## Claimed Scope\n- src/auth/\n"
  await writeFile(campaignFile(fleet, "auth"), others)
  await mkdir(`${fleet.repo.path}/.claude`)
  await writeFile(`${fleet.repo.path}/.claude/harness.json`, '{"typecheck": {"command": "test -d src"}, "test": "test -e README.md"}')
  const tasks = ["api", "web", "docs"].map((key) => module(key))
  const slug = await fleet.start(campaignOf(fleet, { direction: `Build a small site. ${answers(yaml(tasks, ["true"]))}` }))
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("done")
  const [prompt = ""] = await toldTo(fleet, "plan")
  expect(prompt).toMatch(/=== ACTIVE CAMPAIGNS ===\n.*\n- Auth \(auth\): Move sign-in to tokens\n {2}claims src\/auth\/\n=== END ACTIVE CAMPAIGNS ===/)
  expect((await toldTo(fleet, "api")).join("\n")).not.toContain("ACTIVE CAMPAIGNS")
  await sessionFileWith(fleet, slug, "(checks: `test -d src`, `test -e README.md`, `true` passed)")
  const text = await fileWith(fleet, slug, "Status: completed")
  expect(text).toContain("by: fleet\n")
  expect(text).toContain("## Claimed Scope\n- src/api\n- src/web\n- src/docs\n")
  expect(await textOf(campaignFile(fleet, "auth"))).toBe(others)
})

test("each strategy has its branch and the status of its worktree in a file: active until one is picked, then merged, and archived for the other", async () => {
  await using fleet = await scenario({ slots: 4 })
  const strategy = (key: string, words: string) =>
    task(key, { title: `Greet the ${key} way`, scope: ["src/greet.txt"], prompt: `${words}. ${writes("src/greet.txt", key)} ${handsOff(`Decision: ${key}`)}` })
  const rivals = [
    strategy("plain", "Keep one flat function without state, arguments only"),
    strategy("classes", "Build objects resolved through dependency injection containers"),
  ]
  const slug = await fleet.start(campaignOf(fleet, { mode: "speculative", strategies: 2, waveSize: null, direction: "Greet people", plan: plan(rivals) }))
  await fleet.until("a strategy is to be picked", (view) => view.campaign?.hold === "pick")
  for (const key of ["plain", "classes"])
    await fileWith(fleet, `${slug}-${key}`, "worktree_status: active", `branch: speculative/${slug}/${key}`, `- Decision: ${key}`)
  await fleet.client.pick(slug, "plain")
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("done")
  await fileWith(fleet, `${slug}-plain`, "status: completed", "worktree_status: merged")
  await fileWith(fleet, `${slug}-classes`, "status: parked", "worktree_status: archived")
  expect((await namesIn(planningFile(fleet, "campaigns"))).toSorted()).toEqual([`${slug}-classes.md`, `${slug}-plain.md`])
})
