import { mkdtemp, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { makeHomeDirectory } from "./home.ts"

test("a home is made with all that leads to it, for its owner alone, and a second time nothing changes", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "fleet-home-"))
  try {
    const home = path.join(root, "a", "b")
    makeHomeDirectory(home)
    makeHomeDirectory(home)
    expect((await stat(home)).mode & 0o777).toBe(0o700)
  } finally {
    await rm(root, { recursive: true })
  }
})

test("where no home can be, the reason is said: below a file, and below /proc, where nothing can be made", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "fleet-home-"))
  try {
    const file = path.join(root, "file")
    await writeFile(file, "")
    for (const home of [file, path.join(file, "x", "y")])
      expect(() => makeHomeDirectory(home)).toThrow(
        expect.objectContaining({ fault: expect.objectContaining({ code: "home-unusable", why: `${file} is no directory` }) }),
      )
    if (process.platform !== "linux") return
    expect(() => makeHomeDirectory("/proc/nope/deep")).toThrow(expect.objectContaining({ fault: expect.objectContaining({ code: "home-unusable" }) }))
  } finally {
    await rm(root, { recursive: true })
  }
})
