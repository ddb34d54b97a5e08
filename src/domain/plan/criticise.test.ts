import { expect, test } from "vitest"
import { criticisePlan, criticismLimits } from "./criticise.ts"
import { planOf, type TaskWords } from "./plan.fixture.ts"

const good = (name: string, of: Partial<TaskWords> = {}): TaskWords => ({
  key: name,
  scope: [`src/${name}`],
  checks: ["npm test"],
  prompt: `Add a function parse${name.toUpperCase()}() to src/${name}/parse.ts, which refuses empty input`,
  ...of,
})
const codes = (...tasks: readonly TaskWords[]): string[] =>
  criticisePlan(planOf(...tasks)).map(({ severity, code, line }) => `${severity} ${code} ${line ?? "-"}`)

test("a plan with three streams, scopes, checks and clear prompts has nothing to be mended", () => {
  expect(codes(good("a"), good("b"), good("c"), good("d", { after: ["a", "b"] }))).toEqual([])
})

test.each<[string, TaskWords[]]>([
  ["error too-few-streams -", [good("a"), good("b")]],
  ["error too-few-streams -", [good("a"), good("b", { after: ["a"] }), good("c", { after: ["b"] })]],
  ["error one-directory -", [good("a", { scope: ["src/x/1.ts"] }), good("b", { scope: ["src/x/2.ts"] }), good("c", { scope: ["src/x/3.ts"] })]],
  ["warning one-task -", [good("a")]],
  ["error no-tasks -", [good("a", { ticked: true })]],
  ["error no-scope 4", [good("a"), good("b"), good("c"), good("d", { scope: [] })]],
  ["error no-scope 4", [good("a"), good("b"), good("c"), good("d", { scope: ["src/d (read-only)"] })]],
  ["error scope-outside 4", [good("a"), good("b"), good("c"), good("d", { scope: ["../elsewhere", "src/d"] })]],
  ["error no-checks 4", [good("a"), good("b"), good("c"), good("d", { checks: [] })]],
  ["error overlap 4", [good("a"), good("b"), good("c"), good("d", { scope: ["src/a/parse.ts"] })]],
  ["warning too-big 4", [good("a"), good("b"), good("c"), good("d", { estimateMinutes: 200 })]],
  ["warning too-big 4", [good("a"), good("b"), good("c"), good("d", { scope: Array.from({ length: 13 }, (_, at) => `src/d${at}`) })]],
  ["warning all-need-one -", [good("z"), ...["a", "b", "c"].map((name) => good(name, { after: ["z"] }))].map((task) => ({ ...task, line: null }))],
])("%s is found", (found, tasks) => expect(codes(...tasks)).toEqual([found]))

test("a task that writes the whole repository is named, with all that it overlaps", () => {
  expect(codes(good("a"), good("b"), good("c"), good("d", { scope: ["**"] }))).toEqual([
    "error whole-repository 4",
    "error overlap 4",
    "error overlap 4",
    "error overlap 4",
  ])
})

test.each([
  "improve code",
  "Improve the code quality.",
  "fix bugs",
  "refactor everything",
  "Please clean up the codebase",
  "optimize performance",
  "make it better",
  "continue the work",
  "do it",
])("%j is too vague", (prompt) => expect(codes(good("a"), good("b"), good("c"), good("d", { title: "d", prompt }))).toEqual(["error vague 4"]))

test.each([
  "Fix `parse()`",
  "Update README.md with the new flags",
  "Rename getUser to findUser",
  "Let the login form refuse an empty password with a message",
  "Describe every command of the CLI in the manual",
])("%j says enough", (prompt) => expect(codes(good("a"), good("b"), good("c"), good("d", { prompt }))).toEqual([]))

test("overlapping tasks that come after each other are no fault, nor are read-only scopes; the plan's checks prove every task", () => {
  expect(codes(good("a"), good("b"), good("c"), good("d", { scope: ["src/a"], after: ["a"] }), good("e", { scope: ["src/e", "src/a (read-only)"] }))).toEqual(
    [],
  )
  const plan = { ...planOf(good("a", { checks: [] }), good("b"), good("c")), checks: ["npm test"] }
  expect(criticisePlan(plan)).toEqual([])
})

test("a prompt of any length is looked at in no time", () => {
  const startedAt = performance.now()
  codes(good("a"), good("b"), good("c"), good("d", { prompt: "a.".repeat(100_000) }))
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test("research writes nothing, so it needs no scope and no check", () => {
  expect(codes(good("a"), good("b"), good("c"), good("d", { type: "research", scope: [], checks: [] }))).toEqual([])
})

test("each fault tells the agent what to do, and no more are told than can be read", () => {
  const faults = criticisePlan(planOf(...Array.from({ length: 200 }, (_, at) => ({ key: `t${at}`, prompt: "fix bugs" }))))
  expect(faults).toHaveLength(criticismLimits.faults)
  for (const { what, why, fix } of faults) for (const text of [what, why, fix]) expect(text).not.toBe("")
})
