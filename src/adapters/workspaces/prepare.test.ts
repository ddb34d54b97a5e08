import { execFileSync } from "node:child_process"
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import { gitIn, repository } from "../../../test/repository.ts"
import { id } from "../../domain/ids.ts"
import { calm, commitIn, desk, prepareJob, put } from "./fixtures/desk.ts"
import { openWorkspaces } from "./workspaces.ts"

const strange = ['it\'s a "test"', "new\nline", "ünïcödé – 日本", "-dash", "tab\there"]

test.each(strange)("a repository whose path holds %j works from end to end", async (name) => {
  await using it = await desk({ "a.txt": "one\n" }, name)
  const { path } = await it.prepare("run.a")
  await put(path, "x.txt", "x\n")
  expect(await it.land(await it.collect("run.a"))).toMatchObject({ how: "landed" })
  expect((await it.fleet.inspect(it.repo.path)).root).toBe(it.repo.path)
  await it.fleet.release(id("run.a"), true)
  await it.fleet.tidy(it.repo.path)
  await it.expectNothingLeft()
})

test("32 workspaces prepared at once all come to be, each on its own branch", async () => {
  await using it = await desk()
  await it.repo.git("config", "branch.autoSetupMerge", "always")
  const names = Array.from({ length: 32 }, (_, number) => `run.t${number}`)
  const prepared = await Promise.all(names.map((name) => it.prepare(name)))
  expect(new Set(prepared.map((each) => each.path)).size).toBe(32)
  expect(await Promise.all(prepared.map((each) => gitIn(each.path, "symbolic-ref", "--short", "HEAD")))).toEqual(names.map((name) => `fleet/${name}`))
  expect(await it.repo.git("config", "--get-regexp", "^branch\\.fleet").catch(() => "none")).toBe("none")
  await Promise.all(names.map((name) => it.fleet.release(id(name), true)))
  // Of 32 idle checkouts only 8 are kept.
  expect(await it.fleet.tidy(it.repo.path)).toBe(8)
  await it.expectNothingLeft()
})

test("two calls for the same workspace make one", async () => {
  await using it = await desk()
  const [one, two] = await Promise.all([it.prepare("run.a"), it.prepare("run.a")])
  expect(one?.path).toBe(two?.path)
  expect([one?.reused, two?.reused]).toEqual([false, true])
})

test("a repository's own hooks cannot fail our commands, and GIT_* of the environment cannot aim them elsewhere", async () => {
  await using other = await repository({ "other.txt": "other\n" })
  const aimed = { GIT_DIR: join(other.path, ".git"), GIT_WORK_TREE: other.path, GIT_INDEX_FILE: join(other.path, ".git/index"), GIT_AUTHOR_NAME: "Impostor" }
  await using it = await desk(undefined, undefined, aimed)
  for (const hook of ["post-checkout", "pre-commit", "reference-transaction", "post-merge", "commit-msg"]) {
    await writeFile(join(it.repo.path, ".git/hooks", hook), "#!/bin/sh\nexit 1\n")
    await chmod(join(it.repo.path, ".git/hooks", hook), 0o755)
  }
  const { path } = await it.prepare("run.a")
  await put(path, "x.txt", "x\n")
  expect(await it.land(await it.collect("run.a"))).toMatchObject({ how: "landed" })
  expect(await it.repo.git("log", "-1", "--format=%an <%ae> %cn", "main^2")).toBe("scripted (fleet) <scripted@fleet.invalid> Fleet")
  expect(await other.git("status", "--porcelain")).toBe("")
})

test("a branch that somebody else made is refused and left alone", async () => {
  await using it = await desk()
  await it.repo.git("branch", "fleet/run.a")
  await expect(it.prepare("run.a")).rejects.toMatchObject({ fault: { code: "branch-exists" } })
  await it.repo.git("branch", "-d", "fleet/run.a")
  await it.expectNothingLeft()
})

test("a branch that stands in the way of ours is named with the fix", async () => {
  await using it = await desk()
  await it.repo.git("branch", "fleet")
  await expect(it.prepare("run.a")).rejects.toMatchObject({ fault: { code: "branch-in-the-way", fix: "rename it: git branch -m fleet fleet-old" } })
  await it.repo.git("branch", "-m", "fleet", "fleet/run.a/below")
  await expect(it.prepare("run.a")).rejects.toMatchObject({ fault: { code: "branch-in-the-way" } })
  await it.repo.git("branch", "-D", "fleet/run.a/below")
  await it.expectNothingLeft()
})

test("a repository without commits, an unknown base and a directory without a repository are told apart", async () => {
  await using empty = await desk(null)
  await expect(empty.prepare("run.a")).rejects.toMatchObject({ fault: { code: "no-commits" } })
  await using it = await desk()
  await expect(it.prepare("run.a", { base: "nowhere" })).rejects.toMatchObject({ fault: { code: "unknown-base" } })
  await expect(it.prepare("run.a", { repository: it.home })).rejects.toMatchObject({ fault: { code: "not-a-repository" } })
  await expect(it.prepare("run.a", { branch: "a..b" })).rejects.toMatchObject({ fault: { code: "bad-branch" } })
  await it.expectNothingLeft()
})

test("a setup command runs once in a new workspace; when it fails, everything is taken back and its output told", async () => {
  await using it = await desk({ "a.txt": "one\n", ".gitignore": "count\n" })
  const setup = "echo x >> count"
  const { path } = await it.prepare("run.a", { setup })
  await it.prepare("run.a", { setup })
  expect(await readFile(join(path, "count"), "utf8")).toBe("x\n")
  await expect(it.prepare("run.b", { setup: "echo no such registry >&2; exit 7" })).rejects.toMatchObject({
    fault: { code: "setup-failed", why: "no such registry" },
  })
  await it.fleet.release(id("run.a"), true)
  await it.fleet.tidy(it.repo.path)
  await it.expectNothingLeft()
})

test("aborting ends the setup command's whole group and takes the workspace back", async () => {
  await using it = await desk()
  const fifo = join(dirname(it.home), "started")
  execFileSync("mkfifo", [fifo])
  const abort = new AbortController()
  const preparing = it.fleet.prepare(prepareJob(it.repo.path, "run.a", { setup: `(trap '' TERM; echo $$ > '${fifo}'; exec sleep 1000) & wait` }), abort.signal)
  const leader = Number(await readFile(fifo, "utf8"))
  abort.abort(new Error("not wanted any more"))
  await expect(preparing).rejects.toThrow("not wanted any more")
  await expect.poll(() => groupExists(leader)).toBe(false)
  await it.expectNothingLeft()
})

test("dependencies are kept by the pool while setup and lockfiles are the same, and then setup is not run again", async () => {
  await using it = await desk({ "package.json": "{}\n", ".gitignore": "node_modules\ncount\nbuild\n" })
  const setup = "mkdir -p node_modules build && echo x >> node_modules/made && touch build/out"
  const first = await it.prepare("run.a", { setup })
  await it.fleet.release(id("run.a"), true)
  const second = await it.prepare("run.b", { setup })
  expect(second.path).toBe(first.path)
  expect(await readFile(join(second.path, "node_modules/made"), "utf8")).toBe("x\n")
  expect((await readdir(second.path)).includes("build")).toBe(false)
  await put(second.path, "package.json", '{ "dependencies": {} }\n')
  await commitIn(second.path, "lock")
  await it.fleet.release(id("run.b"), false)
  const third = await it.prepare("run.c", { setup })
  expect(third.path).toBe(first.path)
  // The agent of the second changed what dependencies are made from, so setup ran afresh.
  expect(await readdir(join(third.path, "build"))).toEqual(["out"])
})

test(".worktreeinclude brings files that it names and that are ignored, and no others", async () => {
  await using it = await desk({ ".gitignore": ".env*\nsecret/\nlink\n", ".worktreeinclude": ".env*\n!.env.not\nsecret/**\nuntracked.txt\nlink\n" })
  await it.repo.write(".env", "KEY=1\n")
  await it.repo.write(".env.not", "no\n")
  await it.repo.write("secret/deep/ä b\n.txt", "s\n")
  await it.repo.write("untracked.txt", "not ignored\n")
  await it.repo.write("other", "not named\n")
  await symlink(".env", join(it.repo.path, "link"))
  const { path } = await it.prepare("run.a")
  expect((await readdir(path, { recursive: true })).filter((file) => !file.startsWith(".git")).toSorted()).toEqual(
    [".env", ".worktreeinclude", "link", "secret", "secret/deep", "secret/deep/ä b\n.txt"].toSorted(),
  )
  expect(await gitIn(path, "status", "--porcelain")).toBe("")
})

test("an included file is not copied through a link that leads out of the workspace", async () => {
  await using it = await desk({ ".gitignore": "*.env\n", ".worktreeinclude": "*.env\n" })
  const outside = join(dirname(it.home), "outside")
  await mkdir(outside)
  await it.repo.git("checkout", "-q", "-b", "other")
  await symlink(outside, join(it.repo.path, "conf"))
  await it.repo.commit("conf is a link here")
  await it.repo.git("checkout", "-q", "main")
  await it.repo.write("conf/x.env", "secret\n")
  await it.prepare("run.a", { base: "other" })
  expect(await readdir(outside)).toEqual([])
})

test("submodules are filled, and uncommitted work in one is salvaged", async () => {
  await using inner = await repository({ "inner.txt": "inner\n" })
  await using it = await desk()
  await it.repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.path, "deps/in ner")
  await it.repo.commit("submodule")
  const { path } = await it.prepare("run.a")
  expect(await readFile(join(path, "deps/in ner/inner.txt"), "utf8")).toBe("inner\n")
  await put(path, "deps/in ner/inner.txt", "work that is nowhere else\n")
  const { salvage } = await it.fleet.release(id("run.a"), false)
  expect(await it.repo.git("log", "--format=", "-p", `${salvage}`)).toContain("+work that is nowhere else")
  await it.fleet.tidy(it.repo.path)
  expect(await it.repo.git("worktree", "list", "--porcelain")).not.toContain(it.home)
  expect(await it.repo.git("status", "--porcelain")).toBe("")
})

test("submodules by a path of this machine are not cloned for a repository that comes from elsewhere", async () => {
  await using inner = await repository({ "inner.txt": "inner\n" })
  await using it = await desk()
  await it.repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.path, "deps")
  await it.repo.commit("submodule")
  await it.repo.git("remote", "add", "origin", "https://example.invalid/stranger.git")
  await expect(it.prepare("run.a")).rejects.toMatchObject({ fault: { code: "git-failed" } })
  await it.expectNothingLeft()
})

const lfs = (() => {
  try {
    return execFileSync("git", ["lfs", "version"], { stdio: "pipe" }).length > 0
  } catch {
    return false
  }
})()

test.skipIf(!lfs)("LFS files come along [skipped where git-lfs is not installed]", async () => {
  await using it = await desk({ ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n" })
  for (const [key, value] of Object.entries({ clean: "git-lfs clean -- %f", smudge: "git-lfs smudge -- %f", process: "git-lfs filter-process" }))
    await it.repo.git("config", `filter.lfs.${key}`, value)
  await it.repo.write("big.bin", "the real content\n")
  await it.repo.commit("lfs")
  expect(await it.repo.git("show", "HEAD:big.bin")).toContain("git-lfs")
  const { path } = await it.prepare("run.a")
  expect(await readFile(join(path, "big.bin"), "utf8")).toBe("the real content\n")
  await put(path, "more.bin", "more\n")
  await it.land(await it.collect("run.a"))
  expect(await readFile(join(it.repo.path, "more.bin"), "utf8")).toBe("more\n")
  expect(await it.repo.git("status", "--porcelain")).toBe("")
})

test("a stale index.lock of a dead agent is removed when its workspace is prepared again", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  const lock = join(await gitIn(path, "rev-parse", "--absolute-git-dir"), "index.lock")
  await writeFile(lock, "")
  expect(await it.prepare("run.a")).toMatchObject({ reused: true })
  await gitIn(path, "add", "-A")
})

test("a workspace whose directory somebody deleted is made again on its own branch, with what was committed", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await put(path, "a.txt", "committed\n")
  await commitIn(path, "work")
  await rm(path, { recursive: true })
  const again = await it.prepare("run.a")
  expect(again).toMatchObject({ reused: false, branch: "fleet/run.a" })
  expect(await readFile(join(again.path, "a.txt"), "utf8")).toBe("committed\n")
})

test("a merge for a repair leaves the conflict in the files with both sides and what they started from", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await put(path, "a.txt", "agent\n")
  await it.repo.write("a.txt", "person\n")
  await it.repo.commit("person's")
  const merged = await it.prepare("run.a", { merge: "main" })
  expect(merged).toMatchObject({ reused: true, conflicted: ["a.txt"] })
  expect(await readFile(join(path, "a.txt"), "utf8")).toMatch(/<{7} HEAD\nagent\n\|{7} .*\none\n={7}\nperson\n>{7} /)
  expect(await it.prepare("run.a", { merge: "main" })).toMatchObject({ conflicted: ["a.txt"] })
})

test("a merge without conflict is committed, and one with nothing to merge does nothing", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await put(path, "a.txt", "agent\n")
  await it.repo.write("b.txt", "person\n")
  const theirs = await it.repo.commit("person's")
  expect(await it.prepare("run.a", { merge: "main" })).toMatchObject({ conflicted: [] })
  const head = await gitIn(path, "rev-parse", "HEAD")
  expect(await gitIn(path, "rev-parse", "HEAD^2")).toBe(theirs)
  expect(await gitIn(path, "status", "--porcelain")).toBe("")
  await it.prepare("run.a", { merge: "main" })
  expect(await gitIn(path, "rev-parse", "HEAD")).toBe(head)
})

test("a bare repository and a detached checkout can be worked on too", async () => {
  await using it = await desk()
  await it.repo.git("checkout", "-q", "--detach")
  const { path } = await it.prepare("run.a")
  await put(path, "x", "x\n")
  expect(await it.land(await it.collect("run.a"))).toMatchObject({ how: "landed" })
  const bare = join(dirname(it.home), "bare.git")
  await it.repo.git("clone", "-q", "--bare", it.repo.path, bare)
  const second = await it.prepare("run.b", { repository: bare })
  await put(second.path, "y", "y\n")
  expect(await it.land(await it.collect("run.b"), { repository: bare })).toMatchObject({ how: "landed" })
  expect(await gitIn(bare, "show", "main:y")).toBe("y")
  await it.fleet.release(id("run.b"), true)
  expect(await it.fleet.tidy(bare)).toBe(1)
})

test("a clone has refs, configuration and stash of its own; its work is fetched back and lands", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a", { strategy: "clone" })
  await gitIn(path, "config", "user.name", "Someone Else")
  await put(path, "x.txt", "x\n")
  await it.repo.write("b.txt", "moved on\n")
  await it.repo.commit("person's")
  expect((await it.fleet.changes(id("run.a"), "main")).map((change) => change.path)).toEqual(["x.txt"])
  expect(await it.prepare("run.a", { strategy: "clone", merge: "main" })).toMatchObject({ reused: true, conflicted: [] })
  expect(await it.land(await it.collect("run.a"))).toMatchObject({ how: "landed" })
  expect(await it.repo.git("config", "--get", "user.name").catch(() => "unset")).toBe("unset")
  await it.fleet.release(id("run.a"), true)
  await it.expectNothingLeft()
})

test("an existing checkout is used as it is, and releasing it removes nothing", async () => {
  await using it = await desk()
  await it.repo.write("mine.txt", "mine\n")
  const prepared = await it.prepare("run.a", { strategy: "existing" })
  expect(prepared).toMatchObject({ path: it.repo.path, branch: "main" })
  expect(await it.fleet.release(id("run.a"), true)).toEqual({ salvage: null })
  expect(await it.repo.git("status", "--porcelain")).toBe("?? mine.txt")
})

test("a home that cannot be written to is a fault with its path", async () => {
  await using it = await desk()
  const file = join(dirname(it.home), "file")
  await writeFile(file, "")
  await expect(openWorkspaces({ home: join(file, "home"), environment: process.env })).rejects.toMatchObject({ fault: { code: "home-unwritable" } })
  await writeFile(join(it.home, "workspaces"), "in the way")
  await expect(it.prepare("run.a")).rejects.toMatchObject({ fault: { code: "home-unwritable" } })
  await rm(join(it.home, "workspaces"))
  await it.expectNothingLeft()
})

test("a workspace that was never prepared has no place", async () => {
  await using it = await desk()
  await expect(it.fleet.locate(id("run.none"))).rejects.toMatchObject({ fault: { code: "no-workspace" } })
  await expect(it.fleet.prepare(prepareJob(it.repo.path, "../../escape", { branch: "fleet/x" }), calm)).resolves.toMatchObject({ reused: false })
  expect(await readdir(join(it.home, "journal/workspaces"))).toEqual(["%2E.%2F..%2Fescape.json"])
})

function groupExists(leader: number): boolean {
  try {
    process.kill(leader, 0)
    return true
  } catch {
    return false
  }
}
