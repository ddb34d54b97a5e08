/** Campaigns that go on from their session file: the file stays the one record of all that was done, whoever's run it was. */
import { rm } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { recording, streams, wirer, type Recording } from "../../../test/world/recording.ts"
import { task } from "../../../test/world/world.ts"
import { exitOf } from "../../domain/planning/exit-of.ts"
import type { RunId } from "../../domain/ids.ts"
import { runOf } from "../../domain/project/state.ts"

const gated = { ...wirer, gate: "human" as const }
const said = (key: string): string => `---HANDOFF---\n- Built: ${key} by hand\n- Discoveries: ${key} has a limit\n- Decisions: tabs for ${key}\n---`

/** Three have landed, the fourth has not begun. */
async function halfDone(settings: Parameters<Recording["submit"]>[1] = {}): Promise<Recording> {
  const of = await recording()
  await of.submit([...streams, gated], settings)
  await of.hub.send({ type: "run.auto-continue", run: of.run, on: false })
  for (const key of ["api", "ui", "docs"]) await of.endTurn(key, { text: said(key) })
  await of.hub.send({ type: "run.stop", run: of.run, by: "me" })
  await of.goOn()
  await of.record()
  return of
}

async function wire(of: Recording): Promise<void> {
  await of.endTurn("wire-it", { text: said("wire") })
  await of.record()
}

const handoff = (of: Recording, run: RunId): string => exitOf(of.hub.state, runOf(of.hub.state, run)) ?? ""
const section = (text: string, title: string): string => new RegExp(`## ${title}.*\\n([^]*?)(?=\\n## |$)`).exec(text)?.[1] ?? ""

test.each([
  ["in waves", {}],
  ["without waves", { waveSize: null }],
])("a campaign %s says what was built and with which commit, and keeps it when it goes on", async (_how, settings) => {
  await using of = await halfDone(settings)
  const before = await of.session()
  expect(before).toMatch(/## Wave 1 Results[^]*### Agent: build-api-builder[^]*\*\*Commit:\*\* \w+/)
  expect(before).toContain("Next wave: 2")
  expect(await of.session()).toMatch(/\| 4 \| Wire it \|.*\| pending|stopped/)
  await of.continue()
  await of.record()
  await wire(of)
  const text = await of.session()
  expect(section(text, "Wave 1 Results")).toBe(section(before, "Wave 1 Results"))
  expect(text).toContain("## Wave 2 Results")
  expect(section(text, "Shared Context")).toContain("api has a limit")
  expect(text).toContain("Next wave: none")
  expect(text).toContain("Status: completed")
})

test("the agent that did it until now goes on, where nobody names another", async () => {
  await using of = await halfDone()
  const run = await of.continue(null)
  expect(runOf(of.hub.state, run).settings.agent).toBe("scripted")
})

test("its name and when it began stay what they were", async () => {
  await using of = await halfDone()
  const [name, , , started] = (await of.session()).split("\n")
  await of.continue()
  await of.record()
  expect((await of.session()).split("\n").slice(0, 4)).toEqual([name, "", "Status: active", started])
})

test("where its file is gone it is written anew with all that was done before, and so after every restart", async () => {
  await using of = await halfDone()
  await of.continue()
  await of.record()
  await wire(of)
  const text = await of.session()
  await of.record()
  expect(await of.session()).toBe(text)
  await rm(path.join(of.root, ".planning/fleet"), { recursive: true })
  await of.record()
  const anew = await of.session()
  for (const part of ["Wave 1 Results", "Wave 2 Results", "Work Queue"]) expect(section(anew, part), part).toBe(section(text, part))
  expect(section(anew, "Shared Context")).toContain("api has a limit")
})

test("what a person made of the file before it goes on is what it goes on from, and no edit that is refused", async () => {
  await using of = await halfDone()
  await of.edit((text) =>
    text
      .replace(/(\| 4 \|(?:[^|]*\|){3})[^|]*/, "$1 pending ")
      .replace(/(### Row 4[^\n]*\n\n```prompt\n)[^\n]*/, "$1Wire it with care.")
      .replace(/(## Shared Context[^\n]*\n)/, "$1- Ask Ada first\n"),
  )
  await of.continue()
  await of.record()
  const text = await of.session()
  expect(text).not.toContain("## Refused Edits")
  expect(text).toContain("Wire it with care.")
  expect(text).toContain("- Ask Ada first")
  expect((await of.files(".planning/fleet")).filter((name) => name.includes("edited"))).toEqual([])
})

test("at its end it counts all agents and waves, and says where the earlier findings are", async () => {
  await using of = await halfDone()
  const run = await of.continue()
  await wire(of)
  const text = handoff(of, run)
  expect(text).toContain("2 waves, 4 agents total")
  expect(text).toContain("- Built: Build api; Build ui; Build docs; wire by hand")
  expect(text).toContain(`what the wave before found stands in .planning/fleet/session-${of.run}.md`)
  expect(text).toContain("amber -- multi-wave merges")
})

test("what holds for every agent, and what makes a workspace ready, hold when it goes on", async () => {
  await using of = await recording()
  await of.submit([...streams, gated], {}, {}, { guardrails: ["Keep the API stable.", "No new dependency.\nAsk first."], setup: "npm ci\nnpm run build" })
  await of.hub.send({ type: "run.stop", run: of.run, by: "me" })
  await of.goOn()
  await of.record()
  const run = await of.continue()
  expect(runOf(of.hub.state, run)).toMatchObject({ guardrails: ["Keep the API stable.", "No new dependency.\nAsk first."], setup: "npm ci\nnpm run build" })
})

test("a specification of which no plan came is planned again to the letter", async () => {
  await using of = await recording()
  const spec = "# A site\n\n## Pages\n```\nhome\n```\n"
  await of.submit([task("plan", { title: "Make the plan", type: "research", role: "planner" })], {}, { planner: "plan" as never, spec })
  await of.hub.send({ type: "run.stop", run: of.run, by: "me" })
  await of.goOn()
  await of.record()
  const run = await of.continue()
  const { tasks, campaign } = runOf(of.hub.state, run)
  expect(campaign?.spec?.trim()).toBe(spec.trim())
  expect(of.hub.state.tasks.get(tasks[0] ?? ("" as never))?.plan.prompt).toContain("## Pages\n```\nhome\n```")
})
