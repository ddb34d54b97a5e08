import { expect, test } from "vitest"
import type { Plan } from "../../domain/plan/plan.ts"
import { contractSession } from "../../domain/session-file/session-file.fixture.ts"
import { readPlan } from "./read.ts"

function sound(text: string, file: string): Plan {
  const { plan, faults } = readPlan(text, { file })
  expect(faults).toEqual([])
  if (plan === null) throw new Error("no plan")
  return plan
}
const header = "| # | Campaign | Scope | Deps | Status | Wave | Agent |\n|---|---|---|---|---|---|---|\n"
const told = (text: string): string[] => readPlan(text, { file: "x.md" }).faults.map((found) => `${found.severity} ${found.line ?? "-"} ${found.code}`)

test("the contract's session file is a plan", () => {
  const plan = sound(contractSession, ".planning/fleet/session-auth.md")
  expect(plan).toMatchObject({ goal: "Add sign-in", source: { format: "citadel", file: ".planning/fleet/session-auth.md" } })
  expect(plan.tasks.map(({ key, ticked }) => [key, ticked])).toEqual([
    ["api-auth", true],
    ["frontend", true],
    ["integration", false],
  ])
  expect(readPlan(contractSession, { file: null }).plan?.source.format).toBe("citadel")
})

test("a spec with such a table is a plan, wherever the table stands and whatever the columns are called", () => {
  const plan = sound(
    `# Sign-in by mail

People asked for it.

- [ ] not a task of this dialect

## Streams

\`\`\`md
| # | Campaign | Scope | Deps | Status | Wave | Agent |
| 1 | Example | x | none | pending | 1 | builder |
\`\`\`

| Campaign name | Scope | Dependencies | Wave | Agent type |
|---------------|-------|--------------|------|------------|
| Look around | src (read-only) | none | 1 | research scout |
| API | \`src/api\`, docs/api.md | 1 | 2 | builder |

## API

Mind the rate limit.
`,
    "specs/mail.md",
  )
  expect(plan.goal).toBe("Sign-in by mail")
  expect(
    plan.tasks.map(({ key, type, after, scope, line }) => [
      key,
      type,
      after.map((need) => need.key),
      scope.map(({ pattern, access }) => `${access} ${pattern}`),
      line,
    ]),
  ).toEqual([
    ["look-around", "research", [], ["read src"], 16],
    ["api", "build", ["look-around"], ["write src/api", "write docs/api.md"], 17],
  ])
  expect(plan.tasks[1]?.prompt).toBe("API\n\nPart of: Sign-in by mail\n\nMind the rate limit.")
})

test.each<[string, string, string[]]>([
  ["a session without rows", "# Fleet Session: x\nStatus: active\n", ["error - no-tasks"]],
  ["a table without rows", header, ["error - no-tasks"]],
  ["a row that is cut off", `${header}| 1 | A | a | none | pending | 1 | b |\n| 2 | B`, ["error 4 row-unreadable"]],
  ["a dependency that is not there", `${header}| 1 | A | a | 7 | pending | 1 | b |`, ["error 3 unknown-row"]],
  ["a scope outside", `${header}| 1 | A | /etc | none | pending | 1 | b |`, ["error 3 scope-outside"]],
  ["a circle", `${header}| 1 | A | a | 2 | pending | 1 | b |\n| 2 | B | b | 1 | pending | 1 | b |`, ["error 3 cycle"]],
  ["rows that overlap", `${header}| 1 | A | src | none | pending | 1 | b |\n| 2 | B | src/b | none | pending | 1 | b |`, ["warning 4 overlap"]],
  ["no status", "# Fleet Session: x\n## Work Queue\n" + header + "| 1 | A | a | none | | | |", ["warning 1 status-unknown"]],
])("%s is told with its line", (_, text, expected) => {
  expect(told(text)).toEqual(expected)
})

test("task headings stay a plan of their own form, with a queue beside them too", () => {
  expect(readPlan(`## Task: A {#a}\nScope: a\n\nDo\n\n${header}`, { file: "x.md" }).plan?.source.format).toBe("markdown")
})
