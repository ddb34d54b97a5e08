import { execFileSync } from "node:child_process"
import { link, mkdir, readdir, readFile, readlink, rename, rm, stat, symlink, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import { id } from "../../domain/ids.ts"
import type { FileEdit } from "../../protocol/worker.ts"
import { openFolder } from "./confine.ts"
import { ranked } from "./find.ts"
import { desk, type Desk, put } from "./fixtures/desk.ts"

const here = id<"workspace">("s.a")

/** A workspace with links out of it, and what is outside. */
async function trapped(it: Desk): Promise<{ path: string; outside: string; untouched(): Promise<void> }> {
  const { path } = await it.prepare("s.a")
  const outside = join(dirname(it.home), "outside")
  await put(outside, "secret.txt", "secret\n")
  await mkdir(join(outside, "folder"))
  await symlink(join(outside, "secret.txt"), join(path, "link"))
  await symlink(outside, join(path, "out"))
  await symlink("../outside", join(path, "relative"))
  await symlink("nowhere", join(path, "broken"))
  await symlink("a.txt", join(path, "inner"))
  await symlink(".git", join(path, "dotgit"))
  await put(path, "deep/er/x.txt", "x\n")
  await symlink(outside, join(path, "deep/out"))
  return {
    path,
    outside,
    untouched: async () => {
      expect((await readdir(outside, { recursive: true })).toSorted()).toEqual(["folder", "secret.txt"])
      expect(await readFile(join(outside, "secret.txt"), "utf8")).toBe("secret\n")
      expect(await readFile(join(path, ".git"), "utf8")).toMatch(/^gitdir: /)
    },
  }
}

const upwards = ["..", "../outside/secret.txt", "deep/../../outside/secret.txt", "deep/er/../../../x", "a.txt/..", "./../x"]
const absolute = ["/etc/passwd", "/", "//etc/passwd"]
const itself = ["", ".", "./", "././."]
const gits = [".git", ".git/config", ".GIT/config", ".Git", "deep/.git/hooks/x", ".git./config", ".gi\u200ct/config", ".git ", "git~1/config"]
const linked = ["link", "out", "out/secret.txt", "out/folder/new", "relative/secret.txt", "deep/out/secret.txt", "dotgit", "inner", "broken"]
const strange = ["a.txt\0", "\0", "a\0/../../x", "x".repeat(300), "y/".repeat(3_000)]

test.each([...upwards, ...absolute, ...itself, ...gits, ...linked, ...strange])(
  "%j is denied to every way of touching a file, and nothing outside changes",
  async (name) => {
    await using it = await desk()
    const { path, untouched } = await trapped(it)
    const before = (await readdir(path, { recursive: true })).toSorted()
    const ways: FileEdit[] = [
      { kind: "write", path: name, content: "written" },
      { kind: "directory", path: name },
      { kind: "delete", path: name },
      { kind: "rename", path: name, to: "elsewhere" },
      { kind: "rename", path: "a.txt", to: name },
    ]
    await expect(it.fleet.file(here, name)).rejects.toMatchObject({ fault: { code: "path-denied" } })
    const codes = await Promise.all(
      ways.map((wanted) =>
        it.fleet.edit(here, wanted).then(
          () => "done",
          (error) => error.fault?.code ?? String(error),
        ),
      ),
    )
    // A link that is in the way of something new is told as that.
    expect(codes.filter((code) => code !== "path-denied" && code !== "path-exists")).toEqual([])
    expect((await readdir(path, { recursive: true })).toSorted()).toEqual(before)
    await untouched()
  },
)

test("random paths of dangerous parts never reach anything outside or of git's", { timeout: 60_000 }, async () => {
  await using it = await desk()
  const { path, untouched } = await trapped(it)
  const parts = [
    "..",
    ".",
    "",
    "out",
    "link",
    "relative",
    "deep",
    "er",
    ".git",
    ".GIT",
    "dotgit",
    "inner",
    "broken",
    "new",
    "secret.txt",
    "folder",
    "a.txt",
    "\0",
    "config",
  ]
  const random = generator(7)
  const pick = (): string => parts[Math.floor(random() * parts.length)] ?? ""
  for (let round = 0; round < 1_500; round++) {
    const name = Array.from({ length: 1 + Math.floor(random() * 5) }, pick).join("/")
    const kind = (["write", "directory", "delete", "rename", "read"] as const)[Math.floor(random() * 5)] ?? "read"
    const done =
      kind === "read"
        ? it.fleet.file(here, name)
        : it.fleet.edit(
            here,
            kind === "write" ? { kind, path: name, content: "w" } : kind === "rename" ? { kind, path: name, to: `${pick()}/${pick()}` } : { kind, path: name },
          )
    const outcome = await done.then(
      (file) => ({ file, code: null }),
      (error) => ({ file: null, code: error.fault?.code ?? String(error) }),
    )
    if (outcome.file) expect(outcome.file.content).not.toContain("secret")
    expect([null, "path-denied", "path-missing", "path-exists"]).toContain(outcome.code)
  }
  await untouched()
  for (const name of ["link", "out", "relative", "dotgit"])
    await readlink(join(path, name)).catch((error: NodeJS.ErrnoException) => expect(error.code).toBe("ENOENT"))
})

test("a folder that is swapped for a link after it was opened leads nowhere else", async () => {
  await using it = await desk()
  const { path, outside, untouched } = await trapped(it)
  await using folder = await openFolder(path, ["deep", "er"])
  await rename(join(path, "deep/er"), join(path, "deep/moved"))
  await symlink(join(outside, "folder"), join(path, "deep/er"))
  await writeFile(folder.entry("new.txt"), "new\n")
  expect(await readFile(join(path, "deep/moved/new.txt"), "utf8")).toBe("new\n")
  await expect(openFolder(path, ["deep", "er"])).rejects.toMatchObject({ fault: { code: "path-denied" } })
  await untouched()
})

test("edits while somebody swaps folders and links all the time never write outside", { timeout: 60_000 }, async () => {
  await using it = await desk()
  const { path, outside, untouched } = await trapped(it)
  await mkdir(join(path, "swap"))
  let over = false
  const swapping = (async () => {
    while (!over) {
      // The edits make the folder anew when it is away for a moment.
      await rename(join(path, "swap"), join(path, "kept")).catch(() => undefined)
      await symlink(outside, join(path, "swap")).catch(() => undefined)
      await rm(join(path, "swap"), { recursive: true, force: true })
      await rename(join(path, "kept"), join(path, "swap")).catch(() => undefined)
    }
  })()
  for (let round = 0; round < 300; round++) {
    await it.fleet.edit(here, { kind: "write", path: "swap/folder/x.txt", content: "x" }).catch(() => undefined)
    await it.fleet.edit(here, { kind: "delete", path: "swap/secret.txt" }).catch(() => undefined)
  }
  over = true
  await swapping
  await untouched()
})

test("a file is written whole, with the folders it needs; its mode stays, other names of it keep the old text, and nothing is left beside it", async () => {
  await using it = await desk({ "a.txt": "one\n", "run.sh": "#!/bin/sh\n" })
  const { path } = await it.prepare("s.a")
  execFileSync("chmod", ["750", join(path, "run.sh")])
  await link(join(path, "run.sh"), join(path, "second name"))
  await it.fleet.edit(here, { kind: "write", path: "run.sh", content: "#!/bin/sh\necho hi\n" })
  await it.fleet.edit(here, { kind: "write", path: "new/deep/ü\n.txt", content: "ü\n" })
  expect((await stat(join(path, "run.sh"))).mode & 0o777).toBe(0o750)
  expect(await readFile(join(path, "second name"), "utf8")).toBe("#!/bin/sh\n")
  expect(await it.fleet.file(here, "./new//deep/ü\n.txt")).toEqual({ path: "new/deep/ü\n.txt", content: "ü\n", size: 3 })
  expect((await readdir(path, { recursive: true })).filter((name) => name.includes(".tmp"))).toEqual([])
})

test("folders are made, moved and deleted; what is there is not written over", async () => {
  await using it = await desk({ "a.txt": "one\n", "b.txt": "two\n" })
  const { path } = await it.prepare("s.a")
  await it.fleet.edit(here, { kind: "directory", path: "x/y" })
  await it.fleet.edit(here, { kind: "directory", path: "x/y" })
  await it.fleet.edit(here, { kind: "write", path: "x/y/z.txt", content: "z" })
  await it.fleet.edit(here, { kind: "rename", path: "x", to: "other/x" })
  expect(await readFile(join(path, "other/x/y/z.txt"), "utf8")).toBe("z")
  await it.fleet.edit(here, { kind: "delete", path: "other/x" })
  expect(await readdir(join(path, "other"))).toEqual([])
  const code = (wanted: FileEdit) =>
    it.fleet.edit(here, wanted).then(
      () => "done",
      (error) => error.fault.code,
    )
  expect(await code({ kind: "rename", path: "a.txt", to: "b.txt" })).toBe("path-exists")
  expect(await code({ kind: "rename", path: "other", to: "other/inside" })).toBe("path-denied")
  expect(await code({ kind: "rename", path: "none", to: "x" })).toBe("path-missing")
  expect(await code({ kind: "delete", path: "none" })).toBe("path-missing")
  expect(await code({ kind: "directory", path: "a.txt" })).toBe("path-exists")
  expect(await code({ kind: "write", path: "a.txt/x", content: "" })).toBe("path-exists")
  expect(await code({ kind: "write", path: "other", content: "" })).toBe("path-denied")
  expect(await code({ kind: "write", path: "big", content: "x".repeat((2 << 20) + 1) })).toBe("file-too-big")
})

test("files that are not there, folders, pipes, binary and very big files are told apart, and none keeps us waiting", async () => {
  await using it = await desk({ "a.txt": "one\n", "b.bin": "\0", "d/x": "x\n" })
  const { path } = await it.prepare("s.a")
  execFileSync("mkfifo", [join(path, "pipe")])
  await writeFile(join(path, "latin1"), Buffer.from([0xe4, 0x0a]))
  await writeFile(join(path, "big"), Buffer.alloc((2 << 20) + 1))
  const code = (name: string) =>
    it.fleet.file(here, name).then(
      (file) => file.content,
      (error) => error.fault.code,
    )
  expect(await code("none")).toBe("path-missing")
  expect(await code("d")).toBe("path-missing")
  expect(await code("a.txt/x")).toBe("path-missing")
  expect(await code("pipe")).toBe("path-denied")
  expect(await code("big")).toBe("file-too-big")
  expect(await it.fleet.file(here, "b.bin")).toEqual({ path: "b.bin", content: null, size: 1 })
  expect(await it.fleet.file(here, "latin1")).toMatchObject({ content: null, size: 2 })
})

test("the tree shows files and folders, not git's, not dependencies, nothing behind links, and says when it is cut", async () => {
  await using it = await desk({ "a.txt": "one\n", "d/x": "x\n" })
  const { path } = await trapped(it)
  await put(path, "node_modules/dep/index.js", "\n")
  await put(path, `${"n/".repeat(12)}f`, "\n")
  const { entries, cut } = await it.fleet.tree(here)
  const nested = Array.from({ length: 10 }, (_, depth) =>
    Array(depth + 1)
      .fill("n")
      .join("/"),
  )
  expect(entries.map((entry) => entry.path)).toEqual(["a.txt", "d", "d/x", "deep", "deep/er", "deep/er/x.txt", ...nested])
  expect(entries.find((entry) => entry.path === "a.txt")).toEqual({ path: "a.txt", type: "file", size: 4 })
  expect(cut).toBe(true)
  await rm(join(path, "n"), { recursive: true })
  expect((await it.fleet.tree(here)).cut).toBe(false)
  await mkdir(join(path, "many"))
  for (let number = 0; number < 5_001; number++) await writeFile(join(path, "many", `${number}`), "")
  const many = await it.fleet.tree(here)
  expect([many.entries.length, many.cut]).toEqual([5_000, true])
})

test("files are found by a part of their name, best first, as they are now", async () => {
  await using it = await desk({
    "src/session.ts": "",
    "src/session/turn.ts": "",
    "src/sessions.ts": "",
    "docs/My-Session.md": "",
    "gone-session.ts": "",
    "s/e/s.ts": "",
  })
  const { path } = await it.prepare("s.a")
  await rm(join(path, "gone-session.ts"))
  await put(path, "untracked-session.ts", "")
  await symlink("src/session.ts", join(path, "session-link"))
  expect(await it.fleet.findFiles(here, "SESSION", 10)).toEqual([
    "src/session.ts",
    "src/sessions.ts",
    "docs/My-Session.md",
    "untracked-session.ts",
    "src/session/turn.ts",
  ])
  expect(await it.fleet.findFiles(here, "session.ts", 2)).toEqual(["src/session.ts", "untracked-session.ts"])
  expect(await it.fleet.findFiles(here, "turnts", 5)).toEqual(["src/session/turn.ts"])
  expect(await it.fleet.findFiles(here, "none of them", 5)).toEqual([])
  expect(await it.fleet.findFiles(here, "", 0)).toEqual([])
})

test("the name itself comes before how it begins, what is in it, what is in the path, and letters in their order", () => {
  const best = ["x/api", "x/api.ts", "my-api.ts", "api/x.ts", "a/p/i.ts"]
  expect(ranked(best.toReversed(), "api")).toEqual(best)
})

/** Mulberry32: the same numbers each time. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
