import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, test } from "vitest"
import { id } from "../../domain/ids.ts"
import type { LandingItem, TryLanding } from "../../domain/worker/job.ts"
import type { CheckResult } from "../../domain/worker/job-result.ts"
import { calm, desk, failed, landJob, put, type Desk } from "./fixtures/desk.ts"

async function work(it: Desk, name: string, files: Record<string, string>): Promise<{ head: string; tree: string }> {
  const { path } = await it.prepare(name)
  for (const [file, text] of Object.entries(files)) await put(path, file, text)
  return it.collect(name)
}

/** Items of several tasks' work, which land in one merge. */
async function batch(it: Desk, works: Readonly<Record<string, Record<string, string>>>): Promise<LandingItem[]> {
  const items: LandingItem[] = []
  for (const [key, files] of Object.entries(works)) {
    const { head } = await work(it, `run.${key}`, files)
    items.push(...landJob(it.repo.path, head, "l", {}).items.map((item) => ({ ...item, task: id<"task">(`run/${key}`), message: `Land ${key}\n` })))
  }
  return items
}

const together = (it: Desk, items: readonly LandingItem[], more: Partial<TryLanding> = {}, check: () => Promise<readonly CheckResult[]> = async () => []) =>
  it.fleet.land(landJob(it.repo.path, "", "l.wave", { items, message: "Wave 1: all of it\n", ...more }), check, calm)

// C.1.39, C.1.130
test("a wave is one commit on the target, and one revert takes all of it back", async () => {
  await using it = await desk()
  const before = await it.repo.git("rev-parse", "main")
  const outcome = await together(it, await batch(it, { a: { "a.txt": "agent a\n" }, b: { "b.txt": "agent b\n" }, c: { "c.txt": "agent c\n" } }))
  expect(outcome).toMatchObject({ how: "landed", commit: await it.repo.git("rev-parse", "main") })
  expect(await it.repo.git("log", "--first-parent", "--format=%s", `${before}..main`)).toBe("Wave 1: all of it")
  expect((await it.repo.git("log", "--format=%s", "--merges", `${before}..main`)).split("\n").toSorted()).toEqual([
    "Land a",
    "Land b",
    "Land c",
    "Wave 1: all of it",
  ])
  await it.repo.git("revert", "--no-edit", "-m", "1", "main")
  expect(await it.repo.git("rev-parse", "HEAD^{tree}")).toBe(await it.repo.git("rev-parse", `${before}^{tree}`))
})

test("a wave that is asked for again names the commit that brought it, also when others landed since", async () => {
  await using it = await desk()
  const items = await batch(it, { a: { "a.txt": "agent a\n" }, b: { "b.txt": "agent b\n" } })
  const first = await together(it, items)
  await it.land(await work(it, "run.later", { "later.txt": "x\n" }))
  expect(await together(it, items)).toEqual(first)
})

// C.1.73
test("of a wave, the one that does not merge with what is before it is named, and nothing lands", async () => {
  await using it = await desk()
  const before = await it.repo.git("rev-parse", "main")
  const items = await batch(it, { a: { "a.txt": "agent a\n" }, b: { "a.txt": "agent b\n" }, c: { "c.txt": "c\n" } })
  expect(await together(it, items)).toMatchObject({ how: "conflict", task: "run/b", files: ["a.txt"] })
  expect(await it.repo.git("rev-parse", "main")).toBe(before)
  expect(
    await together(
      it,
      items.filter(({ task }) => task !== "run/b"),
    ),
  ).toMatchObject({ how: "landed" })
})

test("checks run once on all of a wave together, and a failure lands none of it", async () => {
  await using it = await desk()
  const before = await it.repo.git("rev-parse", "main")
  const items = (await batch(it, { a: { "a.txt": "agent a\n" }, b: { "b.txt": "agent b\n" } })).map((item) => ({ ...item, proved: ["test"] }))
  let runs = 0
  expect(await together(it, items, { commands: ["test"] }, async () => [failed(`${++runs}`)])).toMatchObject({ how: "checks-failed" })
  expect(runs).toBe(1)
  expect(await it.repo.git("rev-parse", "main")).toBe(before)
})

test("what Fleet keeps under .planning makes no checkout dirty, though somebody has committed it; other files do", async () => {
  await using it = await desk({ "a.txt": "one\n", ".planning/fleet/session-x.md": "old\n" })
  await it.repo.write(".planning/fleet/session-x.md", "written by Fleet\n")
  expect((await it.fleet.inspect(it.repo.path)).dirty).toEqual([])
  expect(await it.land(await work(it, "run.a", { "b.txt": "agent\n" }))).toMatchObject({ how: "landed" })
  expect(await readFile(join(it.repo.path, ".planning/fleet/session-x.md"), "utf8")).toBe("written by Fleet\n")
  await it.repo.write("a.txt", "person\n")
  expect((await it.fleet.inspect(it.repo.path)).dirty).toEqual(["a.txt"])
})

test("a landing that itself changes a file under .planning which is changed in the checkout is held, and loses nothing", async () => {
  await using it = await desk({ "a.txt": "one\n", ".planning/notes.md": "old\n" })
  const collected = await work(it, "run.a", { ".planning/notes.md": "agent\n" })
  await it.repo.write(".planning/notes.md", "person\n")
  expect(await it.land(collected)).toMatchObject({ how: "held" })
  expect(await readFile(join(it.repo.path, ".planning/notes.md"), "utf8")).toBe("person\n")
})

// C.1.109, C.1.110
test("a strategy that is not picked leaves its branch and a tag, however often it is released", async () => {
  await using it = await desk()
  await it.prepare("run.s", { branch: "speculative/x/class-based" })
  const { path } = await it.prepare("run.s", { branch: "speculative/x/class-based" })
  await put(path, "s.txt", "s\n")
  const { head } = await it.collect("run.s")
  const tag = "archive/speculative/x/class-based"
  await it.fleet.release(id("run.s"), false, tag)
  await it.fleet.release(id("run.s"), false, tag)
  expect(await it.repo.git("rev-parse", `refs/tags/${tag}`)).toBe(head)
  expect(await it.repo.git("rev-parse", "speculative/x/class-based")).toBe(head)
})

test("a tag of that name that is there already is not moved", async () => {
  await using it = await desk()
  const before = await it.repo.git("rev-parse", "main")
  await it.repo.git("tag", "archive/speculative/x/s")
  const { path } = await it.prepare("run.s", { branch: "speculative/x/s" })
  await put(path, "s.txt", "s\n")
  await it.collect("run.s")
  await it.fleet.release(id("run.s"), false, "archive/speculative/x/s")
  expect(await it.repo.git("rev-parse", "archive/speculative/x/s")).toBe(before)
})
