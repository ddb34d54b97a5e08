import fc from "fast-check"
import { expect, test } from "vitest"
import { briefCharsMax, briefOf } from "./brief.ts"

const output = `I looked around in src/api/routes.ts first.
- Decided to use the jose library.
* We picked cookies over headers.
The build failed once because of src/api/auth/tokens.ts.
Tests: 12 passed, 0 failed.

---HANDOFF---
- Built JWT middleware
- Wired the routes
- Refresh tokens are left
- So is the logout
---
`

test("a brief has what the contract says, taken from the output", () => {
  expect(briefOf({ text: output, agent: "api-auth-builder" })).toBe(
    [
      "## Agent: api-auth-builder",
      "**Status:** partial",
      "**Built:** Built JWT middleware. Wired the routes",
      "**Remaining:** Refresh tokens are left; So is the logout",
      "**Decisions:**",
      "- Decided to use the jose library.",
      "- We picked cookies over headers.",
      "**Failures:**",
      "- The build failed once because of src/api/auth/tokens.ts.",
      "**Files:** src/api/routes.ts, src/api/auth/tokens.ts",
    ].join("\n"),
  )
})

test("five decisions, three failures and ten files are the most, and what stands in a long line is no decision", () => {
  const many = (count: number, line: (n: number) => string): string[] => Array.from({ length: count }, (_, n) => line(n))
  const text = [
    `Decided ${"x".repeat(200)}`,
    ...many(7, (n) => `- Chose ${n}`),
    ...many(5, (n) => `It broke ${n}`),
    ...many(12, (n) => `src/f${n}.ts`),
    "notes/plan.md",
  ].join("\n")
  const lines = briefOf({ text: `${text}\n---HANDOFF---\n- Built it\n---` }).split("\n")
  expect(lines).toEqual([
    "## Agent: unknown",
    "**Status:** partial",
    "**Built:** Built it",
    "**Decisions:**",
    ...many(5, (n) => `- Chose ${n}`),
    "**Failures:**",
    ...many(3, (n) => `- It broke ${n}`),
    `**Files:** ${many(10, (n) => `src/f${n}.ts`).join(", ")}`,
  ])
})

test("the status is what was said of the agent, else what it said itself, else what its failures say", () => {
  const statusIn = (brief: string): string | undefined => brief.split("\n")[1]
  expect(statusIn(briefOf({ text: output, status: "success" }))).toBe("**Status:** success")
  expect(statusIn(briefOf({ text: "It failed.\n---HANDOFF---\n- Status: success\n---" }))).toBe("**Status:** complete")
  expect(statusIn(briefOf({ text: "It failed.\n---HANDOFF---\n- one\n---" }))).toBe("**Status:** partial")
  expect(statusIn(briefOf({ text: "All well, no error.\n---HANDOFF---\n- one\n---" }))).toBe("**Status:** complete")
})

test("a handoff that nothing closes loses no letter of it", () => {
  const brief = briefOf({ text: "---HANDOFF---\n- Built authorization middleware that can tokenize" })
  expect(brief).toContain("**Built:** Built authorization middleware that can tokenize")
})

test("without a handoff the end of what was said stands in its place", () => {
  expect(briefOf({ text: "I have begun with the parser\nand then I was cut off" })).toBe(
    ["## Agent: unknown", "**Status:** complete", "**Excerpt:** I have begun with the parser and then I was cut off"].join("\n"),
  )
})

test("files are named as others find them", () => {
  const brief = briefOf({ text: "See ./src/a.ts, /tmp/wt/x/src/b.ts, packages/core/src/c.ts. and src/a.ts; not https://x.org or srcs/d.ts" })
  expect(brief.split("\n").at(-1)).toBe("**Files:** src/a.ts, src/b.ts, packages/core/src/c.ts")
})

test("whatever an agent said, a brief is short, the same each time, and holds its first lines", () => {
  const words = fc.constantFrom("decided", "failed", "src/a/b.ts", "---HANDOFF---", "\n", "\r\n", "- ", "x".repeat(190), " ", "Status: partial", "---")
  fc.assert(
    fc.property(fc.array(words, { maxLength: 200 }), (parts) => {
      const text = parts.join("")
      const brief = briefOf({ text, agent: "a" })
      expect(brief).toBe(briefOf({ text, agent: "a" }))
      expect(brief.length).toBeLessThanOrEqual(briefCharsMax + 20)
      expect(brief).toMatch(/^## Agent: a\n\*\*Status:\*\* (complete|partial|failed)/)
    }),
  )
})

test("hostile text is read at once", () => {
  const beganAt = performance.now()
  for (const part of ["src/", "src/a.", "-", "\n- failed", " "]) briefOf({ text: part.repeat(200_000) })
  expect(performance.now() - beganAt).toBeLessThan(5_000)
})
