import { createHash } from "node:crypto"
import { chmod, mkdir, readFile, rename, rm, symlink, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, test } from "vitest"
import { gitIn, repository } from "../../../test/repository.ts"
import { id } from "../../domain/ids.ts"
import { commitIn, desk, put } from "./fixtures/desk.ts"

const ten = Array.from({ length: 10 }, (_, number) => `line ${number}\n`).join("")

test("committed, uncommitted and untracked changes are all there, with both texts, and the agent's index is as it was", async () => {
  await using it = await desk({ "a.txt": "one\n", "b.txt": "two\n", "gone.txt": "gone\n", "old name.txt": ten, ".gitignore": "ignored\n" })
  const { path, base } = await it.prepare("s.a")
  await put(path, "committed.txt", "c\n")
  await commitIn(path, "work")
  await put(path, "a.txt", "staged\n")
  await gitIn(path, "add", "a.txt")
  await put(path, "b.txt", "two\nthree\n")
  await put(path, "deep/ünträcked \n.txt", "u\n")
  await put(path, "ignored", "i\n")
  await rm(join(path, "gone.txt"))
  await mkdir(join(path, "moved"))
  await rename(join(path, "old name.txt"), join(path, "moved/new name.txt"))
  const index = join(await gitIn(path, "rev-parse", "--absolute-git-dir"), "index")
  const before = hash(await readFile(index))
  const { diffs, cut } = await it.fleet.diffs(id("s.a"), base ?? "", null)
  expect(cut).toBe(false)
  expect(diffs).toEqual([
    { path: "a.txt", status: "modified", additions: 1, deletions: 1, from: null, before: "one\n", after: "staged\n" },
    { path: "b.txt", status: "modified", additions: 1, deletions: 0, from: null, before: "two\n", after: "two\nthree\n" },
    { path: "committed.txt", status: "added", additions: 1, deletions: 0, from: null, before: "", after: "c\n" },
    { path: "deep/ünträcked \n.txt", status: "added", additions: 1, deletions: 0, from: null, before: "", after: "u\n" },
    { path: "gone.txt", status: "deleted", additions: 0, deletions: 1, from: null, before: "gone\n", after: "" },
    { path: "moved/new name.txt", status: "renamed", additions: 0, deletions: 0, from: "old name.txt", before: ten, after: ten },
  ])
  const surveyed = await it.fleet.survey(id("s.a"), base)
  expect(surveyed.files).toEqual(diffs.map(({ before: _before, after: _after, ...change }) => change))
  expect(hash(await readFile(index))).toBe(before)
  expect(await gitIn(path, "diff", "--cached", "--name-only")).toBe("a.txt")
})

test("a look never waits for the agent's lock, and takes none", async () => {
  await using it = await desk()
  const { path, base } = await it.prepare("s.a")
  await put(path, "a.txt", "agent\n")
  const lock = join(await gitIn(path, "rev-parse", "--absolute-git-dir"), "index.lock")
  await writeFile(lock, "")
  expect((await it.fleet.survey(id("s.a"), base)).files.map((file) => file.path)).toEqual(["a.txt"])
  expect(await readFile(lock, "utf8")).toBe("")
})

test("between two surveys there is what happened in between, and the same tree means that nothing did", async () => {
  await using it = await desk()
  const { path, base } = await it.prepare("s.a")
  await put(path, "a.txt", "before\n")
  const first = await it.fleet.survey(id("s.a"), base)
  expect(await it.fleet.survey(id("s.a"), base)).toEqual(first)
  await put(path, "b.txt", "after\n")
  const second = await it.fleet.survey(id("s.a"), base)
  await put(path, "b.txt", "much later\n")
  expect((await it.fleet.diffs(id("s.a"), first.tree ?? "", second.tree)).diffs).toMatchObject([{ path: "b.txt", before: "two\n", after: "after\n" }])
  await expect(it.fleet.diffs(id("s.a"), "0".repeat(40), null)).rejects.toMatchObject({ fault: { code: "unknown-revision" } })
  await expect(it.fleet.survey(id("s.a"), "--output=/tmp/x")).rejects.toMatchObject({ fault: { code: "unknown-revision" } })
})

test("binary files, links, modes, submodules and repositories inside are told sanely, and nobody's converter is run", async () => {
  await using inner = await repository({ "inner.txt": "inner\n" })
  await using it = await desk({ "a.txt": "one\n", "b.bin": "\0one", "run.sh": "#!/bin/sh\n", ".gitattributes": "*.txt diff=evil\n" })
  await it.repo.git("config", "diff.evil.textconv", "sh -c 'touch converted; cat $0'")
  await it.repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.path, "sub")
  await it.repo.commit("submodule")
  const { path, base } = await it.prepare("s.a")
  await put(path, "a.txt", "two\n")
  await put(path, "b.bin", "\0two")
  await put(path, "new.bin", "\0new")
  await chmod(join(path, "run.sh"), 0o755)
  await symlink("/etc/passwd", join(path, "link"))
  await put(path, "sub/inner.txt", "more\n")
  const was = await gitIn(join(path, "sub"), "rev-parse", "HEAD")
  const now = await commitIn(join(path, "sub"), "inside")
  await mkdir(join(path, "embedded"))
  await gitIn(join(path, "embedded"), "init", "-q")
  await put(path, "embedded/x", "x\n")
  const { diffs } = await it.fleet.diffs(id("s.a"), base ?? "", null)
  expect(diffs.map(({ path: file, status, additions, before, after }) => [file, status, additions, before, after])).toEqual([
    ["a.txt", "modified", 1, "one\n", "two\n"],
    ["b.bin", "modified", null, null, null],
    ["link", "added", 1, "", "/etc/passwd"],
    ["new.bin", "added", null, null, null],
    ["run.sh", "modified", 0, "#!/bin/sh\n", "#!/bin/sh\n"],
    ["sub", "modified", 1, `Subproject commit ${was}\n`, `Subproject commit ${now}\n`],
  ])
  await expect(readFile(join(path, "converted"))).rejects.toThrow("ENOENT")
})

test("what is too long is left out and said to be: one long text, many texts, many files", async () => {
  await using it = await desk()
  const { path, base } = await it.prepare("s.a")
  const mega = "x".repeat(1023) + "\n"
  await put(path, "fits.txt", mega.repeat(1024))
  await put(path, "long.txt", `${mega.repeat(1024)}y`)
  const one = await it.fleet.diffs(id("s.a"), base ?? "", null)
  expect(one.diffs.map(({ path: file, additions, after }) => [file, additions, after?.length ?? null])).toEqual([
    ["fits.txt", 1024, 1 << 20],
    ["long.txt", 1025, null],
  ])
  expect(one.cut).toBe(true)
  await rm(join(path, "long.txt"))
  // As they are sent: each of these characters takes six.
  for (let number = 0; number < 4; number++) await put(path, `n${number}.txt`, `${number}${"\u0001".repeat(1 << 19)}`)
  const many = await it.fleet.diffs(id("s.a"), base ?? "", null)
  expect(many.cut).toBe(true)
  expect(JSON.stringify(many).length).toBeLessThan(9 << 20)
  expect(many.diffs.filter(({ after }) => after !== null).length).toBe(3)
  for (let number = 0; number < 2_001; number++) await writeFile(join(path, `f${number}`), `${number}\n`)
  const files = await it.fleet.diffs(id("s.a"), base ?? "", null)
  expect([files.diffs.length, files.cut]).toEqual([2_000, true])
  expect((await it.fleet.survey(id("s.a"), base)).files.length).toBe(2_006)
})

test("a repository without commits is counted from nothing; a clone has its own; one that was destroyed is not taken for the one around it", async () => {
  await using empty = await desk(null)
  await empty.prepare("s.a", { strategy: "existing" })
  await empty.repo.write("first.txt", "f\n")
  expect(await empty.fleet.survey(id("s.a"), null)).toMatchObject({ files: [{ path: "first.txt", status: "added" }], tree: expect.any(String) })
  await using it = await desk()
  const { path, base } = await it.prepare("s.b", { strategy: "clone", path: join(it.repo.path, "inside") })
  await put(path, "x.txt", "x\n")
  expect((await it.fleet.survey(id("s.b"), base)).files.map((file) => file.path)).toEqual(["x.txt"])
  await rm(join(path, ".git"), { recursive: true })
  await expect(it.fleet.survey(id("s.b"), base)).rejects.toMatchObject({ fault: { code: "repository-gone" } })
})

test("files in conflict are told with their markers", async () => {
  await using it = await desk()
  const { path, base } = await it.prepare("s.a")
  await put(path, "a.txt", "agent\n")
  await it.repo.write("a.txt", "person\n")
  await it.repo.commit("person's")
  await it.prepare("s.a", { merge: "main" })
  const { diffs } = await it.fleet.diffs(id("s.a"), base ?? "", null)
  expect(diffs).toMatchObject([{ path: "a.txt", status: "modified", after: expect.stringContaining("<<<<<<<") }])
  expect(await gitIn(path, "diff", "--name-only", "--diff-filter=U")).toBe("a.txt")
})

const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex")

test("a file that changed in the instant in which the index was written, without changing its size, is seen", async () => {
  await using it = await desk({ "a.txt": "one\n" })
  const { path, base } = await it.prepare("s.a")
  const instant = Math.floor(Date.now() / 1_000) - 10
  // What is left to tell the file by is its size and the second of its time, as on file systems that know no more.
  await gitIn(path, "config", "core.checkStat", "minimal")
  await gitIn(path, "config", "core.trustctime", "false")
  await utimes(join(path, "a.txt"), instant, instant)
  await gitIn(path, "update-index", "--refresh")
  await utimes(join(await gitIn(path, "rev-parse", "--absolute-git-dir"), "index"), instant, instant)
  await put(path, "a.txt", "two\n")
  await utimes(join(path, "a.txt"), instant, instant)
  expect((await it.fleet.survey(id("s.a"), base)).files).toMatchObject([{ path: "a.txt", status: "modified" }])
})
