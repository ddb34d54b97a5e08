import { expect, test } from "vitest"
import { plannerPrompt, strategistPrompt } from "./planner-prompt.ts"
import type { PlanFault } from "./plan.ts"

const fault: PlanFault = { severity: "error", code: "vague", what: 'task "a" is too vague', why: "it names no file", fix: "name one", file: null, line: 3 }

test("the planner is told the work, what others hold, what was wrong before, and the form of the answer", () => {
  const text = plannerPrompt({
    direction: "Let people sign in",
    spec: null,
    claims: [{ holder: "fleet-x-w1-a1", scopes: [{ pattern: "src/db", access: "write" }] }],
    feedback: [fault],
  })
  expect(text).toContain("# The work\n\nLet people sign in")
  expect(text).toContain("- fleet-x-w1-a1: src/db")
  expect(text).toContain('- Must be mended: task "a" is too vague. Why: it names no file. Fix: name one.')
  expect(text).toContain("Change nothing")
  expect(text).not.toContain("# The specification")
})

test("a specification is fenced so that it cannot end its own fence, and cut where it is too long", () => {
  const text = plannerPrompt({ direction: "x", spec: `\`\`\`\`yaml\nhi\n\`\`\`\`\n${"y".repeat(200_000)}`, claims: [] })
  expect(text).toContain("`````\n````yaml\nhi")
  expect(text).toContain("characters more]\n`````")
  expect(text.length).toBeLessThan(160_000)
})

test("the strategist is asked for exactly so many", () => {
  const text = strategistPrompt({ direction: "Refactor auth", count: 3, feedback: [{ ...fault, severity: "warning" }] })
  expect(text).toContain("exactly 3 really different ways")
  expect(text).toContain("- Consider: task")
})
