/** Campaigns that are asked for wrongly, and files under `.planning/` and `.claude/` that nobody can read. */
import { readFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import type { StartCampaign } from "../../src/protocol/campaign-views.ts"
import { task } from "../world/world.ts"
import { answers, campaignOf, module, namesIn, plan, planningFile, sessionFileWith, textOf, toldTo, yaml } from "./campaigns.ts"
import { describe as told, scenario } from "./scenario.ts"

const said = (code: string): unknown => ({ code, what: expect.stringMatching(/./), why: expect.stringMatching(/./), fix: expect.stringMatching(/./) })

test("what cannot become a campaign is refused with what, why and the fix, and nothing is made", async () => {
  await using fleet = await scenario()
  const outside = { ...module("out"), scope: [{ pattern: "../elsewhere", access: "write" as const }] }
  const rivals = [
    task("one", { scope: ["src/a.txt"], prompt: "Write src/a.txt with classes" }),
    task("two", { scope: ["src/a.txt"], prompt: "Write src/a.txt as a table" }),
  ]
  const wrong: readonly (readonly [Partial<StartCampaign>, string])[] = [
    [{ direction: "" }, "direction-empty"],
    [{ direction: "  \n ", spec: " " }, "direction-empty"],
    [{ direction: "x".repeat(100_001) }, "direction-too-long"],
    [{ mode: "quick", direction: "do two things" }, "quick-needs-tasks"],
    [{ mode: "speculative", direction: "do it", strategies: 1 }, "strategies-count"],
    [{ mode: "speculative", direction: "do it", strategies: 9 }, "strategies-count"],
    [{ mode: "speculative", direction: "do it", strategies: 3, plan: plan(rivals) }, "bad-plan"],
    [{ plan: plan([]) }, "bad-plan"],
    [{ plan: plan([outside, module("web"), module("docs")]) }, "bad-plan"],
  ]
  for (const [of, code] of wrong)
    await expect(fleet.start(campaignOf(fleet, of)), JSON.stringify(of).slice(0, 100)).rejects.toMatchObject({ fault: said(code) })
  expect(await fleet.client.runs()).toEqual([])
  expect(await fleet.leftovers()).toEqual([])
})

test("files that nobody can read are put aside and said, none is lost, and the campaign goes on with the defaults", async () => {
  const harness = '{ "trust": { "sessions_completed": 12, // mine\n'
  const momentum = "{ half a momentum"
  await using fleet = await scenario({ slots: 4 })
  await fleet.repo.write(".claude/harness.json", harness)
  await fleet.repo.write(".planning/momentum.json", momentum)
  await fleet.repo.write(".planning/coordination/claims/agent-odd.json", "[[[ no claim")
  await fleet.repo.write(".planning/coordination/claims/agent-far.json", JSON.stringify({ scope: ["../../etc"], claimedAt: new Date().toISOString() }))
  const outside = { ...module("out"), scope: [{ pattern: "../elsewhere", access: "write" as const }] }
  const weak = answers(yaml([outside, module("web"), module("docs")]))
  const good = answers(yaml([module("api"), module("web"), module("docs")]))
  const slug = await fleet.start(campaignOf(fleet, { direction: `Build a small site. [[if attempt=1]] ${weak} [[else]] ${good} [[end]]` }))
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("done")
  expect((await toldTo(fleet, "plan"))[1]).toMatch(/Your plan was not taken yet[\s\S]*\.\.\/elsewhere/)
  await sessionFileWith(fleet, slug, "Status: completed")
  const aside = async (folder: string, name: string): Promise<string> => {
    const found = (await namesIn(path.join(fleet.repo.path, folder))).find((one) => one.startsWith(`${name}.unreadable-`)) ?? ""
    return textOf(path.join(fleet.repo.path, folder, found))
  }
  expect(await textOf(path.join(fleet.repo.path, ".claude", "harness.json"))).toBe(harness)
  expect(await aside(".claude", "harness.json")).toBe(harness)
  expect(await aside(".planning", "momentum.json")).toBe(momentum)
  expect(JSON.parse(await textOf(planningFile(fleet, "momentum.json")))).toMatchObject({ schema: 1, discovery_count: 3 })
  expect(await textOf(planningFile(fleet, "coordination", "claims", "agent-odd.json"))).toBe("[[[ no claim")
  const log = await readFile(path.join(fleet.home, "hub.log"), "utf8")
  for (const text of ["harness.json could not be understood", "momentum.json", "agent-odd.json", "agent-far claims what keeps nobody out"])
    expect(log).toContain(text)
})
