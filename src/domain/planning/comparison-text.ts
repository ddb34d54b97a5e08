/** The table that a person picks a strategy from (C.1.106). */
import { cellText, flat } from "../session-file/line-text.ts"

export interface StrategyFacts {
  readonly strategy: string
  readonly branch: string
  /** Null: it was not run. `errors` null: it failed, and nobody counted. */
  readonly typecheck: { readonly passed: boolean; readonly errors: number | null } | null
  readonly decision: string
  readonly tradeoffs: string
}

export function comparisonTable(strategies: readonly StrategyFacts[]): string {
  const rows = strategies.map(({ strategy, branch, typecheck, decision, tradeoffs }) =>
    [strategy, branch, typecheckText(typecheck), decision, tradeoffs].map((cell) => cellText(flat(cell, cellCharsMax))).join(" | "),
  )
  return ["| Strategy | Branch | Typecheck | Key Decision | Notable Tradeoffs |", "|---|---|---|---|---|", ...rows.map((row) => `| ${row} |`)].join("\n")
}

/** `✓`, `✗ (3 errors)`; `-` where it was not run. */
export function typecheckText(typecheck: StrategyFacts["typecheck"]): string {
  if (typecheck === null) return "-"
  const { passed, errors } = typecheck
  if (passed) return "✓"
  return errors === null ? "✗" : `✗ (${errors} ${errors === 1 ? "error" : "errors"})`
}

const cellCharsMax = 200
