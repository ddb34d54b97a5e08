/** The defects of the original (contract W.4), each by its number: what went wrong there goes right here. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { gitIn } from "../repository.ts"
import { eventually } from "../eventually.ts"
import { Api, type Wire } from "./api.ts"
import { scenario } from "./scenario.ts"

/** A prompt whose turn lasts until the file is written to. */
const waitsAt = (gate: string): string => `[[run cmd="mkfifo ${gate}; cat ${gate}"]]`

test("W.4.1 a failed child is reported as an error, never as a success", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const conductor = await api.create({ title: "Conductor" })
  const child = await api.child(conductor, "Fix Issue #1 — Auth bug")
  await api.prompt(child, '[[write path="half.txt" text="half"]] [[fail status=400]]')
  const [callback] = await api.called(conductor)
  const { dbId } = await api.item(child)
  expect(callback).toMatch(
    new RegExp(`^\\[Fleet Callback\\] Child session encountered an error\\.\nSession ID: ${dbId}\nTitle: Fix Issue #1 — Auth bug\nStatus: error(\n|$)`),
  )
  expect(callback).not.toContain("completed")
  expect(await api.item(child)).toMatchObject({ sessionStatus: "error", lifecycleStatus: "error" })
})

test("W.4.2 diffs come from git: untracked, uncommitted, committed, renamed, deleted and binary files, and the agent's index is untouched", async () => {
  await using fleet = await scenario({
    files: { "keep.txt": "one\ntwo\n", "old.txt": "a long line that stays\nand another one\n", "gone.txt": "bye\n", "picture.bin": "\0\x01" },
  })
  const api = new Api(fleet)
  const conductor = await api.create()
  const child = await api.child(conductor, "Many kinds")
  await api.prompt(
    child,
    [
      '[[write path="committed.txt" text="c\\n"]] [[commit message="work"]]',
      '[[write path="src/untracked.txt" text="u\\n"]] [[edit path="keep.txt" old="two" new="2"]] [[delete path="gone.txt"]]',
      `[[run cmd="git mv old.txt renamed.txt"]] [[run cmd="printf '\\\\000\\\\002\\\\003' > picture.bin"]]`,
    ].join(" "),
  )
  const [callback] = await api.called(conductor)
  const status = await gitIn(child.session.directory, "status", "--porcelain")
  const diffs = (await api.ok("GET", `/sessions/${child.session.id}/diffs?instanceId=${child.instanceId}`)) as { file: string }[]
  expect(diffs.toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
    { file: "committed.txt", before: "", after: "c\n", additions: 1, deletions: 0, status: "added" },
    { file: "gone.txt", before: "bye\n", after: "", additions: 0, deletions: 1, status: "deleted" },
    { file: "keep.txt", before: "one\ntwo\n", after: "one\n2\n", additions: 1, deletions: 1, status: "modified" },
    { file: "old.txt", before: "a long line that stays\nand another one\n", after: "", additions: 0, deletions: 2, status: "deleted" },
    { file: "picture.bin", before: "", after: "", additions: 0, deletions: 0, status: "modified" },
    { file: "renamed.txt", before: "", after: "a long line that stays\nand another one\n", additions: 2, deletions: 0, status: "added" },
    { file: "src/untracked.txt", before: "", after: "u\n", additions: 1, deletions: 0, status: "added" },
  ])
  expect(await gitIn(child.session.directory, "status", "--porcelain")).toBe(status)
  expect(status).toContain("R  old.txt -> renamed.txt")
  const lines = callback!.split("\n")
  expect(lines[3]).toBe("Files changed: 7")
  expect(lines).toEqual(
    expect.arrayContaining(["  added: src/untracked.txt", "  modified: keep.txt", "  deleted: gone.txt", "  deleted: old.txt", "  added: renamed.txt"]),
  )
})

test("W.4.3 a callback survives the death of the worker with its conductor's agent in it", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const gate = path.join(fleet.home, "gate")
  const conductor = await api.create()
  await api.prompt(conductor, `[[if resumed]] [[say "back"]] [[else]] ${waitsAt(gate)} [[end]]`)
  await fleet.untilProgram("cat")
  const child = await api.child(conductor, "While you work")
  await api.prompt(child, '[[write path="x.txt" text="x"]]')
  await api.idle(child)
  expect(await api.callbacks(conductor)).toEqual([])
  await fleet.killWorker()
  const [callback, ...more] = await api.called(conductor)
  expect(callback).toContain("Title: While you work\nFiles changed: 1\n  added: x.txt\nStatus: idle (completed successfully)")
  expect(more).toEqual([])
})

test("W.4.3 a hub that is killed while a child works delivers the callback after its restart; W.4.7 and nothing of the work is lost", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const gate = path.join(fleet.home, "gate")
  const conductor = await api.create()
  const child = await api.child(conductor, "Through the restart")
  await api.prompt(child, `${waitsAt(gate)} [[write path="after.txt" text="after"]]`)
  await fleet.untilProgram("cat")
  const before = await api.item(child)
  await fleet.killHub()
  await fleet.startHub()
  const [cat] = await fleet.untilPrograms("cat", 1)
  await writeFile(gate, "open")
  const [callback] = await api.called(conductor)
  expect(callback).toContain("  added: after.txt")
  expect(cat).toBeGreaterThan(0)
  expect(await api.item(child)).toMatchObject({ dbId: before.dbId, instanceId: before.instanceId, sessionStatus: "idle" })
})

test("W.4.3 a callback for a conductor that was ended waits, and follows it when it is resumed under another instance", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const conductor = await api.create()
  const child = await api.child(conductor, "Patient")
  await api.ok("DELETE", `/sessions/${conductor.session.id}?instanceId=${conductor.instanceId}`)
  await api.prompt(child, '[[write path="x.txt" text="x"]]')
  await api.idle(child)
  const resumed = await api.ok("POST", `/sessions/${conductor.session.id}/resume`)
  expect(resumed.instanceId).not.toBe(conductor.instanceId)
  expect(resumed.session.id).toBe(conductor.session.id)
  expect((await api.called(conductor))[0]).toContain("Title: Patient")
})

test("W.4.4 and W.4.5 every later completion calls back, a retry of a failed child too", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const conductor = await api.create()
  const child = await api.child(conductor, "Retried")
  await api.prompt(child, "[[fail status=400]]")
  await api.called(conductor, 1)
  await api.prompt(child, '[[write path="ok.txt" text="ok"]]')
  await api.called(conductor, 2)
  await api.prompt(child, '[[write path="more.txt" text="more"]]')
  const callbacks = await api.called(conductor, 3)
  expect(callbacks.map((text) => text.split("\n").find((line) => line.startsWith("Status:")))).toEqual([
    "Status: error",
    "Status: idle (completed successfully)",
    "Status: idle (completed successfully)",
  ])
  expect(callbacks[2]).toContain("Files changed: 2")
})

test("W.4.7 a restart of hub and worker keeps sessions, and the next prompt goes on with the same conversation", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const conductor = await api.create({ title: "Kept" })
  const child = await api.child(conductor, "Also kept")
  await api.prompt(child, '[[say "first"]]')
  await api.called(conductor)
  await api.idle(conductor)
  await fleet.stop()
  await fleet.startHub()
  await fleet.workerPid()
  const list = (await api.ok("GET", "/sessions")) as Wire[]
  expect(list.map((item) => [item.session.title, item.session.id])).toEqual([
    ["Also kept", child.session.id],
    ["Kept", conductor.session.id],
  ])
  await api.prompt(child, '[[if resumed]] [[say "I remember"]] [[else]] [[fail status=400]] [[end]]')
  expect((await api.called(conductor, 2))[1]).toContain("completed successfully")
})

test("W.4.8 ending a session ends its agent and everything that it started", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const session = await api.create({ isolationStrategy: "worktree" })
  await api.prompt(session, `[[run cmd="setsid sleep 1000 & echo started"]] ${waitsAt(path.join(fleet.home, "gate"))}`)
  await fleet.untilProgram("cat")
  expect(await fleet.agentProcesses()).not.toEqual([])
  expect(await api.ok("DELETE", `/sessions/${session.session.id}`)).toEqual({
    message: "Session terminated",
    sessionId: session.session.id,
    instanceId: session.instanceId,
  })
  expect((await fleet.processes()).filter((one) => /sleep|cat$/.test(one))).toEqual([])
  expect(await api.item(session)).toMatchObject({ sessionStatus: "stopped", instanceStatus: "dead", typedInstanceStatus: "stopped", activityStatus: null })
})

test("W.4.9 a creation that fails leaves no directory, branch, process or session", async () => {
  await using clones = await directory()
  await using fleet = await scenario({
    config: "defaults: { agent: scripted }\nagents: { broken: { driver: acp, argv: ['false'] } }\n",
    environment: { WEAVE_WORKSPACE_ROOT: clones.path },
  })
  const api = new Api(fleet)
  for (const isolationStrategy of ["worktree", "clone", "existing"]) {
    const answer = await api.call("POST", "/sessions", { directory: fleet.repo.path, isolationStrategy, harnessType: "broken" })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.json.error).toMatch(/agent|broken|false/)
  }
  expect(await api.ok("GET", "/sessions")).toEqual([])
  expect(await fleet.repo.git("branch", "--list")).toBe("* main")
  expect((await fleet.repo.git("worktree", "list", "--porcelain")).match(/^worktree /gm)).toHaveLength(1)
  expect(await readdir(path.dirname(fleet.repo.path))).toEqual(["repo"])
  expect(await readdir(clones.path)).toEqual([])
  expect(await fleet.agentProcesses()).toEqual([])
})

test("W.4.10 a clone honours its branch, wherever it is asked for", async () => {
  await using clones = await directory()
  await using fleet = await scenario({ environment: { WEAVE_WORKSPACE_ROOT: clones.path } })
  await fleet.repo.git("switch", "-q", "-c", "feature")
  await fleet.repo.write("feature.txt", "of the feature\n")
  await fleet.repo.commit("feature")
  await fleet.repo.git("switch", "-q", "main")
  const api = new Api(fleet)
  const child = await api.create({ isolationStrategy: "clone", branch: "feature" })
  expect(child.session.directory).toBe(path.join(clones.path, child.workspaceId))
  expect(await gitIn(child.session.directory, "rev-parse", "--abbrev-ref", "HEAD")).toBe("feature")
  expect(await readFile(path.join(child.session.directory, "feature.txt"), "utf8")).toBe("of the feature\n")
  expect(await api.item(child)).toMatchObject({ isolationStrategy: "clone", branch: "feature", sourceDirectory: fleet.repo.path })
  await api.ok("DELETE", `/sessions/${child.session.id}?cleanupWorkspace=true&permanent=true`)
  expect(await readdir(clones.path)).toEqual([])
})

test("W.4.11 children wait for a free slot, and the summary counts the prompts that wait", async () => {
  await using fleet = await scenario({ slots: 1 })
  const api = new Api(fleet)
  const gate = path.join(fleet.home, "gate")
  const conductor = await api.create()
  const [first, second] = [await api.child(conductor, "First"), await api.child(conductor, "Second")]
  await api.prompt(first, waitsAt(gate))
  await fleet.untilProgram("cat")
  await api.prompt(second, '[[say "at last"]]')
  expect(await api.ok("GET", "/fleet/summary")).toMatchObject({ activeSessions: 3, idleSessions: 0, queuedTasks: 1 })
  await writeFile(gate, "open")
  // The slot is free as soon as the turn is over: which of the two is looked at first is nobody's promise.
  expect(new Set((await api.called(conductor, 2)).map((text) => text.split("\n")[2]))).toEqual(new Set(["Title: First", "Title: Second"]))
  await api.idle(conductor)
  expect(await api.ok("GET", "/fleet/summary")).toMatchObject({ activeSessions: 0, idleSessions: 3, queuedTasks: 0 })
})

test("W.4.12 prompts to nobody, strategies that are none, directories that are no repository, conductors that are not there: each is refused with the fix", async () => {
  await using fleet = await scenario()
  await using plain = await directory()
  const api = new Api(fleet)
  const nobody = await api.call("POST", "/sessions/ses_nobody/prompt", { instanceId: "x", text: "hello" })
  expect(nobody).toMatchObject({ status: 404, json: { error: expect.stringContaining("there is no session") } })
  const strategy = await api.call("POST", "/sessions", { directory: fleet.repo.path, isolationStrategy: "teleport" })
  expect(strategy).toMatchObject({ status: 400, json: { error: expect.stringContaining("worktree") } })
  const noRepository = await api.call("POST", "/sessions", { directory: plain.path, isolationStrategy: "worktree" })
  expect(noRepository).toMatchObject({
    status: 400,
    json: { error: expect.stringContaining("is not a git repository: "), hint: expect.stringContaining("init") },
  })
  const onComplete = { notifySessionId: "ses_nobody", notifyInstanceId: "x" }
  const unheard = await api.call("POST", "/sessions", { directory: fleet.repo.path, isolationStrategy: "worktree", onComplete })
  expect(unheard).toMatchObject({ status: 404, json: { error: expect.stringContaining("onComplete.notifySessionId") } })
  expect(await api.ok("GET", "/sessions")).toEqual([])
  expect(await readdir(path.dirname(fleet.repo.path))).toEqual(["repo"])
})

test("W.4.14 pages of other origins and other hosts are not answered, and nothing is allowed across origins", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  expect((await api.call("GET", "/sessions", undefined, { origin: "http://evil.example" })).status).toBe(403)
  const options = await api.call("OPTIONS", "/sessions")
  expect(options.status).toBe(204)
  expect([...options.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([])
  expect(await api.call("POST", "/workspace-roots", { path: "/" })).toMatchObject({ status: 403 })
})

test("W.4.17 and W.4.18 the filter takes several statuses, and a resting conductor is shown active for as long as a child works", async () => {
  await using fleet = await scenario()
  const api = new Api(fleet)
  const gate = path.join(fleet.home, "gate")
  const conductor = await api.create({ title: "Conductor" })
  const child = await api.child(conductor, "Child")
  const other = await api.create({ title: "Bystander", isolationStrategy: "worktree" })
  await api.prompt(child, waitsAt(gate))
  await fleet.untilProgram("cat")
  expect(await api.item(conductor)).toMatchObject({ sessionStatus: "active", activityStatus: "busy" })
  expect(await api.ok("GET", `/sessions/${conductor.session.id}/status`)).toEqual({ status: "idle" })
  expect(await api.item(other)).toMatchObject({ sessionStatus: "idle" })
  const titles = async (query: string): Promise<string[]> => ((await api.ok("GET", `/sessions${query}`)) as Wire[]).map((item) => item.session.title)
  expect(await titles("?status=active,idle")).toEqual(["Bystander", "Child", "Conductor"])
  expect(await titles("?status=active")).toEqual(["Child", "Conductor"])
  expect(await titles("?status=idle&status=completed")).toEqual(["Bystander"])
  await writeFile(gate, "open")
  await api.called(conductor)
  await eventually("the conductor rests", async () => (await api.item(conductor)).sessionStatus === "idle")
})

async function directory(): Promise<{ path: string } & AsyncDisposable> {
  const made = await mkdtemp(path.join(tmpdir(), "fleet-plain-"))
  return { path: made, [Symbol.asyncDispose]: () => rm(made, { recursive: true, force: true }) }
}
