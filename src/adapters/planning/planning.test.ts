import { mkdir, mkdtempDisposable, readFile, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { gitIn, repository } from "../../../test/repository.ts"
import { HandClock } from "../../runtime/clock.ts"
import type { PlanningWrite } from "../../protocol/planning/record.ts"
import { openPlanning } from "./planning.ts"

const now = Date.UTC(2026, 3, 1, 10)
const instance = (scope: string[], instanceId = "fleet-auth-w1-a1") => ({
  instanceId,
  type: "builder",
  scope,
  description: "Build it",
  claimedAt: new Date(now).toISOString(),
  ours: [] as string[],
})

const claimOf = ({ ours: _ours, ...claim }: ReturnType<typeof instance>) => claim

async function desk() {
  const repo = await repository({ "a.txt": "one\n" })
  const kept = await mkdtempDisposable(path.join(tmpdir(), "fleet-kept-"))
  const open = () => openPlanning({ kept: kept.path, environment: { PATH: process.env["PATH"] }, clock: new HandClock(now) })
  return {
    root: repo.path,
    repo,
    fleet: open(),
    open,
    coordination: () => mkdir(path.join(repo.path, ".planning/coordination/claims"), { recursive: true }),
    [Symbol.asyncDispose]: async () => {
      await repo[Symbol.asyncDispose]()
      await kept[Symbol.asyncDispose]()
    },
  }
}

// C.1.86, C.4.8
test("a workspace carries the id of the instance that works in it, and git leaves it out without a file in the project", async () => {
  await using it = await desk()
  await it.fleet.enter(it.root, it.root, instance(["src/"]))
  expect(await readFile(path.join(it.root, ".fleet-instance-id"), "utf8")).toBe("fleet-auth-w1-a1\n")
  expect(await gitIn(it.root, "status", "--porcelain")).toBe("")
  await it.fleet.enter(it.root, it.root, instance(["src/"], "fleet-auth-w2-a1"))
  const exclude = await readFile(path.join(it.root, ".git/info/exclude"), "utf8")
  expect(exclude.split("\n").filter((line) => line === "/.fleet-instance-id")).toHaveLength(1)
  await it.fleet.leave(it.root)
  await it.fleet.leave(it.root)
  expect(await readFile(path.join(it.root, ".fleet-instance-id"), "utf8").catch(() => null)).toBeNull()
})

// C.1.61, C.1.92
test("where claims are kept, an instance claims its scopes, and one that somebody else has claimed is refused with who has it", async () => {
  await using it = await desk()
  await it.coordination()
  await it.fleet.enter(it.root, it.root, instance(["src/api/"]))
  expect(JSON.parse(await readFile(path.join(it.root, ".planning/coordination/claims/fleet-auth-w1-a1.json"), "utf8"))).toEqual(claimOf(instance(["src/api/"])))
  await expect(it.fleet.enter(it.root, it.root, instance(["src/api/auth"], "fleet-other-w1-a1"))).rejects.toMatchObject({
    fault: { code: "claim-held", why: expect.stringContaining("fleet-auth-w1-a1 has claimed") },
  })
})

test("a claim that another campaign of the same hub has left behind keeps nobody out: the hub has judged already", async () => {
  await using it = await desk()
  await it.coordination()
  await it.fleet.enter(it.root, it.root, instance(["src/api/"]))
  await it.fleet.enter(it.root, it.root, { ...instance(["src/"], "fleet-other-w1-a1"), ours: ["auth", "other"] })
  await expect(it.fleet.enter(it.root, it.root, { ...instance(["src/"], "fleet-third-w1-a1"), ours: ["third", "other"] })).rejects.toThrow(
    "fleet-auth-w1-a1 has claimed",
  )
})

test("a .planning that leads out of the project is told to whoever is about to start work there", async () => {
  await using it = await desk()
  await symlink(tmpdir(), path.join(it.root, ".planning"))
  const { notices } = await it.fleet.look(it.root, { slugs: [], files: [], sweep: true })
  expect(notices).toMatchObject([{ code: "leaves-project", why: expect.stringContaining("leads out of the project") }])
})

// C.1.99
test("where no claims are kept, none is written", async () => {
  await using it = await desk()
  await it.fleet.enter(it.root, it.root, instance(["src/api/"]))
  expect(await readFile(path.join(it.root, ".planning/coordination/claims/fleet-auth-w1-a1.json"), "utf8").catch(() => null)).toBeNull()
})

test("what is recorded again because nobody knows whether it was is there once: lines, discoveries, and counted campaigns", async () => {
  await using it = await desk()
  const record = { schema: 1, timestamp: new Date(now).toISOString(), session: "auth", agent: "a", wave: 1, scope: ["src"], status: "success" } as const
  const entry = {
    event: "wave-start",
    agent: "fleet",
    session: "auth",
    status: null,
    durationMs: null,
    meta: { wave: 1 },
    taskId: null,
    at: now,
    id: ["auth", "7"],
  } as const
  const writes: PlanningWrite[] = [
    { kind: "telemetry", entry },
    { kind: "discovery", record: { ...record, handoff_items: ["x"], decisions: [], files_touched: [], failures: [] } },
    { kind: "count", key: "auth:done", completed: true, cleanMerge: true },
  ]
  await mkdir(path.join(it.root, ".claude"))
  await writeFile(path.join(it.root, ".claude/harness.json"), "{}\n")
  await it.fleet.record(it.root, writes)
  await it.open().record(it.root, writes)
  const lines = async (file: string): Promise<string[]> => (await readFile(path.join(it.root, file), "utf8")).trim().split("\n")
  expect(await lines(".planning/telemetry/agent-runs.jsonl")).toHaveLength(1)
  expect(await lines(".planning/discoveries/2026-04-01.jsonl")).toHaveLength(1)
  expect(JSON.parse(await readFile(path.join(it.root, ".claude/harness.json"), "utf8"))).toMatchObject({
    trust: { sessions_completed: 1, campaigns_completed: 1, fleet_clean_merges: 1 },
  })
})

test("looking tells what others claim, and not what our own campaigns do", async () => {
  await using it = await desk()
  await it.coordination()
  await it.fleet.enter(it.root, it.root, instance(["src/api/"]))
  expect((await it.fleet.look(it.root, { slugs: ["auth"], files: [], sweep: false })).claims).toEqual([])
  expect((await it.fleet.look(it.root, { slugs: ["other"], files: [], sweep: false })).claims).toMatchObject([
    { instance: "fleet-auth-w1-a1", scopes: ["src/api/"], purpose: "Build it" },
  ])
})
