import { mkdir, mkdtempDisposable, readdir, readFile, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { writeInside } from "./atomic-write.ts"

const place = (): ReturnType<typeof mkdtempDisposable> => mkdtempDisposable(path.join(tmpdir(), "fleet-atomic-"))

test("directories that are missing are made, and nothing is left beside the file", async () => {
  await using root = await place()
  const file = path.join(root.path, ".planning/fleet/briefs/a.md")
  await writeInside(root.path, file, "one")
  await writeInside(root.path, file, "two")
  expect(await readFile(file, "utf8")).toBe("two")
  expect(await readdir(path.dirname(file))).toEqual(["a.md"])
})

test("a symlink that leads out of the project is not followed, one inside it is", async () => {
  await using root = await place()
  await using outside = await place()
  await symlink(outside.path, path.join(root.path, ".planning"))
  await expect(writeInside(root.path, path.join(root.path, ".planning/momentum.json"), "{}")).rejects.toMatchObject({ fault: { code: "leaves-project" } })
  await expect(writeInside(root.path, path.join(root.path, ".planning/new/momentum.json"), "{}")).rejects.toMatchObject({ fault: { code: "leaves-project" } })
  expect(await readdir(outside.path)).toEqual([])
  await mkdir(path.join(root.path, "real"))
  await symlink(path.join(root.path, "real"), path.join(root.path, ".citadel"))
  await writeInside(root.path, path.join(root.path, ".citadel/scripts/a.cjs"), "x")
  expect(await readdir(path.join(root.path, "real/scripts"))).toEqual(["a.cjs"])
})

test("a folder on the way is told from the project by its root, and not by its name", async () => {
  await using root = await place()
  await using outside = await place()
  await symlink(outside.path, path.join(root.path, ".citadel"))
  const refused = { fault: { code: "leaves-project" } }
  await expect(writeInside(root.path, path.join(root.path, ".citadel/scripts/a.cjs"), "x")).rejects.toMatchObject(refused)
  await expect(writeInside(root.path, path.join(outside.path, "a.cjs"), "x")).rejects.toMatchObject(refused)
  expect(await readdir(outside.path)).toEqual([])
})

test("what a symlink in the file's place leads to is left alone", async () => {
  await using root = await place()
  await using outside = await place()
  const theirs = path.join(outside.path, "theirs.json")
  await writeFile(theirs, "theirs")
  await mkdir(path.join(root.path, ".planning"))
  await symlink(theirs, path.join(root.path, ".planning/momentum.json"))
  await writeInside(root.path, path.join(root.path, ".planning/momentum.json"), "ours")
  expect(await readFile(theirs, "utf8")).toBe("theirs")
})

test("writing many times at once leaves one whole text", async () => {
  await using root = await place()
  const file = path.join(root.path, ".planning/a.json")
  await Promise.all(Array.from({ length: 20 }, (_, n) => writeInside(root.path, file, String(n).repeat(10_000))))
  expect(new Set(await readFile(file, "utf8")).size).toBeLessThanOrEqual(2)
  expect(await readdir(path.dirname(file))).toEqual(["a.json"])
})
