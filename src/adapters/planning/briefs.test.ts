import { mkdtempDisposable, readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { briefFileOf, compressOutput, readBriefs, writeBrief } from "./briefs.ts"

const place = (): ReturnType<typeof mkdtempDisposable> => mkdtempDisposable(path.join(tmpdir(), "fleet-briefs-"))

test("briefs stand in their directory, and those of earlier waves are read in order", async () => {
  await using root = await place()
  const file = await writeBrief(root.path, { session: "auth", wave: 1, agent: "api" }, "## Agent: api")
  expect(file).toBe(path.join(root.path, ".planning/fleet/briefs/auth-w1-api.md"))
  await writeBrief(root.path, { session: "auth", wave: 10, agent: "ui" }, "ten")
  await writeBrief(root.path, { session: "auth", wave: 2, agent: "ui" }, "two")
  await writeBrief(root.path, { session: "auth-two", wave: 1, agent: "x" }, "of another session")
  expect(await readBriefs(root.path, "auth", 11)).toEqual(["## Agent: api", "two", "ten"])
  expect(await readBriefs(root.path, "auth", 2)).toEqual(["## Agent: api"])
  expect(await readBriefs(root.path, "nobody", 9)).toEqual([])
})

test("no name leads out of the directory", () => {
  for (const name of ["../../x", "a/b", "", "..", "x\n"])
    expect(path.dirname(briefFileOf("/p", { session: name, wave: 1, agent: name }))).toBe("/p/.planning/fleet/briefs")
})

test("what the compression saved is noted", async () => {
  await using root = await place()
  const text = `${"I worked. ".repeat(500)}\n---HANDOFF---\n- Built it\n---\n`
  const brief = await compressOutput(root.path, { text, agent: "api" }, 0)
  expect(brief).toContain("**Built:** Built it")
  const line: unknown = JSON.parse(await readFile(path.join(root.path, ".planning/telemetry/compression-stats.jsonl"), "utf8"))
  expect(line).toEqual({
    timestamp: "1970-01-01T00:00:00.000Z",
    agent: "api",
    inputChars: text.length,
    outputChars: brief.length,
    ratio: Number((brief.length / text.length).toFixed(3)),
  })
})
