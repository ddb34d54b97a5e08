import { mkdir, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { eventually } from "../../../test/eventually.ts"
import { campaign, recording, rowOf, streams, type Recording } from "../../../test/world/recording.ts"
import { theWorker } from "../../../test/world/world.ts"
import { id } from "../../domain/ids.ts"

const handoff =
  "Done.\n---HANDOFF---\n- built: sign-in by token\n- decisions: chose jose over jsonwebtoken\n- discoveries: the API allows 100 requests a minute\n---"

const events = async (of: Recording): Promise<unknown[]> => (await of.telemetry()).map(({ event }) => event)

// C.1.49 to C.1.53, C.1.96, C.1.99
test("a campaign's session file is there as soon as it begins, with its queue and whose turn it is", async () => {
  await using of = await campaign()
  await of.record()
  const text = await of.session()
  for (const line of ["# Fleet Session: a plan", "Status: active", "Started: 2026-04-01T10:00:00.000Z", "Direction: a direction"])
    expect(text.split("\n")).toContain(line)
  expect(await rowOf(of, "Build api")).toMatch(/^\| 1 \| Build api \| src\/api\/? \| none \| active \| 1 \| builder \|/)
  expect(await rowOf(of, "Wire it")).toMatch(/^\| 4 \| Wire it \| src\/api\/?, ?src\/ui\/? \| 1,2 \| pending \| 2 \| wirer \|/)
  expect(of.complaints).toEqual([])
})

// C.1.17, C.1.30, C.1.33, C.1.38, C.1.45, C.1.87
test("what happens is one line of telemetry each, in the name of the instance", async () => {
  await using of = await campaign(streams)
  for (const key of ["api", "ui", "docs"]) await of.endTurn(key, { text: handoff })
  await of.record()
  const lines = await of.telemetry()
  expect(lines.map(({ event }) => event)).toEqual([
    "campaign-start",
    "wave-start",
    ...Array.from({ length: 3 }, () => "agent-start"),
    ...Array.from({ length: 3 }, () => "agent-complete"),
    "wave-complete",
    "campaign-complete",
  ])
  expect(lines[1]).toMatchObject({
    agent: "fleet",
    session: of.run,
    meta: { wave: 1, agents: ["build-api-builder", "build-ui-builder", "build-docs-builder"] },
  })
  expect(lines[5]).toMatchObject({ agent: `fleet-${of.run}-w1-a1`, status: "success", task_id: "api" })
  expect(lines.at(-2)).toMatchObject({ agent: "fleet", meta: { wave: 1, status: "complete" } })
  expect(JSON.parse(await of.read(".claude/harness.json"))).toMatchObject({ trust: { sessions_completed: 1 } })
})

// C.1.36, C.1.37, C.1.46, C.1.71
test("what an agent found is a record for later sessions, a brief for the next wave, and part of the momentum", async () => {
  await using of = await campaign(streams)
  await of.endTurn("api", { text: handoff })
  await of.record()
  expect(JSON.parse((await of.read(".planning/discoveries/2026-04-01.jsonl")).trim())).toMatchObject({
    session: of.run,
    agent: "build-api-builder",
    wave: 1,
    status: "success",
    decisions: ["chose jose over jsonwebtoken"],
  })
  const briefs = await of.files(`.planning/fleet/briefs`)
  expect(briefs.length).toBe(1)
  expect(JSON.parse(await of.read(".planning/momentum.json"))).toMatchObject({ discovery_count: 1 })
})

// C.1.78, C.1.84
test("an agent that ran out of time is a line with its scope and its time, and is said in the session file", async () => {
  await using of = await campaign(streams)
  of.clock.pass(31 * 60_000)
  await eventually("the deadline rang", () => of.hub.state.tasks.every(({ state }) => state.name !== "running" || state.attempt.phase.name === "closing"))
  await of.goOn()
  await of.record()
  const timeout = (await of.telemetry()).find(({ event }) => event === "agent-timeout")
  expect(timeout).toMatchObject({ agent: `fleet-${of.run}-w1-a1`, meta: { scope: expect.stringContaining("src/api"), elapsed_ms: expect.any(Number) } })
  expect(await of.session()).toContain("**Status:** timed out")
  // Nothing landed: it is no session to trust somebody for.
  expect([...of.hub.state.runs.values()][0]?.status.name).toBe("settled")
  expect(await of.files(".claude")).toEqual([])
})

test("a recorder that is started again writes nothing twice and leaves nothing out, also when it does not know how far it was", async () => {
  await using of = await campaign(streams)
  await of.record()
  await of.endTurn("api", { text: handoff })
  await of.record()
  for (const key of ["ui", "docs"]) await of.endTurn(key, { text: handoff })
  await of.record()
  const [telemetry, session] = [await of.telemetry(), await of.session()]
  const discoveries = async (): Promise<string> => of.read(".planning/discoveries/2026-04-01.jsonl")
  const before = await discoveries()
  await of.forget()
  await of.record()
  expect(await of.telemetry()).toEqual(telemetry)
  expect(new Set(telemetry.map((line) => line["event_id"])).size).toBe(telemetry.length)
  expect(await discoveries()).toBe(before)
  expect(before.trim().split("\n")).toHaveLength(3)
  expect(await of.session()).toBe(session)
})

test("everything that happened while no recorder was there is written when one comes", async () => {
  await using of = await campaign(streams)
  for (const key of ["api", "ui", "docs"]) await of.endTurn(key, { text: handoff })
  await of.record()
  expect(await events(of)).toContain("campaign-complete")
  expect(await of.session()).toContain("Status: completed")
})

test("a session file that somebody deleted is written anew", async () => {
  await using of = await campaign(streams)
  await of.record()
  const { rm } = await import("node:fs/promises")
  await rm(path.join(of.root, ".planning/fleet"), { recursive: true })
  await of.record()
  expect(await of.session()).toContain("# Fleet Session: a plan")
})

test("the file of a campaign that is over is written anew where it is gone or cannot be read; what a person made of it waits for who goes on", async () => {
  await using of = await campaign(streams)
  for (const key of ["api", "ui", "docs"]) await of.endTurn(key, { text: handoff })
  await of.record()
  const text = await of.session()
  await of.edit(() => "\u0000 garbage\n")
  await of.record()
  expect(await of.session()).toBe(text)
  const { rm } = await import("node:fs/promises")
  await rm(path.join(of.root, ".planning/fleet"), { recursive: true })
  await of.record()
  expect(await of.session()).toBe(text)
  const wish = text.replace(/(\| 3 \|.*\n)/, "$1| 4 | Write the manual | docs/ | none | pending | - | writer |\n")
  await of.edit(() => wish)
  await of.record()
  expect(await of.session()).toBe(wish)
  await rm(path.join(of.root, ".planning"), { recursive: true })
  await rm(of.root, { recursive: true })
  await of.record()
  expect(await of.files(".")).toEqual([])
  expect(of.complaints).toEqual([])
})

test("a finding is recorded once, also when its agent has gone on to another wave before a hub that died reads of it again", async () => {
  await using of = await campaign(streams)
  await of.endTurn("api", { text: "---HANDOFF---\n- status: blocked\n- no key for the API\n---" })
  await of.record()
  const found = async (): Promise<string[]> => (await of.read(".planning/discoveries/2026-04-01.jsonl")).trim().split("\n")
  const before = await found()
  for (const key of ["ui", "docs"]) await of.endTurn(key)
  await of.hub.send({ type: "task.retry", task: id("run-aaaa/api") })
  await of.goOn()
  await of.forget()
  await of.record()
  expect((await found()).filter((line) => line.includes("no key for the API"))).toEqual(before)
})

test("a hub that starts before its worker mends the files of old campaigns when that has come", async () => {
  await using of = await campaign(streams)
  for (const key of ["api", "ui", "docs"]) await of.endTurn(key)
  await of.record()
  const text = await of.session()
  const { rm } = await import("node:fs/promises")
  await rm(path.join(of.root, ".planning/fleet"), { recursive: true })
  await of.hub.send({ type: "worker.leave", worker: theWorker, boot: id("b") })
  await using _ = of.recorder()
  await new Promise((resolve) => setImmediate(resolve))
  const offer = { boot: id<"boot">("b"), pid: 1, slots: 8, labels: [], agents: [] }
  await of.hub.send({ type: "worker.join", worker: theWorker, offer })
  await eventually("the file is there again", async () => {
    of.clock.pass(1_000)
    return (await of.session().catch(() => "")) === text
  })
})

test("what somebody reports by themselves is a record across sessions too, and in the momentum", async () => {
  await using of = await campaign(streams)
  await of.record()
  const report = { type: "discovery.report", session: null, task: null, text: "port 4711 is taken", paths: ["src/api"] } as const
  await of.hub.send({ ...report, commonDirectory: path.join(of.root, ".git") })
  await of.hub.send({ ...report, commonDirectory: "/elsewhere/.git" })
  await of.record()
  await of.forget()
  await of.record()
  const lines = (await of.read(".planning/discoveries/2026-04-01.jsonl")).trim().split("\n")
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ agent: "person", handoff_items: ["port 4711 is taken"], scope: ["src/api"] }),
  ])
  expect(await of.read(".planning/momentum.json")).toContain("port 4711 is taken")
})

// C.1.13, C.3
test("who works where is a claim and an instance, and is there no more when it has landed", async () => {
  await using of = await campaign(streams)
  await of.record()
  expect(await of.files(".planning/coordination/claims")).toEqual([1, 2, 3].map((n) => `fleet-${of.run}-w1-a${n}.json`))
  expect(JSON.parse(await of.read(`.planning/coordination/claims/fleet-${of.run}-w1-a1.json`))).toMatchObject({
    instanceId: `fleet-${of.run}-w1-a1`,
    scope: [expect.stringContaining("src/api")],
  })
  for (const key of ["api", "ui", "docs"]) await of.endTurn(key)
  await of.record()
  expect(await of.files(".planning/coordination/claims")).toEqual([])
})

test("a claim that others write while the campaign goes on is held, and its own are no strangers to it", async () => {
  await using of = await campaign()
  await of.record()
  const claim = { instanceId: "agent-1", type: "build", scope: ["web/"], description: "theirs", claimedAt: new Date(of.clock.now()).toISOString() }
  await mkdir(path.join(of.root, ".planning/coordination/instances"), { recursive: true })
  await writeFile(path.join(of.root, ".planning/coordination/claims/agent-1.json"), JSON.stringify(claim))
  const instance = { instanceId: "agent-1", startedAt: claim.claimedAt, lastSeen: claim.claimedAt, status: "active", pid: process.pid, campaignSlug: null }
  await writeFile(path.join(of.root, ".planning/coordination/instances/agent-1.json"), JSON.stringify(instance))
  await of.record()
  expect([...of.hub.state.taken.values()].map(({ holder }) => holder)).toEqual(["instance agent-1"])
})

test("a quick campaign, and a plan that somebody wrote, keep no files", async () => {
  await using of = await recording()
  await of.submit(streams, { waveSize: null }, { mode: "quick", record: false })
  await of.record()
  expect(await of.files(".planning/fleet")).toEqual([])
  expect(await of.files(".planning/telemetry")).toEqual([])
})

test("a recorder that goes on writes by itself when something happens, and sees what a person edits meanwhile", async () => {
  await using of = await campaign()
  await using _ = of.recorder()
  await eventually("the session file is there", () => of.session().catch(() => null))
  await of.endTurn("api", { text: handoff })
  await eventually("api's result is written", async () => (await of.session()).includes("sign-in by token"))
  await of.edit((text) => text.replace("Auto-continue: true", "Auto-continue: false"))
  await eventually("the edit is seen", () => {
    of.clock.pass(2_000)
    return [...of.hub.state.runs.values()].every(({ autoContinue }) => !autoContinue)
  })
})
