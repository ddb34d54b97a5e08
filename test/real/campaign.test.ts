/**
 * A real agent follows our skill `/fleet` through a campaign of two waves: opencode finds it where `fleet skills install` put it, takes `/fleet <direction>` for
 * what it is, puts the skill before its model, and leads by Fleet's tools. The person says yes. Only the model is scripted; the campaign's own agents are scripted ones, processes like any other.
 */
import { readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { parseHandoff } from "../../src/domain/handoff/handoff.ts"
import { sibling } from "../../src/main/entry.ts"
import { fleet as command } from "../../src/surfaces/cli/testing/fleet.ts"
import type { ApprovalView } from "../../src/protocol/views.ts"
import { eventually } from "../eventually.ts"
import { scenario, type Scenario } from "../fleet/scenario.ts"
import { connect, overHttp, type McpClient } from "../mcp/client.ts"
import { twoWaves } from "../mcp/two-waves.ts"
import { installed, missing, realAgents, type RealAgents } from "./agents.ts"

for (const reason of missing.filter((line) => line.startsWith("opencode"))) test.skip(`opencode follows /fleet [skipped: ${reason}]`, () => undefined)

const call = (tool: string, input: object): string => `[[call tool=${tool} input=${JSON.stringify(JSON.stringify(input))}]]`

/** What its model would decide, in the order of the skill: wake-up, queue, gate, waves, end. */
function leads(plan: string): string {
  return [
    "/fleet Give the site an API, pages and documents, and then tests.",
    '[[run cmd="cat CLAUDE.md"]]',
    call("list_runs", {}),
    call("review_plan", { plan }),
    call("run_campaign", { direction: "Give the site an API, pages and documents, and then tests.", plan, agent: "scripted" }),
    call("wait", { runs: ["@{4:run}"] }),
    call("list_needs_you", {}),
    ...Array.from({ length: 3 }, () => call("wait", { runs: ["@{4:run}"], for: "rest", timeout_s: 50 })),
    call("get_run", { run: "@{4:run}" }),
    '[[say "The site is there.\\n@{10:HANDOFF}"]]',
  ].join("\n")
}

const plan = twoWaves("The site")

test.skipIf(!installed.includes("opencode"))(
  "opencode follows the skill /fleet through a campaign of two waves, which the person lets start, to its HANDOFF",
  { timeout: 300_000 },
  async () => {
    await using agents = await realAgents()
    await using fleet = await fleetOf(agents)
    await using owner = await ownerOf(fleet)
    const { session } = await owner.data<{ session: string }>("create_session", {
      title: "The commander",
      agent: "opencode",
      directory: fleet.repo.path,
      // As a person's own agent would: in their checkout.
      strategy: "existing",
      prompt: leads(plan),
    })
    const asked = await askedOrFailed(fleet, owner, session)
    expect(asked.question).toContain("Spawning 4 agents across 2 waves in isolated worktrees.")
    await eventually("the commander knows that they are", async () => (await fleet.wholeTranscript(session)).includes("list_needs_you (completed)"))
    // Nothing has started before they answer.
    expect((await fleet.client.run("@last")).tasks.map(({ status, attempt }) => [status, attempt])).toEqual(Array.from({ length: 4 }, () => ["queued", 0]))
    await fleet.client.answer(asked.id, true, null)

    const said = await restedWords(owner, session)
    const run = await fleet.client.run("@last")
    expect(run).toMatchObject({ status: "done", waves: [{ tasks: ["api", "web", "docs"] }, { tasks: ["tests"] }] })
    expect(parseHandoff(said)?.items).toEqual([
      `Fleet session: ${run.id} — 2 waves, 4 agents total`,
      "Built: api; web; docs; tests",
      "Discoveries: api lies in src/api; web lies in src/web; docs lies in src/docs; tests lies in src/tests",
      "Merge conflicts: 0",
      "Next: nothing is left",
      "Reversibility: amber -- multi-wave merges, revert each wave's merge commit",
    ])

    // One merge a wave and nothing else on the target: the commander wrote nothing.
    const line = (await fleet.repo.git("log", "--first-parent", "--format=%p", "main")).split("\n")
    expect(line.map((parents) => parents.split(" ").length)).toEqual([2, 2, 1])
    for (const key of ["api", "web", "docs", "tests"]) expect(await fleet.file(`src/${key}/${key}.txt`)).toBe(key)
    const file = path.join(fleet.repo.path, run.campaign?.sessionFile ?? "")
    const record = await eventually("the session file is complete", async () => {
      const text = await readFile(file, "utf8").catch(() => "")
      return text.includes("Status: completed") && text
    })
    for (const heading of ["## Work Queue", "## Wave 1 Results", "## Wave 2 Results", "## Shared Context (Discovery Relay)"]) expect(record).toContain(heading)

    // The whole skill, the project's conventions and each answer have reached the model.
    const told = agents.model.requests.map(({ body }) => JSON.stringify(body)).findLast((body) => body.includes("Give the site an API")) ?? ""
    for (const words of [
      "You are the Fleet Commander. You write no code.",
      "## Neighbours",
      "Never say yes for the person",
      `${asked.id} start: `,
      `needs the person: ${run.id}`,
    ])
      expect(told).toContain(words)
    // The second wave was told what the first had found.
    const tests = run.tasks.find(({ key }) => key === "tests")
    expect(await fleet.wholeTranscript(tests?.session ?? "")).toContain("web lies in src/web")
  },
)

/** The person installed the skill, and their opencode knows Fleet's tools. */
async function fleetOf(agents: RealAgents): Promise<Scenario> {
  const config = JSON.parse(agents.config) as { agents: Record<string, { argv: string[]; env: Record<string, string> }> }
  const opencode = config.agents["opencode"]
  if (opencode === undefined) throw new Error("opencode is not installed")
  opencode.argv = [opencode.argv[0] ?? "", "acp"]
  delete opencode.env["OPENCODE_DISABLE_EXTERNAL_SKILLS"]
  const fleet = await scenario({ config: "{}", slots: 8, files: { "CLAUDE.md": "# Conventions\n\nNever say yes for the person.\n" } })
  // Its home is known only once it is there.
  await fleet.stop()
  const environment = { FLEET_HOME: fleet.home, FLEET_CONFIG: path.join(fleet.home, "config.yaml") }
  const server = { type: "local", command: [process.execPath, sibling("cli"), "mcp"], timeout: 60_000, environment }
  const own = JSON.parse(opencode.env["OPENCODE_CONFIG_CONTENT"] ?? "{}") as object
  opencode.env["OPENCODE_CONFIG_CONTENT"] = JSON.stringify({ ...own, mcp: { fleet: server } })
  await writeFile(path.join(fleet.home, "config.yaml"), JSON.stringify(config))
  const installing = await command(["skills", "install", "fleet", "--agent", "opencode"], { home: fleet.home, cwd: fleet.repo.path, env: fleet.environment })
  expect(installing).toMatchObject({ code: 0, stderr: "" })
  await fleet.startHub()
  return fleet
}

async function ownerOf(fleet: Scenario): Promise<McpClient> {
  const token = (await readFile(path.join(fleet.home, "token"), "utf8")).trim()
  return connect("2026-07-28", overHttp((await fleet.client.hub()).port ?? 0, token))
}

/** The question that the person has to answer. A commander that did not get so far says why. */
async function askedOrFailed(fleet: Scenario, client: McpClient, session: string): Promise<ApprovalView> {
  const look = async (): Promise<ApprovalView | "over" | undefined> => {
    const { pending } = await client.data<{ pending: string[] }>("wait", { sessions: [session], timeout_s: 0 })
    return (await fleet.client.approvals()).find(({ kind }) => kind === "start") ?? (pending.length === 0 ? "over" : undefined)
  }
  const asked = await eventually("the person is asked", look, 120_000).catch(() => "over" as const)
  if (asked !== "over") return asked
  throw new Error(`the person was never asked:\n${await fleet.wholeTranscript(session)}\n${await fleet.log("worker")}`)
}

/** What the session said in its turn, once that is over. */
async function restedWords(client: McpClient, session: string): Promise<string> {
  for (;;) {
    const { pending, sessions } = await client.data<{ pending: string[]; sessions: object[] }>("wait", { sessions: [session], timeout_s: 50 })
    if (pending.length > 0) continue
    expect(sessions).toMatchObject([{ turns: 1, last_turn: { how: "completed" } }])
    const { entries } = await client.data<{ entries: { type: string; text: string }[] }>("get_conversation", { session, limit: 200 })
    // A long answer streams, and is kept in pieces as it came.
    return entries.flatMap(({ type, text }) => (type === "text" ? [text] : [])).join("")
  }
}
