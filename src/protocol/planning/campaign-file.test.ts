import fc from "fast-check"
import { expect, test } from "vitest"
import { readCampaignFile } from "./campaign-file.ts"

const read = (...lines: readonly string[]): unknown => {
  const reading = readCampaignFile(lines.join("\n"))
  return reading.ok ? reading.campaign : reading.why
}

test("a campaign of Citadel's form is read: its status and direction in lines, its scope in bullets", () => {
  const body = ["# Campaign: Auth refactor", "", "Status: active", "Started: 2026-04-01T10:00:00Z", "Direction: Move sign-in to tokens", ""]
  expect(read(...body, "## Claimed Scope", "- src/auth/", "- `src/login/`", "", "## Phases", "- not a scope")).toEqual({
    ours: null,
    status: "active",
    title: "Auth refactor",
    direction: "Move sign-in to tokens",
    scope: ["src/auth/", "src/login/"],
    branch: null,
  })
})

test("front matter goes before lines of the body, and its branch is read", () => {
  const front = ["---", "by: fleet", "campaign: auth", "status: Active", "branch: speculative/auth/class-based", "worktree_status: active", "---"]
  expect(read(...front, "# Campaign: Auth", "Status: completed")).toMatchObject({ ours: "auth", status: "active", branch: "speculative/auth/class-based" })
})

test("a status that a later section speaks of is not the campaign's, and a choice of all is none", () => {
  expect(read("# X", "", "## Decision Log", "Status: active")).toMatchObject({ status: null })
  expect(read("# X", "**Status:** active | completed | parked")).toMatchObject({ status: "active | completed | parked" })
  expect(read("# X", "**Status:** active")).toMatchObject({ status: "active" })
})

test("front matter that is none is told, and any text is read or told without failing", () => {
  expect(read("---", "status: [", "---")).toMatch(/^its front matter is not YAML/)
  expect(read("---", "status: active")).toBe("its front matter does not end")
  expect(read("---", "- a", "---")).toBe("its front matter has no keys")
  expect(read("---", "status: {a: 1}", "branch: 7", "---", "Status: parked")).toMatchObject({ status: "parked", branch: "7" })
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("---", "status: active", "a: &x [*x]", "&a a: *a", "## Claimed Scope", "- x", "# ", "\r"),
  )
  fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (lines) => typeof readCampaignFile(lines.join("\n")).ok === "boolean"))
})
