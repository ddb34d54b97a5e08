import { expect, test } from "vitest"
import { checkPlan } from "../plan/check.ts"
import type { PlanSource } from "../plan/plan.ts"
import { agentType } from "./agent-type.ts"
import { agentName } from "./row-results.ts"
import { withoutFound } from "./row-prompt.ts"
import { contractSession, resultOf, rowOf, sessionOf } from "./session-file.fixture.ts"
import { parseSessionFile } from "./parse.ts"
import type { SessionFile } from "./session-file.ts"
import { planFromSession, type SessionPlan } from "./plan.ts"
import { statusMeaning } from "./status-meaning.ts"

const source: PlanSource = { format: "citadel", file: "session-auth.md" }
function contract(): SessionPlan {
  const { file, lines } = parseSessionFile(contractSession)
  if (file === null) throw new Error("no session file")
  return planFromSession(file, source, lines)
}
const planned = (file: Partial<SessionFile>): SessionPlan => planFromSession(sessionOf(file), source)

test("a campaign goes on from its file alone: rows are tasks, those that are complete are ticked", () => {
  const { plan, faults, keys } = contract()
  expect(faults).toEqual([])
  expect(plan).toMatchObject({ goal: "Add sign-in", source })
  expect(plan?.tasks.map(({ key, title, type, role, ticked, line }) => [key, title, type, role, ticked, line])).toEqual([
    ["api-auth", "API auth", "build", "builder", true, 10],
    ["frontend", "Frontend", "build", "builder", true, 11],
    ["integration", "Integration", "build", "wirer", false, 12],
  ])
  expect(plan?.tasks[2]?.after).toEqual([
    { key: "api-auth", reason: "declared" },
    { key: "frontend", reason: "declared" },
  ])
  expect(plan?.tasks[2]?.scope).toEqual([
    { pattern: "src/api", access: "write" },
    { pattern: "src/ui", access: "write" },
  ])
  expect([...keys]).toEqual([
    [1, "api-auth"],
    [2, "frontend"],
    [3, "integration"],
  ])
  expect(plan === null ? [] : checkPlan(plan)).toEqual([])
})

test("who goes on is told the direction, what its dependencies reported and what all share", () => {
  const prompt = contract().plan?.tasks[2]?.prompt ?? ""
  expect(prompt).toContain("Integration\n\nPart of: Add sign-in\n\n## What others found\nTold by other agents, and not checked by anybody")
  expect(prompt).toContain("- API auth uses jose library for JWT — frontend should import types from there\n")
  expect(prompt).toContain("- api-auth-builder decided: Used jose library over jsonwebtoken for ESM compatibility\n")
  expect(prompt).toContain("- frontend-builder found: Found existing auth context at src/ui/context/auth.tsx")
})

test("for each ticked row there is the commit that the file names, or none", () => {
  const { commits } = planned({
    queue: [
      rowOf(1, "A", { status: "complete" }),
      rowOf(2, "B", { status: "merged", evidence: "commit `ABCDEF1` landed" }),
      rowOf(3, "C", { status: "done" }),
      rowOf(4, "D"),
      rowOf(5, "E", { status: "done", evidence: "1234567" }),
    ],
    waves: [
      { number: 1, agents: [resultOf("a-builder", { commit: "aaaaaaa1 on main" })], merges: [] },
      { number: 2, agents: [resultOf("other", { row: 1, commit: "bbbbbbb2" }), resultOf("c-builder", { row: 4, commit: "ccccccc3" })], merges: [] },
    ],
  })
  expect([...commits]).toEqual([
    ["a", "bbbbbbb2"],
    ["b", "abcdef1"],
    ["c", null],
    ["e", "1234567"],
  ])
})

test("a skipped row is no task, and nobody waits for it; equal names get ids of their own", () => {
  const { plan, keys } = planned({ queue: [rowOf(1, "Scan", { status: "skipped" }), rowOf(2, "Build", { deps: [1] }), rowOf(3, "Build", { deps: [2] })] })
  expect(plan?.tasks.map(({ key, after }) => [key, after.map((need) => need.key)])).toEqual([
    ["build", []],
    ["build-2", ["build"]],
  ])
  expect(keys.has(1)).toBe(false)
})

test("nothing to do, a dependency that is not there and a scope outside are refused", () => {
  expect(planned({}).faults).toMatchObject([{ code: "no-tasks", why: "it has no rows", severity: "error" }])
  expect(planned({ queue: [rowOf(1, "A", { status: "skip" })] }).faults).toMatchObject([{ why: "all its rows are skipped" }])
  const { plan, faults } = planFromSession(sessionOf({ queue: [rowOf(4, "A", { deps: [9], scope: ["../x"] })] }), source, new Map([[4, 12]]))
  expect(plan).toBeNull()
  expect(faults).toMatchObject([
    { code: "unknown-row", line: 12, file: "session-auth.md" },
    { code: "scope-outside", line: 12 },
  ])
})

test("a circle of rows is found by the plan's own check", () => {
  const { plan } = planned({ queue: [rowOf(1, "A", { deps: [2], scope: ["a"] }), rowOf(2, "B", { deps: [1], scope: ["b"] })] })
  expect(plan === null ? [] : checkPlan(plan).map((found) => found.code)).toEqual(["cycle"])
})

test("a section of a spec with the campaign's name is part of its work order", () => {
  const { plan } = planned({ queue: [rowOf(1, "API auth")], rest: ["## API Auth\nUse JWT.", "## Other\nNo."] })
  expect(plan?.tasks[0]?.prompt).toBe("API auth\n\nPart of: Add sign-in\n\nUse JWT.")
})

test("who has a work order is told it to the letter, is proved by its checks, and is told what others found once, however often the campaign goes on", () => {
  const of = (prompt: string) => ({
    queue: [rowOf(1, "A"), rowOf(2, "B")],
    shared: ["the port is 8080"],
    orders: [{ row: 2, prompt, checks: ["npm test"] }],
    rules: ["Keep the API stable."],
    setup: "npm ci",
    checks: ["tsc --noEmit"],
  })
  const { plan } = planned(of("Build B.\n\nWith care."))
  expect(plan).toMatchObject({ guardrails: ["Keep the API stable."], setup: "npm ci" })
  expect(plan?.checks).toEqual(["tsc --noEmit"])
  expect(plan?.tasks.map(({ checks }) => checks)).toEqual([[], ["npm test"]])
  expect(plan?.tasks[0]?.prompt).toMatch(/^A\n\nPart of: Add sign-in\n\n## What others found\n/)
  const prompt = plan?.tasks[1]?.prompt ?? ""
  expect(prompt).toMatch(/^Build B\.\n\nWith care\.\n\n## What others found\n[^]*- the port is 8080$/)
  expect(planned(of(withoutFound(prompt))).plan?.tasks[1]?.prompt).toBe(prompt)
})

test("what others found is never more than a prompt can bear; the newest stays", () => {
  const shared = Array.from({ length: 500 }, (_, at) => `${at} ${"x".repeat(1_000)}`)
  const prompt = planned({ queue: [rowOf(1, "A")], shared }).plan?.tasks[0]?.prompt ?? ""
  expect(prompt.length).toBeLessThan(45_000)
  expect(prompt).toContain("- 499 ")
})

test.each([
  ["Research scout", "research"],
  ["auditor", "research"],
  ["mapper", "research"],
  ["map", "research"],
  ["verifier", "skill"],
  ["QA", "skill"],
  ["test-gen", "skill"],
  ["typecheck", "skill"],
  ["type-check", "skill"],
  ["builder", "build"],
  ["wirer", "build"],
  ["", "build"],
])("an agent called %j is given a task of the type %s", (agent, type) => {
  expect(agentType(agent)).toBe(type)
})

test.each([
  ...["complete", "Completed", "done", "success", "validated", "merge-ready", "merged", "**Done**", "✅ complete"].map((text) => [text, "success"]),
  ...["pending", "queued", "ready"].map((text) => [text, "runnable"]),
  ...["running", "active", "in-progress", "in progress", "In_Progress"].map((text) => [text, "running"]),
  ["failed (3 errors)", "failed"],
  ["blocked: waits for 2", "blocked"],
  ["skip", "skipped"],
  ["Skipped", "skipped"],
  ["timed out after 30 min", "timed out"],
  ["timed-out", "timed out"],
  ["incomplete", "unknown"],
  ["not done", "unknown"],
  ["", "unknown"],
])("the status %j means %s", (text, meaning) => {
  expect(statusMeaning(text ?? "")).toBe(meaning)
})

test("agents have the names of the contract's example", () => {
  expect(agentName(rowOf(1, "API auth"))).toBe("api-auth-builder")
  expect(agentName(rowOf(2, "Frontend", { agent: "" }))).toBe("frontend")
})
