import { existsSync } from "node:fs"
import { mkdtempDisposable } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { repository } from "../../../test/repository.ts"
import { fleet, jsonLines } from "./testing/fleet.ts"

test("fleet map shows the overview, and with --query the slice, without a hub", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  await using repo = await repository({ "src/shop.ts": "export class Shop {}\n", "src/till.py": "def count_money(): pass\n" })
  const overview = await fleet(["map"], { home: home.path, cwd: repo.path })
  expect(overview).toMatchObject({ code: 0, stderr: "" })
  expect(overview.stdout).toContain("2 files, 2 lines: python 1, typescript 1")
  const slice = await fleet(["map", "--query", "money", "-C", repo.path], { home: home.path })
  expect(slice.stdout).toBe("=== MAP SLICE ===\nQuery: money\n100 source      src/till.py  [count_money]  (1L)\n=== END MAP SLICE ===\n")
  expect(await fleet(["map", "--query", "zebra", "-C", repo.path], { home: home.path })).toMatchObject({
    code: 0,
    stdout: "",
    stderr: "no file is about that\n",
  })
  expect(existsSync(path.join(home.path, "hub.sock"))).toBe(false)
  expect(await repo.git("status", "--porcelain")).toBe("")
})

test("fleet map as JSON, with no more files than asked for; --write keeps the index in the checkout", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  await using repo = await repository({ "src/shop.ts": "export class Shop {}\n", "src/shops.ts": "export class Shops {}\n" })
  const found = await fleet(["map", "--query", "shop", "--max-files", "1", "--json", "--write"], { home: home.path, cwd: repo.path })
  const index = path.join(repo.path, ".planning/map/index.json")
  expect(jsonLines(found.stdout)).toMatchObject([
    { schema_version: 1, index, read: 2, items: [{ path: "src/shop.ts", exports: ["Shop"], symbols: [{ name: "Shop", kind: "class", line: 1 }] }] },
  ])
  expect(existsSync(index)).toBe(true)
  const overview = await fleet(["map", "--json"], { home: home.path, cwd: repo.path })
  expect(jsonLines(overview.stdout)).toMatchObject([
    { files: 2, read: 0, languages: ["typescript"], modules: [{ path: "src", files: 2, authors: [{ name: "Person", touches: 2 }], owners: [] }] },
  ])
})

test("fleet map outside of any checkout is bad input", async () => {
  await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  const ran = await fleet(["map"], { home: home.path })
  expect(ran).toMatchObject({ code: 2, stdout: "" })
  expect(ran.stderr).toContain("is not a git repository")
})
