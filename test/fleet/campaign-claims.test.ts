/** Who holds what: the files of others keep our tasks out, ours are there while we work, and what the dead left is freed. */
import { execFileSync } from "node:child_process"
import { mkdir, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test, vi } from "vitest"
import { eventually } from "../eventually.ts"
import { campaignOf, checkoutOf, handsOff, module, namesIn, plan, planningFile, section, sessionFileWith, textOf, tidied, writes } from "./campaigns.ts"
import { describe as told, scenario, type Scenario } from "./scenario.ts"

/** Whole campaigns: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 180_000 })

const hour = 60 * 60_000

interface Other {
  readonly scope: string
  /** Of its claim and its last sign. */
  readonly agoMs: number
}

/** Somebody else's files in `.planning/coordination`. */
async function somebodyClaims(fleet: Scenario, id: string, { scope, agoMs }: Other): Promise<void> {
  const at = new Date(Date.now() - agoMs).toISOString()
  for (const folder of ["claims", "instances"]) await mkdir(planningFile(fleet, "coordination", folder), { recursive: true })
  const instance = { instanceId: id, startedAt: at, lastSeen: at, status: "active", pid: null, campaignSlug: null }
  await writeFile(planningFile(fleet, "coordination", "instances", `${id}.json`), JSON.stringify(instance))
  await writeFile(claimFile(fleet, id), JSON.stringify({ instanceId: id, type: "builder", scope: [scope], description: "theirs", claimedAt: at }))
}

const claimFile = (fleet: Scenario, id: string): string => planningFile(fleet, "coordination", "claims", `${id}.json`)
const claims = (fleet: Scenario): Promise<string[]> => namesIn(planningFile(fleet, "coordination", "claims"))

test("a claim of somebody else keeps a task out until it is gone, that of a dead one is freed and said, and ours are there while we work", async () => {
  await using fleet = await scenario({ slots: 4 })
  await somebodyClaims(fleet, "agent-0a0a0a0a", { scope: "src/api/", agoMs: 0 })
  await somebodyClaims(fleet, "agent-dead0000", { scope: "src/docs", agoMs: 3 * hour })
  const gate = path.join(fleet.home, "gate")
  execFileSync("mkfifo", [gate])
  const waits = `[[run cmd="cat ${gate}"]] ${writes("src/web/web.txt", "web")} ${handsOff("Built: web")}`
  const slug = await fleet.start(campaignOf(fleet, { plan: plan([module("api"), module("web", { does: waits }), module("docs")]) }))
  await fleet.untilProgram("cat")
  const during = await fleet.until("docs is proved", ({ tasks }) => tasks.some(({ key, status }) => key === "docs" && status === "proved"))
  expect(during.waves[0]).toMatchObject({ tasks: ["web", "docs"] })
  expect(during.waves[0]?.moved.join()).toMatch(/api.*agent-0a0a0a0a/)
  const ours = `fleet-${slug}-w1-a1`
  await eventually("our claim is there", async () => (await claims(fleet)).includes(`${ours}.json`))
  expect(JSON.parse(await textOf(claimFile(fleet, ours)))).toMatchObject({ instanceId: ours, type: "builder", scope: ["src/web"] })
  await eventually("we are there", async () => (await namesIn(planningFile(fleet, "coordination", "instances"))).includes(`${ours}.json`))
  expect(await claims(fleet)).not.toContain("agent-dead0000.json")
  await eventually("its workspace bears its mark", async () => (await textOf(path.join(await checkoutOf(fleet, "web"), ".fleet-instance-id"))) === `${ours}\n`)

  await writeFile(gate, "")
  await fleet.until("the first wave is over", ({ waves }) => waves[0]?.open === false)
  await rm(claimFile(fleet, "agent-0a0a0a0a"))
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("done")
  expect(run.waves.map(({ tasks }) => tasks)).toEqual([["web", "docs"], ["api"]])
  expect(await fleet.repo.git("ls-tree", "-r", "--name-only", "main")).not.toContain(".fleet-instance-id")
  const text = await sessionFileWith(fleet, slug, "Status: completed")
  expect(section(text, "Warnings")).toContain("Dead instance agent-dead0000 left orphaned claim on src/docs")
  await eventually("our claims are gone", async () => (await claims(fleet)).length === 0)
  await eventually("we are gone", async () => (await namesIn(planningFile(fleet, "coordination", "instances"))).join() === "agent-0a0a0a0a.json")
  expect(await tidied(fleet)).toEqual([])
})

test("who claims a path in the instant before our agent is there has it: our task goes into a later wave", async () => {
  await using fleet = await scenario({ slots: 4 })
  await mkdir(planningFile(fleet, "coordination", "claims"), { recursive: true })
  const rival = claimFile(fleet, "agent-0b0b0b0b")
  const once = path.join(fleet.home, "claimed-once")
  const claim = JSON.stringify({ instanceId: "agent-0b0b0b0b", type: "builder", scope: ["src/docs"], description: "", claimedAt: new Date().toISOString() })
  // The setup of our own workspace is the last instant before its claim is taken.
  const setup = `case "$(git branch --show-current)" in */docs) test -e '${once}' || { touch '${once}'; printf '%s' '${claim}' > '${rival}'; } ;; esac`
  await fleet.start(campaignOf(fleet, { plan: plan([module("api"), module("web"), module("docs")], { setup }) }))
  const kept = await fleet.until("docs is kept out", ({ waves }) => waves[0]?.open === false)
  expect(kept.waves[0]).toMatchObject({ tasks: ["api", "web", "docs"], gaps: ["docs"] })
  const claimed = await fleet.until("the claim is seen", ({ tasks }) => tasks.some(({ key, reason }) => key === "docs" && reason.includes("agent-0b0b0b0b")))
  expect(claimed.waves).toHaveLength(1)
  await rm(rival)
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("done")
  expect(run.waves.map(({ tasks }) => tasks)).toEqual([["api", "web", "docs"], ["docs"]])
})
