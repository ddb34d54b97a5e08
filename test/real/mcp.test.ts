/** A real agent leads others by Fleet's tools: opencode with our MCP server in its config, as a session of a real hub. Only the model is scripted. */
import { readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { sibling } from "../../src/main/entry.ts"
import { connect, overHttp, type McpClient } from "../mcp/client.ts"
import { eventually } from "../eventually.ts"
import { scenario, type Scenario } from "../fleet/scenario.ts"
import { installed, missing, realAgents, type RealAgents } from "./agents.ts"

for (const reason of missing.filter((line) => line.startsWith("opencode"))) test.skip(`opencode leads [skipped: ${reason}]`, () => undefined)

const call = (tool: string, input: object): string => `[[call tool=${tool} input=${JSON.stringify(JSON.stringify(input))}]]`

/** Two children, both awaited, both looked at; the handles come from the answers before. */
function leads(child: (name: string) => object): string {
  return [
    "Lead two children.",
    call("create_session", child("left")),
    call("create_session", child("right")),
    call("wait", { sessions: ["@{1:session}", "@{2:session}"], for: "all", timeout_s: 50 }),
    call("get_diff", { session: "@{1:session}" }),
    call("get_diff", { session: "@{2:session}" }),
    call("answer", { approval: "ap-1", allow: true }),
    call("list_sessions", { of: "mine" }),
    call("report_handoff", { items: ["left and right are made"] }),
    '[[say "both looked at"]]',
  ].join("\n")
}
const work = (name: string): string =>
  `[[write path="${name}.txt" text="${name}\\n"]] [[run cmd="git add -A && git commit -q -m ${name}"]] [[say "made ${name}"]]`

test.skipIf(!installed.includes("opencode")).each<readonly [How, string]>([
  ["acp", "scripted"],
  ["serve", "opencode"],
])("opencode %s leads two children of %s: makes them, waits, reads their diffs, and is called back", { timeout: 240_000 }, async (how, agent) => {
  await using agents = await realAgents()
  await using fleet = await fleetOf(agents, how)
  await using owner = await ownerOf(fleet)
  const prompt = leads((name) => ({ title: name, agent, prompt: work(name) }))
  const lead = await owner.data<{ session: string; directory: string }>("create_session", {
    title: "lead",
    agent: "opencode",
    directory: fleet.repo.path,
    prompt,
  })
  const conversation = await restedConversation(owner, lead.session)
  expect(conversation).toContain("text: both looked at")

  const { sessions } = await owner.data<{ sessions: Child[] }>("list_sessions")
  const children = sessions.filter((session) => session.parent === lead.session).toSorted((a, b) => a.title.localeCompare(b.title))
  expect(children).toMatchObject(
    ["left", "right"].map((title) => ({
      title,
      agent,
      status: "idle",
      last_turn: { how: "completed", files: 1, says: expect.stringContaining(`made ${title}`) },
    })),
  )
  for (const { title, branch } of children) expect(await fleet.repo.git("show", `${branch}:${title}.txt`)).toBe(title)

  // What the tools answered has reached the model, word for word.
  const told = agents.model.requests.map(({ body }) => JSON.stringify(body)).findLast((body) => body.includes("Lead two children")) ?? ""
  expect(told).toContain("+left")
  expect(told).toContain("+right")
  expect(told).toContain("an agent may not answer for the person")
  expect(told).toContain(`You are session ${lead.session}`)
  expect(told).toContain("Handed off: 1 item")
  expect(told).toContain("[Fleet Callback]")
})

/** A process for each session, which has its marks; or one for all of them, which has none. */
type How = "acp" | "serve"

interface Child {
  readonly title: string
  readonly parent: string | null
  readonly branch: string
}

/** The person's own configuration of opencode names Fleet, as docs/mcp.md says. */
async function fleetOf(agents: RealAgents, how: How): Promise<Scenario> {
  const config = JSON.parse(agents.config) as { agents: Record<string, { argv: string[]; env: Record<string, string> }> }
  const opencode = config.agents["opencode"]
  if (opencode !== undefined) opencode.argv = [opencode.argv[0] ?? "", how]
  const env = opencode?.env ?? {}
  const server = { type: "local", command: [process.execPath, sibling("cli"), "mcp"], timeout: 60_000 }
  // Its home is known only once it is there.
  const fleet = await scenario({ config: "{}", slots: 8 })
  await fleet.stop()
  const own = JSON.parse(env["OPENCODE_CONFIG_CONTENT"] ?? "{}") as object
  const environment = { FLEET_HOME: fleet.home, FLEET_CONFIG: path.join(fleet.home, "config.yaml") }
  env["OPENCODE_CONFIG_CONTENT"] = JSON.stringify({ ...own, mcp: { fleet: { ...server, environment } } })
  await writeFile(path.join(fleet.home, "config.yaml"), JSON.stringify(config))
  await fleet.startHub()
  return fleet
}

async function ownerOf(fleet: Scenario): Promise<McpClient> {
  const token = (await readFile(path.join(fleet.home, "token"), "utf8")).trim()
  return connect("2026-07-28", overHttp((await fleet.client.hub()).port ?? 0, token))
}

/** What a session said, once its own turn is over, and the one that a callback brought. */
async function restedConversation(client: McpClient, session: string): Promise<string> {
  const look = (timeout: number): Promise<Seen> => client.data<Seen>("wait", { sessions: [session], timeout_s: timeout })
  const calledBack = ({ pending, sessions: [lead] }: Seen): boolean => pending.length === 0 && (lead?.turns ?? 0) > 1
  let seen = await look(50)
  while (!calledBack(seen)) {
    if (seen.pending.length === 0) expect(seen.sessions).toMatchObject([{ last_turn: { how: "completed" } }])
    await eventually("a callback is on its way, or was there", async () => look(0).then((now) => now.pending.length > 0 || calledBack(now)))
    seen = await look(50)
  }
  const { entries } = await client.data<{ entries: { type: string; text: string }[] }>("get_conversation", { session, limit: 200 })
  return entries.map(({ type, text }) => `${type}: ${text}`).join("\n")
}

interface Seen {
  readonly pending: readonly string[]
  readonly sessions: readonly { readonly turns: number }[]
}
