import { mkdir, mkdtempDisposable, readdir, readFile, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { readDiscoveryRecord } from "../../domain/discovery/record.ts"
import { campaignResultOf } from "./campaign-result.ts"
import { appendDiscovery } from "./discoveries.ts"
import { propagateKnowledge } from "./knowledge.ts"

const nowMs = Date.parse("2026-04-02T12:00:00.000Z")
const place = (): ReturnType<typeof mkdtempDisposable> => mkdtempDisposable(path.join(tmpdir(), "fleet-knowledge-"))
const auth = { slug: "auth-refactor", direction: "Refactor auth", scopes: ["src/api/auth"], items: ["Built JWT"] }

async function knowledge(root: string, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = path.join(root, ".planning/knowledge")
  await mkdir(directory, { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(directory, name), text)
  return directory
}

test("files about the same things get a dated entry, once; others none", async () => {
  await using root = await place()
  const directory = await knowledge(root.path, { "auth-patterns.md": "# Auth\n", "api.md": "All under src/api/auth.\n", "db.md": "# DB\n" })
  expect(await propagateKnowledge(root.path, auth, nowMs)).toEqual({
    written: [path.join(directory, "api.md"), path.join(directory, "auth-patterns.md")],
    already: [],
    pending: [],
  })
  const text = await readFile(path.join(directory, "auth-patterns.md"), "utf8")
  expect(text).toContain("## Related Work\n\n- 2026-04-02 campaign `auth-refactor`")
  expect(await propagateKnowledge(root.path, auth, nowMs + 9e9)).toMatchObject({ written: [], pending: [] })
  expect(await readFile(path.join(directory, "auth-patterns.md"), "utf8")).toBe(text)
  expect(await readFile(path.join(directory, "db.md"), "utf8")).toBe("# DB\n")
})

test("where there is no knowledge yet, the campaign gets a file of its own", async () => {
  await using root = await place()
  const { written } = await propagateKnowledge(root.path, auth, nowMs)
  expect(written).toEqual([path.join(root.path, ".planning/knowledge/auth-refactor.md")])
  expect(await propagateKnowledge(root.path, auth, nowMs)).toEqual({ written: [], already: written, pending: [] })
})

test("what cannot be written is pending, and nothing outside the project is touched", async () => {
  await using root = await place()
  await using outside = await place()
  await mkdir(path.join(root.path, ".planning"))
  await symlink(outside.path, path.join(root.path, ".planning/knowledge"))
  const { written, pending } = await propagateKnowledge(root.path, auth, nowMs)
  expect(written).toEqual([])
  expect(pending).toMatchObject([{ slug: "auth-refactor", why: expect.stringContaining("out of the project") }])
  expect(await readdir(outside.path)).toEqual([])
})

test("a campaign is known by its session file and by the discoveries of its session", async () => {
  await using root = await place()
  expect(await campaignResultOf(root.path, "auth")).toBeNull()
  const record = readDiscoveryRecord({
    timestamp: "2026-04-01T10:00:00.000Z",
    session: "fleet-auth",
    scope: ["src/api"],
    decisions: ["jose"],
    handoff_items: ["JWT"],
  })
  if (record === null) throw new Error("no record")
  await appendDiscovery(root.path, record)
  expect(await campaignResultOf(root.path, "auth")).toEqual({ slug: "auth", direction: null, scopes: ["src/api"], items: ["jose", "JWT"] })
  await mkdir(path.join(root.path, ".planning/fleet"))
  await writeFile(path.join(root.path, ".planning/fleet/session-auth.md"), "# Fleet Session: auth\n\nStatus: completed\nDirection: Refactor auth\n")
  expect(await campaignResultOf(root.path, "auth")).toMatchObject({ direction: "Refactor auth" })
  expect(await campaignResultOf(root.path, "../../etc/passwd")).toBeNull()
})
