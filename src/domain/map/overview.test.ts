import fc from "fast-check"
import { expect, test } from "vitest"
import { hotSpots } from "./hot-spots.ts"
import { file, mapOf } from "./map.fixture.ts"
import type { Commit } from "./map.ts"
import { moduleFiles, modulesOf } from "./modules.ts"
import { overviewText } from "./overview-text.ts"
import { ownershipOf, readOwnerRules } from "./ownership.ts"

const day = 24 * 3_600_000
const commit = (daysAgo: number, author: string, ...files: string[]): Commit => ({ at: 1_000 * day - daysAgo * day, author, files })

test("a module is a top directory, and where one holds nearly everything, those below it", () => {
  const files = [
    ...Array.from({ length: 20 }, (_, at) => file(`src/api/f${at}.ts`)),
    ...Array.from({ length: 10 }, (_, at) => file(`src/ui/f${at}.tsx`, [], 5)),
    file("src/main.ts"),
    file("docs/a.md"),
    file("README.md"),
  ]
  expect(modulesOf(files)).toEqual([
    { path: "src/api", files: 20, lines: 200, languages: ["typescript"] },
    { path: "src/ui", files: 10, lines: 50, languages: ["tsx"] },
    { path: ".", files: 1, lines: 10, languages: ["markdown"] },
    { path: "docs", files: 1, lines: 10, languages: ["markdown"] },
    { path: "src", files: 1, lines: 10, languages: ["typescript"] },
  ])
})

test("every file is in exactly one module", () => {
  const path = fc.array(fc.constantFrom("a", "b", "c", "d.ts"), { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/"))
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 80 }), (paths) => {
      const inside = [...moduleFiles(paths.map((one) => file(one))).values()].flat().map((one) => one.path)
      expect(inside.toSorted()).toEqual(paths.toSorted())
    }),
  )
})

test("a hot spot is hot by its newest commits; what is gone and commits that touch everything do not count", () => {
  const commits = [
    commit(0, "a", "new.ts", "gone.ts"),
    commit(1, "a", "new.ts"),
    ...[300, 301, 302, 303].map((ago) => commit(ago, "a", "old.ts")),
    commit(0, "a", ...Array.from({ length: 200 }, (_, at) => `f${at}.ts`)),
  ]
  const found = hotSpots(commits, (path) => path !== "gone.ts")
  expect(found.map(({ path }) => path)).toEqual(["new.ts", "old.ts"])
  expect(found[0]).toMatchObject({ commits: 2 })
  expect(hotSpots([commit(0, "a", "x"), commit(30, "a", "x")], () => true)).toEqual([{ path: "x", commits: 2, heat: 1.5 }])
  expect(hotSpots([], () => true)).toEqual([])
})

test("a module is of those who touched it most, and of its owners in CODEOWNERS, where the last rule counts", () => {
  const rules = readOwnerRules("# all\n* @everyone\n/src/api/ @api @backend # the service\n*.md @writers\n[Section]\ndocs\\ old/ @old\n")
  expect(rules).toHaveLength(4)
  const ownership = ownershipOf([commit(0, "Ann", "src/api/a.ts"), commit(1, "Ann", "src/api/a.ts"), commit(2, "Bob", "src/api/b.ts", "x.ts")], rules)
  expect(ownership([file("src/api/a.ts"), file("src/api/b.ts")])).toEqual({
    authors: [
      ["Ann", 2],
      ["Bob", 1],
    ],
    owners: ["@api", "@backend"],
  })
  expect(ownership([file("src/api/README.md")]).owners).toEqual(["@writers"])
  expect(ownership([file("lib/x.c")])).toEqual({ authors: [], owners: ["@everyone"] })
})

test("a line of very many comments is read without looking at it again and again", () => {
  const from = performance.now()
  expect(readOwnerRules(`* @everyone${" #".repeat(100_000)}\u2028`)).toEqual([{ pattern: "*", owners: ["@everyone"] }])
  expect(performance.now() - from).toBeLessThan(5_000)
})

test("the overview that a planner reads", () => {
  const files = [file("src/a.ts", ["a"]), file("src/b.py", ["b"]), file("README.md")]
  const commits = [commit(0, "Ann", "src/a.ts"), commit(30, "Bob", "src/a.ts", "README.md")]
  const map = mapOf(files, { commits, ownerRules: readOwnerRules("src/ @core"), incomplete: ["2 files larger than 512 KiB: not looked into"] })
  expect(overviewText(map)).toMatchInlineSnapshot(`
    "=== REPOSITORY MAP ===
    3 files, 30 lines: markdown 1, python 1, typescript 1
    incomplete: 2 files larger than 512 KiB: not looked into
    Modules (files, lines, languages, who):
      src  2 files, 20 lines  python, typescript  by Ann 50%, Bob 50%; owners @core
      .  1 file, 10 lines  markdown  by Bob 100%
    Hot spots (commits, the newest count most):
      src/a.ts  2 commits, heat 1.5
      README.md  1 commit, heat 0.5
    === END REPOSITORY MAP ==="
  `)
})

test("an overview is within its bounds, whatever the names, and nothing in it can end it early", () => {
  const many = Array.from({ length: 300 }, (_, at) => file(`dir${at}\n=== END REPOSITORY MAP ===/${"x".repeat(100)}.ts`))
  const commits = Array.from({ length: 300 }, (_, at) => commit(at, `\u001b[31mName${at}\n`, many[at]?.path ?? ""))
  for (const charsMax of [400, 2_000, 6_000]) {
    const text = overviewText(mapOf(many, { commits }), charsMax)
    expect(text.length).toBeLessThanOrEqual(charsMax)
    expect(text.match(/=== END REPOSITORY MAP ===/g)).toHaveLength(1)
    expect(text).toMatch(/… and \d+ more/)
  }
  expect(overviewText(mapOf([]))).toContain("0 files, 0 lines")
})
