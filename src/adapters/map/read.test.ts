import { existsSync } from "node:fs"
import { mkdir, mkdtempDisposable, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { repository, type TestRepository } from "../../../test/repository.ts"
import { overviewText } from "../../domain/map/overview-text.ts"
import { slice } from "../../domain/map/slice.ts"
import { usualLimits } from "./build.ts"
import { openGit } from "./git.ts"
import { readMap, type MapReading, type ReadMap } from "./read.ts"

const files = {
  "src/shop.ts": "export class Shop {}\n",
  "src/till.py": "def count_money():\n    pass\n",
  "lib/door.go": 'package lib\n\nimport "fmt"\n\nfunc OpenDoor() { fmt.Println() }\n',
  "README.md": "# Shop\n",
  "logo.png": "\u0000\u0001",
  "blob.unknown": "a\u0000b",
  ".gitignore": "ignored.ts\n",
}

interface Desk extends AsyncDisposable {
  readonly repo: TestRepository
  readonly cache: string
  readonly read: (reading?: Partial<MapReading>, directory?: string) => Promise<ReadMap>
}

async function desk(with_: Record<string, string> = files): Promise<Desk> {
  const repo = await repository(with_)
  const cache = await mkdtempDisposable(path.join(tmpdir(), "fleet-map-"))
  const usual = {
    git: openGit(process.env),
    cacheDirectory: path.join(cache.path, "maps"),
    keep: "planned",
    withHistory: false,
    now: Date.now,
    elapsedMs: () => 0,
  } as const
  return {
    repo,
    cache: usual.cacheDirectory,
    read: (reading, directory = repo.path) => readMap(directory, { ...usual, ...reading }),
    [Symbol.asyncDispose]: async () => {
      await cache[Symbol.asyncDispose]()
      await repo[Symbol.asyncDispose]()
    },
  }
}
const pathsOf = ({ map }: ReadMap): string[] => map.files.map((file) => file.path)

test("a map holds the text files that git knows or would take, with language, lines and symbols", async () => {
  await using at = await desk()
  await at.repo.write("new.rs", "pub fn fresh() {}\n")
  await at.repo.write("ignored.ts", "export const no = 1\n")
  const found = await at.read()
  expect(pathsOf(found)).toEqual([".gitignore", "README.md", "lib/door.go", "new.rs", "src/shop.ts", "src/till.py"])
  expect(found.map.files.find((file) => file.path === "lib/door.go")).toEqual({
    path: "lib/door.go",
    language: "go",
    lines: 5,
    symbols: [{ name: "OpenDoor", kind: "function", line: 5 }],
    exports: ["OpenDoor"],
    imports: ["fmt"],
  })
  expect(found.map.incomplete).toEqual([])
  expect(slice(found.map, ["counting the money"])[0]?.file.path).toBe("src/till.py")
})

test("only what has changed is read again, and committing it changes nothing", async () => {
  await using at = await desk()
  expect((await at.read()).read).toBe(7)
  expect((await at.read()).read).toBe(0)
  await at.repo.write("src/shop.ts", "export class Market {}\n")
  const changed = await at.read()
  expect(changed.read).toBe(1)
  expect(changed.map.files.find((file) => file.path === "src/shop.ts")?.exports).toEqual(["Market"])
  await at.repo.commit("market")
  expect((await at.read()).read).toBe(0)
  await at.repo.git("rm", "-q", "src/till.py")
  const fewer = await at.read()
  expect(fewer.read).toBe(0)
  expect(pathsOf(fewer)).not.toContain("src/till.py")
  expect((await at.read()).map).toEqual(fewer.map)
})

test("worktrees of one repository share what was read", async () => {
  await using at = await desk()
  await at.read()
  const beside = path.join(path.dirname(at.repo.path), "beside")
  await at.repo.git("worktree", "add", "-q", beside)
  expect((await at.read({}, beside)).read).toBe(0)
  expect(await readdir(at.cache)).toHaveLength(1)
})

test("the same checkout gives the same map, from any directory in it", async () => {
  await using at = await desk()
  const whole = await at.read({ withHistory: true })
  await rm(at.cache, { recursive: true })
  expect((await at.read({ withHistory: true }, path.join(at.repo.path, "src"))).map).toEqual(whole.map)
})

test("history and owners are read for the overview", async () => {
  await using at = await desk()
  await at.repo.write(".github/CODEOWNERS", "/src/ @core\n")
  await at.repo.write("src/shop.ts", "export class Market {}\n")
  await at.repo.commit("second\n\nwith a body")
  const { map } = await at.read({ withHistory: true })
  expect(map.commits).toHaveLength(2)
  expect(map.commits[0]).toMatchObject({ author: "Person", files: [".github/CODEOWNERS", "src/shop.ts"] })
  const text = overviewText(map)
  expect(text).toContain("src  2 files, 3 lines  python, typescript  by Person 100%; owners @core")
  expect(text).toMatch(/src\/shop\.ts {2}2 commits/)
})

test("a repository without a commit, and without a file, has a map", async () => {
  await using at = await desk({})
  await at.repo.git("update-ref", "-d", "HEAD")
  expect((await at.read({ withHistory: true })).map).toEqual({ files: [], commits: [], ownerRules: [], incomplete: [] })
})

test("nothing is written into a checkout, but where .planning is there or it was asked for", async () => {
  await using at = await desk()
  const own = path.join(at.repo.path, ".planning/map/index.json")
  expect((await at.read()).index.startsWith(at.cache)).toBe(true)
  expect(await at.repo.git("status", "--porcelain")).toBe("")
  expect((await at.read({ keep: "always" })).index).toBe(own)
  expect(existsSync(own)).toBe(true)
  await rm(path.join(at.repo.path, ".planning/map"), { recursive: true })
  expect((await at.read({ keep: "planned" })).index).toBe(own)
  await rm(path.join(at.repo.path, ".planning/map"), { recursive: true })
  expect((await at.read({ keep: "never" })).index.startsWith(at.cache)).toBe(true)
  expect(existsSync(own)).toBe(false)
  // Its own index is no part of the map.
  expect((await at.read({ keep: "always" })).read).toBe(7)
  expect((await at.read({ keep: "always" })).read).toBe(0)
})

test("the index can be queried as Citadel's own: path, language, lines, role, exports, symbols by name", async () => {
  await using at = await desk()
  const { index } = await at.read({ keep: "always" })
  const written = JSON.parse(await readFile(index, "utf8")) as { version: number; schema: number; fileCount: number; files: Record<string, object> }
  expect(written).toMatchObject({ schema: 1, version: 2, fileCount: 7, routes: [], verificationCommands: [] })
  expect(written.files["src/shop.ts"]).toMatchObject({
    lang: "typescript",
    lines: 1,
    role: "source",
    exports: ["Shop"],
    imports: [],
    symbols: ["Shop"],
    routes: [],
  })
})

test("an index of Citadel's own making is taken over without a word", async () => {
  await using at = await desk()
  await at.repo.write(".planning/map/index.json", JSON.stringify({ version: 2, files: { "src/shop.ts": { lang: "typescript", lines: 1, symbols: ["Shop"] } } }))
  expect(await at.read()).toMatchObject({ read: 7, notes: [] })
  expect(await readdir(path.join(at.repo.path, ".planning/map"))).toEqual(["index.json"])
})

test.each(["{", "[]", "null", '{"schema":1,"files":{"a.ts":{"lang":3}}}', '{"schema":1}', "\u0000"])(
  "a damaged index (%j) is copied aside, said, and made anew",
  async (damaged) => {
    await using at = await desk()
    const file = path.join(at.repo.path, ".planning/map/index.json")
    await at.repo.write(".planning/map/index.json", damaged)
    const found = await at.read()
    expect(pathsOf(found)).toHaveLength(5)
    const [name = ""] = (await readdir(path.dirname(file))).filter((one) => one.startsWith("index.json.unreadable-"))
    const aside = path.join(path.dirname(file), name)
    expect(found.notes).toEqual([`${file} could not be understood; it was copied to ${aside}, and is made anew`])
    expect(await readFile(aside, "utf8")).toBe(damaged)
    expect(await at.read()).toMatchObject({ read: 0, notes: [] })
  },
)

test("nothing is written through a link out of the checkout", async () => {
  await using at = await desk()
  const outside = path.join(path.dirname(at.cache), "outside")
  await mkdir(outside)
  await symlink(outside, path.join(at.repo.path, ".planning"))
  const found = await at.read({ keep: "always" })
  expect(found.index.startsWith(at.cache)).toBe(true)
  expect(found.notes).toHaveLength(1)
  expect(await readdir(outside)).toEqual([])
})

test("links and submodules are no files of the map", async () => {
  await using at = await desk()
  await symlink("/etc/passwd", path.join(at.repo.path, "link.ts"))
  await at.repo.git("add", "link.ts")
  await symlink("/etc/hosts", path.join(at.repo.path, "src/other.ts"))
  expect(pathsOf(await at.read())).not.toEqual(expect.arrayContaining([expect.stringMatching(/link|other/)]))
})

test("when time runs out, what is missing is said, and read the next time", async () => {
  await using at = await desk()
  let ms = 0
  const found = await at.read({ elapsedMs: () => (ms += 1_000), limits: { ...usualLimits, budgetMs: 3_500 } })
  expect(found.read).toBe(3)
  expect(found.map.incomplete).toEqual(["time ran out after 3.5 s: 4 files not read yet"])
  expect(pathsOf(found)).toHaveLength(5)
  expect(overviewText(found.map)).toContain("\nincomplete: time ran out")
  const again = await at.read()
  expect(again.map.incomplete).toEqual([])
  expect(again.read).toBe(3)
})

test("too many and too large files are left out, and said", async () => {
  await using at = await desk()
  await at.repo.write("src/large.ts", `export const big = "${"x".repeat(2_000)}"\n`)
  const limits = { ...usualLimits, fileBytesMax: 1_024, filesMax: 6 }
  const found = await at.read({ limits })
  expect(found.map.incomplete).toEqual(["only the first 6 of 8 files are in the map", "1 file larger than 1 KiB: not looked into"])
  expect((await at.read({ limits })).read).toBe(0)
})

test("GIT_* of whoever asks does not lead elsewhere", async () => {
  await using at = await desk()
  await using other = await repository({ "other.ts": "" })
  const git = openGit({ ...process.env, GIT_DIR: path.join(other.path, ".git"), GIT_WORK_TREE: other.path, GIT_INDEX_FILE: "/nowhere" })
  expect((await at.read({ git })).root).toBe(at.repo.path)
})

test("a directory in no checkout, and one that is not there, are faults", async () => {
  await using at = await desk()
  await using empty = await mkdtempDisposable(path.join(tmpdir(), "fleet-map-"))
  await expect(at.read({}, empty.path)).rejects.toMatchObject({ fault: { code: "not-a-repository" } })
  await expect(at.read({}, path.join(empty.path, "none"))).rejects.toMatchObject({ fault: { code: "directory-missing" } })
  await writeFile(path.join(empty.path, "file"), "")
  await expect(at.read({ cacheDirectory: path.join(empty.path, "file", "maps") })).rejects.toMatchObject({ fault: { code: "map-not-kept" } })
})
