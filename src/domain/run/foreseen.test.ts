import fc from "fast-check"
import { expect, test } from "vitest"
import { task } from "../../../test/world/world.ts"
import { fits } from "../gate/tokens.ts"
import type { PlanTask } from "../plan/plan.ts"
import { firstOverlap } from "../scope/overlap.ts"
import { foreseenWaves } from "./foreseen.ts"

const scopes = ["src/a", "src/a/deep", "src/b", "**", "src/*/x.ts", "src/{a,c}", "src/A", "docs (read-only)", "web"]
/** With needs in circles, and of tasks that are not there. */
const plans = fc
  .array(
    fc.record({ needs: fc.array(fc.nat(14), { maxLength: 3 }), scope: fc.subarray(scopes, { maxLength: 3 }), effort: fc.constantFrom(null, "low", "high") }),
    { maxLength: 14 },
  )
  .map((rows) =>
    rows.map(({ needs, scope, effort }, at) => task(`t${at}`, { after: needs.filter((need) => need !== at).map((need) => `t${need}`), scope, effort })),
  )
const terms = fc.record({
  settings: fc.record({ waveSize: fc.constantFrom(null, 1, 2, 5), waveTokens: fc.constantFrom(null, 1, 300_000, 700_000) }),
  ignoreCase: fc.boolean(),
})
type Terms = Parameters<typeof foreseenWaves>[1]

/** The rule as it is said: of those whose needs are over, the first that fit and overlap nobody before them. */
function oneByOne(all: readonly PlanTask[], of: Terms): string[][] {
  const waves: PlanTask[][] = []
  for (let left = all; left.length > 0; left = left.filter((plan) => !waves.flat().includes(plan))) {
    const open = new Set<string>(left.map(({ key }) => key))
    const wave = withoutRivals(
      left.filter(({ after }) => !after.some(({ key }) => open.has(key))),
      of,
    )
    if (wave.length === 0) break
    waves.push(wave)
  }
  return waves.map((wave) => wave.map(({ key }) => key))
}

function withoutRivals(ready: readonly PlanTask[], of: Terms): PlanTask[] {
  const limits = { agentsMax: of.settings.waveSize ?? Infinity, tokensMax: of.settings.waveTokens ?? Infinity }
  return ready.reduce<PlanTask[]>((taken, plan) => {
    const fit = taken.length === 0 || fits([...taken, plan], limits)
    return fit && taken.every((other) => firstOverlap(plan.scope, other.scope, of) === null) ? [...taken, plan] : taken
  }, [])
}

test("the waves of a plan are those that looking at every task for each wave gives", () => {
  fc.assert(
    fc.property(plans, terms, (all, of) => {
      expect(foreseenWaves(all, of)).toEqual(oneByOne(all, of))
    }),
    { numRuns: 2_000 },
  )
})

test("10,000 tasks, each with a scope of its own, are put into waves without comparing each with each", () => {
  const all = Array.from({ length: 10_000 }, (_, at) => task(`t${at}`, { scope: [`src/p${at}`] }))
  for (const waveSize of [null, 50]) {
    const from = performance.now()
    expect(foreseenWaves(all, { settings: { waveSize, waveTokens: null }, ignoreCase: false }).flat()).toHaveLength(10_000)
    expect(performance.now() - from).toBeLessThan(5_000)
  }
})
