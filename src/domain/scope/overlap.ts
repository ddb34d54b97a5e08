/**
 * Whether two scopes can touch the same path, and whether a scope covers one. What a pattern means stands in `glob.ts`.
 * A read-only scope conflicts with nothing: the reader works in a checkout of its own.
 */
import { compile, fold, goesBelow, namesMeet, type Alternative } from "./glob.ts"
import type { Scope } from "./scope.ts"

export interface CaseRule {
  /** True where the repository's file system does not tell `A` from `a`. */
  readonly ignoreCase: boolean
}

/** Both write, and some path is covered by both. */
export function overlaps(a: Scope, b: Scope, rule: CaseRule = exact): boolean {
  return a.access === "write" && b.access === "write" && patternsMeet(a, b, rule)
}

/** Whether any scope of one conflicts with any scope of the other; gives the first such pair. */
export function firstOverlap(a: readonly Scope[], b: readonly Scope[], rule: CaseRule = exact): readonly [Scope, Scope] | null {
  for (const left of a) for (const right of b) if (overlaps(left, right, rule)) return [left, right]
  return null
}

/** Whether `path` (from the repository's root, as git names it) is what the scope names or lies below it. */
export function covers(scope: Scope, path: string, rule: CaseRule = exact): boolean {
  const segments = path.split("/").map((part) => ({ kind: "literal" as const, text: fold(part, rule.ignoreCase), file: false }))
  return alternatives(scope, rule).some((pattern) => coversPath(pattern, segments))
}

/** The paths that no write scope covers. Without any write scope that is all of them. */
export function outside(scopes: readonly Scope[], paths: readonly string[], rule: CaseRule = exact): string[] {
  const writes = scopes.filter((scope) => scope.access === "write")
  return paths.filter((path) => !writes.some((scope) => covers(scope, path, rule)))
}

/** The compiled form, kept for as long as the scope itself lives: the scheduler asks on every dispatch. */
export function alternatives(scope: Scope, rule: CaseRule): readonly Alternative[] {
  const kept = rule.ignoreCase ? keptFolded : keptExact
  const known = kept.get(scope)
  if (known !== undefined) return known
  const compiled = compile(scope.pattern, rule.ignoreCase)
  kept.set(scope, compiled)
  return compiled
}

const exact: CaseRule = { ignoreCase: false }
const keptExact = new WeakMap<Scope, readonly Alternative[]>()
const keptFolded = new WeakMap<Scope, readonly Alternative[]>()

function patternsMeet(a: Scope, b: Scope, rule: CaseRule): boolean {
  if (a.pattern === b.pattern) return true
  return alternatives(a, rule).some((left) => alternatives(b, rule).some((right) => sequencesMeet(left, right)))
}

/** When one side has ended, it covers all below, so whatever the other side still asks for is there. */
function sequencesMeet(a: Alternative, b: Alternative): boolean {
  return walk(a, b, (i, j) => i === a.length || j === b.length)
}

/** A pattern that asks for more than the path has does not cover it. */
function coversPath(pattern: Alternative, path: Alternative): boolean {
  return walk(pattern, path, (i) => i === pattern.length)
}

/** Searches the pairs of positions that both sides can be at together, until `found` says so. */
function walk(a: Alternative, b: Alternative, found: (i: number, j: number) => boolean): boolean {
  const seen = new Set<number>()
  const open: [number, number][] = [[0, 0]]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [i, j] = at
    if (found(i, j)) return true
    const left = a[i]
    const right = b[j]
    const mark = i * (b.length + 1) + j
    if (seen.has(mark)) continue
    seen.add(mark)
    // `**` may end here, or take one more segment of the other side.
    if (left?.kind === "globstar") {
      open.push([i + 1, j])
      if (right !== undefined && (right.kind === "globstar" || !right.file)) open.push([i, j + 1])
    }
    if (right?.kind === "globstar") {
      open.push([i, j + 1])
      if (left !== undefined && (left.kind === "globstar" || !left.file)) open.push([i + 1, j])
    }
    if (left === undefined || right === undefined || left.kind === "globstar" || right.kind === "globstar" || !namesMeet(left, right)) continue
    if ((goesBelow(left, right) || j + 1 === b.length) && (goesBelow(right, left) || i + 1 === a.length)) open.push([i + 1, j + 1])
  }
  return false
}
