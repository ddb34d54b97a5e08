/** Every tool over a Fleet that a test makes up: answers that fit their schemas, pages, bounds, refusals, and waits that end. */
import { noUsage } from "../../src/domain/session/turn.ts"
import { readFile } from "node:fs/promises"
import { describe, expect, test } from "vitest"
import { fault, FaultError } from "../../src/domain/fault.ts"
import { tools } from "../../src/surfaces/mcp/server.ts"
import { revisions, textOf, type McpClient } from "./client.ts"
import { approvalView, clientOf, FakeFleet, runView, sessionView, taskView } from "./fake-fleet.ts"

describe.each(revisions)("revision %s", (revision) => {
  test("the server says who it is, how to lead with it, and which tools and resources it has", async () => {
    await using client = await clientOf(new FakeFleet(), revision)
    expect(client.sdk.getServerVersion()).toMatchObject({ name: "fleet", version: "1.2.3" })
    expect(client.sdk.getInstructions()).toContain("create_session")
    const listed = (await client.sdk.listTools()).tools
    expect(listed.map(({ name }) => name)).toEqual(tools.map(({ name }) => name))
    for (const { name, description, annotations, inputSchema, outputSchema } of listed) {
      expect(name).toMatch(/^[a-z_]{4,30}$/)
      expect(description?.length).toBeGreaterThan(20)
      expect(Object.keys(annotations ?? {})).toEqual(expect.arrayContaining(["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"]))
      expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false })
      expect(outputSchema).toMatchObject({ type: "object" })
    }
    // Every session of an agent has the list before its eyes.
    expect(Buffer.byteLength(JSON.stringify(listed.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))))).toBeLessThan(24_000)
    const { resourceTemplates } = await client.sdk.listResourceTemplates()
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain("fleet://sessions/{session}/diff")
    expect((await client.sdk.listResources()).resources.map(({ uri }) => uri)).toEqual(["fleet://runs", "fleet://sessions", "fleet://claims"])
  })

  test("each tool answers by its own schema, in a text and as data", async () => {
    const fleet = new FakeFleet()
    fleet.self = "s-own"
    fleet.runsThere.push(runView("run-1", [taskView("a"), taskView("b", { status: "failed", reason: "its check failed", files: 2, session: "t1" })]))
    fleet.sessionsThere.push(
      sessionView("s-own"),
      sessionView("s1", {
        lastTurn: { number: 1, prompt: "p", tree: null, usage: noUsage, how: "failed", why: "the provider refused", text: "I tried.", files: [], endedAt: 1 },
      }),
    )
    fleet.discoveriesThere.push({ id: "d0", session: null, task: null, repository: null, text: "config moved", paths: ["src/env.ts"], at: 0 })
    fleet.diff = { files: [{ path: "a.txt", status: "added", additions: 1, deletions: 0, from: null }], patch: "diff --git a/a.txt b/a.txt\n+x\n", cut: false }
    fleet.transcriptParts = [[{ at: 1, type: "prompt", text: "do it" }]]
    const tasks = [
      { key: "a", files: ["src/a.ts"] },
      { key: "b", files: ["src/a.ts"] },
    ]
    const calls: Record<string, Record<string, unknown>> = {
      assess_plan: { tasks },
      review_plan: { plan: "Do this (id: a)\nDo that (depends_on: a)" },
      run_plan: {
        goal: "both",
        tasks: [
          { id: "a", prompt: "do a" },
          { id: "b", prompt: "do b", after: ["a"], scope: ["src/b"] },
        ],
      },
      run_campaign: { mode: "quick", plan: "fix the login; update the README" },
      continue_campaign: { name: "auth" },
      compare_strategies: { run: "run-1" },
      diagnose_repository: {},
      list_runs: {},
      get_run: { run: "run-1" },
      stop_run: { run: "run-1" },
      wait: { runs: ["run-1"], sessions: ["s1"], timeout_s: 0 },
      create_session: { title: "child", prompt: "do it" },
      prompt_session: { session: "s1", prompt: "again" },
      list_sessions: { of: "mine" },
      get_conversation: { session: "s1" },
      get_diff: { session: "s1" },
      list_needs_you: {},
      claim_scope: { scopes: ["src/api"], purpose: "rename" },
      release_scope: { claim: "c1" },
      report_discovery: { text: "config moved" },
      list_discoveries: {},
      report_handoff: { items: ["done"] },
    }
    await using client = await clientOf(fleet, revision)
    for (const { name } of tools.filter((tool) => tool.name !== "answer")) {
      const result = await client.call(name, calls[name] ?? {})
      expect([name, result.isError ?? false, textOf(result)]).toEqual([name, false, expect.stringMatching(/\S/)])
      expect(result.structuredContent).toBeTypeOf("object")
    }
    expect(fleet.asked.find(([what]) => what === "createSession")?.[1]).toMatchObject({
      directory: "/repo",
      strategy: "worktree",
      notify: "s-own",
      prompt: { text: "do it" },
    })
    expect(fleet.asked.find(([what]) => what === "submit")?.[1]).toMatchObject({
      directory: "/repo",
      plan: { goal: "both", tasks: [{ key: "a" }, { key: "b", after: [{ key: "a" }] }] },
    })
    expect(fleet.asked.find(([what]) => what === "handOff")).toEqual(["handOff", "s-own", ["done"]])
    expect(fleet.asked.find(([what]) => what === "takeClaim")?.[1]).toMatchObject({ session: "s-own", minutes: 30 })
  })

  test("what cannot be done is a tool's error with what, why and the fix, and a wrong call says which argument", async () => {
    await using client = await clientOf(new FakeFleet(), revision)
    expect(await client.refusal("get_run", { run: "nobody" })).toBe(
      "there is no run nobody: nothing has that name\nfix: list_runs tells them\ncode: unknown-run",
    )
    expect(await client.refusal("wait", { runs: [], sessions: [] })).toContain("wait for what?")
    expect(await client.refusal("wait", { runs: ["x"], timeout_s: 600 })).toContain("timeout_s")
    expect(await client.refusal("get_diff", { session: "a", run: "b" })).toContain("give a session, or a run and a task")
    expect(await client.refusal("get_run", { run: "run-1", cursor: "nonsense" })).toContain("fix:")
    expect(await client.refusal("list_sessions", { of: "mine" })).toContain("not the agent of a session")
    expect(await client.refusal("create_session", { title: "x", directory: "not/absolute" })).toContain("not an absolute path")
    expect(await client.refusal("create_session", { prompt: "no title" })).toContain("title")
  })
})

test("the documentation has each tool and each resource, in a line of its own", async () => {
  const page = await readFile(new URL("../../docs/mcp.md", import.meta.url), "utf8")
  const listed = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map((found) => found[1])
  expect(listed).toEqual(tools.map(({ name }) => name))
  await using client = await clientOf(new FakeFleet())
  for (const { uriTemplate } of (await client.sdk.listResourceTemplates()).resourceTemplates) expect(page).toContain(`\`${uriTemplate}\``)
})

test("a plan that is wrong is refused with each error, and nothing is submitted", async () => {
  const fleet = new FakeFleet()
  await using client = await clientOf(fleet)
  const text = await client.refusal("run_plan", { plan: "goal: x\ntasks:\n  - { id: a, prompt: do, after: [nobody] }\n" })
  expect(text).toContain("line 3")
  expect(text).toContain("nobody")
  expect(await client.refusal("run_plan", {})).toContain("give either tasks or plan")
  const review = await client.data("review_plan", { plan: "goal: x\ntasks:\n  - { id: a, prompt: do, after: [nobody] }\n" })
  expect(review).toMatchObject({ sound: false, target: null, tasks: [] })
  expect(fleet.asked.some(([what]) => what === "submit")).toBe(false)
})

test("plans in any dialect are taken: YAML, a checklist, sentences", async () => {
  const fleet = new FakeFleet()
  await using client = await clientOf(fleet)
  for (const plan of ["tasks:\n  - { id: a, prompt: do }\n", "- [ ] do a\n- [ ] do b\n", "Do this (id: a)"]) await client.data("run_plan", { plan })
  const formats = fleet.asked.filter(([what]) => what === "submit").map(([, submit]) => (submit as { plan: { source: { format: string } } }).plan.source.format)
  expect(formats).toEqual(["yaml", "checklist", "inline"])
})

test("an agent of Fleet may not answer for the person; the person's own client may", async () => {
  const fleet = new FakeFleet()
  fleet.approvalsThere.push(approvalView("ap-1"))
  await using client = await clientOf(fleet)
  fleet.self = "s1"
  expect(await client.refusal("answer", { approval: "ap-1", allow: true })).toContain("an agent may not answer for the person")
  expect(fleet.asked).toEqual([])
  fleet.self = null
  expect(await client.data("answer", { approval: "ap-1", allow: false, note: "use git clean" })).toMatchObject({ approval: "ap-1", allowed: false })
  expect(fleet.asked).toEqual([["answer", "ap-1", false, "use git clean"]])
})

test("the agent of a task is called back by nobody, so its children notify nobody", async () => {
  const fleet = new FakeFleet()
  fleet.self = "attempt-1"
  fleet.sessionsThere.push(sessionView("attempt-1", { task: "run-1/a" }))
  await using client = await clientOf(fleet)
  await client.data("create_session", { title: "child" })
  expect(fleet.asked.at(-1)?.[1]).toMatchObject({ notify: null })
})

test("over HTTP without a directory, a tool that needs one says so", async () => {
  const fleet = new FakeFleet()
  fleet.here = null
  await using client = await clientOf(fleet)
  expect(await client.refusal("create_session", { title: "child" })).toContain("pass directory")
})

test("lists come in pages that hold everything exactly once", async () => {
  const fleet = new FakeFleet()
  for (let index = 0; index < 60; index++) fleet.runsThere.push(runView(`run-${index}`))
  fleet.runsThere.push(
    runView(
      "big",
      Array.from({ length: 700 }, (_, index) => taskView(`t${index}`, { reason: "x".repeat(400) })),
    ),
  )
  await using client = await clientOf(fleet)
  expect(await everyPage(client, "list_runs", {}, "runs", ({ run }) => String(run))).toEqual(fleet.runsThere.map(({ id }) => id))
  const tasks = await everyPage(client, "get_run", { run: "big", limit: 100 }, "tasks", ({ task }) => String(task))
  expect(tasks).toEqual(Array.from({ length: 700 }, (_, index) => `t${index}`))
})

test("a patch of any length and in any script comes in pages that put together are the patch", async () => {
  const fleet = new FakeFleet()
  const lines = Array.from({ length: 8_000 }, (_, index) => `+line ${index} \u00e9\u4e2d\u{1f600}`)
  fleet.diff = { files: Array.from({ length: 900 }, (_, index) => file(`src/${index}.ts`)), patch: `diff --git a/x b/x\n${lines.join("\n")}\n`, cut: true }
  await using client = await clientOf(fleet)
  let [patch, cursor] = ["", null as string | null]
  do {
    const page = await client.data<{ patch: string; next_cursor: string | null; files_total: number; incomplete: boolean }>("get_diff", {
      session: "s",
      cursor,
    })
    expect(page).toMatchObject({ files_total: 900, incomplete: true })
    patch += page.patch
    cursor = page.next_cursor
  } while (cursor !== null)
  expect(patch).toBe(fleet.diff.patch)
})

test("a diff of one path shows only that, with the rename that led there", async () => {
  const fleet = new FakeFleet()
  const patch = [
    "diff --git a/src/a.ts b/src/a.ts\n--- a/src/a.ts\n+++ b/src/a.ts\n+one\n",
    "diff --git a/old.md b/docs/new.md\nrename from old.md\nrename to docs/new.md\n",
  ]
  fleet.diff = { files: [file("src/a.ts"), { ...file("docs/new.md"), status: "renamed", from: "old.md" }], patch: patch.join(""), cut: false }
  await using client = await clientOf(fleet)
  expect(await client.data("get_diff", { session: "s", path: "docs" })).toMatchObject({ files_total: 1, patch: patch[1] })
  expect(await client.data("get_diff", { session: "s", path: "src/a.ts" })).toMatchObject({ files_total: 1, patch: patch[0] })
  expect(await client.data("get_diff", { run: "r", task: "t", patch: false })).toMatchObject({ files_total: 2, patch: null })
})

test("a conversation is read from its start in pages, or its end at once", async () => {
  const fleet = new FakeFleet()
  const entry = (index: number) => ({ at: index, type: "text" as const, text: `${index} ${"y".repeat(3_000)}` })
  fleet.transcriptParts = [0, 1, 2, 3].map((part) => Array.from({ length: 10 }, (_, index) => entry(part * 10 + index)))
  await using client = await clientOf(fleet)
  const all = await everyPage(client, "get_conversation", { session: "s", from: "start" }, "entries", ({ at }) => String(at))
  expect(all).toEqual(Array.from({ length: 40 }, (_, index) => String(index)))
  const end = await client.data<{ entries: { at: number }[]; earlier: boolean }>("get_conversation", { session: "s", limit: 3 })
  expect(end.entries.map(({ at }) => at)).toEqual([37, 38, 39])
  expect(end.earlier).toBe(true)
})

test("texts of agents cannot break out of their line, and long ones are cut and say so", async () => {
  const fleet = new FakeFleet()
  fleet.sessionsThere.push(sessionView("s1", { title: "nice\u001b[2J\nsession s2 idle", reason: "z".repeat(5_000) }))
  fleet.transcriptParts = [[{ at: 0, type: "text", text: "w".repeat(60_000) }]]
  await using client = await clientOf(fleet)
  const text = textOf(await client.call("list_sessions"))
  expect(text.split("\n")).toHaveLength(1)
  expect(text).not.toContain("\u001b")
  const { entries } = await client.data<{ entries: { text: string; cut: boolean }[] }>("get_conversation", { session: "s1" })
  expect(entries).toEqual([{ at: 0, type: "text", text: expect.stringMatching(/^w{3999}…$/), cut: true }])
})

test("resources hold the same as the tools, within the same bounds", async () => {
  const fleet = new FakeFleet()
  fleet.sessionsThere.push(sessionView("s1"))
  fleet.diff = { files: [file("a.txt")], patch: `+${"p".repeat(200_000)}`, cut: false }
  await using client = await clientOf(fleet)
  const read = async (uri: string): Promise<string> => {
    const { contents } = await client.sdk.readResource({ uri })
    const [first] = contents
    return first !== undefined && "text" in first ? first.text : ""
  }
  expect(await read("fleet://sessions/s1")).toContain('"session": "s1"')
  const diff = await read("fleet://sessions/s1/diff")
  expect(diff).toContain("modified a.txt")
  expect(diff).toContain("get_diff reads the rest")
  expect(diff.length).toBeLessThan(50_000)
  await expect(read("fleet://sessions/nobody")).rejects.toThrow(/there is no session nobody/)
})

test("a bug in the hub is told as one, not as a refusal", async () => {
  const fleet = new FakeFleet()
  fleet.approvals = () => Promise.reject(new Error("undefined is not a function"))
  await using client = await clientOf(fleet)
  expect(await client.refusal("list_needs_you")).toContain("code: bug")
  fleet.approvals = () => Promise.reject(new FaultError(fault("no-worker", "no worker is connected", "none came", "fleet worker start")))
  expect(await client.refusal("list_needs_you")).toBe("no worker is connected: none came\nfix: fleet worker start\ncode: no-worker")
})

const file = (path: string) => ({ path, status: "modified" as const, additions: 1, deletions: 1, from: null })

/** One field of every item of every page. */
async function everyPage(
  client: McpClient,
  tool: string,
  args: Record<string, unknown>,
  list: string,
  field: (item: Record<string, unknown>) => string,
): Promise<string[]> {
  const all: string[] = []
  let cursor: string | null = null
  do {
    const page: Record<string, unknown> = await client.data(tool, { ...args, cursor })
    all.push(...(page[list] as Record<string, unknown>[]).map(field))
    cursor = page["next_cursor"] as string | null
  } while (cursor !== null)
  return all
}
