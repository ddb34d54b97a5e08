import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { expect, onTestFinished, test } from "vitest"
import { emptyHarness } from "../../protocol/planning/harness.ts"
import { allowSession, countSession, readHarness, readSessionAllow, writeConsent } from "./harness.ts"

const program = (name: string): string => new URL(`../../../test/fixtures/programs/${name}`, import.meta.url).pathname

async function project(text?: string): Promise<{ root: string; text: () => Promise<string>; files: () => Promise<string[]> }> {
  const root = await mkdtemp(path.join(tmpdir(), "fleet-harness-"))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const folder = path.join(root, ".claude")
  if (text !== undefined) {
    await mkdir(folder)
    await writeFile(path.join(folder, "harness.json"), text)
  }
  return { root, text: () => readFile(path.join(folder, "harness.json"), "utf8"), files: async () => (await readdir(folder)).toSorted() }
}

test("a project without harness.json has the defaults and nothing to say", async () => {
  const { root } = await project()
  expect(await readHarness(root)).toEqual({ ...emptyHarness, notice: null })
})

test("timeouts of the agents are read from .claude/harness.json", async () => {
  const { root } = await project('{"agentTimeouts": {"skill": 1000, "research": 2000, "build": 3000}}')
  expect((await readHarness(root)).timeoutsMs).toEqual({ skill: 1_000, research: 2_000, build: 3_000 })
})

test("consent is kept under consent.fleetSpawn, and everything else in the file stays as it was", async () => {
  const before = '{\n    "protectedFiles": [".env",   "x"],\n    "consent": { "externalActions": "always-ask" },\n    "n": 1.0\n}\n'
  const { root, text, files } = await project(before)
  expect(await writeConsent(root, "fleetSpawn", "auto-allow")).toBeNull()
  expect(await text()).toBe(before.replace('"always-ask"', '"always-ask", "fleetSpawn": "auto-allow"'))
  expect((await readHarness(root)).consent).toEqual({ externalActions: "always-ask", daemonSpend: null, fleetSpawn: "auto-allow" })
  expect(await files()).toEqual(["harness.json"])
})

test("the first answer makes the file", async () => {
  const { root, text } = await project()
  await writeConsent(root, "fleetSpawn", "always-ask")
  expect(await text()).toBe('{\n  "consent": {\n    "fleetSpawn": "always-ask"\n  }\n}\n')
})

test.each(["{ not json", "", "[1]", '{"a": 1,}'])("a harness.json that is %j is never written over: copied aside, said, and gone on", async (bad) => {
  const { root, text, files } = await project(bad)
  const { notice, ...harness } = await readHarness(root)
  expect(harness).toEqual(emptyHarness)
  expect(notice?.code).toBe("harness-unreadable")
  await readHarness(root)
  expect(await text()).toBe(bad)
  const copies = (await files()).filter((name) => name.startsWith("harness.json.unreadable-"))
  expect(copies).toHaveLength(1)
  expect(notice?.fix).toContain(copies[0])

  expect((await writeConsent(root, "fleetSpawn", "auto-allow"))?.code).toBe("harness-unreadable")
  expect((await countSession(root, { campaign: true, cleanMerge: true }))?.code).toBe("harness-unreadable")
  expect(await text()).toBe(bad)
  expect(await readFile(path.join(root, ".claude", copies[0] ?? ""), "utf8")).toBe(bad)
  expect(await files()).toEqual(["harness.json", ...copies])
})

test("a field that is not understood is told and left alone, and nothing is written in its place", async () => {
  const before = '{"agentTimeouts": {"build": "30m"}, "consent": [1]}'
  const { root, text, files } = await project(before)
  expect((await readHarness(root)).notice).toMatchObject({
    code: "harness-field",
    why: "agentTimeouts.build is not a number of milliseconds between 1000 and seven days; consent is no object",
  })
  expect(await writeConsent(root, "fleetSpawn", "auto-allow")).toMatchObject({ code: "harness-field", why: "consent is no object" })
  expect(await text()).toBe(before)
  expect(await countSession(root, { campaign: false, cleanMerge: false })).toBeNull()
  expect(await text()).toContain('"consent": [1]')
  expect(await text()).toContain('"build": "30m"')
  expect(await files()).toEqual(["harness.json"])
})

test("sessions are counted: campaigns and clean merges with them", async () => {
  const { root } = await project('{"trust": {"sessions_completed": 4, "override": null}}')
  await countSession(root, { campaign: true, cleanMerge: true })
  await countSession(root, { campaign: false, cleanMerge: true })
  await countSession(root, { campaign: true, cleanMerge: false, reverted: true })
  expect((await readHarness(root)).trust).toEqual({ sessions: 7, campaigns: 2, reverted: 1, cleanMerges: 1, override: null })
})

test("several processes that count at the same time lose nothing", async () => {
  const { root, files } = await project("{}")
  const run = promisify(execFile)
  await Promise.all([
    ...Array.from({ length: 3 }, () => run(process.execPath, [program("counts-sessions.ts"), root, "12"])),
    ...Array.from({ length: 12 }, () => countSession(root, { campaign: true, cleanMerge: false })),
    writeConsent(root, "fleetSpawn", "auto-allow"),
  ])
  expect(await readHarness(root)).toMatchObject({ trust: { sessions: 48, campaigns: 48 }, consent: { fleetSpawn: "auto-allow" }, notice: null })
  expect(await files()).toEqual(["harness.json"])
})

test("a process that is killed while it writes holds nobody up", async () => {
  const { root } = await project("{}")
  const holder = spawn(process.execPath, [program("holds-a-file-lock.ts"), path.join(root, ".claude", "harness.json")], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  await once(holder.stdout, "data")
  const counted = countSession(root, { campaign: false, cleanMerge: false })
  holder.kill("SIGKILL")
  await once(holder, "exit")
  await counted
  expect((await readHarness(root)).trust.sessions).toBe(1)
})

test("nothing is written through a .claude that leads out of the project", async () => {
  const [{ root }, { root: elsewhere }] = [await project(), await project()]
  await symlink(elsewhere, path.join(root, ".claude"))
  await writeFile(path.join(elsewhere, "harness.json"), "{ bad")
  expect((await readHarness(root)).notice).toMatchObject({
    code: "harness-unreadable",
    fix: "mend it; until then nothing is written to it, and it could not be copied",
  })
  expect(await writeConsent(root, "fleetSpawn", "auto-allow")).toMatchObject({ code: "leaves-project" })
  expect(await readdir(elsewhere)).toEqual(["harness.json"])
})

test("an allowance for the session is marked with its time", async () => {
  const { root } = await project()
  expect(await readSessionAllow(root, "fleetSpawn")).toBeNull()
  await allowSession(root, "fleetSpawn", 1_700_000_000_000)
  expect(await readSessionAllow(root, "fleetSpawn")).toBe(1_700_000_000_000)
  await writeFile(path.join(root, ".claude", "consent-session-fleetSpawn.json"), "{")
  expect(await readSessionAllow(root, "fleetSpawn")).toBeNull()
})
