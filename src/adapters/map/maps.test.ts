import { mkdtempDisposable } from "node:fs/promises"
import { tmpdir } from "node:os"
import { expect, test } from "vitest"
import { repository } from "../../../test/repository.ts"
import { openMaps } from "./maps.ts"

test("an agent's slice, by its keywords (C.1.26); null where there is no map, or nothing in it is about them", async () => {
  await using repo = await repository({
    "src/shop.ts": "export class Shop {}\n",
    "src/till.ts": "export function countMoney() {}\n",
    ".planning/fleet/session-a.md": "# shop\n",
  })
  await using cache = await mkdtempDisposable(`${tmpdir()}/fleet-maps-`)
  const maps = openMaps({ cacheDirectory: cache.path, environment: process.env })
  expect(await maps.slice(repo.path, ["money"], 15)).toBe(
    "=== MAP SLICE ===\nQuery: money\n100 source      src/till.ts  [countMoney]  (1L)\n=== END MAP SLICE ===",
  )
  expect(await maps.slice(repo.path, ["kubernetes"], 15)).toBeNull()
  expect(await maps.slice(cache.path, ["money"], 15)).toBeNull()
  expect(await maps.slice(`${cache.path}/none`, ["money"], 15)).toBeNull()
  // A workspace's changes are an agent's work: the map adds none.
  expect(await repo.git("status", "--porcelain", "--ignored")).toBe("")
})

test("agents that start together find one index", async () => {
  await using repo = await repository({ "src/shop.ts": "export class Shop {}\n" })
  await using cache = await mkdtempDisposable(`${tmpdir()}/fleet-maps-`)
  const maps = openMaps({ cacheDirectory: cache.path, environment: process.env })
  const slices = await Promise.all(Array.from({ length: 5 }, () => maps.slice(repo.path, ["shop"], 15)))
  expect(new Set(slices).size).toBe(1)
  expect(slices[0]).toContain("src/shop.ts")
})

test("the planner's overview, and the fault where there is none", async () => {
  await using repo = await repository({ "src/shop.ts": "export class Shop {}\n" })
  await using cache = await mkdtempDisposable(`${tmpdir()}/fleet-maps-`)
  const maps = openMaps({ cacheDirectory: cache.path, environment: process.env })
  expect(await maps.overview(repo.path)).toContain("1 file, 1 line: typescript 1")
  await expect(maps.overview(cache.path)).rejects.toMatchObject({ fault: { code: "not-a-repository" } })
})

test("the complexity of rivals; null where it is not known", async () => {
  await using repo = await repository({ "src/shop.ts": "if (a) b()\n" })
  await using cache = await mkdtempDisposable(`${tmpdir()}/fleet-maps-`)
  const maps = openMaps({ cacheDirectory: cache.path, environment: process.env })
  await repo.write("src/shop.ts", "b()\n")
  const head = await repo.commit("simpler")
  expect(await maps.complexity(repo.path, "HEAD~1", head)).toEqual({ before: 2, after: 1 })
  expect(await maps.complexity(repo.path, "nowhere", head)).toBeNull()
  expect(await maps.complexity(repo.path, head, head)).toBeNull()
})
