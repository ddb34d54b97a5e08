import fc from "fast-check"
import { expect, test } from "vitest"
import { id } from "../ids.ts"
import { bestOf } from "./best.ts"
import type { Comparison, Strategy } from "./comparison.ts"

const strategy = (key: string, more: Partial<Strategy> = {}): Strategy => ({
  task: id(`run/${key}`),
  key: id(key),
  title: key,
  branch: `speculative/run/${key}`,
  status: "ready",
  why: null,
  checks: { passed: 1, failed: 0, firstFailure: null },
  diff: { files: 1, additions: 1, deletions: 1 },
  complexity: { before: 1, after: 1 },
  benchmark: null,
  benchmarkFailed: null,
  tokens: 1,
  costUsd: null,
  elapsedMs: 1,
  decision: null,
  tradeoffs: null,
  tag: null,
  ...more,
})

const among = (...strategies: Strategy[]): Comparison => ({ direction: "", base: null, strategies, winner: null, pickedAt: null })

test("one that failed a check, whose benchmark failed, or that is not ready is never the best", () => {
  const failed = { passed: 1, failed: 1, firstFailure: "x" }
  expect(
    bestOf(among(strategy("a", { checks: failed, benchmark: 1 }), strategy("b", { benchmarkFailed: "it took too long" }), strategy("c", { status: "failed" }))),
  ).toBeNull()
  expect(bestOf(among(strategy("a", { checks: failed }), strategy("b")))).toBe("run/b")
})

test("what was measured is better than what was not, and of equals the first by name is taken", () => {
  expect(bestOf(among(strategy("a"), strategy("b", { benchmark: 5 })))).toBe("run/b")
  expect(bestOf(among(strategy("b"), strategy("a")))).toBe("run/a")
})

test("the best does not depend on the order in which they are compared", () => {
  const one = fc.record({ benchmark: fc.option(fc.nat(2)), tokens: fc.nat(2), lines: fc.nat(2), after: fc.nat(2), failed: fc.nat(1) })
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), (all) => {
      const strategies = all.map(({ benchmark, tokens, lines, after, failed }, n) =>
        strategy(`s${n}`, {
          benchmark,
          tokens,
          diff: { files: 1, additions: lines, deletions: 0 },
          complexity: { before: 0, after },
          checks: { passed: 0, failed, firstFailure: null },
        }),
      )
      expect(bestOf(among(...strategies.toReversed()))).toBe(bestOf(among(...strategies)))
    }),
  )
})
