/** Which waves a plan will take, as far as can be said beforehand: for people who decide whether to start it. Asked again with every change of a campaign. */
import type { TaskKey } from "../ids.ts"
import { fitsSum, tokensOf } from "../gate/tokens.ts"
import type { PlanTask } from "../plan/plan.ts"
import type { CaseRule } from "../scope/overlap.ts"
import type { Scope } from "../scope/scope.ts"
import { ScopeTrie } from "../scope/trie.ts"
import type { RunSettings } from "./run.ts"

type Terms = CaseRule & { readonly settings: Pick<RunSettings, "waveSize" | "waveTokens"> }

/** Keys of each wave's tasks, in the order of the plan. Without waves: tasks whose needs would be met at the same time. */
export function foreseenWaves(plans: readonly PlanTask[], of: Terms): TaskKey[][] {
  const waves: TaskKey[][] = []
  let ready = waitingOf(plans).filter(({ needsLeft }) => needsLeft === 0)
  // What only a circle of needs leaves is never ready; the plan's check says so.
  while (ready.length > 0) {
    const wave = together(ready, of)
    const begun = new Set(wave)
    const freed = wave.flatMap(({ behind }) => behind.filter((waiting) => --waiting.needsLeft === 0))
    ready = ready.filter((waiting) => !begun.has(waiting))
    if (freed.length > 0) ready = [...ready, ...freed].sort((a, b) => a.place - b.place)
    waves.push(wave.map(({ plan }) => plan.key))
  }
  return waves
}

interface Waiting {
  readonly plan: PlanTask
  readonly place: number
  /** What it writes. */
  readonly scope: readonly Scope[]
  readonly tokens: number
  readonly behind: Waiting[]
  /** Tasks of the plan that are in no wave yet. */
  needsLeft: number
}

function waitingOf(plans: readonly PlanTask[]): Waiting[] {
  const all = plans.map((plan, place): Waiting => ({
    plan,
    place,
    scope: plan.scope.filter(({ access }) => access === "write"),
    tokens: tokensOf(plan),
    behind: [],
    needsLeft: 0,
  }))
  const byKey = new Map(all.map((waiting) => [waiting.plan.key, waiting]))
  for (const waiting of all)
    for (const key of new Set(waiting.plan.after.map((need) => need.key))) {
      const needed = byKey.get(key)
      if (needed === undefined) continue
      needed.behind.push(waiting)
      waiting.needsLeft++
    }
  return all
}

function together(ready: readonly Waiting[], of: Terms): Waiting[] {
  const limits = { agentsMax: of.settings.waveSize ?? Infinity, tokensMax: of.settings.waveTokens ?? Infinity }
  const taken: Waiting[] = []
  const free = freeScopes(of)
  let tokens = 0
  for (const waiting of ready) {
    if (taken.length > 0 && taken.length >= limits.agentsMax) break
    if (taken.length > 0 && !fitsSum({ agents: taken.length + 1, tokens: tokens + waiting.tokens }, limits)) continue
    if (!free(waiting.scope)) continue
    taken.push(waiting)
    tokens += waiting.tokens
  }
  return taken
}

/** Takes the scopes, unless one of them overlaps what was taken before. A pattern that did is not looked up again: very many tasks may write the same. */
function freeScopes(rule: CaseRule): (scopes: readonly Scope[]) => boolean {
  const taken = new ScopeTrie<readonly Scope[]>(rule)
  const held = new Set<string>()
  return (scopes) => {
    if (scopes.some(({ pattern }) => held.has(pattern))) return false
    const met = scopes.find((scope) => taken.overlapping(scope).size > 0)
    if (met !== undefined) held.add(met.pattern)
    else for (const scope of scopes) taken.add(scope, scopes)
    return met === undefined
  }
}
