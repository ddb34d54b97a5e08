import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { repository, type TestRepository } from "../../../test/repository.ts"
import { graceMs, staleMs } from "../../domain/claim/alive.ts"
import { readClaims } from "./claims.ts"
import { projectCoordination } from "./projection.ts"
import { sweep, type Swept } from "./sweep.ts"

const minute = 60_000
const environment = { PATH: process.env["PATH"], GIT_DIR: "/nowhere", GIT_WORK_TREE: "/nowhere" }
const iso = (agoMs: number): string => new Date(Date.now() - agoMs).toISOString()
const sweepNow = (root: string): Promise<Swept> => sweep(root, { now: Date.now(), environment })
const lifeOf = (swept: Swept, id: string): string | undefined => swept.judged.find(({ instanceId }) => instanceId === id)?.is

async function put(root: string, file: string, value: unknown): Promise<string> {
  const to = path.join(root, ".planning/coordination", file)
  await mkdir(path.dirname(to), { recursive: true })
  await writeFile(to, typeof value === "string" ? value : JSON.stringify(value, null, 2))
  return to
}
const claim = (root: string, id: string, agoMs: number, scope = [`src/${id}`]): Promise<string> =>
  put(root, `claims/${id}.json`, { instanceId: id, type: "build", scope, description: `what ${id} does`, claimedAt: iso(agoMs) })
const instance = (root: string, id: string, agoMs: number, pid: number | null): Promise<string> =>
  put(root, `instances/${id}.json`, { instanceId: id, startedAt: iso(agoMs), lastSeen: iso(agoMs), status: "active", pid, campaignSlug: null })
async function worktree(repo: TestRepository, id: string): Promise<string> {
  const directory = path.join(repo.path, "..", id)
  await repo.git("worktree", "add", "-q", "-b", id, directory)
  await writeFile(path.join(directory, ".fleet-instance-id"), `${id}\n`)
  return directory
}
/** Everything in it is this old. */
async function age(directory: string, files: readonly string[], agoMs: number): Promise<void> {
  const then = new Date(Date.now() - agoMs)
  for (const file of files) await utimes(path.join(directory, file), then, then)
}
const filesIn = (root: string, folder: string): Promise<string[]> => readdir(path.join(root, ".planning/coordination", folder))

async function deadPid(): Promise<number> {
  const child = spawn("true")
  const pid = child.pid ?? 0
  await once(child, "exit")
  return pid
}

test("a dead instance's claim goes, with the contract's words, and its work is given back", async () => {
  await using repo = await repository({ "a.txt": "a" })
  const id = "fleet-auth-refactor-w1-a3"
  await claim(repo.path, id, graceMs + minute, ["src/auth/", "src/ui/"])
  await instance(repo.path, id, graceMs + minute, await deadPid())
  const swept = await sweepNow(repo.path)
  expect(swept.warnings).toEqual([`Dead instance ${id} left orphaned claim on src/auth/, src/ui/`])
  expect(swept.requeue).toEqual([{ instanceId: id, type: "build", scope: ["src/auth/", "src/ui/"], description: `what ${id} does` }])
  expect(await filesIn(repo.path, "claims")).toEqual([])
  expect(await filesIn(repo.path, "instances")).toEqual([])
})

test("a claim whose pid was that of a shell that ran one command is kept", async () => {
  await using repo = await repository({ "a.txt": "a" })
  await claim(repo.path, "a1", 0)
  await instance(repo.path, "a1", 0, await deadPid())
  const swept = await sweepNow(repo.path)
  expect([lifeOf(swept, "a1"), swept.warnings]).toEqual(["alive", []])
  expect(await filesIn(repo.path, "claims")).toEqual(["a1.json"])
})

test("a worktree in which something happens keeps its claim though the pid is dead; when it is gone, the claim goes", async () => {
  await using repo = await repository({ "a.txt": "a" })
  const id = "fleet-x-w1-a1"
  await claim(repo.path, id, graceMs + minute)
  await instance(repo.path, id, graceMs + minute, await deadPid())
  const directory = await worktree(repo, id)
  await age(directory, [".fleet-instance-id"], graceMs + minute)
  await writeFile(path.join(directory, "a.txt"), "changed just now")
  expect(lifeOf(await sweepNow(repo.path), id)).toBe("alive")
  await repo.git("worktree", "remove", "--force", directory)
  expect(lifeOf(await sweepNow(repo.path), id)).toBe("dead")
})

test("an instance that completed after its claim has finished: its claim goes without a warning and its work is not done again", async () => {
  await using repo = await repository({ "a.txt": "a" })
  for (const id of ["fleet-x-w1-a1", "fleet-x-w1-a2", "fleet-x-w1-a3"]) await claim(repo.path, id, minute)
  const line = (event: string, agent: string, agoMs: number, status: string | null): string =>
    `${JSON.stringify({ schema: 1, timestamp: iso(agoMs), event, agent, session: "x", status })}\n`
  await mkdir(path.join(repo.path, ".planning/telemetry"), { recursive: true })
  await writeFile(
    path.join(repo.path, ".planning/telemetry/agent-runs.jsonl"),
    `{"half a li\n${line("agent-complete", "fleet-x-w1-a1", 0, "success")}${line("agent-complete", "fleet-x-w1-a2", 5 * minute, "success")}${line("agent-fail", "fleet-x-w1-a3", 0, "failed")}`,
  )
  const swept = await sweepNow(repo.path)
  expect(["fleet-x-w1-a1", "fleet-x-w1-a2", "fleet-x-w1-a3"].map((id) => lifeOf(swept, id))).toEqual(["finished", "alive", "dead"])
  expect(swept.requeue.map(({ instanceId }) => instanceId)).toEqual(["fleet-x-w1-a3"])
  expect(await filesIn(repo.path, "claims")).toEqual(["fleet-x-w1-a2.json"])
})

test("of whom nothing is known keeps its claim, and that is said", async () => {
  await using repo = await repository({ "a.txt": "a" })
  await claim(repo.path, "somebody", 10 * staleMs)
  await put(repo.path, "claims/by hand.json", { scope: ["docs"] })
  const swept = await sweepNow(repo.path)
  expect(swept.judged.map(({ instanceId, is }) => [instanceId, is])).toEqual([
    ["by hand", "unknown"],
    ["somebody", "unknown"],
  ])
  expect(await filesIn(repo.path, "claims")).toEqual(["by hand.json", "somebody.json"])
})

test("one who is registered and gave no sign for two hours is stale, whatever its file is called", async () => {
  await using repo = await repository({ "a.txt": "a" })
  await claim(repo.path, "by hand", 3 * staleMs)
  await instance(repo.path, "by hand", staleMs, process.pid)
  const swept = await sweepNow(repo.path)
  expect(swept.warnings).toEqual(["Dead instance by hand left orphaned claim on src/by hand"])
  expect(await filesIn(repo.path, "claims")).toEqual([])
})

test("a pid that another process has now is no sign of life", async () => {
  await using repo = await repository({ "a.txt": "a" })
  // This process began long after that.
  await claim(repo.path, "old", graceMs + minute)
  await instance(repo.path, "old", graceMs + minute, process.pid)
  expect(lifeOf(await sweep(repo.path, { now: Date.now(), environment }), "old")).toBe("dead")
})

test("where git cannot be asked, a dead pid alone ends nobody", async () => {
  await using repo = await repository({ "a.txt": "a" })
  await rm(path.join(repo.path, ".git"), { recursive: true })
  await claim(repo.path, "a1", graceMs + minute)
  await instance(repo.path, "a1", graceMs + minute, await deadPid())
  expect(lifeOf(await sweepNow(repo.path), "a1")).toBe("alive")
})

test("an unreadable file is put aside with its text, said, and the others are swept; one that was written just now is only told", async () => {
  await using repo = await repository({ "a.txt": "a" })
  const broken = await put(repo.path, "claims/broken.json", '{"scope": ["src"')
  await age(path.dirname(broken), ["broken.json"], 5 * minute)
  await put(repo.path, "claims/young.json", '{"sco')
  await claim(repo.path, "late", graceMs + minute)
  await instance(repo.path, "late", graceMs + minute, await deadPid())
  const swept = await sweepNow(repo.path)
  expect(swept.faults.map(({ code }) => code)).toEqual(["planning-unreadable", "planning-unreadable"])
  expect(swept.warnings).toHaveLength(1)
  const left = await filesIn(repo.path, "claims")
  expect(left).toEqual([expect.stringMatching(/^broken\.json\.unreadable-/), "young.json"])
  expect(await readFile(path.join(repo.path, ".planning/coordination/claims", left[0] ?? ""), "utf8")).toBe('{"scope": ["src"')
})

test("one whose instance file cannot be read is not judged by the rest", async () => {
  await using repo = await repository({ "a.txt": "a" })
  await claim(repo.path, "fleet-x-w1-a1", 3 * staleMs)
  await put(repo.path, "instances/fleet-x-w1-a1.json", "{")
  expect(lifeOf(await sweepNow(repo.path), "fleet-x-w1-a1")).toBe("unknown")
})

test("an instance of Fleet's own campaigns is not judged by its files", async () => {
  await using repo = await repository({ "a.txt": "a" })
  for (const id of ["fleet-mine-w1-a1", "fleet-theirs-w1-a1"]) await claim(repo.path, id, 3 * staleMs)
  const swept = await sweep(repo.path, { now: Date.now(), environment, spare: (id) => id.startsWith("fleet-mine-") })
  expect(swept.judged.map(({ instanceId, is }) => [instanceId, is])).toEqual([["fleet-theirs-w1-a1", "dead"]])
  expect(await filesIn(repo.path, "claims")).toEqual(["fleet-mine-w1-a1.json"])
})

test("without a folder of claims nothing is swept, and none is made", async () => {
  await using repo = await repository({ "a.txt": "a" })
  expect(await sweepNow(repo.path)).toEqual({ judged: [], warnings: [], requeue: [], faults: [] })
  expect(await readdir(repo.path)).toEqual([".git", "a.txt"])
})

const ours = (id: string, scope: readonly string[]) => ({ instanceId: id, type: "build", scope, description: "", claimedAt: iso(0) })
const projectOptions = { slugs: ["auth"], create: false }

test("the projection writes and removes files of its own campaigns, and none whose name only begins alike", async () => {
  await using repo = await repository({ "a.txt": "a" })
  const root = repo.path
  const untouched = ["agent-1", "fleet-auth-refactor-w1-a1", "fleet-auth-w1-a1-x", "fleet-other-w1-a1"]
  for (const id of untouched) await claim(root, id, minute)
  await claim(root, "fleet-auth-w1-a9", minute)
  await instance(root, "fleet-auth-w1-a9", minute, null)
  await instance(root, "agent-1", minute, null)
  const wanted = { claims: [ours("fleet-auth-w1-a1", ["src/auth"]), ours("fleet-auth-w1-a2", ["src/ui"])], instances: [] }
  expect(await projectCoordination(root, wanted, projectOptions)).toEqual({ done: true, written: 2, removed: 2, faults: [] })
  expect(await filesIn(root, "claims")).toEqual([...untouched, "fleet-auth-w1-a1", "fleet-auth-w1-a2"].map((id) => `${id}.json`).toSorted())
  expect(await filesIn(root, "instances")).toEqual(["agent-1.json"])
  expect(await projectCoordination(root, wanted, projectOptions)).toEqual({ done: true, written: 0, removed: 0, faults: [] })
  await projectCoordination(root, { claims: [], instances: [] }, projectOptions)
  expect((await readClaims(root)).claims.map(({ instanceId }) => instanceId)).toEqual(untouched)
})

test("where the folder is absent the projection does nothing, unless it is asked to make it", async () => {
  await using repo = await repository({ "a.txt": "a" })
  const wanted = { claims: [ours("fleet-auth-w1-a1", ["src/auth"])], instances: [] }
  expect(await projectCoordination(repo.path, wanted, projectOptions)).toMatchObject({ done: false })
  expect(await readdir(repo.path)).toEqual([".git", "a.txt"])
  expect(await projectCoordination(repo.path, wanted, { ...projectOptions, create: true })).toMatchObject({ done: true, written: 1 })
})

test("an unreadable file of ours is put aside and written anew, one of others stays as it is", async () => {
  await using repo = await repository({ "a.txt": "a" })
  await put(repo.path, "claims/fleet-auth-w1-a1.json", "mine, half")
  await put(repo.path, "claims/agent-1.json", "theirs, half")
  const projected = await projectCoordination(repo.path, { claims: [ours("fleet-auth-w1-a1", ["src/auth"])], instances: [] }, projectOptions)
  expect(projected.faults.map(({ code }) => code)).toEqual(["planning-unreadable"])
  const left = await filesIn(repo.path, "claims")
  expect(left).toEqual(["agent-1.json", "fleet-auth-w1-a1.json", expect.stringMatching(/^fleet-auth-w1-a1\.json\.unreadable-/)])
})
