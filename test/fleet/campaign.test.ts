/** Campaigns told whole: real hub, worker and git; the agents are scripted, the planner among them. */
import { readFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { telemetryLine } from "../../src/protocol/planning/telemetry.ts"
import type { StartCampaign } from "../../src/protocol/campaign-views.ts"
import { eventually } from "../eventually.ts"
import { scenario, type Scenario } from "./scenario.ts"

const write = (file: string, text: string): string => `[[write path="${file}" text="${text}\\n"]] [[commit message="write ${file}"]]`

/** What a planner prints: its tasks' prompts drive their own agents. */
function plan(tasks: readonly { id: string; scope: string; prompt: string; after?: string }[], checks = "true"): string {
  const lines = tasks.flatMap(({ id, scope, prompt, after }) => [
    `  - id: ${id}`,
    `    title: Write the ${id} module with its greeting`,
    `    scope: [${scope}]`,
    ...(after === undefined ? [] : [`    after: [${after}]`]),
    `    checks: ["test -e ${scope}/${id}.txt"]`,
    `    prompt: ${JSON.stringify(`Write ${scope}/${id}.txt as the greeting of ${id}. ${prompt}`)}`,
  ])
  return ["goal: A small site", `checks: ["${checks}"]`, "tasks:", ...lines].join("\n")
}

const say = (text: string): string => `[[say ${JSON.stringify(`\`\`\`yaml\n${text}\n\`\`\``)}]]`

const campaignOf = (fleet: Scenario, more: Partial<StartCampaign>): StartCampaign => ({
  mode: "standard",
  direction: "",
  spec: null,
  plan: null,
  strategies: null,
  directory: fleet.repo.path,
  checks: [],
  record: null,
  target: null,
  agent: "scripted",
  slots: null,
  waveSize: 3,
  confirmMerges: false,
  benchmark: null,
  pickBest: false,
  confirmed: "no",
  slug: null,
  wavesBefore: 0,
  ...more,
})

test("a direction is planned, agreed to, done in two waves with one merge each, and written down", async () => {
  await using fleet = await scenario({ slots: 4 })
  const module = (id: string, after?: string) => ({
    id,
    scope: `src/${id}`,
    prompt: `${write(`src/${id}/${id}.txt`, `hello from ${id}`)} [[handoff "Built: ${id}" "Decided: ${id} uses plain text" "Discovered: ${id} is at src/${id}"]]`,
    ...(after === undefined ? {} : { after }),
  })
  const direction = `Build a small site. ${say(plan([module("api"), module("web"), module("docs"), module("tests", "api, web")]))}`
  const run = await fleet.start(campaignOf(fleet, { direction }))
  const held = await fleet.until("the start waits for a person", (view) => view.campaign?.hold === "start")
  expect(held.campaign?.gate?.disclosure).toBe("Spawning 4 agents across 2 waves in isolated worktrees. Estimated token budget: ~1000K.")
  expect(held.approvals.map(({ kind }) => kind)).toEqual(["start"])
  await fleet.client.answer(held.approvals[0]!.id, true, null)
  const settled = await fleet.settled()
  expect(settled.status).toBe("done")
  expect(settled.waves.map(({ tasks }) => tasks)).toEqual([["api", "web", "docs"], ["tests"]])
  const log = (await fleet.repo.git("log", "--first-parent", "--format=%s", "main")).trim().split("\n")
  expect(log.slice(0, 2).map((line) => line.split(":")[0])).toEqual(["Write the tests module with its greeting", "Wave 1"])
  const session = path.join(fleet.repo.path, ".planning", "fleet", `session-${run}.md`)
  const text = await eventually("the session file is complete", async () => {
    const now = await readFile(session, "utf8").catch(() => "")
    return now.includes("Status: completed") && now
  })
  expect(text).toContain("## Wave 1 Results")
  expect(text).toContain("**Decisions:** api uses plain text")
  const lines = (await readFile(path.join(fleet.repo.path, ".planning", "telemetry", "agent-runs.jsonl"), "utf8")).trim().split("\n")
  const events = lines.map((line) => telemetryLine.parse(JSON.parse(line)))
  expect(events.map(({ event }) => event)).toEqual(
    expect.arrayContaining(["campaign-start", "wave-start", "agent-complete", "wave-complete", "campaign-complete"]),
  )
  expect(new Set(events.map(({ event_id: id }) => id)).size).toBe(events.length)
})
