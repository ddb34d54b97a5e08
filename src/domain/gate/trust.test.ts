import { expect, test } from "vitest"
import { noTrust, trustLevel, trustReason, type TrustCounts } from "./trust.ts"

test.each<[string, Partial<TrustCounts>]>([
  ["novice", {}],
  ["novice", { sessions: 4, campaigns: 4 }],
  ["familiar", { sessions: 5 }],
  ["familiar", { sessions: 19, campaigns: 9 }],
  ["familiar", { sessions: 20, campaigns: 1 }],
  ["trusted", { sessions: 20, campaigns: 2 }],
  ["trusted", { override: "trusted" }],
  ["novice", { sessions: 100, campaigns: 50, override: "novice" }],
])("a person is %s after %j", (level, counts) => expect(trustLevel({ ...noTrust, ...counts })).toBe(level))

test("the level is told with its reason", () => {
  expect(trustReason({ ...noTrust, sessions: 20, campaigns: 1 })).toBe("you are familiar, after 20 sessions and 1 campaign")
  expect(trustReason({ ...noTrust, override: "trusted" })).toBe("you are trusted, because harness.json says so")
})
