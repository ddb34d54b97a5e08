import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, test } from "vitest"
import { id } from "../../domain/ids.ts"
import { commitIn, desk, put } from "./fixtures/desk.ts"

test("a task's whole way: prepared, worked in, collected, landed, released, tidied, with nothing left", async () => {
  await using it = await desk()
  const prepared = await it.prepare("run.a")
  expect(prepared).toMatchObject({ branch: "fleet/run.a", reused: false, conflicted: [], base: await it.repo.git("rev-parse", "main") })
  await put(prepared.path, "a.txt", "changed\n")
  await put(prepared.path, "new.txt", "new\n")
  expect((await it.fleet.changes(id("run.a"), "main")).map((change) => [change.path, change.status])).toEqual([
    ["a.txt", "modified"],
    ["new.txt", "added"],
  ])
  const collected = await it.collect("run.a")
  expect(collected).toMatchObject({ commits: 1, committedByFleet: true, unresolved: [], base: prepared.base })
  const landed = await it.land(collected)
  expect(landed).toMatchObject({ how: "landed", commit: await it.repo.git("rev-parse", "main") })
  expect(await readFile(join(it.repo.path, "new.txt"), "utf8")).toBe("new\n")
  expect(await it.fleet.release(id("run.a"), true)).toEqual({ salvage: null })
  expect(await it.fleet.tidy(it.repo.path)).toBe(1)
  await it.expectNothingLeft()
})

test("preparing again finds the same workspace with its work, after a restart of the worker too", async () => {
  await using it = await desk()
  const first = await it.prepare("run.a")
  await put(first.path, "a.txt", "mine\n")
  const fleet = await it.reopen()
  expect(await fleet.locate(id("run.a"))).toBe(first.path)
  expect(await it.prepare("run.a")).toEqual({ ...first, reused: true })
  expect(await readFile(join(first.path, "a.txt"), "utf8")).toBe("mine\n")
})

test("a released workspace is handed on through the pool, on a new branch, with nothing of its last life", async () => {
  await using it = await desk({ "a.txt": "one\n", ".gitignore": "ignored\n" })
  const first = await it.prepare("run.a")
  await put(first.path, "a.txt", "landed\n")
  await it.land(await it.collect("run.a"))
  await put(first.path, "ignored", "of the first\n")
  await it.fleet.release(id("run.a"), true)
  const second = await it.prepare("run.b")
  expect(second.path).toBe(first.path)
  expect(second.base).toBe(await it.repo.git("rev-parse", "main"))
  expect(await readFile(join(second.path, "a.txt"), "utf8")).toBe("landed\n")
  await expect(readFile(join(second.path, "ignored"))).rejects.toThrow("ENOENT")
  expect(await commitIn(second.path, "empty").catch(() => "nothing to commit")).toBe("nothing to commit")
})
