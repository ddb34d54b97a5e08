import { mkdtempDisposable, readdir, readFile, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { copyAside, moveAside } from "./aside.ts"

test("a file is copied aside once for each text, and moved aside under a name of the same form", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-aside-"))
  const file = path.join(home.path, "a.json")
  await writeFile(file, "{ mine")
  await utimes(file, 0, Date.UTC(2026, 0, 2) / 1_000)
  const copy = await copyAside(file)
  expect(path.basename(copy)).toMatch(/^a\.json\.unreadable-2026-01-02T00-00-00-000Z-\w+$/)
  expect(await copyAside(file)).toBe(copy)
  await utimes(file, 0, Date.UTC(2026, 0, 3) / 1_000)
  const moved = await moveAside(file)
  expect(path.basename(moved ?? "")).toMatch(/^a\.json\.unreadable-2026-01-03T00-00-00-000Z-\w+$/)
  expect((await readdir(home.path)).toSorted()).toEqual([path.basename(copy), path.basename(moved ?? "")])
  for (const kept of [copy, moved ?? ""]) expect(await readFile(kept, "utf8")).toBe("{ mine")
  expect(await moveAside(file)).toBeNull()
})
