/** An agent that leads others through the tools, on a real hub with scripted agents: children, corrections, claims, discoveries, questions. */
import { readFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { id } from "../../src/domain/ids.ts"
import { agentToken } from "../../src/surfaces/http/token.ts"
import { scenario, type Scenario } from "../fleet/scenario.ts"
import { connect, overHttp, type McpClient } from "./client.ts"

interface Child {
  readonly session: string
  readonly status: string
  readonly branch: string
  readonly directory: string
  readonly notifies: string | null
}

const tokenOf = async (fleet: Scenario, file: string): Promise<string> => (await readFile(path.join(fleet.home, file), "utf8")).trim()

async function ownerOf(fleet: Scenario): Promise<McpClient> {
  return connect("2026-07-28", overHttp((await fleet.client.hub()).port ?? 0, await tokenOf(fleet, "token")))
}
async function agentOf(fleet: Scenario, session: string): Promise<McpClient> {
  return connect("2026-07-28", overHttp((await fleet.client.hub()).port ?? 0, agentToken(await tokenOf(fleet, "token.agents"), id(session))))
}

test("children work in worktrees of their own, are waited for, looked at, and corrected", async () => {
  await using fleet = await scenario()
  await using client = await ownerOf(fleet)
  const directory = fleet.repo.path
  const child = (title: string, prompt: string): Promise<Child> => client.data<Child>("create_session", { title, prompt, directory })
  const a = await child("a", '[[write path="a.txt" text="a\n"]][[commit message="a"]][[say "made a"]]')
  const b = await child("b", "[[fail status=400]]")
  expect(a.directory).not.toBe(b.directory)
  const both = await waitForAll(client, [a.session, b.session])
  expect(both).toMatchObject({
    rested: [a.session, b.session],
    sessions: [{ last_turn: { how: "completed", says: expect.stringContaining("made a"), files: 1 } }, { last_turn: { how: "failed" } }],
  })
  expect(await client.data("get_diff", { session: a.session })).toMatchObject({
    files: [{ path: "a.txt", status: "added" }],
    patch: expect.stringContaining("+a"),
  })
  await client.data("prompt_session", { session: b.session, prompt: '[[write path="b.txt" text="b\n"]]' })
  expect(await waitForAll(client, [b.session])).toMatchObject({ sessions: [{ turns: 2, last_turn: { how: "completed" } }] })
  // What is not committed is seen as well.
  expect(await client.data("get_diff", { session: b.session })).toMatchObject({ files: [{ path: "b.txt" }], patch: expect.stringContaining("+b") })
  const { entries } = await client.data<{ entries: { type: string; text: string }[] }>("get_conversation", { session: a.session })
  expect(entries.map(({ type }) => type)).toEqual(expect.arrayContaining(["prompt", "text", "turn"]))
  const listed = await client.data<{ sessions: Child[] }>("list_sessions", { status: "idle" })
  expect(listed.sessions.map(({ session }) => session).toSorted()).toEqual([a.session, b.session].toSorted())
})

test("a lead that is a session of Fleet is told of its children, and lists only its own", async () => {
  await using fleet = await scenario()
  await using owner = await ownerOf(fleet)
  const directory = fleet.repo.path
  const lead = await owner.data<Child>("create_session", { title: "lead", directory })
  await owner.data("create_session", { title: "somebody else", directory })
  await using client = await agentOf(fleet, lead.session)
  const child = await client.data<Child>("create_session", { title: "child", prompt: '[[write path="c.txt" text="c"]]', directory: lead.directory })
  expect(child.notifies).toBe(lead.session)
  const mine = await client.data<{ you: string; sessions: Child[] }>("list_sessions", { of: "mine" })
  expect([mine.you, mine.sessions.map(({ session }) => session)]).toEqual([lead.session, [child.session]])
  await waitForAll(client, [child.session])
  // The callback is a turn of the lead.
  const told = await waitUntilTurned(owner, lead.session)
  expect(told).toContain("[Fleet Callback]")
})

test("claims keep others out until they are given back; a refusal names the holder", async () => {
  await using fleet = await scenario()
  await using owner = await ownerOf(fleet)
  const directory = fleet.repo.path
  const one = await owner.data<Child>("create_session", { title: "one", directory })
  const two = await owner.data<Child>("create_session", { title: "two", directory })
  await using first = await agentOf(fleet, one.session)
  await using second = await agentOf(fleet, two.session)
  const { claim } = await first.data<{ claim: string }>("claim_scope", { scopes: ["src/api"], purpose: "rename the routes", directory })
  const refusal = await second.refusal("claim_scope", { scopes: ["src/**"], purpose: "tidy", directory })
  expect(refusal).toContain("one")
  expect(refusal).toContain("fix:")
  expect(await second.refusal("release_scope", { claim })).toMatch(/code: /)
  expect(await first.data("release_scope", { claim })).toEqual({ claim, released: true })
  expect(await second.data("claim_scope", { scopes: ["src/**"], purpose: "tidy", directory })).toMatchObject({ scopes: ["src"] })
})

test("what one agent found out, another reads; what it hands off comes with its callback", async () => {
  await using fleet = await scenario()
  await using owner = await ownerOf(fleet)
  const directory = fleet.repo.path
  const one = await owner.data<Child>("create_session", { title: "one", directory, prompt: "[[hang]]" })
  await using client = await agentOf(fleet, one.session)
  await client.data("report_discovery", { text: "config moved to src/env.ts", paths: ["src/env.ts"], directory })
  expect(await owner.data("list_discoveries")).toMatchObject({
    discoveries: [{ text: "config moved to src/env.ts", paths: ["src/env.ts"], session: one.session }],
    next_cursor: null,
  })
  expect(await client.data("report_handoff", { items: ["routes are renamed", "tests are open"] })).toEqual({ session: one.session, items: 2 })
  expect(await owner.refusal("report_handoff", { items: ["x"] })).toContain("not the agent of a session")
})

test("a question waits for the person: the agent sees it and may not answer, the person's client may", async () => {
  await using fleet = await scenario({ config: "defaults: { agent: scripted }\npermissions: [{ kind: run, match: '*migrate*', action: ask }]\n" })
  await using owner = await ownerOf(fleet)
  const directory = fleet.repo.path
  const child = await owner.data<Child>("create_session", { title: "asks", directory, prompt: '[[ask cmd="echo migrate > done.txt"]][[say "went on"]]' })
  const waitedAt = performance.now()
  expect(await owner.data("wait", { sessions: [child.session], timeout_s: 50 })).toMatchObject({ timed_out: false, needs_you: [child.session] })
  expect(performance.now() - waitedAt).toBeLessThan(30_000)
  const { questions } = await owner.data<{ questions: { approval: string; session: string }[] }>("list_needs_you")
  expect(questions).toMatchObject([{ session: child.session, kind: "permission" }])
  const approval = questions[0]?.approval ?? ""
  await using agent = await agentOf(fleet, child.session)
  expect(await agent.refusal("answer", { approval, allow: true })).toContain("an agent may not answer for the person")
  expect(await owner.data("answer", { approval, allow: true })).toMatchObject({ approval, allowed: true })
  expect(await waitForAll(owner, [child.session])).toMatchObject({ sessions: [{ last_turn: { how: "completed", files: 1 } }] })
})

test("what the hub refuses comes through with its fix", async () => {
  await using fleet = await scenario()
  await using client = await ownerOf(fleet)
  expect(await client.refusal("create_session", { title: "x", directory: path.join(fleet.home, "nowhere") })).toContain("fix:")
  expect(await client.refusal("create_session", { title: "x", directory: fleet.repo.path, agent: "nobody" })).toMatch(/code: (unknown-agent|agent-missing)/)
  expect(await client.refusal("prompt_session", { session: "nobody", prompt: "x" })).toContain("code: unknown-session")
  expect(await client.refusal("get_diff", { session: "nobody" })).toContain("code: unknown-session")
  expect(await client.refusal("list_runs", { cursor: "nonsense" })).toMatch(/code: bad-/)
  expect(await client.data("list_sessions")).toMatchObject({ sessions: [] })
})

interface Seen {
  readonly pending: string[]
  readonly needs_you: string[]
}
async function waitForAll(client: McpClient, sessions: string[]): Promise<Seen> {
  for (;;) {
    const seen = await client.data<Seen>("wait", { sessions, for: "all", timeout_s: 30 })
    if (seen.pending.length === 0 || seen.needs_you.length > 0) return seen
  }
}

/** The conversation of a session once it has had a turn. */
async function waitUntilTurned(client: McpClient, session: string): Promise<string> {
  for (;;) {
    const seen = await client.data<{ sessions: { turns: number; status: string }[] }>("wait", { sessions: [session], timeout_s: 30 })
    if ((seen.sessions[0]?.turns ?? 0) > 0) break
  }
  const { entries } = await client.data<{ entries: { text: string }[] }>("get_conversation", { session })
  return entries.map(({ text }) => text).join("\n")
}
