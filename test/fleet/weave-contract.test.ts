/** The compatible Fleet API as its contract has it: what the seed's skill names (W.1, by number) and the exact shapes (W.3). */
import { existsSync } from "node:fs"
import { readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { gitIn } from "../repository.ts"
import { task } from "../world/world.ts"
import { Api, type Wire } from "./api.ts"
import { scenario } from "./scenario.ts"

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const waitsAt = (gate: string): string => `[[run cmd="mkfifo ${gate}; cat ${gate}"]]`

test("W.1.2, 12, 13: a conductor finds itself in the array of GET /api/sessions, by its directory or its title", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  expect((await api.get("/sessions")).text).toBe("[]")
  const made = await api.create({ title: "Lead the work" })
  await api.prompt(made, '[[run cmd="curl -s http://localhost:${FLEET_PORT:-3000}/api/sessions > sessions.json"]]')
  await api.idle(made)
  const seen = JSON.parse(await readFile(path.join(fleet.repo.path, "sessions.json"), "utf8")) as Wire[]
  const [byDirectory, byTitle] = [seen.find((one) => one.workspaceDirectory === fleet.repo.path), seen.find((one) => one.session.title === "Lead the work")]
  expect(byDirectory).toEqual(byTitle)
  expect(byDirectory).toMatchObject({ instanceId: made.instanceId, session: { id: made.session.id } })
})

test("W.1.14 to 18 and W.3: a child in a worktree has the contract's shape, its own branch and directory", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const conductor = await api.create()
  const answer = await api.call("POST", "/sessions", {
    directory: fleet.repo.path,
    title: "Fix Issue #1 — Auth bug",
    isolationStrategy: "worktree",
    onComplete: { notifySessionId: conductor.session.id, notifyInstanceId: conductor.instanceId },
  })
  expect(answer.status).toBe(200)
  const branch = `weave-session-${answer.json.workspaceId.slice(0, 8)}`
  const directory = path.join(path.dirname(fleet.repo.path), "repo-worktrees", branch)
  const time = { created: expect.any(Number), updated: expect.any(Number) }
  expect(answer.json).toEqual({
    instanceId: expect.stringMatching(uuid),
    workspaceId: expect.stringMatching(uuid),
    session: {
      id: expect.any(String),
      slug: expect.stringMatching(/^[a-z]+-[a-z]+$/),
      projectID: "",
      directory,
      path: "",
      cost: 0,
      tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
      title: "Fix Issue #1 — Auth bug",
      version: expect.any(String),
      time,
    },
  })
  expect(await gitIn(directory, "rev-parse", "--abbrev-ref", "HEAD")).toBe(branch)
  const { dbId: parentSessionId } = await api.item(conductor)
  expect(await api.item(answer.json)).toEqual({
    instanceId: answer.json.instanceId,
    workspaceId: answer.json.workspaceId,
    workspaceDirectory: directory,
    workspaceDisplayName: null,
    isolationStrategy: "worktree",
    sourceDirectory: fleet.repo.path,
    branch,
    sessionStatus: "idle",
    session: { id: answer.json.session.id, title: "Fix Issue #1 — Auth bug", directory, projectID: "", version: "0", time },
    instanceStatus: "running",
    dbId: expect.stringMatching(uuid),
    parentSessionId,
    activityStatus: "idle",
    lifecycleStatus: "running",
    typedInstanceStatus: "running",
    totalTokens: 0,
    totalCost: 0,
  })
})

test("W.1.19: existing is the default and works in the directory itself; two children there take turns", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const gate = path.join(fleet.home, "gate")
  const conductor = await api.create()
  const children = [await api.child(conductor, "One", { isolationStrategy: "existing" }), await api.child(conductor, "Two", { isolationStrategy: "existing" })]
  expect(children.map((child) => child.session.directory)).toEqual([fleet.repo.path, fleet.repo.path])
  expect(await api.item(children[0]!)).toMatchObject({ isolationStrategy: "existing", sourceDirectory: null, branch: null })
  await api.prompt(children[0]!, waitsAt(gate))
  await fleet.untilProgram("cat")
  await api.prompt(children[1]!, '[[write path="two.txt" text="two"]]')
  expect((await api.ok("GET", "/fleet/summary")).queuedTasks).toBe(1)
  expect(existsSync(path.join(fleet.repo.path, "two.txt"))).toBe(false)
  await writeFile(gate, "open")
  expect((await api.called(conductor, 2)).map((text) => text.split("\n").slice(2, 5).join(", "))).toEqual([
    "Title: One, Files changed: 0, Status: idle (completed successfully)",
    "Title: Two, Files changed: 1,   added: two.txt",
  ])
  await fleet.repo.git("clean", "-fdq")
})

test("W.1.21, 24, 26 and W.3: a prompt is 204 and empty; the callback is the contract's text to the letter; a conductor that is busy hears it afterwards", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const gate = path.join(fleet.home, "gate")
  const conductor = await api.create()
  await api.prompt(conductor, waitsAt(gate))
  await fleet.untilProgram("cat")
  const child = await api.child(conductor, "Fix Issue #1 — Auth bug")
  const prompted = await api.call("POST", `/sessions/${child.session.id}/prompt`, {
    instanceId: child.instanceId,
    text: '[[write path="src/b.ts" text="b"]] [[edit path="README.md" old="A project" new="The project"]]',
  })
  expect(prompted).toMatchObject({ status: 204, text: "" })
  await api.idle(child)
  expect(await api.callbacks(conductor)).toEqual([])
  await writeFile(gate, "open")
  const { dbId } = await api.item(child)
  expect(await api.called(conductor)).toEqual([
    [
      "[Fleet Callback] Child session completed.",
      `Session ID: ${dbId}`,
      "Title: Fix Issue #1 — Auth bug",
      "Files changed: 2",
      "  modified: README.md",
      "  added: src/b.ts",
      "Status: idle (completed successfully)",
    ].join("\n"),
  ])
})

test("W.3: a child that changed nothing says so; one that hands something off brings it along", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const conductor = await api.create()
  const child = await api.child(conductor, "Looked only")
  await api.prompt(child, '[[handoff "the cache is per process"]]')
  const [callback] = await api.called(conductor)
  expect(callback).toContain("Files changed: 0\nStatus: idle (completed successfully)\n\n---HANDOFF---\n- the cache is per process\n---")
})

test("W.1.28, 29 and W.3: diffs, messages and the conversation by either id, with an instance that is right, wrong or missing", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const child = await api.create({ isolationStrategy: "worktree", title: "Either id" })
  await api.prompt(child, '[[think "hm"]] [[write path="a.txt" text="a\\n"]] [[say "wrote it"]]')
  await api.idle(child)
  const { dbId } = await api.item(child)
  const whole = await api.ok("GET", `/sessions/${child.session.id}?instanceId=${child.instanceId}`)
  expect(whole).toMatchObject({ workspaceId: child.workspaceId, isolationStrategy: "worktree", dbTitle: "Either id", ancestors: [] })
  expect(whole.messages.map((one: Wire) => [one.info.role, one.parts.map((part: Wire) => part.type)])).toEqual([
    ["user", ["text"]],
    ["assistant", ["reasoning", "tool", "text"]],
  ])
  expect(whole.messages[1].info).toMatchObject({ parentID: whole.messages[0].info.id, sessionID: child.session.id, time: { completed: expect.any(Number) } })
  expect(whole.messages[1].parts[1]).toMatchObject({ tool: expect.stringContaining("a.txt"), state: { status: "completed" } })
  for (const name of [child.session.id, dbId])
    for (const query of ["", `?instanceId=${child.instanceId}`, "?instanceId=stale"]) {
      expect(await api.ok("GET", `/sessions/${name}${query}`)).toEqual(whole)
      expect(await api.ok("GET", `/sessions/${name}/messages${query}`)).toMatchObject({
        messages: whole.messages,
        pagination: { totalCount: 2, hasMore: false },
      })
      expect(await api.ok("GET", `/sessions/${name}/diffs${query}`)).toEqual([
        { file: "a.txt", before: "", after: "a\n", additions: 1, deletions: 0, status: "added" },
      ])
    }
})

test("messages come in pages, before and after a message, and their ids stay", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create()
  for (const word of ["one", "two", "three"]) await api.prompt(session, `[[say "${word}"]]`)
  await api.until(session, (item) => item.activityStatus === "idle")
  const page = (query: string): Promise<Wire> => api.ok("GET", `/sessions/${session.session.id}/messages${query}`)
  const ids = (of: Wire): string[] => of.messages.map((one: Wire) => one.info.id)
  const all = await page("")
  expect(all.pagination).toEqual({ hasMore: false, oldestMessageId: ids(all)[0], totalCount: 6 })
  const last = await page("?limit=2")
  expect(ids(last)).toEqual(ids(all).slice(4))
  expect(last.pagination).toMatchObject({ hasMore: true, oldestMessageId: ids(all)[4] })
  expect(ids(await page(`?limit=3&before=${last.pagination.oldestMessageId}`))).toEqual(ids(all).slice(1, 4))
  expect(ids(await page(`?after=${ids(all)[3]}`))).toEqual(ids(all).slice(4))
  expect(ids(await page("?after=msg_unknown"))).toEqual(ids(all))
})

test("the diffs of one message are those of its turn", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create({ isolationStrategy: "worktree" })
  for (const name of ["first", "second"]) {
    await api.prompt(session, `[[write path="${name}.txt" text="x"]]`)
    await api.idle(session)
  }
  const { messages } = await api.ok("GET", `/sessions/${session.session.id}/messages`)
  const files = async (message: string): Promise<string[]> =>
    ((await api.ok("GET", `/sessions/${session.session.id}/diffs?messageID=${message}`)) as Wire[]).map((diff) => diff.file)
  expect(await files(messages[0].info.id)).toEqual(["first.txt"])
  expect(await files(messages[3].info.id)).toEqual(["second.txt"])
  expect((await api.get(`/sessions/${session.session.id}/diffs?messageID=msg_000000099`)).status).toBe(404)
  expect((await api.get(`/sessions/${session.session.id}/diffs?messageID=nonsense`)).status).toBe(400)
})

test("W.3: branch, initialPrompt, context and the default title; initialPrompt wins", async () => {
  await using fleet = await scenario()
  await fleet.repo.git("branch", "feature/login")
  const api = new Api(fleet)
  const context = { type: "github-issue", url: "https://github.com/o/r/issues/7", title: "Login fails", body: "Steps to see it", metadata: { number: 7 } }
  const existing = await api.create({ isolationStrategy: "worktree", branch: "feature/login" })
  expect(existing.session).toMatchObject({ title: "New Session", directory: path.join(path.dirname(fleet.repo.path), "repo-worktrees", "feature-login") })
  expect(await gitIn(existing.session.directory, "rev-parse", "--abbrev-ref", "HEAD")).toBe("feature/login")
  const named = await api.create({ isolationStrategy: "worktree", branch: "brand-new", context })
  expect(named.session.title).toBe("Login fails")
  await api.idle(named)
  expect(await api.prompts(named)).toEqual(["Work on this GitHub issue: Login fails\nhttps://github.com/o/r/issues/7\n\nSteps to see it"])
  expect(await gitIn(named.session.directory, "rev-parse", "--abbrev-ref", "HEAD")).toBe("brand-new")
  const wins = await api.create({ context, initialPrompt: '[[say "mine"]]', title: "Mine" })
  await api.idle(wins)
  expect(await api.prompts(wins)).toEqual(['[[say "mine"]]'])
})

test("W.3: FLEET_PORT is in every agent's environment, and its token says who asks", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create({ isolationStrategy: "worktree", title: "Asks" })
  const create = `curl -s -X POST http://localhost:\${FLEET_PORT:-3000}/api/sessions -H 'Content-Type: application/json' -H \\"Authorization: Bearer $FLEET_TOKEN\\" -d '{\\"directory\\":\\"${fleet.repo.path}\\",\\"title\\":\\"Asked for\\"}' > made.json`
  await api.prompt(session, `[[run cmd="printf %s $FLEET_PORT > port.txt"]] [[run cmd="${create}"]]`)
  await api.idle(session)
  expect(await readFile(path.join(session.session.directory, "port.txt"), "utf8")).toBe(String((await fleet.client.hub()).port))
  const { dbId } = await api.item(session)
  const list = (await api.ok("GET", "/sessions")) as Wire[]
  expect(list.find((item) => item.session.title === "Asked for")).toMatchObject({ parentSessionId: dbId })
})

test("W.2.1: lists have their total, page and filter, and are packed for those who take it", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  for (const title of ["a", "b", "c", "d"]) await api.create({ title })
  const answer = await api.get("/sessions?limit=2&offset=1")
  expect(answer.json.map((item: Wire) => item.session.title)).toEqual(["c", "b"])
  expect(["x-total-count", "x-limit", "x-offset"].map((name) => answer.headers.get(name))).toEqual(["4", "2", "1"])
  for (const [accept, encoding] of [
    ["gzip", "gzip"],
    ["gzip, br", "br"],
    ["identity", null],
    ["br;q=0", null],
  ] as const) {
    const packed = await api.call("GET", "/sessions", undefined, { "accept-encoding": accept })
    expect(packed.headers.get("content-encoding")).toBe(encoding)
    expect(packed.json).toHaveLength(4)
  }
})

test("W.2.1: rename, abort, command, status, fork, resume and delete answer as the contract says", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const gate = path.join(fleet.home, "gate")
  const made = await api.create({ isolationStrategy: "worktree" })
  const at = `/sessions/${made.session.id}`
  const { dbId } = await api.item(made)
  expect(await api.ok("PATCH", `/sessions/${dbId}`, { title: " Better " })).toEqual({ id: dbId, title: "Better" })
  expect(await api.ok("PATCH", at, { title: "By the other id" })).toEqual({ id: dbId, title: "By the other id" })
  expect(await api.ok("GET", `${at}/status`)).toEqual({ status: "idle" })
  await api.prompt(made, waitsAt(gate))
  await fleet.untilProgram("cat")
  expect(await api.ok("GET", `${at}/status`)).toEqual({ status: "busy" })
  expect(await api.ok("POST", `${at}/abort?instanceId=${made.instanceId}`)).toEqual({
    message: "Session aborted",
    sessionId: made.session.id,
    instanceId: made.instanceId,
  })
  await api.idle(made)
  expect(await api.ok("POST", `${at}/command`, { command: "review", args: "all" })).toEqual({ success: true, sessionId: made.session.id })
  await api.idle(made)
  expect((await api.prompts(made)).at(-1)).toBe("/review all")
  const fork = await api.ok("POST", `${at}/fork`, {})
  expect(fork).toMatchObject({ forkedFromSessionId: made.session.id, session: { title: "New Session", directory: fleet.repo.path } })
  expect(await api.call("POST", `${at}/resume`)).toMatchObject({
    status: 409,
    json: { error: "Session is already active — cannot resume a running session" },
  })
  const idle = await api.ok("DELETE", `/sessions/${dbId}`)
  expect(idle).toMatchObject({ message: "Session terminated", sessionId: dbId })
  expect(await api.item(made)).toMatchObject({ sessionStatus: "completed", lifecycleStatus: "completed" })
  const resumed = await api.ok("POST", `/sessions/${dbId}/resume`)
  expect(resumed).toEqual({ instanceId: expect.stringMatching(uuid), session: expect.objectContaining({ id: made.session.id }) })
  expect(await api.ok("DELETE", `${at}?cleanupWorkspace=true&permanent=true`)).toMatchObject({ message: "Session permanently deleted" })
  expect(existsSync(made.session.directory)).toBe(false)
  expect(await api.item(made)).toBeUndefined()
  expect(await api.get(at)).toMatchObject({ status: 404, json: { error: "Session not found" } })
})

test("sessions of running tasks are listed and can be read, and take no prompt", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const gate = path.join(fleet.home, "gate")
  await fleet.submit([task("api", { prompt: `[[write path="x.txt" text="x"]] ${waitsAt(gate)} [[commit message="x"]]` })])
  await fleet.untilProgram("cat")
  const [item] = (await api.ok("GET", "/sessions")) as Wire[]
  expect(item).toMatchObject({ sessionStatus: "active", activityStatus: "busy", isolationStrategy: "worktree" })
  const whole = await api.ok("GET", `/sessions/${item.session.id}`)
  expect(whole.messages[0].parts[0].text).toContain("mkfifo")
  expect(await api.ok("GET", `/sessions/${item.dbId}/diffs`)).toMatchObject([{ file: "x.txt", status: "added" }])
  const refused = await api.call("POST", `/sessions/${item.session.id}/prompt`, { text: "hello" })
  expect(refused).toMatchObject({ status: 409, json: { error: expect.stringContaining("belongs to task") } })
  await writeFile(gate, "open")
  await fleet.settled()
})
