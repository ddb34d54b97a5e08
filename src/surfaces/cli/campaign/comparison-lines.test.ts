import { expect, test } from "vitest"
import { id } from "../../../domain/ids.ts"
import type { Comparison, Strategy } from "../../../domain/strategy/comparison.ts"
import { plainPaint, unicodeSigns } from "../style.ts"
import { columnsOf } from "../text.ts"
import { comparisonLines } from "./comparison-lines.ts"

const strategy = (key: string, decision: string, tradeoffs: string, failed = 0): Strategy => ({
  task: id(`auth-9k2c/${key}`),
  key: id(key),
  title: key,
  branch: `speculative/refactor-the-auth-middleware-9k2c/${key}`,
  status: failed === 0 ? "ready" : "failed",
  why: failed === 0 ? null : "the check `npm run typecheck` failed",
  checks: { passed: failed === 0 ? 1 : 0, failed, firstFailure: null },
  diff: { files: 12, additions: 1_204, deletions: 380 },
  complexity: { before: 90, after: 102 },
  benchmark: 104.25,
  benchmarkFailed: null,
  tokens: 148_200,
  costUsd: null,
  elapsedMs: 725_000,
  decision,
  tradeoffs,
  tag: null,
})
const comparison: Comparison = {
  direction: "Refactor the auth middleware",
  base: "0123456789abcdef",
  strategies: [
    strategy("class-based", "A container that injects what each middleware needs", "More boilerplate, easier to mock"),
    strategy("functional", "Curried functions", "Terse, harder to debug"),
    strategy("factory", "Flat functions and one factory", "Simple, but its types have to be mended first", 3),
  ],
  winner: null,
  pickedAt: null,
}

test("a strategy that has not begun is queued, as its task is, and has taken no time", () => {
  const waits: Strategy = {
    ...strategy("plain", "-", "-"),
    status: "queued",
    checks: null,
    diff: null,
    complexity: null,
    benchmark: null,
    tokens: 0,
    elapsedMs: 0,
  }
  const lines = comparisonLines({ ...comparison, strategies: [waits] }, { columns: 100, isTerminal: false, paint: plainPaint, signs: unicodeSigns })
  expect(lines.at(-1)?.trim()).toMatch(/^plain +queued$/)
})

const shown = (columns: number, isTerminal: boolean): string[] =>
  comparisonLines(comparison, { columns, isTerminal, paint: plainPaint, signs: unicodeSigns }).slice(3, 8)

test("where no person reads it on a terminal, the table is the contract's, and nothing of it is cut", () => {
  for (const line of shown(80, false).slice(2, 5))
    expect(line).toMatch(/^\| \S+ +\| speculative\/refactor-the-auth-middleware-9k2c\/\S+ +\| (✓|✗ \(3 errors\)) +\| .+ \| .+ \|$/)
  expect(shown(80, false)[0]).toMatch(/^\| Strategy +\| Branch +\| Typecheck +\| Key Decision +\| Notable Tradeoffs +\|$/)
})

test("on a terminal of 110 columns the branch is cut in the middle, and what is said at its end", () => {
  expect(shown(110, true)).toMatchInlineSnapshot(`
    [
      "| Strategy    | Branch               | Typecheck    | Key Decision              | Notable Tradeoffs          |",
      "| ----------- | -------------------- | ------------ | ------------------------- | -------------------------- |",
      "| class-based | speculati…lass-based | ✓            | A container that injects… | More boilerplate, easier … |",
      "| functional  | speculati…functional | ✓            | Curried functions         | Terse, harder to debug     |",
      "| factory     | speculati…2c/factory | ✗ (3 errors) | Flat functions and one f… | Simple, but its types hav… |",
    ]
  `)
})

test("on a terminal of 80 columns what is said stands in one column", () => {
  expect(shown(80, true)).toMatchInlineSnapshot(`
    [
      "Strategy     Branch                Typecheck  Key Decision; Notable Tradeoffs",
      "class-based  speculati…lass-based  ✓          A container that injects what eac…",
      "functional   speculati…functional  ✓          Curried functions; Terse, harder …",
      "factory      speculati…2c/factory  ✗ (3)      Flat functions and one factory; S…",
      "",
    ]
  `)
})

test("no line is wider than the terminal, from 80 columns on", () => {
  for (let columns = 80; columns <= 240; columns++)
    for (const line of comparisonLines(comparison, { columns, isTerminal: true, paint: plainPaint, signs: unicodeSigns }))
      expect(columnsOf(line)).toBeLessThanOrEqual(columns)
})
