/** What agents read of rival strategies: what Fleet saw of each, and what their agents said, told apart. */
import { z } from "zod"
import { comparisonTable } from "../../domain/planning/comparison-text.ts"
import type { Strategy } from "../../domain/strategy/comparison.ts"
import { line } from "./bounds.ts"

const text = z.string()
const count = z.number().int()

export const strategyShape = z.object({
  strategy: text.describe("its key"),
  title: text,
  branch: text,
  status: z.enum(["queued", "needs-you", "working", "ready", "landing", "merged", "archived", "failed", "stopped"]),
  why: text.nullable().describe("why it failed"),
  checks: z.object({ passed: count, failed: count }).nullable(),
  diff: z.object({ files: count, additions: count, deletions: count }).nullable(),
  complexity: z.object({ before: count, after: count }).nullable(),
  benchmark: z.number().nullable(),
  tokens: z.number(),
  elapsed_s: count,
  decision: text.nullable().describe("in its agent's words, checked by nobody"),
  tradeoffs: text.nullable().describe("in its agent's words, checked by nobody"),
})
export type StrategyShape = z.input<typeof strategyShape>

export function shapeStrategy(of: Strategy): StrategyShape {
  const { key, title, branch, status, why, checks, diff, complexity, benchmark, tokens, elapsedMs, decision, tradeoffs } = of
  return {
    strategy: key,
    title: line(title, 120),
    branch,
    status,
    why: why === null ? null : line(why, 300),
    checks: checks === null ? null : { passed: checks.passed, failed: checks.failed },
    diff,
    complexity,
    benchmark,
    tokens,
    elapsed_s: Math.round(elapsedMs / 1_000),
    decision: decision === null ? null : line(decision, 300),
    tradeoffs: tradeoffs === null ? null : line(tradeoffs, 300),
  }
}

/** The table for the person (C.1.106), and what was measured, a line each. */
export function comparisonLines(strategies: readonly StrategyShape[]): string[] {
  const table = comparisonTable(
    strategies.map(({ strategy, branch, checks, decision, tradeoffs }) => ({
      strategy,
      branch,
      typecheck: checks === null ? null : { passed: checks.failed === 0, errors: checks.failed },
      decision: decision ?? "-",
      tradeoffs: tradeoffs ?? "-",
    })),
  )
  return [table, ...strategies.map(measured)]
}

function measured({ strategy, status, why, diff, complexity, benchmark, tokens, elapsed_s }: StrategyShape): string {
  const seen = [
    ...(diff === null ? [] : [`${diff.files} files +${diff.additions} -${diff.deletions}`]),
    ...(complexity === null ? [] : [`complexity ${complexity.before} -> ${complexity.after}`]),
    ...(benchmark === null ? [] : [`benchmark ${benchmark}`]),
    `${tokens} tokens`,
    `${elapsed_s} s`,
    ...(why === null ? [] : [why]),
  ]
  return `- ${strategy} ${status}: ${seen.join(", ")}`
}
