import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { countOnce } from "./count-once.ts"
import { readHarness } from "./harness.ts"

async function project(text?: string) {
  const home = await mkdtemp(path.join(tmpdir(), "fleet-count-"))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  const root = path.join(home, "project")
  const harness = path.join(root, ".claude", "harness.json")
  await mkdir(path.dirname(harness), { recursive: true })
  if (text !== undefined) await writeFile(harness, text)
  const count = (key: string) => countOnce(path.join(home, "counted.json"), root, { key, completed: true, cleanMerge: true })
  return { root, harness, count }
}

test("a campaign is counted once, however often it is asked", async () => {
  const { root, count } = await project()
  for (const key of ["one", "one", "other"]) expect(await count(key)).toBeNull()
  expect((await readHarness(root)).trust).toMatchObject({ sessions: 2, campaigns: 2, cleanMerges: 2 })
})

test.each([
  ["harness-unreadable", '{ "trust": { // mine\n'],
  ["harness-field", '{ "trust": [1] }'],
])("a harness.json that nobody can read is told and left as it is, and the campaign counts when it is mended: %s", async (code, text) => {
  const { root, harness, count } = await project(text)
  expect(await count("one")).toMatchObject({ code })
  expect(await readFile(harness, "utf8")).toBe(text)
  await writeFile(harness, "{}")
  expect(await count("one")).toBeNull()
  expect((await readHarness(root)).trust.campaigns).toBe(1)
})
