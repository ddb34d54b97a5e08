import { createHash } from "node:crypto"
import { appendFile, mkdtempDisposable, readFile, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { telemetryLine } from "../../protocol/planning/telemetry.ts"
import { makeParents } from "./atomic-write.ts"
import { appendTelemetry, telemetryEventId, telemetryFileOf } from "./telemetry.ts"

const nowMs = Date.parse("2026-04-02T12:00:00.000Z")
const place = (): ReturnType<typeof mkdtempDisposable> => mkdtempDisposable(path.join(tmpdir(), "fleet-telemetry-"))
const linesOf = async (root: string): Promise<string[]> => (await readFile(telemetryFileOf(root), "utf8")).trimEnd().split("\n")

test("a line has the fields of the contract, in its order", async () => {
  await using root = await place()
  const logged = await appendTelemetry(root.path, { event: "agent-complete", agent: "a", session: "s", status: "success", meta: { wave: 1 } }, nowMs)
  expect(logged).toMatchObject({ appended: true, warning: null })
  const [line = ""] = await linesOf(root.path)
  const read = telemetryLine.parse(JSON.parse(line))
  expect(line).toBe(
    `{"schema":1,"timestamp":"2026-04-02T12:00:00.000Z","event":"agent-complete","agent":"a","session":"s","duration_ms":null,"status":"success",` +
      `"meta":{"wave":1},"campaign_slug":null,"run_id":"s","agent_id":"agent_a","task_id":null,"artifact_id":null,"parent_id":null,` +
      `"source_event_id":null,"event_id":"${logged.eventId}","_hash":"${read._hash}","_hash_v":1}`,
  )
})

test("the hash is that of the record with its keys in order", async () => {
  await using root = await place()
  await appendTelemetry(
    root.path,
    { event: "wave-start", agent: "fleet", session: "s", meta: { wave: 1, agents: ["b", "a"], nested: { z: 1, a: [{ y: 1, b: 2 }] } } },
    nowMs,
  )
  const { _hash, _hash_v: version, ...body } = telemetryLine.parse(JSON.parse((await linesOf(root.path))[0] ?? ""))
  const meta = '{"agents":["b","a"],"nested":{"a":[{"b":2,"y":1}],"z":1},"wave":1}'
  const canonical =
    `{"agent":"fleet","agent_id":"agent_fleet","artifact_id":null,"campaign_slug":null,"duration_ms":null,"event":"wave-start","event_id":"${body.event_id}",` +
    `"meta":${meta},"parent_id":null,"run_id":"s","schema":1,"session":"s","source_event_id":null,"status":null,"task_id":null,"timestamp":"2026-04-02T12:00:00.000Z"}`
  expect([_hash, version]).toEqual([createHash("sha256").update(canonical).digest("hex"), 1])
})

test("what is not as it should be is told, and written all the same", async () => {
  await using root = await place()
  const logged = await appendTelemetry(root.path, { event: "lunch", agent: null, status: "fine", meta: "soup" }, nowMs)
  for (const field of ["event", "agent", "status", "meta"]) expect(logged.warning).toContain(`${field}: `)
  expect(logged.warning).toMatch(/^WARNING: invalid event schema — /)
  expect(JSON.parse((await linesOf(root.path))[0] ?? "")).toMatchObject({ event: "lunch", agent: null, agent_id: null, meta: "soup" })
})

test("an agent that timed out is no fault", async () => {
  await using root = await place()
  const event = { event: "agent-timeout", agent: "fleet-auth-w1-a3", session: "auth", status: "timed out", meta: { scope: "src/api", elapsed_ms: 900_000 } }
  expect((await appendTelemetry(root.path, event, nowMs)).warning).toBeNull()
})

test("what is projected again is not written again", async () => {
  await using root = await place()
  const eventId = telemetryEventId("run-1", "wave", "1")
  expect(eventId).toMatch(/^evt_[0-9a-f]{16}$/)
  expect(eventId).not.toBe(telemetryEventId("run-1", "wave1", ""))
  const event = { event: "wave-complete", agent: "fleet", eventId }
  expect((await appendTelemetry(root.path, event, nowMs)).appended).toBe(true)
  expect((await appendTelemetry(root.path, event, nowMs + 5_000)).appended).toBe(false)
  for (let n = 0; n < 50; n++) await appendTelemetry(root.path, { event: "agent-start", agent: `a${n}` }, nowMs)
  expect((await appendTelemetry(root.path, event, nowMs)).appended).toBe(false)
  expect(await linesOf(root.path)).toHaveLength(51)
})

test("a half line that somebody left takes no line with it", async () => {
  await using root = await place()
  await appendTelemetry(root.path, { event: "agent-start", agent: "a" }, nowMs)
  await appendFile(telemetryFileOf(root.path), '{"schema":1,"ti')
  await appendTelemetry(root.path, { event: "agent-start", agent: "b" }, nowMs)
  expect((await linesOf(root.path)).map((line) => telemetryLine.safeParse(jsonOf(line)).data?.agent)).toEqual(["a", undefined, "b"])
})

test("nothing is added to what a symlink leads to", async () => {
  await using root = await place()
  await using outside = await place()
  const theirs = path.join(outside.path, "theirs")
  await writeFile(theirs, "theirs\n")
  await makeParents(root.path, telemetryFileOf(root.path))
  await symlink(theirs, telemetryFileOf(root.path))
  await expect(appendTelemetry(root.path, { event: "agent-start", agent: "a" }, nowMs)).rejects.toMatchObject({ fault: { code: "is-symlink" } })
  expect(await readFile(theirs, "utf8")).toBe("theirs\n")
})

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return null
  }
}
