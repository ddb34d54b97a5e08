/** The compatible Fleet API beside sessions: streams, sums, who the fleet is, roots, names, repositories, settings. */
import { readFile, realpath, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { Api, type Wire } from "./api.ts"
import { scenario } from "./scenario.ts"

test("events of a session: connected, busy, its words and tools as they come, idle; an error when a turn fails", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create()
  const ends = new AbortController()
  const events = api.stream(`/sessions/${session.session.id}/events?instanceId=${session.instanceId}`, ends.signal)
  const first = (await events.next()).value
  expect(first).toEqual({ type: "session.status", properties: { sessionID: session.session.id, status: { type: "idle" } } })
  const untilIdle = async (): Promise<Wire[]> => {
    const seen: Wire[] = []
    for (;;) {
      const { value } = await events.next()
      seen.push(value)
      if (value.type === "session.idle") return seen
    }
  }
  await api.prompt(session, '[[write path="a.txt" text="a"]] [[say "done"]]')
  const told = await untilIdle()
  expect(told.map(({ type, properties }) => (type === "message.part.updated" ? properties.part.type : type))).toEqual(
    expect.arrayContaining(["session.status", "message.updated", "text", "tool", "session.idle"]),
  )
  const parts = told.filter(({ type }) => type === "message.part.updated").map(({ properties }) => properties.part)
  expect(parts.at(-1)).toMatchObject({ type: "text", text: expect.stringContaining("done"), sessionID: session.session.id })
  const { messages } = await api.ok("GET", `/sessions/${session.session.id}/messages`)
  expect(parts.at(-1)).toEqual(messages.at(-1).parts.at(-1))
  await api.prompt(session, "[[fail status=400]]")
  expect((await untilIdle()).find(({ type }) => type === "session.error")).toMatchObject({ properties: { sessionID: session.session.id } })
  ends.abort()
})

test("a permission that waits is an event, shows as waiting for input, and is answered", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create({ isolationStrategy: "worktree" })
  const ends = new AbortController()
  const events = api.stream(`/sessions/${session.session.id}/events`, ends.signal)
  await events.next()
  await api.prompt(session, '[[ask cmd="rm -rf /tmp/no-such-thing-of-fleet"]]')
  let asked: Wire
  do asked = (await events.next()).value
  while (asked.type !== "permission.asked")
  expect(await api.item(session)).toMatchObject({ sessionStatus: "waiting_input", activityStatus: "waiting_input" })
  await fleet.client.answer(asked.properties.id, true, null)
  do asked = (await events.next()).value
  while (asked.type !== "session.idle")
  ends.abort()
})

test("the activity stream tells which session is busy, of all of them", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create()
  const ends = new AbortController()
  const stream = api.stream("/activity-stream", ends.signal)
  const activity = async (wanted: string): Promise<Wire> => {
    for (;;) {
      const { value } = await stream.next()
      if (value.type === "activity_status" && value.payload.activityStatus === wanted) return value.payload
    }
  }
  expect(await activity("idle")).toEqual({ sessionId: session.session.id, instanceId: session.instanceId, activityStatus: "idle" })
  await api.prompt(session, '[[usage in=100 out=20]] [[sleep ms=300]] [[say "x"]]')
  await activity("busy")
  await activity("idle")
  ends.abort()
  expect(await api.item(session)).toMatchObject({ totalTokens: 120 })
})

test("a stream begins with a comment that says that it is connected", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const { session } = await api.create()
  for (const route of ["/activity-stream", `/sessions/${session.id}/events`]) {
    const ends = new AbortController()
    const response = await fetch(await api.url(route), { signal: ends.signal })
    expect(response.headers.get("content-type")).toContain("text/event-stream")
    const { value } = await response.body!.getReader().read()
    expect(Buffer.from(value!).toString()).toMatch(/^: connected\n\n/)
    ends.abort()
  }
})

test("who the fleet is, its sums, version and profile; what it does not do says so", async () => {
  await using fleet = await scenario({ environment: { FLEET_NAME: "north", FLEET_DESCRIPTION: "the northern one" } })
  const api = new Api(fleet)
  const { version } = await fleet.client.hub()
  expect(await api.ok("GET", "/fleet/identity")).toEqual({
    name: "north",
    version,
    description: "the northern one",
    capabilities: ["worktree", "clone", "existing"],
  })
  expect(await api.ok("GET", "/fleet/summary")).toEqual({ activeSessions: 0, idleSessions: 0, totalTokens: 0, totalCost: 0, queuedTasks: 0 })
  expect(await api.ok("GET", "/version")).toEqual({ version, latest: null, updateAvailable: false, checkedAt: null, channel: "stable" })
  expect(await api.ok("GET", "/profile")).toEqual({ name: "default", isDefault: true })
  expect(await api.ok("GET", "/available-tools")).toEqual({ tools: [] })
  expect(await api.ok("GET", "/skills")).toEqual([])
  expect(await api.ok("GET", "/config")).toMatchObject({ agents: {}, paths: { userConfig: path.join(fleet.home, "config.yaml") } })
  expect(await api.call("PUT", "/config", {})).toMatchObject({ status: 403 })
  expect(await api.asOwner("PUT", "/config", {})).toMatchObject({ status: 501, json: { hint: expect.stringContaining("config.yaml") } })
  expect(await api.call("POST", "/open-directory", {})).toMatchObject({ status: 501 })
  for (const route of ["/integrations", "/integrations/github/repos", "/auth/login", "/auth/status"])
    expect(await api.get(route), route).toMatchObject({ status: 501, json: { error: expect.any(String), hint: expect.any(String) } })
})

test("the skills that come with Fleet are installed, listed and removed by the person, and left alone where somebody changed them", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  expect(await api.call("POST", "/skills", { name: "fleet-orchestration" })).toMatchObject({ status: 403 })
  expect(await api.asOwner("POST", "/skills", { url: "https://example.org/skill" })).toMatchObject({ status: 501 })
  expect(await api.asOwner("POST", "/skills", { name: "nobody-knows" })).toMatchObject({ status: 404 })
  expect(await api.asOwner("POST", "/skills", { name: "fleet-orchestration" })).toMatchObject({ status: 200, json: { ok: true } })
  const installed = await api.ok("GET", "/skills")
  expect(installed.map((one: Wire) => one.path)).toEqual([".claude", ".agents"].map((at) => path.join(fleet.home, "person", at, "skills/fleet-orchestration")))
  expect((await api.ok("GET", "/config")).installedSkills).toEqual(installed)
  await writeFile(path.join(installed[1].path, "SKILL.md"), "mine")
  expect(await api.asOwner("DELETE", "/skills/fleet-orchestration")).toMatchObject({ status: 409, json: { error: expect.stringContaining("SKILL.md") } })
  expect(await readFile(path.join(installed[1].path, "SKILL.md"), "utf8")).toBe("mine")
})

test("an instance's agents, commands and models; by its own id, the session's, and not by a wrong one", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const { instanceId, session } = await api.create()
  for (const name of [instanceId, session.id])
    for (const what of ["agents", "commands", "models"]) expect(await api.ok("GET", `/instances/${name}/${what}`), what).toEqual(expect.any(Array))
})

test("workspaces have names and repositories are known; both outlive the hub, as do roots that the person adds", async () => {
  await using fleet = await scenario({ environment: { ORCHESTRATOR_WORKSPACE_ROOTS: tmpdir() } })
  const api = new Api(fleet)
  const made = await api.create({ isolationStrategy: "worktree" })
  expect(await api.ok("PATCH", `/workspaces/${made.workspaceId}`, { displayName: " The login " })).toEqual({ id: made.workspaceId, displayName: "The login" })
  expect((await api.call("PATCH", "/workspaces/nobody", { displayName: "x" })).status).toBe(404)
  const added = await api.asOwner("POST", "/workspace-roots", { path: "/usr/share" })
  expect(added).toMatchObject({ status: 200, json: { id: expect.any(String), path: await realpath("/usr/share") } })
  expect(await api.asOwner("POST", "/workspace-roots", { path: "/no/such" })).toMatchObject({ status: 400, json: { error: "Directory does not exist" } })
  await fleet.stop({ worker: false })
  await fleet.startHub()
  expect((await api.item(made)).workspaceDisplayName).toBe("The login")
  const root = { id: added.json.id, path: await realpath("/usr/share"), source: "user", exists: true }
  const configured = { id: null, path: tmpdir(), source: "env", exists: true }
  expect(await api.ok("GET", "/workspace-roots")).toEqual({ roots: [configured, root] })
  expect((await api.ok("GET", "/directories?path=/usr/share")).currentPath).toBe(root.path)
  expect((await api.get("/directories?path=/usr/lib")).status).toBe(400)
  expect((await api.create()).session.directory).toBe(fleet.repo.path)
  expect(await api.call("DELETE", `/workspace-roots/${added.json.id}`)).toMatchObject({ status: 403 })
  expect(await api.asOwner("DELETE", `/workspace-roots/${added.json.id}`)).toMatchObject({ status: 200 })
  expect((await api.get("/directories?path=/usr/share")).status).toBe(400)
  const [repository] = (await api.ok("GET", "/repositories")).repositories
  expect((await api.ok("POST", "/repositories/refresh")).repositories).toEqual([repository])
  expect(repository).toEqual({ name: "repo", path: fleet.repo.path, parentRoot: path.dirname(fleet.repo.path) })
  expect((await api.ok("GET", `/repositories/info?path=${fleet.repo.path}`)).repository).toMatchObject({ branch: "main", path: fleet.repo.path })
  expect((await api.ok("GET", `/repositories/detail?path=${fleet.repo.path}`)).repository.branches).toContainEqual({
    name: "main",
    isCurrent: true,
    isRemote: false,
  })
})

test("directories are listed and made, below what is allowed only", async () => {
  await using fleet = await scenario({ environment: { ORCHESTRATOR_WORKSPACE_ROOTS: tmpdir() } })
  const api = new Api(fleet)
  const parent = path.dirname(fleet.repo.path)
  const listed = await api.ok("GET", `/directories?path=${parent}`)
  expect(listed).toMatchObject({ currentPath: parent, entries: [{ name: "repo", path: fleet.repo.path, isGitRepo: true }], roots: [tmpdir()] })
  expect(await api.ok("POST", "/directories", { path: path.join(parent, "made") })).toEqual({ success: true, path: path.join(parent, "made") })
  expect((await api.call("POST", "/directories", { path: path.join(parent, "made") })).status).toBe(409)
  expect((await api.call("POST", "/directories", { path: "/usr/share/made-by-a-test" })).status).toBe(400)
  expect((await api.call("POST", "/directories", { path: "made" })).status).toBe(400)
})
