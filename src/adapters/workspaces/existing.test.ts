import { mkdir, readdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import { gitIn } from "../../../test/repository.ts"
import { id } from "../../domain/ids.ts"
import { desk, put } from "./fixtures/desk.ts"

const existing = { strategy: "existing" } as const

test("a detached HEAD, no commits and no repository at all can be worked in, and are told as what they are", async () => {
  await using it = await desk()
  const head = await it.repo.git("rev-parse", "HEAD")
  await it.repo.git("checkout", "-q", "--detach")
  expect(await it.prepare("s.detached", existing)).toEqual({ path: it.repo.path, branch: null, base: head, reused: false, conflicted: [] })
  await using empty = await desk(null)
  expect(await empty.prepare("s.empty", existing)).toMatchObject({ branch: "main", base: null })
  const plain = join(dirname(it.home), "plain")
  await mkdir(plain)
  expect(await it.prepare("s.plain", { ...existing, repository: plain })).toEqual({ path: plain, branch: null, base: null, reused: false, conflicted: [] })
  await it.reopen()
  expect(await it.fleet.locate(id("s.plain"))).toBe(plain)
  expect(await it.prepare("s.plain", { ...existing, repository: plain })).toMatchObject({ path: plain, reused: true })
  await put(plain, "x.txt", "x\n")
  expect(await it.fleet.survey(id("s.plain"), null)).toEqual({ files: [], tree: null })
  expect(await it.fleet.diffs(id("s.plain"), "HEAD", null)).toEqual({ diffs: [], cut: false })
  expect((await it.fleet.tree(id("s.plain"))).entries).toEqual([{ path: "x.txt", type: "file", size: 2 }])
  expect(await it.fleet.findFiles(id("s.plain"), "X", 10)).toEqual(["x.txt"])
  expect(await it.fleet.release(id("s.plain"), true)).toEqual({ salvage: null })
  expect(await readdir(plain)).toEqual(["x.txt"])
})

test("nothing there, a file and a bare repository are told apart; nothing is written down for them", async () => {
  await using it = await desk()
  const prepare = (repository: string) => it.prepare("s.a", { ...existing, repository })
  await expect(prepare(join(it.home, "none"))).rejects.toMatchObject({ fault: { code: "directory-missing" } })
  await expect(prepare(join(it.repo.path, "a.txt"))).rejects.toMatchObject({ fault: { code: "not-a-directory" } })
  await it.repo.git("clone", "-q", "--bare", it.repo.path, join(it.home, "bare.git"))
  await expect(prepare(join(it.home, "bare.git"))).rejects.toMatchObject({ fault: { code: "bare-repository" } })
  expect(await readdir(join(it.home, "journal/workspaces")).catch(() => [])).toEqual([])
})

test("a folder of a repository is a workspace of its own: changes are those inside of it, by paths from there", async () => {
  await using it = await desk({ "packages/a/x.txt": "x\n", "packages/b/y.txt": "y\n", ".gitignore": "scratch\n" })
  const directory = join(it.repo.path, "packages/a")
  const { base, path } = await it.prepare("s.a", { ...existing, repository: directory })
  expect([path, base]).toEqual([directory, await it.repo.git("rev-parse", "HEAD")])
  await put(directory, "x.txt", "changed\n")
  await put(directory, "deep/new.txt", "new\n")
  await put(it.repo.path, "packages/b/y.txt", "of another\n")
  const { files } = await it.fleet.survey(id("s.a"), base)
  expect(files.map((file) => `${file.status} ${file.path}`)).toEqual(["added deep/new.txt", "modified x.txt"])
  expect((await it.fleet.diffs(id("s.a"), base ?? "", null)).diffs.map((diff) => diff.after)).toEqual(["new\n", "changed\n"])
  expect(await it.fleet.findFiles(id("s.a"), "new", 5)).toEqual(["deep/new.txt"])
  // A folder that its repository ignores has no changes that git could tell of.
  await mkdir(join(it.repo.path, "scratch"))
  await it.prepare("s.b", { ...existing, repository: join(it.repo.path, "scratch") })
  await writeFile(join(it.repo.path, "scratch/z"), "z\n")
  expect(await it.fleet.survey(id("s.b"), base)).toEqual({ files: [], tree: null })
})

test("what needs a branch says so of a directory that has none", async () => {
  await using it = await desk()
  await it.prepare("s.a", existing)
  expect((await it.fleet.changes(id("s.a"), "main")).length).toBe(0)
  await it.repo.git("checkout", "-q", "--detach")
  await it.prepare("s.b", existing)
  await expect(it.fleet.changes(id("s.b"), "main")).rejects.toMatchObject({ fault: { code: "no-branch" } })
  await expect(it.collect("s.b")).rejects.toMatchObject({ fault: { code: "no-branch" } })
})

test("what a workspace's changes are counted from stays when it is taken up again, though the person has committed since", async () => {
  await using it = await desk()
  const first = await it.prepare("s.a", existing)
  await it.repo.write("new.txt", "new\n")
  await it.repo.commit("more")
  await gitIn(it.repo.path, "checkout", "-q", "-b", "elsewhere")
  expect(await it.prepare("s.a", existing)).toMatchObject({ base: first.base, branch: "elsewhere", reused: true })
  expect((await it.fleet.survey(id("s.a"), first.base)).files.map((file) => file.path)).toEqual(["new.txt"])
})
