/** The shapes of contract C.3, as the scripts of the seed leave them, where test/planning/scripts.test.ts does not show them already. */
import { expect, test } from "vitest"
import { telemetryLine } from "../../src/protocol/planning/telemetry.ts"
import { project } from "./project.ts"

// C.3.1 to C.3.3
test("telemetry: every flag has its place in the line, and no event of the list is warned of", async () => {
  await using here = await project()
  const log = "node .citadel/scripts/telemetry-log.cjs"
  const ids = "--run-id r --agent-id i --task-id t --parent-id p --source-event-id e"
  const ran = await here.sh(
    `${log} --event agent-start --agent a --session s --duration 5 --status partial --meta '{"a":1}' ${ids} && ${log} --event agent-fail`,
  )
  expect(ran).toMatchObject({ code: 0, stdout: "" })
  expect(ran.stderr).toContain("agent: ")
  expect(ran.stderr).not.toContain("event: ")
  const [line = {}, bare] = await here.lines(".planning/telemetry/agent-runs.jsonl")
  const { timestamp, event_id: eventId, _hash: hash, ...rest } = telemetryLine.parse(line)
  expect(rest).toEqual({
    schema: 1,
    event: "agent-start",
    agent: "a",
    session: "s",
    duration_ms: 5,
    status: "partial",
    meta: { a: 1 },
    campaign_slug: null,
    run_id: "r",
    agent_id: "i",
    task_id: "t",
    artifact_id: null,
    parent_id: "p",
    source_event_id: "e",
    _hash_v: 1,
  })
  expect([timestamp, eventId, hash]).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    expect.stringMatching(/^evt_[0-9a-f]{16}$/),
    expect.stringMatching(/^[0-9a-f]{64}$/),
  ])
  expect(Object.keys(bare ?? {})).toEqual(Object.keys(line))
})

// C.3.4, C.3.5
test("momentum.json has the keys of the contract, down to each list", async () => {
  await using here = await project()
  const write = (session: string): string =>
    `node .citadel/scripts/discovery-write.cjs --session ${session} --agent a --wave 1 --status failed --scope src/api --handoff '["Built it"]' --decisions '["Used jose"]' --failures '["no key"]'`
  expect((await here.sh(`${write("one")} && ${write("two")} && node .citadel/scripts/momentum-synthesize.cjs`)).code).toBe(0)
  const momentum = JSON.parse(await here.read(".planning/momentum.json")) as Record<string, unknown>
  const keys = ["schema", "updated", "discovery_count", "active_scopes", "recurring_decisions", "recent_failures", "recent_handoffs"]
  expect(Object.keys(momentum)).toEqual(keys)
  const keysOf = (list: string): string[] => Object.keys((momentum[list] as object[])[0] ?? {})
  expect(keysOf("active_scopes")).toEqual(["scope", "session_count", "last_worked"])
  expect(keysOf("recurring_decisions")).toEqual(["decision", "count", "session_count", "last_seen"])
  expect(keysOf("recent_failures")).toEqual(["failure", "agent", "session", "timestamp"])
  expect(keysOf("recent_handoffs")).toEqual(["item", "session", "agent", "timestamp"])
})

// C.1.26
test("the seed's line for a map slice prints the block, and nothing of a project that is no checkout", async () => {
  await using here = await project({ "src/till.py": "def count_money(): pass\n" })
  const line = 'node scripts/map-index.js --query "money till" --max-files 15'
  expect(await here.sh(line)).toMatchObject({ code: 2, stdout: "" })
  const slice = await here.sh(`git init -q && ${line}`)
  expect(slice).toMatchObject({ code: 0, stderr: "" })
  expect(slice.stdout).toMatch(/^=== MAP SLICE ===\nQuery: money till\n.*src\/till\.py.*\n=== END MAP SLICE ===\n$/)
})
