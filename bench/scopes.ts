/** How fast 10,000 scopes are compared: all overlapping pairs, and one question. */
import { overlappingPairs, ScopeTrie, type Holding } from "../src/domain/scope/trie.ts"
import type { Scope } from "../src/domain/scope/scope.ts"
import type { Row } from "./row.ts"

export async function benchScopes(): Promise<Row[]> {
  const holdings = Array.from({ length: 10_000 }, (_, n): Holding<number> => ({ owner: n, scope: scopeOf(n) }))
  const times: number[] = []
  let pairs = 0
  for (let round = 0; round < 5; round++) {
    const start = performance.now()
    pairs = [...overlappingPairs(holdings.map((holding) => ({ ...holding, scope: { ...holding.scope } })))].length
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  const trie = new ScopeTrie<number>()
  for (const { owner, scope } of holdings) trie.add(scope, owner)
  const start = performance.now()
  for (let n = 0; n < 10_000; n++) trie.overlapping(scopeOf(n * 7))
  const eachUs = ((performance.now() - start) / 10_000) * 1_000
  return [
    {
      name: "scopes: all overlapping pairs of 10,000, 5 % globs",
      value: `median ${Math.round(times[2] ?? 0)} ms (${Math.round(times[0] ?? 0)} to ${Math.round(times[4] ?? 0)}), ${pairs} pairs`,
      target: "< 200 ms",
      ok: (times[2] ?? 0) < 200,
    },
    { name: "scopes: one question to 10,000", value: `${eachUs.toFixed(1)} µs`, target: "-", ok: null },
  ]
}

function scopeOf(n: number): Scope {
  const module = `src/m${n % 4_000}`
  if (n % 20 === 0) return { pattern: `${module}/**/*.test.ts`, access: "write" }
  return { pattern: n % 3 === 0 ? module : `${module}/part${n % 7}/file${n}.ts`, access: "write" }
}
