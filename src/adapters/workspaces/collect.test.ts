import { readFile, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, test } from "vitest"
import { gitIn } from "../../../test/repository.ts"
import { id } from "../../domain/ids.ts"
import { parseChanges } from "./changes.ts"
import { commitIn, desk, put } from "./fixtures/desk.ts"

const strange = ["sp ace", 'quo"te', "new\nline", "ünïcödé", "tab\there", ":colon", "-dash", "*glob?"]

test("files with any name are told with their counts, renames and binary files included", async () => {
  await using it = await desk({ "old name.txt": "1\n2\n3\n4\n5\n6\n7\n", "gone.txt": "x\n", "kept.txt": "y\n" })
  const { path } = await it.prepare("run.a")
  for (const name of strange) await put(path, `dir/${name}`, "a\nb\n")
  await rename(join(path, "old name.txt"), join(path, "new\nname.txt"))
  await rm(join(path, "gone.txt"))
  await put(path, "binary", "\0\u0001")
  await put(path, "kept.txt", "y\nz\n")
  const expected = [
    ...strange.map((name) => ({ path: `dir/${name}`, status: "added", additions: 2, deletions: 0, from: null })),
    { path: "binary", status: "added", additions: null, deletions: null, from: null },
    { path: "gone.txt", status: "deleted", additions: 0, deletions: 1, from: null },
    { path: "kept.txt", status: "modified", additions: 1, deletions: 0, from: null },
    { path: "new\nname.txt", status: "renamed", additions: 0, deletions: 0, from: "old name.txt" },
  ]
  const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1)
  expect([...(await it.fleet.changes(id("run.a"), "main"))].toSorted(byPath)).toEqual(expected.toSorted(byPath))
  const { files, commits } = await it.collect("run.a")
  expect([...files].toSorted(byPath)).toEqual(expected.toSorted(byPath))
  expect(commits).toBe(1)
})

test("no output means no changes", () => expect(parseChanges("")).toEqual([]))

test("looking at changes leaves the agent's index as it is, byte for byte, and goes on while its lock is held", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await put(path, "a.txt", "staged\n")
  await gitIn(path, "add", "a.txt")
  await put(path, "a.txt", "staged and more\n")
  await put(path, "untracked.txt", "u\n")
  const gitDirectory = await gitIn(path, "rev-parse", "--absolute-git-dir")
  const before = await readFile(join(gitDirectory, "index"))
  await writeFile(join(gitDirectory, "index.lock"), "")
  const patch = await it.fleet.patch(id("run.a"), "main", 10_000)
  expect(patch).toContain("+staged and more")
  expect(patch).toContain("+++ b/untracked.txt")
  expect(await it.fleet.patch(id("run.a"), "main", 40)).toBe(patch.slice(0, 40))
  await rm(join(gitDirectory, "index.lock"))
  expect((await readFile(join(gitDirectory, "index"))).equals(before)).toBe(true)
})

test("looking while an agent commits costs the agent no command", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  let working = true
  const looking = (async () => {
    while (working) await it.fleet.changes(id("run.a"), "main")
  })()
  for (let number = 0; number < 30; number++) {
    await put(path, `f${number}`, `${number}\n`)
    await commitIn(path, `commit ${number}`)
  }
  working = false
  await looking
  expect(await it.collect("run.a")).toMatchObject({ commits: 30, committedByFleet: false })
})

test("work is brought back from another branch and from a detached HEAD, leftovers included", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await gitIn(path, "checkout", "-q", "-b", "agents-own")
  await put(path, "x.txt", "x\n")
  const head = await commitIn(path, "on its own branch")
  await gitIn(path, "checkout", "-q", "--detach")
  await put(path, "y.txt", "y\n")
  const collected = await it.collect("run.a")
  expect(collected).toMatchObject({ commits: 2, committedByFleet: true })
  expect(await it.repo.git("rev-parse", "fleet/run.a")).toBe(collected.head)
  expect(await it.repo.git("rev-parse", "agents-own")).toBe(head)
  expect(await gitIn(path, "symbolic-ref", "--short", "HEAD")).toBe("fleet/run.a")
})

test("an agent that sits on the target branch does not move it by its leftovers", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  const main = await it.repo.git("rev-parse", "main")
  await it.repo.git("checkout", "-q", "--detach")
  await gitIn(path, "checkout", "-q", "main")
  await put(path, "x.txt", "x\n")
  expect(await it.collect("run.a")).toMatchObject({ commits: 1 })
  expect(await it.repo.git("rev-parse", "main")).toBe(main)
})

test("a HEAD that does not contain the branch's commits is a fault, and nothing is moved", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await put(path, "x.txt", "x\n")
  const tip = await commitIn(path, "work")
  await gitIn(path, "checkout", "-q", "--detach", "main")
  await expect(it.collect("run.a")).rejects.toMatchObject({ fault: { code: "left-the-branch" } })
  expect(await it.repo.git("rev-parse", "fleet/run.a")).toBe(tip)
})

test("a conflict with markers is reported and not committed; once they are gone the merge is finished", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await put(path, "a.txt", "agent\n")
  await it.repo.write("a.txt", "person\n")
  const theirs = await it.repo.commit("person's")
  const { conflicted } = await it.prepare("run.a", { merge: "main" })
  expect(await it.collect("run.a", conflicted)).toMatchObject({ unresolved: ["a.txt"], committedByFleet: false })
  // `git add` does not make markers right.
  await gitIn(path, "add", "a.txt")
  expect(await it.collect("run.a", conflicted)).toMatchObject({ unresolved: ["a.txt"], committedByFleet: false })
  await put(path, "a.txt", "both\n")
  expect(await it.collect("run.a", conflicted)).toMatchObject({ unresolved: [], committedByFleet: true, base: theirs })
  expect(await gitIn(path, "rev-parse", "HEAD^2")).toBe(theirs)
})

test("a file deleted on one side stays unresolved until the agent says which", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await put(path, "a.txt", "agent\n")
  await rm(join(it.repo.path, "a.txt"))
  await it.repo.commit("deleted")
  const { conflicted } = await it.prepare("run.a", { merge: "main" })
  expect(await it.collect("run.a", conflicted)).toMatchObject({ unresolved: ["a.txt"], committedByFleet: false })
  await gitIn(path, "add", "a.txt")
  expect(await it.collect("run.a", conflicted)).toMatchObject({ unresolved: [], committedByFleet: true })
})

test("repositories made inside the workspace are left out, told, and salvaged", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await put(path, "x.txt", "x\n")
  await gitIn(path, "init", "-q", "emp ty")
  await put(path, "emp ty/y.txt", "never committed\n")
  await gitIn(path, "init", "-q", "full")
  await put(path, "full/z.txt", "committed inside\n")
  await commitIn(join(path, "full"), "inside")
  const collected = await it.collect("run.a")
  expect(collected.files.map((file) => file.path)).toEqual(["x.txt"])
  expect(collected.embedded).toEqual(["emp ty/", "full/"])
  await it.land(collected)
  const { salvage } = await it.fleet.release(id("run.a"), true)
  const saved = await it.repo.git("log", "--format=", "-p", `${salvage}`)
  expect(saved).toContain("+never committed")
  expect(saved).toContain("+committed inside")
})

test("an embedded repository that the agent added itself is told, too", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await gitIn(path, "init", "-q", "inner")
  await put(path, "inner/z.txt", "z\n")
  await commitIn(join(path, "inner"), "inside")
  await commitIn(path, "swallowed")
  expect((await it.collect("run.a")).embedded).toEqual(["inner"])
})

test("release salvages uncommitted and untracked work of a task that failed, and keeps its branch", async () => {
  await using it = await desk({ "a.txt": "one\n", ".gitignore": "ignored\n" })
  const { path } = await it.prepare("run.a")
  await put(path, "a.txt", "committed\n")
  const tip = await commitIn(path, "work")
  await put(path, "a.txt", "not committed\n")
  await put(path, "new.txt", "untracked\n")
  await put(path, "ignored", "i\n")
  const { salvage } = await it.fleet.release(id("run.a"), false)
  expect(salvage).toBe("refs/fleet/salvage/run-a-1")
  expect(await it.repo.git("show", `${salvage}:a.txt`)).toBe("not committed")
  expect(await it.repo.git("ls-tree", "--name-only", `${salvage}`)).toBe(".gitignore\na.txt\nnew.txt")
  expect(await it.repo.git("rev-parse", "fleet/run.a", `${salvage}^`)).toBe(`${tip}\n${tip}`)
  expect(await it.fleet.release(id("run.a"), false)).toEqual({ salvage })
  // A later attempt takes the branch up again, and what lay on it.
  const again = await it.prepare("run.a")
  expect(await gitIn(again.path, "show", "HEAD:a.txt")).toBe("committed")
  expect(await readFile(join(again.path, "a.txt"), "utf8")).toBe("not committed\n")
})

test("a branch said to have landed, though nothing holds its commits, is salvaged before it goes", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await put(path, "a.txt", "never landed\n")
  const tip = await commitIn(path, "work")
  const { salvage } = await it.fleet.release(id("run.a"), true)
  expect(await it.repo.git("rev-parse", `${salvage}`)).toBe(tip)
  expect(await it.repo.git("branch", "--list", "fleet/*")).toBe("")
})

test("commits on a detached HEAD and a merge half done are salvaged", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await put(path, "a.txt", "agent\n")
  await it.repo.write("a.txt", "person\n")
  await it.repo.commit("person's")
  await it.prepare("run.a", { merge: "main" })
  await gitIn(path, "update-ref", "--no-deref", "HEAD", "HEAD")
  const { salvage } = await it.fleet.release(id("run.a"), false)
  expect(await it.repo.git("show", `${salvage}:a.txt`)).toContain("<<<<<<<")
  expect(await it.repo.git("rev-parse", `${salvage}^2`)).toBe(await it.repo.git("rev-parse", "main"))
  expect((await it.prepare("run.b")).conflicted).toEqual([])
})

test("an unused workspace leaves neither a branch nor a salvage ref", async () => {
  await using it = await desk()
  await it.prepare("run.a")
  expect(await it.fleet.release(id("run.a"), false)).toEqual({ salvage: null })
  expect(await it.fleet.release(id("run.a"), false)).toEqual({ salvage: null })
  await it.fleet.tidy(it.repo.path)
  await it.expectNothingLeft()
})

test("everything in a clone that its source does not have is salvaged into the source", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a", { strategy: "clone" })
  await gitIn(path, "checkout", "-q", "-b", "side")
  await put(path, "side.txt", "on a side branch\n")
  const side = await commitIn(path, "side")
  await gitIn(path, "checkout", "-q", "fleet/run.a")
  await put(path, "left.txt", "left over\n")
  const { salvage } = await it.fleet.release(id("run.a"), false)
  const saved = await it.repo.git("log", "--format=%H", "-m", "-p", `${salvage}`)
  expect(saved).toContain("+left over")
  expect(saved).toContain(side)
  expect(await it.repo.git("for-each-ref", "refs/fleet/salvaging")).toBe("")
})

test("a pooled checkout does not carry hidden index flags or worktree settings on", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await gitIn(path, "update-index", "--assume-unchanged", "a.txt")
  await put(path, "a.txt", "hidden\n")
  await it.fleet.release(id("run.a"), false)
  const second = await it.prepare("run.b")
  expect(await readFile(join(second.path, "a.txt"), "utf8")).toBe("one\n")
  expect(second.path).not.toBe(path)
})

test("a landed branch that a person has checked out to look at stays, and their checkout with it", async () => {
  await using it = await desk()
  const { path } = await it.prepare("run.a")
  await put(path, "x.txt", "x\n")
  await it.land(await it.collect("run.a"))
  await gitIn(path, "checkout", "-q", "--detach")
  const editor = join(it.home, "persons checkout")
  await it.repo.git("worktree", "add", "-q", editor, "fleet/run.a")
  expect(await it.fleet.release(id("run.a"), true)).toEqual({ salvage: null })
  await it.fleet.tidy(it.repo.path)
  expect(await gitIn(editor, "status", "--porcelain", "--branch")).toBe("## fleet/run.a")
  expect(await it.fleet.release(id("run.a"), true)).toEqual({ salvage: null })
  await it.repo.git("worktree", "remove", editor)
  await it.fleet.release(id("run.a"), true)
  await it.expectNothingLeft()
})
