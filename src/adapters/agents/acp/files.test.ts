import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { readWithin } from "./files.ts"

let root = ""
const read = async (name: string, range: { line?: number; limit?: number } = {}): Promise<string> =>
  (await readWithin(path.join(root, "w"), { sessionId: "s", path: name, ...range })).content

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "fleet-files-"))
  await mkdir(path.join(root, "w"))
  await writeFile(path.join(root, "w/a.txt"), "1\n2\n3\n")
  await writeFile(path.join(root, "secret"), "secret")
  await symlink(path.join(root, "secret"), path.join(root, "w/link"))
})
afterEach(() => rm(root, { recursive: true }))

test("a file of the workspace is read, whole or in part", async () => {
  expect(await read("a.txt")).toBe("1\n2\n3\n")
  expect(await read(path.join(root, "w/a.txt"), { line: 2, limit: 1 })).toBe("2")
})

test("a file outside is refused, also through a symbolic link; one that is not there is told", async () => {
  await expect(read("../secret")).rejects.toThrow(/outside/)
  await expect(read("link")).rejects.toThrow(/outside/)
  await expect(read("nothing")).rejects.toThrow(/not found/)
})
