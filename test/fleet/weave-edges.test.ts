/** Sessions at their edges, through the compatible API: what is asked at the wrong time, twice, or of what is gone. */
import { existsSync } from "node:fs"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { sibling } from "../../src/main/entry.ts"
import { eventually } from "../eventually.ts"
import { gitIn } from "../repository.ts"
import { Api, type Wire } from "./api.ts"
import { scenario } from "./scenario.ts"

/** The scripted agent, which takes a while to come up. */
const slowAgent = `defaults: { agent: scripted }
agents: { slow: { driver: acp, argv: [sh, -c, "sleep 2; exec '${process.execPath}' '${sibling("scripted-agent")}'"] } }
`

test("in a directory without a repository nobody claims to know what changed", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const directory = path.join(fleet.home, "person", "plain")
  await mkdir(directory)
  const conductor = await api.create()
  const child = await api.child(conductor, "Plain", { directory, isolationStrategy: "existing" })
  await api.prompt(child, '[[write path="made.txt" text="x"]]')
  expect((await api.called(conductor))[0]).toContain("Title: Plain\n(diff unavailable)\nStatus: idle (completed successfully)")
  expect(await readFile(path.join(directory, "made.txt"), "utf8")).toBe("x")
  expect(await api.get(`/sessions/${child.session.id}/diffs`)).toMatchObject({ status: 400, json: { error: expect.stringContaining("nobody can say") } })
})

test("a checkout that was given back keeps its commits on the branch, says that it is gone, and comes back when the session is resumed", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create({ isolationStrategy: "worktree" })
  await api.prompt(session, '[[write path="kept.txt" text="kept"]] [[commit message="keep"]]')
  await api.idle(session)
  await api.ok("DELETE", `/sessions/${session.session.id}?cleanupWorkspace=true`)
  expect(existsSync(session.session.directory)).toBe(false)
  expect(existsSync(path.dirname(session.session.directory))).toBe(false)
  const gone = await api.get(`/sessions/${session.session.id}/diffs`)
  expect(gone).toMatchObject({
    status: 409,
    json: { error: expect.stringContaining("its checkout was given back"), hint: expect.stringContaining("git log ") },
  })
  expect((await api.ok("GET", `/sessions/${session.session.id}/messages`)).messages).toHaveLength(2)
  const resumed = await api.ok("POST", `/sessions/${session.session.id}/resume`)
  expect(resumed.session.directory).toBe(session.session.directory)
  expect(await readFile(path.join(session.session.directory, "kept.txt"), "utf8")).toBe("kept")
  expect((await api.ok("GET", `/sessions/${session.session.id}/diffs`)).map((diff: Wire) => diff.file)).toEqual(["kept.txt"])
})

test("what an agent left uncommitted is not lost when its checkout is given back", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create({ isolationStrategy: "worktree" })
  await api.prompt(session, '[[write path="precious.txt" text="precious"]]')
  await api.idle(session)
  await api.ok("DELETE", `/sessions/${session.session.id}?cleanupWorkspace=true&permanent=true`)
  const refs = (await fleet.repo.git("for-each-ref", "--format=%(refname)", "refs/fleet/salvage")).split("\n")
  expect(refs).toHaveLength(1)
  expect(await fleet.repo.git("show", `${refs[0]}:precious.txt`)).toBe("precious")
})

test("what was left uncommitted is named while the checkout is away, and is there again when the session is resumed", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create({ isolationStrategy: "worktree" })
  await api.prompt(session, '[[write path="precious.txt" text="precious"]]')
  await api.idle(session)
  await api.ok("DELETE", `/sessions/${session.session.id}?cleanupWorkspace=true`)
  const ref = await fleet.repo.git("for-each-ref", "--format=%(refname)", "refs/fleet/salvage")
  const gone = await api.get(`/sessions/${session.session.id}/diffs`)
  expect(gone).toMatchObject({ status: 409, json: { error: expect.stringContaining(ref), hint: expect.stringContaining(`git show ${ref}`) } })
  await api.ok("POST", `/sessions/${session.session.id}/resume`)
  expect(await readFile(path.join(session.session.directory, "precious.txt"), "utf8")).toBe("precious")
  expect((await api.ok("GET", `/sessions/${session.session.id}/diffs`)).map((diff: Wire) => diff.file)).toEqual(["precious.txt"])
  expect(await fleet.repo.git("for-each-ref", "--format=%(refname)", "refs/fleet/salvage")).toBe(ref)
})

test("children that are made at the same time, in a repository that nobody worked on before, are all made", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const made = await Promise.all(["a", "b", "c", "d"].map((title) => api.create({ title, isolationStrategy: "worktree" })))
  expect(new Set(made.map((child) => child.session.directory)).size).toBe(4)
  await Promise.all(made.map((child) => api.prompt(child, '[[write path="x.txt" text="x"]]')))
  for (const child of made) expect((await api.idle(child)).sessionStatus).toBe("idle")
})

test("two at once on one branch: one is made, the other is refused with the reason, and leaves nothing", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const body = { directory: fleet.repo.path, isolationStrategy: "worktree", branch: "shared" }
  const answers = await Promise.all([api.call("POST", "/sessions", body), api.call("POST", "/sessions", body)])
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  const refused = answers.find(({ status }) => status !== 200)
  expect(refused?.status, refused?.text).toBeGreaterThanOrEqual(400)
  expect(refused?.status, refused?.text).toBeLessThan(500)
  expect(refused?.json.error).toContain("shared")
  expect(await api.ok("GET", "/sessions")).toHaveLength(1)
})

test("a session that is deleted while it works: its agent ends, and whoever waits for it is told", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const conductor = await api.create()
  const child = await api.child(conductor, "Cut short")
  await api.prompt(child, `[[run cmd="mkfifo gate; cat gate"]]`)
  await fleet.untilProgram("cat")
  await api.ok("DELETE", `/sessions/${child.session.id}?permanent=true&cleanupWorkspace=true`)
  expect((await api.called(conductor))[0]).toContain("[Fleet Callback] Child session encountered an error.")
  expect((await fleet.processes()).filter((one) => one.endsWith(" cat"))).toEqual([])
})

test("a conductor that was deleted for good is not waited for, and its child goes on", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const conductor = await api.create()
  const child = await api.child(conductor, "Orphan")
  await api.ok("DELETE", `/sessions/${conductor.session.id}?permanent=true`)
  await api.prompt(child, '[[write path="x.txt" text="x"]]')
  await api.idle(child)
  expect(await api.item(child)).toMatchObject({ sessionStatus: "idle" })
  expect(await api.ok("GET", `/sessions/${child.session.id}`)).toMatchObject({ ancestors: [] })
})

test("prompts that come while it works wait and are each a turn, in order; stopping one leaves the next", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create({ isolationStrategy: "worktree" })
  await api.prompt(session, '[[run cmd="mkfifo gate; cat gate"]]')
  await fleet.untilProgram("cat")
  await api.prompt(session, '[[append path="order.txt" text="2"]]')
  await api.prompt(session, '[[append path="order.txt" text="3"]]')
  expect((await api.ok("GET", "/fleet/summary")).queuedTasks).toBe(2)
  await api.ok("POST", `/sessions/${session.session.id}/abort`)
  await api.idle(session)
  expect(await readFile(path.join(session.session.directory, "order.txt"), "utf8")).toBe("23")
})

test("a prompt to a session that was ended says how to go on", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create()
  await api.ok("DELETE", `/sessions/${session.session.id}`)
  const refused = await api.call("POST", `/sessions/${session.session.id}/prompt`, { text: "hello" })
  expect(refused).toMatchObject({ status: 409, json: { hint: expect.stringContaining("/resume") } })
})

test("a repository without a commit, a subdirectory, a path with spaces and a bare repository", async () => {
  await using fleet = await scenario({ repository: "my repo" })
  const api = new Api(fleet)
  const parent = path.dirname(fleet.repo.path)
  await gitIn(parent, "init", "-q", "-b", "main", "empty")
  expect(await api.call("POST", "/sessions", { directory: path.join(parent, "empty"), isolationStrategy: "worktree" })).toMatchObject({
    status: 400,
    json: { error: expect.stringContaining("no commit") },
  })
  await mkdir(path.join(fleet.repo.path, "sub"))
  await writeFile(path.join(fleet.repo.path, "sub", "x.txt"), "")
  const below = await api.create({ directory: path.join(fleet.repo.path, "sub"), isolationStrategy: "worktree" })
  expect(path.dirname(below.session.directory)).toBe(path.join(parent, "my repo-worktrees"))
  await gitIn(parent, "clone", "-q", "--bare", fleet.repo.path, "bare.git")
  const bare = await api.create({ directory: path.join(parent, "bare.git"), isolationStrategy: "worktree" })
  expect(path.dirname(bare.session.directory)).toBe(path.join(parent, "bare-worktrees"))
  await api.prompt(bare, '[[write path="x.txt" text="x"]]')
  await api.idle(bare)
  expect((await api.ok("GET", `/sessions/${bare.session.id}/diffs`)).map((diff: Wire) => diff.file)).toEqual(["x.txt"])
})

test("a worker that dies while a session is made: it is made by the next one", async () => {
  await using fleet = await scenario({ config: slowAgent })
  const api = new Api(fleet)
  const making = api.call("POST", "/sessions", { directory: fleet.repo.path, isolationStrategy: "worktree", harnessType: "slow" })
  await fleet.untilProgram("sleep")
  await fleet.killWorker()
  const made = await making
  expect(made.status, made.text).toBe(200)
  expect(await api.ok("GET", "/sessions")).toHaveLength(1)
  expect(await gitIn(made.json.session.directory, "status", "--porcelain")).toBe("")
})

test("a hub that dies while a session is made: afterwards it is there, and usable", async () => {
  await using fleet = await scenario({ config: slowAgent })
  const api = new Api(fleet)
  const making = api.call("POST", "/sessions", { directory: fleet.repo.path, isolationStrategy: "worktree", harnessType: "slow" }).catch(() => "cut off")
  await fleet.untilProgram("sleep")
  await fleet.killHub()
  expect(await making).toBe("cut off")
  await fleet.startHub()
  const [item] = await eventually("it is idle", async () => {
    const list = (await api.ok("GET", "/sessions")) as Wire[]
    return list[0]?.sessionStatus === "idle" && list
  })
  await api.ok("POST", `/sessions/${item.dbId}/prompt`, { text: '[[write path="x.txt" text="x"]]' })
  await eventually("it wrote", () => existsSync(path.join(item.workspaceDirectory, "x.txt")))
})
