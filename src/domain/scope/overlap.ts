/**
 * Whether two scopes can touch the same path, and whether a scope covers one. What a pattern means stands in `glob.ts`.
 * A read-only scope conflicts with nothing: the reader works in a checkout of its own.
 */
import { compile, fold, type Alternative } from "./glob.ts"
import { coversPath, sequencesMeet } from "./meet.ts"
import type { Scope } from "./scope.ts"

export interface CaseRule {
  /** True where the repository's file system does not tell `A` from `a`. */
  readonly ignoreCase: boolean
}

/** Both write, and some path is covered by both. */
export function overlaps(a: Scope, b: Scope, rule: CaseRule = exact): boolean {
  return a.access === "write" && b.access === "write" && patternsMeet(a, b, rule)
}

/** Whether any scope of one conflicts with any scope of the other; gives the first such pair. Asked of 10,000 claims in a row, so it asks little of each. */
export function firstOverlap(a: readonly Scope[], b: readonly Scope[], rule: CaseRule = exact): readonly [Scope, Scope] | null {
  const ours = writes(a, rule)
  const theirs = writes(b, rule)
  for (const left of ours) for (const right of theirs) if (waysMeet(left, right)) return [left.scope, right.scope]
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
  return waysMeet({ scope: a, ways: alternatives(a, rule) }, { scope: b, ways: alternatives(b, rule) })
}

/** A scope with its compiled form. */
interface Compiled {
  readonly scope: Scope
  readonly ways: readonly Alternative[]
}

function waysMeet(a: Compiled, b: Compiled): boolean {
  for (const left of a.ways) for (const right of b.ways) if (sequencesMeet(left, right)) return true
  return false
}

/** Those that write. Kept as long as the list itself lives: one look-up for a claim, not one for each of its scopes. */
function writes(scopes: readonly Scope[], rule: CaseRule): readonly Compiled[] {
  const kept = rule.ignoreCase ? writesFolded : writesExact
  const known = kept.get(scopes)
  if (known !== undefined) return known
  const compiled = scopes.filter(({ access }) => access === "write").map((scope) => ({ scope, ways: alternatives(scope, rule) }))
  kept.set(scopes, compiled)
  return compiled
}

const writesExact = new WeakMap<readonly Scope[], readonly Compiled[]>()
const writesFolded = new WeakMap<readonly Scope[], readonly Compiled[]>()
