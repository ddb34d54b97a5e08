/** `fleet mcp` as an agent's client starts it: a process of its own, with a real hub behind it. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFile } from "node:fs/promises"
import path from "node:path"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { describe, expect, test } from "vitest"
import { sibling } from "../../src/main/entry.ts"
import { hubNow } from "../../src/surfaces/cli/start-hub.ts"
import { agentToken } from "../../src/surfaces/http/token.ts"
import { id } from "../../src/domain/ids.ts"
import { scenario, type Scenario } from "../fleet/scenario.ts"
import { task } from "../world/world.ts"
import { connect, overHttp, revisions, type McpClient, type Revision } from "./client.ts"

const program = [sibling("cli"), "mcp"]
const overStdio = (fleet: Scenario, revision: Revision, more: Record<string, string> = {}, cwd = fleet.repo.path): Promise<McpClient> =>
  connect(revision, new StdioClientTransport({ command: process.execPath, args: program, cwd, env: { ...fleet.environment, ...more }, stderr: "inherit" }))
const tokenOf = async (fleet: Scenario, file: string): Promise<string> => (await readFile(path.join(fleet.home, file), "utf8")).trim()

describe.each(revisions)("revision %s", (revision) => {
  test("a client leads a run through stdio, where it was started", async () => {
    await using fleet = await scenario()
    await using client = await overStdio(fleet, revision)
    const tasks = [
      { id: "one", prompt: '[[write path="one.txt" text="1\n"]][[commit message="one"]]' },
      { id: "two", prompt: '[[write path="two.txt" text="2\n"]][[commit message="two"]]', after: ["one"] },
    ]
    expect(await client.data("review_plan", { tasks })).toMatchObject({ sound: true, target: "main" })
    const { run } = await client.data<{ run: string }>("run_plan", { goal: "two files", tasks })
    expect(await waited(client, { runs: [run] })).toMatchObject({ rested: [run], pending: [], runs: [{ status: "done", tasks: { total: 2, done: 2 } }] })
    expect(await client.data("get_diff", { run, task: "two" })).toMatchObject({
      files: [{ path: "two.txt", status: "added" }],
      patch: expect.stringContaining("+2"),
    })
    expect(await fleet.landed()).toEqual(["one", "two"])
    expect(await client.data("list_runs")).toMatchObject({ runs: [{ run, status: "done" }], next_cursor: null })
  })

  test("the same tools answer over HTTP with the token, and nobody else", async () => {
    await using fleet = await scenario()
    const { port } = await fleet.client.hub()
    if (port === null) throw new Error("the hub has no port")
    await using client = await connect(revision, overHttp(port, await tokenOf(fleet, "token")))
    expect(await client.data("list_runs")).toEqual({ runs: [], next_cursor: null })
    expect(await client.refusal("create_session", { title: "x" })).toContain("pass directory")
    await expect(connect(revision, overHttp(port, null))).rejects.toThrow()
    await expect(connect(revision, overHttp(port, "wrong"))).rejects.toThrow()
  })
})

test("only protocol messages are on stdout, and the process ends with its stdin, calls in hand or not", async () => {
  await using fleet = await scenario()
  const run = await fleet.submit([task("endless", { prompt: "[[hang]]" })])
  const child = spawn(process.execPath, program, { cwd: fleet.repo.path, env: fleet.environment, stdio: ["pipe", "pipe", "pipe"] })
  let [output, errors] = ["", ""]
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()))
  const say = (message: object | string): void =>
    void child.stdin.write(`${typeof message === "string" ? message : JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
  const answered = async (number: number): Promise<void> => {
    while (!output.includes(`"id":${number}`)) await once(child.stdout, "data")
  }
  say({ id: 1, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } } })
  await answered(1)
  say({ method: "notifications/initialized" })
  say("this is no JSON")
  say({ id: 2, method: "tools/call", params: { name: "list_runs", arguments: {} } })
  await answered(2)
  say({ id: 3, method: "tools/call", params: { name: "wait", arguments: { runs: [run], timeout_s: 50 } } })
  child.stdin.end()
  const [code, signal] = (await once(child, "close")) as [number | null, string | null]
  expect([code, signal]).toEqual([0, null])
  for (const line of output.trimEnd().split("\n")) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" })
  expect(errors.split("\n").filter((line) => line !== "" && !line.startsWith("fleet mcp: "))).toEqual([])
})

test("the person's client starts the hub when none runs, with the first call and not before", async () => {
  await using fleet = await scenario()
  await fleet.stop()
  {
    await using client = await overStdio(fleet, "2026-07-28")
    expect(await hubNow(fleet.home)).toBeNull()
    expect(await client.data("list_runs")).toMatchObject({ runs: [] })
    expect((await hubNow(fleet.home))?.home).toBe(fleet.home)
  }
  await fleet.client.stopHub(true)
  await fleet.processesGone()
})

test("inside of a session it is that session's agent: what is the person's is refused, by port and by socket", async () => {
  await using fleet = await scenario()
  const session = await sessionOf(fleet)
  const { port } = await fleet.client.hub()
  const token = agentToken(await tokenOf(fleet, "token.agents"), id(session))
  for (const FLEET_PORT of [String(port), "0", "1"]) {
    await using client = await overStdio(fleet, "2026-07-28", { FLEET_SESSION: session, FLEET_TOKEN: token, FLEET_PORT })
    expect(await client.data("list_sessions")).toMatchObject({ you: session, sessions: [{ session }] })
    expect(await client.refusal("answer", { approval: "ap-1", allow: true })).toContain("an agent may not answer for the person")
  }
  await using stranger = await overStdio(fleet, "2026-07-28", { FLEET_SESSION: session, FLEET_TOKEN: `${token}x`, FLEET_PORT: String(port) })
  expect(await stranger.refusal("list_sessions")).toContain("code: no-token")
})

test("an agent that keeps its environment to itself is known by its worktree; the person's own checkout is the person's", async () => {
  await using fleet = await scenario()
  await using person = await overStdio(fleet, "2026-07-28")
  const { session, directory } = await person.data<{ session: string; directory: string }>("create_session", { title: "a child" })
  await person.data("create_session", { title: "beside the person", strategy: "existing" })
  await using agent = await overStdio(fleet, "2026-07-28", {}, directory)
  expect(await agent.data("list_sessions")).toMatchObject({ you: session })
  expect(await agent.refusal("answer", { approval: "ap-1", allow: true })).toContain(`you are the agent of session ${session}`)
  expect(await person.data("list_sessions")).toMatchObject({ you: null })
  expect(await person.refusal("answer", { approval: "ap-1", allow: true })).toContain("code: unknown-approval")
  // Marked as an agent's, and nobody knows whose: still no person.
  await using nobody = await overStdio(fleet, "2026-07-28", { FLEET_HOME_ID: "x" }, fleet.home)
  expect(await nobody.refusal("answer", { approval: "ap-1", allow: true })).toContain("you are an agent that Fleet runs")
})

async function sessionOf(fleet: Scenario): Promise<string> {
  await using client = await overStdio(fleet, "2026-07-28")
  const { session } = await client.data<{ session: string }>("create_session", { title: "a child" })
  return session
}

/** As an agent does: again and again, until nothing is pending. */
async function waited(client: McpClient, of: Record<string, unknown>): Promise<Record<string, unknown>> {
  for (;;) {
    const seen = await client.data<{ pending: string[]; needs_you: string[] }>("wait", { ...of, for: "all", timeout_s: 20 })
    if (seen.pending.length === 0 || seen.needs_you.length > 0) return seen
  }
}
