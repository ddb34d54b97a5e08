import { execFile } from "node:child_process"
import { lstat, mkdtempDisposable, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { expect, test } from "vitest"
import { repository } from "../../../test/repository.ts"
import { markWorkspace } from "./instance-mark.ts"

const environment = { PATH: process.env["PATH"] }
const run = promisify(execFile)

test("a symlink in the place of the mark is replaced, and what it leads to is left alone", async () => {
  await using repo = await repository({ "a.txt": "one\n" })
  await using outside = await mkdtempDisposable(path.join(tmpdir(), "fleet-mark-"))
  const [mark, theirs, nothing] = [path.join(repo.path, ".fleet-instance-id"), path.join(outside.path, "theirs"), path.join(outside.path, "nothing")]
  await writeFile(theirs, "theirs\n")
  for (const to of [theirs, nothing]) {
    await rm(mark, { force: true })
    await symlink(to, mark)
    await markWorkspace(repo.path, "fleet-a-w1-a1", environment)
    expect((await lstat(mark)).isFile()).toBe(true)
    expect(await readFile(mark, "utf8")).toBe("fleet-a-w1-a1\n")
  }
  expect(await readFile(theirs, "utf8")).toBe("theirs\n")
  expect(await readFile(nothing, "utf8").catch(() => null)).toBeNull()
})

test("a pipe in the place of git's own list is told, and not waited for", async () => {
  await using repo = await repository({ "a.txt": "one\n" })
  const exclude = path.join(repo.path, ".git/info/exclude")
  await rm(exclude, { force: true })
  await run("mkfifo", [exclude])
  await expect(markWorkspace(repo.path, "fleet-a-w1-a1", environment)).rejects.toMatchObject({ fault: { code: "exclude-unusable" } })
})
