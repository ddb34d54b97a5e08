import { expect, test } from "vitest"
import { isRelated, newKnowledge, withEntry, type CampaignResult } from "./related-work.ts"

const auth: CampaignResult = {
  slug: "auth-refactor",
  direction: "Refactor the\nauth middleware",
  scopes: ["src/api/auth/", "docs/ (read-only)"],
  items: ["Built JWT middleware", "Decided: jose"],
}
const entry = [
  "- 2026-04-02 campaign `auth-refactor` (src/api/auth/, docs/ (read-only)): Refactor the auth middleware",
  "  - Built JWT middleware",
  "  - Decided: jose",
]

test("a dated entry stands under Related Work, in a section that is there or in a new one at the end", () => {
  expect(withEntry("# Auth\n\nText.\n", "2026-04-02", auth)).toBe(["# Auth", "", "Text.", "", "## Related Work", "", ...entry, ""].join("\n"))
  const before = "# Auth\n\n## Related Work\n\n- 2026-01-01 campaign `old`\n\n## After\n\nText.\n"
  expect(withEntry(before, "2026-04-02", auth)).toBe(
    ["# Auth", "", "## Related Work", "", "- 2026-01-01 campaign `old`", ...entry, "", "## After", "", "Text.", ""].join("\n"),
  )
  expect(newKnowledge("2026-04-02", auth)).toBe(["# auth-refactor", "", "## Related Work", "", ...entry, ""].join("\n"))
})

test("a campaign has one entry, however often it is propagated", () => {
  const once = withEntry("# Auth\n", "2026-04-02", auth)
  expect(withEntry(once, "2026-05-05", auth)).toBe(once)
  expect(withEntry(once, "2026-05-05", { ...auth, slug: "auth" })).not.toBe(once)
})

test.each([
  ["auth-patterns.md", "", true],
  ["decisions.md", "The refactor of auth-refactor went well.", true],
  ["decisions.md", "See src/api/auth/middleware.ts.", true],
  ["database.md", "Postgres.", false],
  ["session-notes.md", "", false],
])("%s that says %j: %s", (name, text, related) => expect(isRelated({ name, text }, auth)).toBe(related))
