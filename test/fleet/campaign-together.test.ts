/** Two campaigns in one repository at the same time: neither writes where the other does, and each hears what the other finds. */
import { execFileSync } from "node:child_process"
import { writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test, vi } from "vitest"
import { eventually } from "../eventually.ts"
import { campaignOf, handsOff, module, namesIn, plan, planningFile, section, sessionFileWith, textOf, tidied, toldTo, writes } from "./campaigns.ts"
import { describe as told, scenario } from "./scenario.ts"

/** Whole campaigns: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 180_000 })

test("what one campaign holds is done by the other in a later wave, which hears meanwhile what the first one found", async () => {
  await using fleet = await scenario({ slots: 6 })
  const gate = path.join(fleet.home, "gate")
  execFileSync("mkfifo", [gate])
  const waits = `[[run cmd="cat ${gate}"]] ${writes("src/api/api.txt", "api")} ${handsOff("Built: api")}`
  const finds = `${writes("src/web/web.txt", "web")} ${handsOff("Built: web", "Discovered: the web wants https")}`
  const first = await fleet.start(campaignOf(fleet, { plan: plan([module("api", { does: waits }), module("web", { does: finds }), module("docs")]) }))
  await fleet.untilProgram("cat")
  await eventually("momentum knows what web found", async () => (await textOf(planningFile(fleet, "momentum.json"))).includes("the web wants https"))

  const deeper = module("deeper", { scope: ["src/api/deeper"], does: `${writes("src/api/deeper/d.txt", "d")} ${handsOff("Built: deeper")}` })
  const second = await fleet.start(campaignOf(fleet, { plan: plan([deeper, module("one"), module("two"), module("three", { after: ["one"] })]) }))
  const waiting = await fleet.until("three is done", ({ tasks }) => tasks.some(({ key, status }) => key === "three" && status === "done"))
  expect(waiting.waves.map(({ tasks }) => tasks)).toEqual([["one", "two"], ["three"]])
  expect(waiting.waves[0]?.moved.join()).toMatch(/^deeper waits for a later wave: it writes src\/api\/deeper, which overlaps src\/api/)
  const [heard = ""] = await toldTo(fleet, "three")
  expect(heard).toMatch(/=== PRIOR SESSION CONTEXT ===[\s\S]*the web wants https[\s\S]*=== END PRIOR SESSION CONTEXT ===/)

  await writeFile(gate, "")
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("done")
  expect((await fleet.client.run(first)).status).toBe("done")
  expect(run.waves.at(-1)?.tasks).toEqual(["deeper"])
  expect(await fleet.file("src/api/deeper/d.txt")).toBe("d")
  for (const slug of [first, second]) expect(section(await sessionFileWith(fleet, slug, "Status: completed"), "Warnings")).toBe("")
  expect(await namesIn(planningFile(fleet, "coordination"))).toEqual([])
  expect(await tidied(fleet)).toEqual([])
})
