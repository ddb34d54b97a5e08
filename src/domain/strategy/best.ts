/** Which strategy is best, by what was measured and nothing else. */
import type { TaskId } from "../ids.ts"
import type { Comparison, Strategy } from "./comparison.ts"

/**
 * Of those that can be picked and failed no check: the smallest benchmark where one was measured, then the least growth of complexity, the smallest
 * diff, the fewest tokens. Null: none passes, which a person must look at.
 */
export function bestOf({ strategies }: Comparison): TaskId | null {
  const able = strategies.filter(({ status, checks, benchmarkFailed }) => status === "ready" && (checks?.failed ?? 0) === 0 && benchmarkFailed === null)
  return able.toSorted((a, b) => compare(a, b))[0]?.task ?? null
}

function compare(a: Strategy, b: Strategy): number {
  for (const measure of measures) {
    const [left, right] = [measure(a), measure(b)]
    if (left !== right) return left - right
  }
  return a.key < b.key ? -1 : 1
}

const measures: readonly ((of: Strategy) => number)[] = [
  ({ benchmark }) => benchmark ?? Infinity,
  ({ complexity }) => (complexity === null ? 0 : complexity.after - complexity.before),
  ({ diff }) => (diff === null ? Infinity : diff.additions + diff.deletions),
  ({ tokens }) => tokens,
]
