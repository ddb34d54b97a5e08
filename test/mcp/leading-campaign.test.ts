/** An agent that leads campaigns through the tools, on a real hub with scripted agents; the person says yes, and picks. */
import { readFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { id } from "../../src/domain/ids.ts"
import { agentToken } from "../../src/surfaces/http/token.ts"
import { scenario, type Scenario } from "../fleet/scenario.ts"
import { connect, overHttp, type McpClient } from "./client.ts"
import { twoWaves } from "./two-waves.ts"

interface Started {
  readonly run: { readonly run: string }
  readonly questions: readonly { readonly approval: string; readonly kind: string; readonly question: string }[]
}
interface Lead extends AsyncDisposable {
  readonly agent: McpClient
  readonly owner: McpClient
  readonly token: string
}

/** A session's agent with its own token, and the person's client. */
async function leadOf(fleet: Scenario): Promise<Lead> {
  const read = async (file: string): Promise<string> => (await readFile(path.join(fleet.home, file), "utf8")).trim()
  const port = (await fleet.client.hub()).port ?? 0
  const owner = await connect("2026-07-28", overHttp(port, await read("token")))
  const { session } = await owner.data<{ session: string }>("create_session", { title: "lead", directory: fleet.repo.path })
  const token = agentToken(await read("token.agents"), id(session))
  const agent = await connect("2026-07-28", overHttp(port, token))
  const dispose = async (): Promise<void> => {
    await agent[Symbol.asyncDispose]()
    await owner[Symbol.asyncDispose]()
  }
  return { agent, owner, token, [Symbol.asyncDispose]: dispose }
}

const plan = twoWaves("Four modules")

async function rested(client: McpClient, run: string): Promise<Seen> {
  for (;;) {
    const seen = await client.data<Seen>("wait", { runs: [run], timeout_s: 50 })
    if (!seen.timed_out) return seen
  }
}
interface Seen {
  readonly timed_out: boolean
  readonly needs_you: readonly string[]
  readonly rested: readonly string[]
}

test("an agent runs a campaign of two waves; the person says yes, and no word of the agent does", async () => {
  await using fleet = await scenario({ slots: 4 })
  await using lead = await leadOf(fleet)
  const { agent, owner } = lead
  const directory = fleet.repo.path
  const { run, questions } = await agent.data<Started>("run_campaign", { plan, directory })
  expect(questions).toMatchObject([
    { kind: "start", question: expect.stringContaining("Spawning 4 agents across 2 waves in isolated worktrees. Estimated token budget: ~1000K.") },
  ])
  const approval = questions[0]?.approval ?? ""
  expect(await rested(agent, run.run)).toMatchObject({ needs_you: [run.run], rested: [] })
  expect(await agent.data("list_needs_you")).toMatchObject({ questions: [{ approval, kind: "start", run: run.run }] })
  expect(await agent.refusal("answer", { approval, allow: true })).toContain("an agent may not answer for the person")
  expect(await agent.data("get_run", { run: run.run })).toMatchObject({
    run: { campaign: { waits_for: "start", colour: "amber", wave: null } },
    detail: { foreseen: [["api", "web", "docs"], ["tests"]], handoff: null },
  })
  await owner.data("answer", { approval, allow: true })
  expect(await rested(agent, run.run)).toMatchObject({ rested: [run.run] })
  const { detail } = await agent.data<{ detail: { handoff: string } }>("get_run", { run: run.run })
  expect(detail).toMatchObject({ waves: [{ tasks: ["api", "web", "docs"] }, { tasks: ["tests"] }] })
  expect(detail.handoff.split("\n")).toEqual([
    "---HANDOFF---",
    `- Fleet session: ${run.run} — 2 waves, 4 agents total`,
    "- Built: api; web; docs; tests",
    "- Discoveries: api lies in src/api; web lies in src/web; docs lies in src/docs; tests lies in src/tests",
    "- Merge conflicts: 0",
    "- Next: nothing is left",
    "- Reversibility: amber -- multi-wave merges, revert each wave's merge commit",
    "---",
  ])
  // One merge a wave.
  expect((await fleet.repo.git("rev-list", "--first-parent", "--merges", "main")).split("\n")).toHaveLength(2)
})

test("an agent that says yes in the person's name is refused by the hub itself", async () => {
  await using fleet = await scenario()
  await using lead = await leadOf(fleet)
  const { port } = await fleet.client.hub()
  for (const word of [{ confirmed: "yes" }, { confirmed: "unless-red" }, { pickBest: true }]) {
    const response = await fetch(`http://127.0.0.1:${port}/v1/campaigns`, {
      method: "POST",
      headers: { authorization: `Bearer ${lead.token}`, "content-type": "application/json" },
      body: JSON.stringify({ direction: "anything", directory: fleet.repo.path, ...word }),
    })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: "not-allowed" })
  }
  expect(await lead.agent.data("list_runs")).toMatchObject({ runs: [] })
})

test("strategies are tried side by side, compared, and the one that the person picks lands", async () => {
  await using fleet = await scenario({ slots: 4 })
  await using lead = await leadOf(fleet)
  const { agent, owner } = lead
  const way = (key: string, title: string): string =>
    JSON.stringify({
      id: key,
      title,
      scope: ["src/sum.txt"],
      checks: ["test -s src/sum.txt"],
      prompt: `${title}. [[write path="src/sum.txt" text="${key}\\n"]] [[commit message="${key}"]] [[handoff "Decision: ${key} first" "Tradeoffs: more of ${key}"]]`,
    })
  const { run, questions } = await agent.data<Started>("run_campaign", {
    mode: "speculative",
    direction: "sum it up",
    plan: `goal: Sum\ntasks: [${[way("short", "A table of all results that is generated once and looked up"), way("long", "Recursion over pairs, without any memory of earlier calls")].join(", ")}]`,
    directory: fleet.repo.path,
  })
  expect(questions).toMatchObject([{ kind: "start", question: expect.stringContaining("Running 2 parallel approaches to the same task.") }])
  await owner.data("answer", { approval: questions[0]?.approval, allow: true })
  expect(await rested(agent, run.run)).toMatchObject({ needs_you: [run.run], runs: [{ campaign: { waits_for: "pick", colour: "red" } }] })
  const ready = { status: "ready", checks: { passed: 1, failed: 0 }, diff: { files: 1 } }
  expect(await agent.data("compare_strategies", { run: run.run })).toMatchObject({
    winner: null,
    strategies: [
      { strategy: "short", branch: `speculative/${run.run}/short`, decision: "short first", tradeoffs: "more of short", ...ready },
      { strategy: "long", ...ready },
    ],
  })
  const { questions: open } = await agent.data<Started>("list_needs_you")
  expect(open).toMatchObject([{ kind: "pick" }])
  // Yes is no choice; the refusal says how it is made.
  expect(await owner.refusal("answer", { approval: open[0]?.approval, allow: true })).toContain("fleet pick <strategy>")
  await fleet.client.pick(run.run, "long")
  expect(await rested(agent, run.run)).toMatchObject({ rested: [run.run], runs: [{ tasks: { done: 1, archived: 1 }, campaign: { picked: "long" } }] })
  expect(await fleet.file("src/sum.txt")).toBe("long")
  expect(await fleet.repo.git("tag", "--list", "archive/*")).toBe(`archive/speculative/${run.run}/short`)
})

test("a repository is diagnosed on its worker, and what was found runs as a campaign", async () => {
  const failing = { "package.json": JSON.stringify({ name: "x", version: "1.0.0", scripts: { test: "echo src/a.js is wrong; exit 1" } }), "src/a.js": "x\n" }
  await using fleet = await scenario({ files: failing })
  await using lead = await leadOf(fleet)
  const directory = fleet.repo.path
  let found: { done: boolean; findings?: unknown }
  do found = await lead.agent.data("diagnose_repository", { directory })
  while (!found.done)
  expect(found.findings).toEqual(
    expect.arrayContaining([expect.objectContaining({ what: "tests", status: "problem", command: expect.stringContaining("test") })]),
  )
  // What one caller was told is not another one's.
  expect(await lead.owner.refusal("run_campaign", { diagnosis: true, directory })).toContain("code: no-diagnosis")
  const { run, questions } = await lead.agent.data<Started>("run_campaign", { diagnosis: true, directory })
  expect(run).toMatchObject({ goal: "Mend what is unhealthy in this repository" })
  expect(questions).toMatchObject([{ kind: "start" }])
  await lead.owner.data("answer", { approval: questions[0]?.approval, allow: false })
  expect(await rested(lead.agent, run.run)).toMatchObject({ runs: [{ status: "cancelled" }] })
})
