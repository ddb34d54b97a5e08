/** What a repository or an agent may leave where Fleet reads: pipes, which end only when somebody writes, and symlinks to what never ends. */
import { execFile } from "node:child_process"
import { lstat, mkdir, mkdtempDisposable, readdir, readFile, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { describe, expect, test } from "vitest"
import { FaultError } from "../../domain/fault.ts"
import { readDiscoveryRecord } from "../../domain/discovery/record.ts"
import { briefFileOf, readBriefs } from "./briefs.ts"
import { activeCampaigns } from "./campaign-files.ts"
import { campaignResultOf } from "./campaign-result.ts"
import { readClaims } from "./claims.ts"
import { placeDelegates, removeDelegates } from "./delegates.ts"
import { readNewDiscoveries } from "./discoveries.ts"
import { appendDiscoveryOnce } from "./discovery-once.ts"
import { readHarness, writeConsent } from "./harness.ts"
import { instanceEndings } from "./instance-endings.ts"
import { propagateKnowledge } from "./knowledge.ts"
import { momentumFileOf, readMomentum, synthesiseMomentum } from "./momentum.ts"
import { addPropagateScript } from "./npm-script.ts"
import { lookAtSessionFile, sessionFilesOf, writeSessionFile } from "./session-files.ts"
import { appendTelemetry, telemetryFileOf } from "./telemetry.ts"
import { becomeWatcher, isStillWatcher, runningWatcher, watcherPidFileOf } from "./watcher-pid.ts"

const run = promisify(execFile)
const now = Date.UTC(2026, 0, 1, 10)
const unreadable = { fault: { code: "record-unreadable" } }
const notAdded = { fault: { code: expect.stringMatching(/^(?:no-plain-file|is-symlink)$/) as string } }

async function project() {
  const home = await mkdtempDisposable(path.join(tmpdir(), "fleet-hostile-"))
  const [root, kept, theirs] = [path.join(home.path, "project"), path.join(home.path, "kept"), path.join(home.path, "theirs")]
  await mkdir(root)
  await writeFile(theirs, "theirs")
  return { root, kept, theirs, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() }
}
type Project = Awaited<ReturnType<typeof project>>

const kinds: Readonly<Record<string, (file: string, of: Project) => Promise<unknown>>> = {
  pipe: (file) => run("mkfifo", [file]),
  "symlink to what never ends": (file) => symlink("/dev/zero", file),
  "symlink to somebody else's file": (file, { theirs }) => symlink(theirs, file),
}

describe.each(Object.keys(kinds))("a %s", (kind) => {
  async function placed(file: string) {
    const it = await project()
    const at = path.join(it.root, file)
    await mkdir(path.dirname(at), { recursive: true })
    await kinds[kind]?.(at, it)
    return { ...it, file: at }
  }
  const stands = async (file: string): Promise<boolean> => !(await lstat(file)).isFile()

  test("in the place of a session file is no edit, and is put aside before the file is written", async () => {
    await using it = await placed(".planning/fleet/session-a.md")
    expect(await lookAtSessionFile(it, it.root, "a")).toBeNull()
    expect(await sessionFilesOf(it.root)).toEqual([])
    const write = { slug: "a", text: "# Fleet Session: A\n", over: null, keep: false }
    expect(await writeSessionFile(it, it.root, write)).toBeNull()
    expect(await readFile(it.file, "utf8")).toBe("# Fleet Session: A\n")
    const aside = (await readdir(path.dirname(it.file))).find((name) => name.includes(".unreadable-")) ?? ""
    expect(await stands(path.join(path.dirname(it.file), aside))).toBe(true)
    expect(await readFile(it.theirs, "utf8")).toBe("theirs")
  })

  test("among the discoveries is told, and nothing is added to it", async () => {
    await using it = await placed(".planning/discoveries/2026-01-01.jsonl")
    await expect(readNewDiscoveries(it.root, {}, () => undefined)).rejects.toMatchObject(unreadable)
    await expect(synthesiseMomentum(it.root, now)).rejects.toMatchObject(unreadable)
    const record = readDiscoveryRecord({ timestamp: new Date(now).toISOString(), session: "s", agent: "a" })
    if (record === null) throw new Error("no record")
    await expect(appendDiscoveryOnce(it.root, record)).rejects.toMatchObject(notAdded)
    expect(await stands(it.file)).toBe(true)
  })

  test("in the place of momentum.json, or of what is kept for it, is as one that cannot be understood", async () => {
    await using it = await placed(".planning/momentum.json")
    const { momentum, told } = await readMomentum(it.root)
    expect(momentum).toBeNull()
    expect(told).toHaveLength(1)
    await using other = await placed(".planning/discoveries/.momentum-state.json")
    expect((await synthesiseMomentum(other.root, now)).momentum.discovery_count).toBe(0)
    expect((await lstat(momentumFileOf(other.root))).isFile()).toBe(true)
  })

  test("among the briefs is told", async () => {
    await using it = await placed(path.relative("/", briefFileOf("/", { session: "a", wave: 1, agent: "x" })))
    await expect(readBriefs(it.root, "a", 2)).rejects.toMatchObject(unreadable)
  })

  test("in the place of a campaign's file says nothing of the campaign", async () => {
    await using it = await placed(".planning/campaigns/a.md")
    expect(await campaignResultOf(it.root, "a")).toBeNull()
    expect((await activeCampaigns(it.root)).unread).toHaveLength(1)
  })

  test("in the place of a claim claims nothing", async () => {
    await using it = await placed(".planning/coordination/claims/a.json")
    expect((await readClaims(it.root)).faults).toMatchObject([{ code: "planning-unreadable" }])
  })

  test("in the place of the watcher's pid is told, and names no process", async () => {
    await using it = await placed(".planning/discoveries/.watcher.pid")
    await expect(runningWatcher(it.root)).rejects.toMatchObject(unreadable)
    await expect(becomeWatcher(it.root)).rejects.toMatchObject(unreadable)
    expect(await isStillWatcher(it.root)).toBe(false)
    expect(await readdir(path.dirname(it.file))).toEqual([path.basename(watcherPidFileOf(it.root))])
  })

  test("in the place of the telemetry says of no end, and nothing is added to it", async () => {
    await using it = await placed(".planning/telemetry/agent-runs.jsonl")
    expect((await instanceEndings(it.root)).size).toBe(0)
    await expect(appendTelemetry(it.root, { event: "agent-start", agent: "a" }, now)).rejects.toMatchObject(notAdded)
    expect(await stands(telemetryFileOf(it.root))).toBe(true)
  })

  test("in the place of a campaign's knowledge is left, and the entry is still to be written", async () => {
    await using it = await placed(".planning/knowledge/a.md")
    const { written, pending } = await propagateKnowledge(it.root, { slug: "a", direction: null, scopes: [], items: ["x"] }, now)
    expect(written).toEqual([])
    expect(pending).toMatchObject([{ slug: "a", file: it.file }])
    expect(await stands(it.file)).toBe(true)
  })

  test("in the place of a script is somebody else's", async () => {
    await using it = await placed("scripts/map-index.js")
    const fleet = { node: "/usr/bin/node", cli: "/opt/fleet/cli.js" }
    for (const all of [await placeDelegates(it.root, fleet), await removeDelegates(it.root)])
      expect(all.find(({ file }) => file === "scripts/map-index.js")?.what).toBe("kept")
    expect(await stands(it.file)).toBe(true)
  })

  test("in the place of package.json cannot be read", async () => {
    await using it = await placed("package.json")
    expect(await addPropagateScript(it.root)).toBe("unreadable")
  })

  test("in the place of the lock of harness.json is told", async () => {
    await using it = await placed(".claude/.harness.json.lock")
    const told = await writeConsent(it.root, "fleetSpawn", "always-ask").catch((error: unknown) => (error instanceof FaultError ? error.fault : null))
    expect(told?.code).toBe("file-locked")
    expect(await readFile(it.theirs, "utf8")).toBe("theirs")
  })
})

test("harness.json may be a symlink of the person's, to a file", async () => {
  await using it = await project()
  await mkdir(path.join(it.root, ".claude"))
  const file = path.join(it.root, ".claude/harness.json")
  await writeFile(it.theirs, '{"consent": {"fleetSpawn": "always-ask"}}')
  await symlink(it.theirs, file)
  expect((await readHarness(it.root)).consent.fleetSpawn).toBe("always-ask")
})
