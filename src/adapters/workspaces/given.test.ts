import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import { gitIn } from "../../../test/repository.ts"
import { id } from "../../domain/ids.ts"
import type { PrepareWorkspace } from "../../domain/worker/job.ts"
import { calm, commitIn, desk, type Desk, prepareJob, put } from "./fixtures/desk.ts"

/** As the Fleet API lays worktrees out: beside the repository. */
const worktrees = (it: Desk): string => `${it.repo.path}-worktrees`
const pathOf = (it: Desk, name: string): string => join(worktrees(it), name)

/** All that a creation could leave behind, wherever it may be. */
async function everything(it: Desk): Promise<unknown> {
  const lists = [dirname(it.repo.path), join(it.repo.path, ".git/worktrees"), join(it.home, "workspaces"), join(it.home, "temporary")]
  const journal = ["workspaces", "pool", "folders"].map((name) => join(it.home, "journal", name))
  const folders = await Promise.all([...lists, ...journal].map((folder) => readdir(folder).catch(() => [])))
  const beside = await readdir(worktrees(it), { recursive: true }).catch(() => null)
  const git = await it.repo.git("worktree", "list", "--porcelain")
  return { folders, beside, git, refs: await it.repo.git("for-each-ref"), status: await it.repo.git("status", "--porcelain") }
}

test("a worktree is made where it is wanted, on its branch, and is gone with the folder that was made for it when it is released", async () => {
  await using it = await desk()
  const before = await everything(it)
  const path = pathOf(it, "weave-session-3b674a02")
  const prepared = await it.prepare("s.a", { path, branch: "weave-session-3b674a02", base: "HEAD" })
  expect(prepared).toMatchObject({ path, branch: "weave-session-3b674a02", base: await it.repo.git("rev-parse", "HEAD"), reused: false })
  expect(await gitIn(path, "symbolic-ref", "--short", "HEAD")).toBe("weave-session-3b674a02")
  await it.reopen()
  expect(await it.prepare("s.a", { path, branch: "weave-session-3b674a02" })).toEqual({ ...prepared, reused: true })
  expect(await it.fleet.release(id("s.a"), false)).toEqual({ salvage: null })
  expect(await everything(it)).toEqual(before)
})

test("a checkout at a given path neither goes to the pool nor comes from it", async () => {
  await using it = await desk()
  await it.prepare("run.pooled")
  await it.fleet.release(id("run.pooled"), true)
  expect(await it.prepare("s.a", { path: pathOf(it, "a") })).toMatchObject({ path: pathOf(it, "a") })
  await it.fleet.release(id("s.a"), true)
  expect(await it.fleet.tidy(it.repo.path)).toBe(1)
  await it.expectNothingLeft()
})

test("what was committed stays on its branch, what was not is salvaged, and the same workspace goes on with both in their place", async () => {
  await using it = await desk()
  const path = pathOf(it, "a")
  const first = await it.prepare("s.a", { path })
  await put(path, "committed.txt", "c\n")
  const tip = await commitIn(path, "work")
  await put(path, "loose.txt", "loose\n")
  const { salvage } = await it.fleet.release(id("s.a"), false)
  expect(await it.repo.git("show", `${salvage}:loose.txt`)).toBe("loose")
  expect(await readdir(dirname(it.repo.path))).not.toContain("repo-worktrees")
  expect(await it.prepare("s.a", { path })).toMatchObject({ path, reused: false, base: first.base })
  expect(await gitIn(path, "rev-parse", "HEAD")).toBe(tip)
})

test("a branch, HEAD and a commit can be what a workspace starts from", async () => {
  await using it = await desk()
  const first = await it.repo.git("rev-parse", "HEAD")
  await it.repo.git("checkout", "-q", "-b", "other")
  await it.repo.write("a.txt", "other\n")
  const second = await it.repo.commit("other")
  expect(await it.prepare("s.a", { base: "HEAD" })).toMatchObject({ base: second })
  expect(await it.prepare("s.b", { base: "main" })).toMatchObject({ base: first })
  expect(await it.prepare("s.c", { base: first.slice(0, 10), strategy: "clone", path: pathOf(it, "c") })).toMatchObject({ base: first })
})

test("a branch that is there is worked on when that is wanted, and never deleted", async () => {
  await using it = await desk()
  await it.repo.git("branch", "feature/x")
  const path = pathOf(it, "feature-x")
  const wanted = { path, branch: "feature/x", branchThere: "use" } as const
  expect(await it.prepare("s.a", wanted)).toMatchObject({ branch: "feature/x", base: await it.repo.git("rev-parse", "feature/x") })
  await it.fleet.release(id("s.a"), false)
  expect(await it.repo.git("branch", "--list", "feature/x")).not.toBe("")
  await it.prepare("s.a", wanted)
  await put(path, "x.txt", "x\n")
  const tip = await commitIn(path, "work")
  await it.fleet.release(id("s.a"), true)
  expect(await it.repo.git("rev-parse", "feature/x")).toBe(tip)
  await expect(it.prepare("s.b", { ...wanted, setup: "exit 1" })).rejects.toMatchObject({ fault: { code: "setup-failed" } })
  expect(await it.repo.git("rev-parse", "feature/x")).toBe(tip)
  expect(await readdir(join(it.home, "journal/workspaces"))).toEqual([])
  // One that is not there is made, and is then our own.
  await it.prepare("s.c", { path: pathOf(it, "new"), branch: "new", branchThere: "use" })
  await it.fleet.release(id("s.c"), false)
  expect(await it.repo.git("branch", "--list", "new")).toBe("")
})

test("a branch that is checked out elsewhere is refused by name; a worktree that somebody deleted does not hold it", async () => {
  await using it = await desk()
  const before = await everything(it)
  const wanted = { path: pathOf(it, "a"), branch: "main", branchThere: "use" } as const
  await expect(it.prepare("s.a", wanted)).rejects.toMatchObject({
    fault: { code: "branch-checked-out", why: `${it.repo.path} has it checked out` },
  })
  expect(await everything(it)).toEqual(before)
  const gone = join(dirname(it.repo.path), "gone")
  await it.repo.git("worktree", "add", "-q", "-b", "held", gone)
  await rm(gone, { recursive: true })
  await it.prepare("s.a", { ...wanted, branch: "held" })
  // In a clone nobody else has it.
  expect(await it.prepare("s.b", { ...wanted, strategy: "clone", path: pathOf(it, "b") })).toMatchObject({ branch: "main" })
  expect(await gitIn(pathOf(it, "b"), "symbolic-ref", "--short", "HEAD")).toBe("main")
})

test("a clone honours its branch, one that is there or a new one, and leaves nothing but what it is asked to keep", async () => {
  await using it = await desk()
  await it.repo.git("checkout", "-q", "-b", "feature")
  await it.repo.write("f.txt", "f\n")
  const tip = await it.repo.commit("feature")
  await it.repo.git("checkout", "-q", "main")
  const before = await everything(it)
  const root = join(dirname(it.home), "clones/deep")
  const there = await it.prepare("s.a", { strategy: "clone", path: join(root, "a"), branch: "feature", branchThere: "use" })
  expect([there.branch, there.base, await gitIn(there.path, "rev-parse", "HEAD")]).toEqual(["feature", tip, tip])
  const made = await it.prepare("s.b", { strategy: "clone", path: join(root, "b"), branch: "fresh" })
  expect(await gitIn(made.path, "symbolic-ref", "--short", "HEAD")).toBe("fresh")
  await it.fleet.release(id("s.a"), true)
  expect(await readdir(root)).toEqual(["b"])
  await it.fleet.release(id("s.b"), false)
  expect(await readdir(dirname(it.home))).not.toContain("clones")
  expect(await everything(it)).toEqual(before)
})

test("git numbers the entry of a worktree whose name is taken: the person's own worktree of that name is left alone", async () => {
  await using it = await desk()
  const mine = join(dirname(it.repo.path), "mine/same")
  await it.repo.git("worktree", "add", "-q", "-b", "mine", mine)
  const path = pathOf(it, "same")
  await it.prepare("s.a", { path })
  await it.reopen()
  await put(path, "x.txt", "x\n")
  expect((await it.fleet.survey(id("s.a"), "main")).files.map((file) => file.path)).toEqual(["x.txt"])
  await it.fleet.release(id("s.a"), false)
  await expect(it.prepare("s.b", { path, setup: "exit 1" })).rejects.toMatchObject({ fault: { code: "setup-failed" } })
  expect(await gitIn(mine, "status", "--porcelain", "--branch")).toBe("## mine")
  expect(await readdir(join(it.repo.path, ".git/worktrees"))).toEqual(["same"])
})

const ways: readonly [string, string, (it: Desk) => Promise<Partial<PrepareWorkspace>>][] = [
  ["a setup command that fails", "setup-failed", async () => ({ setup: "echo x > made; git commit -q --allow-empty -m x; exit 3" })],
  ["a base that is not there", "unknown-base", async () => ({ base: "nowhere" })],
  ["a branch that is no name", "bad-branch", async () => ({ branch: "a..b" })],
  ["a branch below another", "branch-in-the-way", async () => ({ branch: "main/x" })],
  ["a branch of somebody else", "branch-exists", async () => ({ branch: "main" })],
  ["a branch in use", "branch-checked-out", async () => ({ branch: "main", branchThere: "use" })],
  ["a ref to merge that is not there", "unknown-ref", async () => ({ merge: "nowhere" })],
  ["a path that is relative", "bad-path", async () => ({ path: "worktrees/a" })],
  ["a path that leads upwards", "bad-path", async (it) => ({ path: `${it.repo.path}/../../x` })],
  ["a path below a file", "path-unwritable", async (it) => ({ path: join(it.repo.path, "a.txt/deep/er") })],
  ["a path whose name is too long", "path-unwritable", async (it) => ({ path: join(worktrees(it), "deep/er", "x".repeat(300)) })],
  ["the repository itself as path", "path-taken", async (it) => ({ path: it.repo.path })],
  ["no repository", "not-a-repository", async (it) => ({ repository: it.home })],
  ["no directory", "directory-missing", async (it) => ({ repository: join(it.home, "none") })],
  ["a file", "not-a-directory", async (it) => ({ repository: join(it.repo.path, "a.txt") })],
]

test.each(ways)("%s fails with %s and leaves no directory, branch, entry or parent, by worktree and by clone", async (_, code, more) => {
  await using it = await desk()
  const before = await everything(it)
  for (const strategy of ["worktree", "clone"] as const) {
    const wanted = { strategy, path: pathOf(it, "deep/er/a"), ...(await more(it)) }
    if (strategy === "clone" && code === "branch-checked-out") continue
    if (code === "unknown-ref") {
      // The workspace itself is made by then, and stays for the next try.
      await expect(it.prepare(`s.${strategy}`, wanted)).rejects.toMatchObject({ fault: { code } })
      await it.fleet.release(id(`s.${strategy}`), false)
    } else await expect(it.prepare(`s.${strategy}`, wanted)).rejects.toMatchObject({ fault: { code } })
    expect(await everything(it)).toEqual(before)
  }
})

test("a repository with a missing object fails in the middle of writing the files, and leaves nothing", async () => {
  await using it = await desk()
  const blob = await it.repo.git("rev-parse", "HEAD:a.txt")
  const object = join(it.repo.path, ".git/objects", blob.slice(0, 2), blob.slice(2))
  await chmod(dirname(object), 0o755)
  await rm(object)
  const before = await everything(it)
  for (const strategy of ["worktree", "clone"] as const) {
    await expect(it.prepare("s.a", { strategy, path: pathOf(it, "a") })).rejects.toMatchObject({ fault: { code: "git-failed" } })
    expect(await everything(it)).toEqual(before)
  }
})

test("an abort in the middle leaves nothing", async () => {
  await using it = await desk()
  const before = await everything(it)
  const abort = new AbortController()
  const started = join(dirname(it.home), "started")
  const job = prepareJob(it.repo.path, "s.a", { path: pathOf(it, "a"), setup: `touch '${started}'; sleep 1000` })
  const preparing = it.fleet.prepare(job, abort.signal)
  await expect.poll(() => stat(started).catch(() => null)).not.toBeNull()
  abort.abort(new Error("not wanted any more"))
  await expect(preparing).rejects.toThrow("not wanted any more")
  expect(await everything(it)).toEqual(before)
})

test("what is at a path already is refused and left as it is: files, a file, a link, another workspace; an empty folder is used and stays", async () => {
  await using it = await desk()
  const root = worktrees(it)
  await put(root, "full/x.txt", "mine\n")
  await writeFile(join(root, "file"), "mine\n")
  await mkdir(join(root, "empty"))
  await symlink("empty", join(root, "link"))
  await symlink("nowhere", join(root, "broken"))
  await it.prepare("s.other", { path: join(root, "other") })
  const before = await everything(it)
  for (const name of ["full", "file", "link", "broken", "other"])
    await expect(it.prepare("s.a", { path: join(root, name) })).rejects.toMatchObject({ fault: { code: "path-taken" } })
  await expect(it.prepare("s.a", { path: join(root, "empty"), setup: "exit 1" })).rejects.toMatchObject({ fault: { code: "setup-failed" } })
  expect(await everything(it)).toEqual(before)
  await it.prepare("s.a", { path: join(root, "empty") })
  await it.fleet.release(id("s.a"), true)
  expect(await everything(it)).toEqual(before)
})

test("of two workspaces that want the same path at once one gets it, and the other takes nothing from it", async () => {
  await using it = await desk()
  const path = pathOf(it, "a")
  const both = await Promise.allSettled(["s.a", "s.b"].map((name) => it.prepare(name, { path })))
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"])
  expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { fault: { code: "path-taken" } } })
  expect(await gitIn(path, "status", "--porcelain")).toBe("")
})

test("forty creations of which every other fails leave exactly the others, and in the end no parent", { timeout: 60_000 }, async () => {
  await using it = await desk()
  const before = await everything(it)
  const names = Array.from({ length: 40 }, (_, number) => `n${number}`)
  const setup = (name: string): string | null => (Number(name.slice(1)) % 2 === 0 ? null : "exit 1")
  const all = await Promise.allSettled(names.map((name) => it.prepare(`s.${name}`, { path: pathOf(it, name), setup: setup(name) })))
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(20)
  expect((await readdir(worktrees(it))).length).toBe(20)
  await Promise.all(names.map((name) => it.fleet.release(id(`s.${name}`), true)))
  expect(await everything(it)).toEqual(before)
})

test("when somebody put something else where a worktree was, that is left alone", async () => {
  await using it = await desk()
  const path = pathOf(it, "a")
  await it.prepare("s.a", { path })
  await it.repo.git("worktree", "remove", path)
  await put(path, "mine.txt", "mine\n")
  await expect(it.fleet.locate(id("s.a"))).rejects.toMatchObject({ fault: { code: "no-workspace" } })
  await expect(it.prepare("s.a", { path })).rejects.toMatchObject({ fault: { code: "path-taken" } })
  expect(await it.fleet.release(id("s.a"), true)).toEqual({ salvage: null })
  expect(await readFile(join(path, "mine.txt"), "utf8")).toBe("mine\n")
  expect(await it.repo.git("worktree", "list", "--porcelain")).not.toContain(path)
})

test("a worktree that the agent cut off from its repository is connected again, at a given path too", async () => {
  await using it = await desk()
  const path = pathOf(it, "a")
  await it.prepare("s.a", { path })
  await put(path, "x.txt", "x\n")
  await rm(join(path, ".git"))
  expect((await it.fleet.survey(id("s.a"), "main")).files.map((file) => file.path)).toEqual(["x.txt"])
})

test("a job that was aborted before it began makes nothing", async () => {
  await using it = await desk()
  const before = await everything(it)
  await expect(it.fleet.prepare(prepareJob(it.repo.path, "s.a", { path: pathOf(it, "a") }), AbortSignal.abort(new Error("over")))).rejects.toThrow("over")
  expect(calm.aborted).toBe(false)
  expect(await everything(it)).toEqual(before)
})

test("of two workspaces that want the same branch at once one gets it, in a checkout of the pool too", async () => {
  await using it = await desk()
  await it.prepare("run.pooled")
  await it.fleet.release(id("run.pooled"), true)
  await it.repo.git("branch", "shared")
  const both = await Promise.allSettled(["s.a", "s.b"].map((name) => it.prepare(name, { branch: "shared", branchThere: "use" })))
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"])
  expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { fault: { code: "branch-checked-out" } } })
  for (const name of ["s.a", "s.b"]) await it.fleet.release(id(name), true)
  expect(await it.repo.git("branch", "--list", "shared")).not.toBe("")
})
