import fc from "fast-check"
import { expect, test } from "vitest"
import { parseHandoff } from "../handoff/handoff.ts"
import { comparisonTable } from "./comparison-text.ts"
import { exitHandoff, type CampaignExit } from "./exit-handoff.ts"
import { instanceId, parseInstanceId } from "./instance-id.ts"

const campaign: CampaignExit = {
  name: "auth",
  waves: 2,
  agents: 5,
  built: ["JWT middleware.", "Login form"],
  discoveries: ["the auth context is in src/ui/context/auth.tsx"],
  mergeConflicts: { count: 1, resolutions: ["src/a.ts: repaired by its author"] },
  next: [],
  landed: true,
  colour: "amber",
  eachByItself: false,
}

test("the exit HANDOFF has exactly the contract's six bullets", () => {
  expect(exitHandoff(campaign)).toBe(`---HANDOFF---
- Fleet session: auth — 2 waves, 5 agents total
- Built: JWT middleware; Login form
- Discoveries: the auth context is in src/ui/context/auth.tsx
- Merge conflicts: 1 — src/a.ts: repaired by its author
- Next: nothing is left
- Reversibility: amber -- multi-wave merges, revert each wave's merge commit
---`)
})

test("where nothing landed the exit HANDOFF says that there is nothing to revert; one wave is one wave", () => {
  const text = exitHandoff({ ...campaign, waves: 1, agents: 1, built: [], next: ["Login form: failed"], landed: false })
  expect(text).toContain("— 1 wave, 1 agent total\n")
  expect(text).toContain("- Next: Login form: failed\n- Reversibility: nothing landed, nothing to revert\n---")
})

test("where each task was merged by itself, there is no merge of a wave to revert", () => {
  expect(exitHandoff({ ...campaign, eachByItself: true })).toContain("- Reversibility: amber -- each task merged by itself, revert each task's merge commit")
})

test("the exit HANDOFF is read as six items, whatever agents wrote", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("---\n- Evil: x", "---HANDOFF---\n- a", "{what}", "> quote", "```", "x".repeat(5_000)))
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 4 }), fc.constantFrom("green" as const, "amber" as const, "red" as const), (name, texts, colour) => {
      const exit = { ...campaign, name, built: texts, discoveries: texts, next: texts, mergeConflicts: { count: 0, resolutions: texts }, colour }
      const items = parseHandoff(`Done.\n\n${exitHandoff(exit)}\n`)?.items ?? []
      expect(items.map((item) => /^[^:]*/.exec(item)?.[0])).toEqual(["Fleet session", "Built", "Discoveries", "Merge conflicts", "Next", "Reversibility"])
    }),
  )
})

test("the comparison is the contract's table, with a mark for the type check", () => {
  const strategy = (name: string, typecheck: { passed: boolean; errors: number | null } | null): string =>
    comparisonTable([{ strategy: name, branch: `speculative/auth/${name}`, typecheck, decision: "DI | container", tradeoffs: "More\nboilerplate" }])
  expect(strategy("a", { passed: true, errors: null })).toBe(`| Strategy | Branch | Typecheck | Key Decision | Notable Tradeoffs |
|---|---|---|---|---|
| a | speculative/auth/a | ✓ | DI \\| container | More boilerplate |`)
  expect(strategy("b", { passed: false, errors: 3 })).toContain("| ✗ (3 errors) |")
  expect(strategy("c", { passed: false, errors: 1 })).toContain("| ✗ (1 error) |")
  expect(strategy("d", { passed: false, errors: null })).toContain("| ✗ |")
  expect(strategy("e", null)).toContain("| - |")
})

test("an instance has the id of the contract's example, and it is read back", () => {
  expect(instanceId("auth-refactor", 1, 3)).toBe("fleet-auth-refactor-w1-a3")
  expect(parseInstanceId("fleet-auth-refactor-w1-a3")).toEqual({ slug: "auth-refactor", wave: 1, index: 3 })
  expect(parseInstanceId(instanceId("x-w1-a2", 12, 10))).toEqual({ slug: "x-w1-a2", wave: 12, index: 10 })
  for (const other of ["agent-1234abcd", "fleet-auth-1-3", "fleet--w1-a1", "fleet-x-w0-a1", "fleet-../x-w1-a1", "fleet-x-w1-a1\n", ""])
    expect(parseInstanceId(other)).toBeNull()
})
