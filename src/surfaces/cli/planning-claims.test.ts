import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtempDisposable, readdir, readFile, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { fleet, jsonLines, type Ran } from "./testing/fleet.ts"

const place = (): ReturnType<typeof mkdtempDisposable> => mkdtempDisposable(path.join(tmpdir(), "fleet-planning-"))
const planning = (root: string, ...args: string[]): Promise<Ran> => fleet(["planning", ...args], { home: root })
const claims = (root: string): string => path.join(root, ".planning/coordination/claims")

test("the lines of Citadel's own script give what they give there", async () => {
  await using root = await place()
  expect((await planning(root.path, "generate-id")).stdout).toMatch(/^agent-[0-9a-f]{8}\n$/)
  const script: [string[], Partial<Ran>][] = [
    [["register", "--id", "a1"], { code: 0, stdout: "Registered instance: a1\n" }],
    [["claim", "--id", "a1", "--scope", "src/api, src/ui", "--type", "build", "--desc", "x"], { code: 0, stdout: "Claimed scope: src/api, src/ui\n" }],
    [["check-overlap", "--scope", "src/api/auth"], { code: 1, stdout: "OVERLAP with a1: src/api, src/ui\n" }],
    [["check-overlap", "--scope", "src/api-v2"], { code: 0, stdout: "No overlap detected\n" }],
    // The original sees nothing here, and an overlap above.
    [["check-overlap", "--scope", "docs,./src/ui"], { code: 1, stdout: "OVERLAP with a1: src/api, src/ui\n" }],
    [["check-overlap", "--scope", "src/**"], { code: 1, stdout: "OVERLAP with a1: src/api, src/ui\n" }],
    [["check-overlap", "--scope", "src/api (read-only)"], { code: 0, stdout: "No overlap detected\n" }],
    [["claim", "--id", "a2", "--scope", "src/ui/login.ts"], { code: 1, stdout: "", stderr: "Scope overlap with a1: src/api, src/ui\n" }],
    [["heartbeat", "--id", "a1"], { code: 0, stdout: "", stderr: "" }],
    [["heartbeat", "--id", "a9"], { code: 1, stdout: "", stderr: "Instance not found: a9\n" }],
    // The original releases a living claim here: the pid that it registered is that of the shell of the call.
    [["sweep"], { code: 0, stdout: "Sweep complete. Cleaned 0 instance(s).\n" }],
    [["release", "--id", "a1"], { code: 0, stdout: "Released claim for: a1\n" }],
    [["release", "--id", "a1"], { code: 0, stdout: "No claim found for: a1\n" }],
    [["unregister", "--id", "a1"], { code: 0, stdout: "Unregistered instance: a1\n" }],
  ]
  for (const [args, printed] of script) expect(await planning(root.path, ...args), args.join(" ")).toMatchObject(printed)
}, 60_000)

test("coordination shows instances and claims, those of others without their control characters", async () => {
  await using root = await place()
  expect((await planning(root.path, "coordination")).stdout).toBe("\n=== Active Instances ===\n  (none)\n\n=== Active Claims ===\n  (none)\n\n")
  await mkdir(claims(root.path), { recursive: true })
  await writeFile(path.join(claims(root.path), "x.json"), JSON.stringify({ scope: ["src"], type: "\u001b[2Jbuild\nforged" }))
  await writeFile(path.join(claims(root.path), "y.json"), "{")
  const ran = await planning(root.path, "coordination")
  expect(ran.stdout).toContain("  x | scope: src | type: build forged\n")
  expect(ran.stderr).toContain("y.json cannot be read: it is not JSON")
})

test("sweep says in the contract's words whose claim was orphaned, and gives the work back as JSON", async () => {
  await using root = await place()
  const child = spawn("true")
  const pid = child.pid ?? 0
  await once(child, "exit")
  const longAgo = new Date(Date.now() - 3 * 60 * 60_000).toISOString()
  const id = "fleet-auth-refactor-w1-a3"
  const orphan = async (): Promise<void> => {
    for (const folder of ["claims", "instances"]) await mkdir(path.join(root.path, ".planning/coordination", folder), { recursive: true })
    await writeFile(
      path.join(claims(root.path), `${id}.json`),
      JSON.stringify({ instanceId: id, type: "build", scope: ["src/auth/"], description: "auth", claimedAt: longAgo }),
    )
    const instance = { instanceId: id, startedAt: longAgo, lastSeen: longAgo, status: "active", pid, campaignSlug: null }
    await writeFile(path.join(root.path, ".planning/coordination/instances", `${id}.json`), JSON.stringify(instance))
  }
  await orphan()
  const swept = await planning(root.path, "sweep")
  expect(swept.stderr).toBe(`Dead instance ${id} left orphaned claim on src/auth/\n`)
  expect(swept.stdout).toBe(`Swept: ${id} (stale)\nSweep complete. Cleaned 1 instance(s).\n`)
  expect(await readdir(claims(root.path))).toEqual([])
  await orphan()
  expect(jsonLines((await planning(root.path, "sweep", "--json")).stdout)[0]).toMatchObject({
    requeue: [{ instanceId: id, type: "build", scope: ["src/auth/"], description: "auth" }],
  })
})

test("the project is CLAUDE_PROJECT_DIR when that is set", async () => {
  await using root = await place()
  await using elsewhere = await place()
  await fleet(["planning", "claim", "--id", "a", "--scope", "src/{a,b},docs"], { home: elsewhere.path, env: { CLAUDE_PROJECT_DIR: root.path } })
  expect(JSON.parse(await readFile(path.join(claims(root.path), "a.json"), "utf8"))).toMatchObject({
    type: "unknown",
    scope: ["src/{a,b}", "docs"],
    description: "",
  })
  expect(await readdir(elsewhere.path)).toEqual([])
})

test.each([
  [["claim", "--id", "a"], "--scope is missing"],
  [["claim", "--scope", "src"], "--id is missing"],
  [["claim", "--id", "../x", "--scope", "src"], "is no instance id"],
  [["claim", "--id", "a", "--scope", "../other"], "outside of the repository"],
  [["claim", "--id", "a", "--scope", " , "], "no scope is named"],
  [["register", "--id", "a", "--pid", "-1"], "is no process"],
])("%j is refused with what to do, and nothing is written", async (args, what) => {
  await using root = await place()
  const ran = await planning(root.path, ...args)
  expect([ran.code, ran.stdout]).toEqual([2, ""])
  expect(ran.stderr).toContain(what)
  expect(ran.stderr).toContain("fix")
  expect(await readdir(root.path)).toEqual([])
})

test("of six commands that claim the same paths at once exactly one succeeds, round after round", async () => {
  await using root = await place()
  for (let round = 0; round < 5; round++) {
    const ran = await Promise.all(Array.from({ length: 6 }, (_, at) => planning(root.path, "claim", "--id", `i${at}-${round}`, "--scope", `src/r${round}`)))
    expect(ran.map(({ code }) => code).toSorted((a, b) => (a ?? -1) - (b ?? -1))).toEqual([0, 1, 1, 1, 1, 1])
    const winner = ran.findIndex(({ code }) => code === 0)
    expect(await readdir(claims(root.path))).toContain(`i${winner}-${round}.json`)
    for (const one of ran) if (one.code !== 0) expect(one.stderr).toBe(`Scope overlap with i${winner}-${round}: src/r${round}\n`)
  }
  expect(await readdir(claims(root.path))).toHaveLength(5)
}, 120_000)
