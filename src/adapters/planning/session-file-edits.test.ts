import { mkdir, mkdtempDisposable, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { lookAtSessionFile, sessionFilesOf, writeSessionFile } from "./session-files.ts"

async function place() {
  const home = await mkdtempDisposable(path.join(tmpdir(), "fleet-session-files-"))
  const root = path.join(home.path, "project")
  const kept = path.join(home.path, "kept")
  await mkdir(root)
  return {
    root,
    file: path.join(root, ".planning/fleet/session-auth.md"),
    write: (text: string, over: string | null = null) => writeSessionFile({ kept }, root, { slug: "auth", text, over, keep: false }),
    look: () => lookAtSessionFile({ kept }, root, "auth"),
    kept,
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  }
}

// C.1.96, C.1.99
test("a session file is written where no folder was, and what Fleet wrote is no edit", async () => {
  await using of = await place()
  expect(await of.write("one\n")).toBeNull()
  expect(await readFile(of.file, "utf8")).toBe("one\n")
  expect(await of.look()).toBeNull()
  expect(await of.write("two\n")).toBeNull()
})

test("nothing is written over an edit that nobody has looked at, also after a restart", async () => {
  await using of = await place()
  await of.write("one\n")
  await writeFile(of.file, "one, edited\n")
  expect(await of.write("two\n")).toEqual({ slug: "auth", written: "one\n", found: "one, edited\n" })
  expect(await readFile(of.file, "utf8")).toBe("one, edited\n")
  expect(await of.write("two\n", "one, edited\n")).toBeNull()
  expect(await readFile(of.file, "utf8")).toBe("two\n")
})

test("an edit that was changed again since it was looked at is an edit anew", async () => {
  await using of = await place()
  await of.write("one\n")
  await writeFile(of.file, "first edit\n")
  await writeFile(of.file, "second edit\n")
  expect(await of.write("two\n", "first edit\n")).toMatchObject({ found: "second edit\n" })
})

test("a file that somebody deleted is written anew", async () => {
  await using of = await place()
  await of.write("one\n")
  await rm(of.file)
  expect(await of.look()).toBeNull()
  expect(await of.write("two\n")).toBeNull()
})

test("a file that was there before Fleet wrote any is an edit of nothing", async () => {
  await using of = await place()
  await mkdir(path.dirname(of.file), { recursive: true })
  await writeFile(of.file, "a person's\n")
  expect(await of.write("one\n")).toEqual({ slug: "auth", written: null, found: "a person's\n" })
})

test("a hub that died while it wrote leaves a text that is known to be Fleet's", async () => {
  await using of = await place()
  await of.write("one\n")
  await of.write("two\n")
  // As it was before the last step: the new text is there, and is still kept under its other name.
  const { readdir, rename } = await import("node:fs/promises")
  const [shadow = ""] = await readdir(of.kept)
  await rename(path.join(of.kept, shadow), path.join(of.kept, `${shadow}.next`))
  await writeFile(path.join(of.kept, shadow), "one\n")
  expect(await of.look()).toBeNull()
})

test("session files are told the newest first, and what is none or too large is left out", async () => {
  await using of = await place()
  const folder = path.dirname(of.file)
  await mkdir(folder, { recursive: true })
  for (const [slug, at] of [
    ["old", 1_000],
    ["new", 2_000],
  ] as const) {
    await writeFile(path.join(folder, `session-${slug}.md`), slug)
    await utimes(path.join(folder, `session-${slug}.md`), at, at)
  }
  await writeFile(path.join(folder, "notes.md"), "x")
  await writeFile(path.join(folder, "session-huge.md"), "x".repeat(3 * 1024 * 1024))
  expect(await sessionFilesOf(of.root)).toEqual([
    { slug: "new", found: "new" },
    { slug: "old", found: "old" },
  ])
  expect(await sessionFilesOf(path.join(of.root, "nowhere"))).toEqual([])
})

test("nothing is written through a symlink that leads out of the project", async () => {
  await using of = await place()
  const outside = path.join(of.root, "..", "outside")
  await mkdir(outside)
  await mkdir(path.join(of.root, ".planning"))
  await symlink(outside, path.join(of.root, ".planning/fleet"))
  await of.write("one\n").catch(() => "refused")
  const { readdir } = await import("node:fs/promises")
  expect(await readdir(outside)).toEqual([])
})
