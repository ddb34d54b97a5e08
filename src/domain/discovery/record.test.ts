import { expect, test } from "vitest"
import { readDiscoveryRecord } from "./record.ts"

const whole = {
  schema: 1,
  timestamp: "2026-04-01T10:00:00.000Z",
  session: "auth",
  agent: "api",
  wave: 1,
  scope: ["src/api", "src/ui"],
  status: "success",
  handoff_items: ["Built it"],
  decisions: [],
  files_touched: ["src/api/a.ts"],
  failures: [],
}

test("a record is read as it was written", () => expect(readDiscoveryRecord(whole)).toEqual(whole))

test("what is missing or of another kind is empty", () => {
  expect(readDiscoveryRecord({ timestamp: whole.timestamp, scope: "src", wave: "2", handoff_items: ["a", 1, null, ""], session: 7 })).toEqual({
    ...whole,
    session: null,
    agent: "unknown",
    wave: null,
    scope: [],
    handoff_items: ["a"],
    files_touched: [],
  })
})

test("what is no record is none", () => {
  for (const value of [null, 1, "x", [], [whole], {}, { ...whole, timestamp: "yesterday" }, { ...whole, timestamp: 5 }])
    expect(readDiscoveryRecord(value)).toBeNull()
})

test("its texts have a limit", () => {
  const read = readDiscoveryRecord({ ...whole, agent: "a".repeat(9_000), decisions: Array.from({ length: 500 }, () => "d".repeat(9_000)) })
  expect(read?.agent).toHaveLength(200)
  expect(read?.decisions).toHaveLength(100)
  expect(read?.decisions[0]).toHaveLength(2_000)
})
