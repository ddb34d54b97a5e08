/** Agents that hang: ended after the time that the project gives them, with what they had handed off; the wave goes on. */
import { expect, test, vi } from "vitest"
import { campaignOf, handsOff, module, namesIn, plan, planningFile, section, sessionFileWith, telemetry, textOf, toldTo, writes } from "./campaigns.ts"
import { describe as told, scenario } from "./scenario.ts"

/** Whole campaigns: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 180_000 })

test("hung agents are ended by the times of harness.json: what is critical is tried once more with less, the others are left, and what they handed off is kept", async () => {
  const harness = JSON.stringify({ agentTimeouts: { build: 6_000, research: 1_500 } })
  await using fleet = await scenario({ slots: 4, files: { "README.md": "# A project\n", ".claude/harness.json": harness } })
  const hangsOnce = `[[if attempt=1]] [[hang]] [[else]] ${writes("src/api/api.txt", "api")} ${handsOff("Built: api")} [[end]]`
  const slug = await fleet.start(
    campaignOf(fleet, {
      plan: plan([
        module("api", { does: `Read the page with WebFetch. Write src/api/api.txt. ${hangsOnce}` }),
        module("web", { does: `${handsOff("Built: half of web", "Discovered: the web is large")} [[hang]]` }),
        module("look", { type: "research", scope: ["docs (read-only)"], does: "[[hang]]" }),
        module("tests", { after: ["api"] }),
      ]),
    }),
  )
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("failed")
  expect(run.tasks.map(({ key, status, attempts }) => [key, status, attempts.length])).toEqual([
    ["api", "done", 2],
    ["web", "failed", 1],
    ["look", "failed", 1],
    ["tests", "done", 1],
  ])
  const [first = "", second = ""] = await toldTo(fleet, "api")
  expect(first).toContain("WebFetch")
  expect(second).not.toContain("WebFetch")
  for (const text of ["Write src/api/api.txt.", "Do the smallest part of this that is useful by itself", "Your last attempt was ended after 6 s"])
    expect(second).toContain(text)

  const text = await sessionFileWith(fleet, slug, "## Wave 2 Results", "**Status:** timed out")
  const results = section(text, "Wave 1 Results").split("### Agent: ")
  const resultOf = (name: string) => results.find((result) => result.startsWith(name)) ?? ""
  expect(resultOf("write-the-web-module")).toMatch(/\*\*Status:\*\* timed out\n\*\*Timeout:\*\* after 0\.1 min \(\d+ ms\), retried: no/)
  expect(resultOf("write-the-web-module")).toContain("half of web")
  expect(resultOf("write-the-look-module")).toContain("**Status:** timed out")
  expect(resultOf("write-the-api-module")).toMatch(/\*\*Status:\*\* complete\n\*\*Timeout:\*\* .*, retried: yes/)

  const timeouts = (await telemetry(fleet)).filter(({ event }) => event === "agent-timeout")
  expect(timeouts.map(({ agent }) => agent).toSorted()).toEqual([1, 2, 3].map((index) => `fleet-${slug}-w1-a${index}`))
  const ofWeb = timeouts.find(({ task_id: task }) => task === "web")
  expect(ofWeb?.meta).toMatchObject({ scope: "src/web", elapsed_ms: expect.any(Number) })
  expect(ofWeb?.meta?.["elapsed_ms"]).toBeGreaterThanOrEqual(6_000)
  const [day = ""] = await namesIn(planningFile(fleet, "discoveries"))
  expect(await textOf(planningFile(fleet, "discoveries", day))).toContain("Discovered: the web is large")
})
