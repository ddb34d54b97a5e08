/** A campaign told whole: real hub, worker and git; the agents are scripted, the planner among them. */
import { expect, test } from "vitest"
import { answers, campaignOf, decide, handsOff, module, sessionFileWith, telemetry, writes, yaml } from "./campaigns.ts"
import { scenario } from "./scenario.ts"

const stream = (key: string, after: string[] = []) =>
  module(key, {
    after,
    checks: [`test -e src/${key}/${key}.txt`],
    does: `${writes(`src/${key}/${key}.txt`, `hello from ${key}`)} ${handsOff(`Built: ${key}`, `Decided: ${key} uses plain text`, `Discovered: ${key} is at src/${key}`)}`,
  })

test("a direction is planned, agreed to, done in two waves with one merge each, and written down", async () => {
  await using fleet = await scenario({ slots: 4 })
  const direction = `Build a small site. ${answers(yaml([stream("api"), stream("web"), stream("docs"), stream("tests", ["api", "web"])]))}`
  const run = await fleet.start(campaignOf(fleet, { direction, confirmed: "no" }))
  const held = await fleet.until("the start waits for a person", (view) => view.campaign?.hold === "start")
  expect(held.campaign?.gate?.disclosure).toBe("Spawning 4 agents across 2 waves in isolated worktrees. Estimated token budget: ~1000K.")
  expect(held.approvals.map(({ kind }) => kind)).toEqual(["start"])
  await decide(fleet, held, true)
  const settled = await fleet.settled()
  expect(settled.status).toBe("done")
  expect(settled.waves.map(({ tasks }) => tasks)).toEqual([["api", "web", "docs"], ["tests"]])
  const log = (await fleet.repo.git("log", "--first-parent", "--format=%s", "main")).trim().split("\n")
  expect(log.slice(0, 2).map((line) => line.split(":")[0])).toEqual(["Write the tests module", "Wave 1"])
  const text = await sessionFileWith(fleet, run, "Status: completed")
  expect(text).toContain("## Wave 1 Results")
  expect(text).toContain("**Decisions:** api uses plain text")
  const events = await telemetry(fleet)
  expect(events.map(({ event }) => event)).toEqual(
    expect.arrayContaining(["campaign-start", "wave-start", "agent-complete", "wave-complete", "campaign-complete"]),
  )
  expect(events.filter(({ event }) => event === "wave-start").map(({ agent, meta }) => [agent, meta])).toEqual([
    ["fleet", { wave: 1, agents: ["write-the-api-module-builder", "write-the-web-module-builder", "write-the-docs-module-builder"] }],
    ["fleet", { wave: 2, agents: ["write-the-tests-module-builder"] }],
  ])
  expect(events.filter(({ event }) => event === "wave-complete").map(({ agent, meta }) => [agent, meta])).toEqual([
    ["fleet", { wave: 1, status: "complete" }],
    ["fleet", { wave: 2, status: "complete" }],
  ])
  expect(new Set(events.map(({ event_id: id }) => id)).size).toBe(events.length)
})
