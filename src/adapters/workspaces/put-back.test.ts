import { readFile, readdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { expect, test } from "vitest"
import { gitIn } from "../../../test/repository.ts"
import { id } from "../../domain/ids.ts"
import { commitIn, desk, put } from "./fixtures/desk.ts"

const status = (path: string): Promise<string> => gitIn(path, "status", "--porcelain")

async function leaveWork(path: string): Promise<string> {
  await put(path, "a.txt", "not committed\n")
  await rm(join(path, "b.txt"))
  await put(path, "new/deep.txt", "new\n")
  return status(path)
}

for (const strategy of ["worktree", "clone"] as const) {
  test(`uncommitted work of a ${strategy} is there again when its workspace is prepared again, and the salvage stays`, async () => {
    await using it = await desk()
    const wanted = { strategy, branchThere: "use", base: await it.repo.git("rev-parse", "HEAD") } as const
    const left = await leaveWork((await it.prepare("s.a", wanted)).path)
    const { salvage } = await it.fleet.release(id("s.a"), false)
    // Nothing was committed, so no branch was left behind.
    expect(await it.repo.git("branch", "--list", "fleet/s.a")).toBe("")
    await it.reopen()
    const { path } = await it.prepare("s.a", wanted)
    expect(await status(path)).toBe(left)
    expect(await readFile(join(path, "a.txt"), "utf8")).toBe("not committed\n")
    expect(await readFile(join(path, "new/deep.txt"), "utf8")).toBe("new\n")
    expect(await readdir(path)).not.toContain("b.txt")
    expect(await gitIn(path, "diff", "--cached", "--name-only")).toBe("")
    expect(await it.repo.git("for-each-ref", "--format=%(refname)", "refs/fleet/salvage")).toBe(salvage)
  })
}

test("work on top of commits is put back on them; not where its branch has moved on since", async () => {
  await using it = await desk()
  const { path } = await it.prepare("s.a")
  await put(path, "committed.txt", "c\n")
  const tip = await commitIn(path, "work")
  const left = await leaveWork(path)
  await it.fleet.release(id("s.a"), false)
  const again = await it.prepare("s.a")
  expect([await gitIn(again.path, "rev-parse", "HEAD"), await status(again.path)]).toEqual([tip, left])
  const { salvage } = await it.fleet.release(id("s.a"), false)
  await it.repo.git("branch", "-f", "fleet/s.a", "main")
  const moved = await it.prepare("s.a")
  expect(await status(moved.path)).toBe("")
  expect(await it.repo.git("show", `${salvage}:a.txt`)).toBe("not committed")
})

test("what was salvaged is not forgotten when the next checkout cannot be made", async () => {
  await using it = await desk()
  const left = await leaveWork((await it.prepare("s.a")).path)
  await it.fleet.release(id("s.a"), false)
  await expect(it.prepare("s.a", { setup: "exit 1" })).rejects.toMatchObject({ fault: { code: "setup-failed" } })
  expect(await status((await it.prepare("s.a")).path)).toBe(left)
})

test("a branch that somebody else made after ours was gone is not taken for ours", async () => {
  await using it = await desk()
  await leaveWork((await it.prepare("s.a")).path)
  await it.fleet.release(id("s.a"), false)
  await it.repo.git("branch", "fleet/s.a", "main")
  await expect(it.prepare("s.a")).rejects.toMatchObject({ fault: { code: "branch-exists" } })
})

test("a merge half done is kept as it was, and not put back as if its conflict marks were work", async () => {
  await using it = await desk()
  const { path } = await it.prepare("s.a")
  await put(path, "a.txt", "ours\n")
  await commitIn(path, "ours")
  await it.repo.write("a.txt", "theirs\n")
  await it.repo.commit("theirs")
  await expect(gitIn(path, "merge", "main")).rejects.toThrow()
  const { salvage } = await it.fleet.release(id("s.a"), false)
  expect(await it.repo.git("show", `${salvage}:a.txt`)).toContain("<<<<<<<")
  expect(await status((await it.prepare("s.a")).path)).toBe("")
})

test("a stash that was salvaged stays a stash's commit: it was no uncommitted work", async () => {
  await using it = await desk()
  const { path } = await it.prepare("s.a", { strategy: "clone" })
  await put(path, "a.txt", "stashed\n")
  await gitIn(path, "stash")
  expect((await it.fleet.release(id("s.a"), false)).salvage).not.toBeNull()
  expect(await status((await it.prepare("s.a", { strategy: "clone" })).path)).toBe("")
})
