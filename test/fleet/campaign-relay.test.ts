/** What agents are told: the project's own words, the map, what the wave before found, and what the campaign before left. */
import { expect, test, vi } from "vitest"
import { eventually } from "../eventually.ts"
import { campaignOf, handsOff, module, namesIn, plan, planningFile, section, sessionFileWith, telemetry, textOf, tidied, toldTo, writes } from "./campaigns.ts"
import { scenario } from "./scenario.ts"

/** Whole campaigns: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 180_000 })

const finds = (key: string, ...items: readonly string[]): string => `${writes(`src/${key}/${key}.txt`, key)} ${handsOff(`Built: ${key}`, ...items)}`

test("the second wave hears all that the first one found, and the next campaign hears what this one left", async () => {
  const files = {
    "CLAUDE.md": "House rule: greetings are polite.\n",
    ".claude/agent-context/rules-summary.md": "Rule: no tabs.\n",
    "src/greet.ts": "export function politeGreeting(name: string): string {\n  return name\n}\n",
  }
  await using fleet = await scenario({ slots: 4, files })
  const first = await fleet.start(
    campaignOf(fleet, {
      plan: plan([
        module("api", { does: finds("api", "Decided: api speaks plain text", "Discovered: the limit is 100 per minute") }),
        module("web", { does: finds("web", "Discovered: there is a polite greeting in src/greet.ts") }),
        module("docs"),
        module("tests", { after: ["api"], scope: ["src/tests", "src/greet.ts"] }),
      ]),
    }),
  )
  expect((await fleet.settled()).status).toBe("done")
  const [told = ""] = await toldTo(fleet, "tests")
  for (const text of ["House rule: greetings are polite.", "Rule: no tabs."]) expect(told).toContain(text)
  expect(told).toMatch(/=== MAP SLICE ===[\s\S]*src\/greet\.ts/)
  expect(told).toContain("# Write the tests module")
  expect(told).toContain("Change only: `src/tests`, `src/greet.ts`.")
  for (const found of ["api speaks plain text", "the limit is 100 per minute", "there is a polite greeting in src/greet.ts"]) expect(told).toContain(found)
  expect((await toldTo(fleet, "api"))[0]).not.toContain("PRIOR SESSION CONTEXT")
  const text = await sessionFileWith(fleet, first, "Status: completed")
  expect(section(text, "Shared Context (Discovery Relay)")).toContain("the limit is 100 per minute")
  const briefs = await namesIn(planningFile(fleet, "fleet", "briefs"))
  expect(briefs).toHaveLength(4)
  const brief = await textOf(planningFile(fleet, "fleet", "briefs", briefs.find((name) => name.includes("api")) ?? ""))
  expect(brief).toMatch(/^## Agent: [\s\S]*\*\*Status:\*\* complete\n\*\*Built:\*\*/)

  await eventually("the campaign was counted", async () => (await textOf(`${fleet.repo.path}/.claude/harness.json`)).includes('"campaigns_completed": 1'))
  await fleet.start(campaignOf(fleet, { plan: plan([module("a"), module("b"), module("c")]) }))
  expect((await fleet.settled()).status).toBe("done")
  const [toldNext = ""] = await toldTo(fleet, "a")
  const prior = toldNext.slice(toldNext.indexOf("=== PRIOR SESSION CONTEXT ==="), toldNext.indexOf("=== END PRIOR SESSION CONTEXT ==="))
  expect(prior).toContain("src/api")
  // What stands among the findings of others is not told twice.
  expect(toldNext.split("the limit is 100 per minute")).toHaveLength(2)
  await eventually("both were counted", async () => (await textOf(`${fleet.repo.path}/.claude/harness.json`)).includes('"campaigns_completed": 2'))
  expect((await telemetry(fleet)).filter(({ event }) => event === "campaign-complete")).toHaveLength(2)
  expect(await tidied(fleet)).toEqual([])
})
