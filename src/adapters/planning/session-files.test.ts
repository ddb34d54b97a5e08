import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { lookAtSessionFile, writeSessionFile } from "./session-files.ts"

const ours = "# Fleet Session: A site\n\nStatus: active\n"

async function project() {
  const home = await mkdtemp(path.join(tmpdir(), "fleet-sessions-"))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  const [root, kept] = [path.join(home, "project"), path.join(home, "kept")]
  await mkdir(path.join(root, ".planning", "fleet"), { recursive: true })
  const file = path.join(root, ".planning", "fleet", "session-site.md")
  return {
    file,
    write: (text: string, over: string | null = null) => writeSessionFile({ kept }, root, { slug: "site", text, over, keep: false }),
    look: () => lookAtSessionFile({ kept }, root, "site"),
    aside: async () => {
      const names = (await readdir(path.dirname(file))).filter((name) => name.startsWith("session-site.md.unreadable-"))
      return Promise.all(names.map((name) => readFile(path.join(path.dirname(file), name), "utf8")))
    },
  }
}

test("an edit is told and not written over before somebody has seen it; one that can be read leaves no copy", async () => {
  const { file, write, look, aside } = await project()
  expect(await write(ours)).toBeNull()
  expect(await look()).toBeNull()
  const edited = `${ours}\n## Notes of mine\n`
  await writeFile(file, edited)
  expect(await write("# Fleet Session: newer\n")).toEqual({ slug: "site", written: ours, found: edited })
  expect(await readFile(file, "utf8")).toBe(edited)
  expect(await write("# Fleet Session: newer\n", edited)).toBeNull()
  expect(await readFile(file, "utf8")).toBe("# Fleet Session: newer\n")
  expect(await aside()).toEqual([])
})

test("what nobody can read as a session file is kept beside it, also when it is too large to be looked at", async () => {
  const { file, write, aside } = await project()
  await write(ours)
  await writeFile(file, "all my notes\n")
  expect(await write(ours, "all my notes\n")).toBeNull()
  expect(await aside()).toEqual(["all my notes\n"])
  const large = "x".repeat(3 * 1024 * 1024)
  await writeFile(file, large)
  expect(await write(ours)).toBeNull()
  expect((await aside()).toSorted((a, b) => a.length - b.length).at(-1)).toBe(large)
  expect(await readFile(file, "utf8")).toBe(ours)
})
