/** Which waves a plan will take, as far as can be said beforehand: for people who decide whether to start it. */
import type { TaskKey } from "../ids.ts"
import { fits } from "../gate/tokens.ts"
import type { PlanTask } from "../plan/plan.ts"
import { firstOverlap, type CaseRule } from "../scope/overlap.ts"
import type { RunSettings } from "./run.ts"

/** Keys of each wave's tasks, in the order of the plan. Without waves: tasks whose needs would be met at the same time. */
export function foreseenWaves(plans: readonly PlanTask[], of: CaseRule & { readonly settings: Pick<RunSettings, "waveSize" | "waveTokens"> }): TaskKey[][] {
  const here = new Set(plans.map(({ key }) => key))
  const over = new Set<TaskKey>()
  const waves: TaskKey[][] = []
  while (over.size < here.size) {
    const ready = plans.filter((plan) => !over.has(plan.key) && plan.after.every(({ key }) => !here.has(key) || over.has(key)))
    const wave = together(ready, of)
    // Only a circle of needs leaves nothing ready; the plan's check says so.
    if (wave.length === 0) return waves
    for (const { key } of wave) over.add(key)
    waves.push(wave.map(({ key }) => key))
  }
  return waves
}

function together(ready: readonly PlanTask[], of: Parameters<typeof foreseenWaves>[1]): PlanTask[] {
  const { waveSize, waveTokens } = of.settings
  const limits = { agentsMax: waveSize ?? Infinity, tokensMax: waveTokens ?? Infinity }
  const taken: PlanTask[] = []
  for (const plan of ready) {
    const free = taken.every((other) => firstOverlap(plan.scope, other.scope, of) === null)
    if (free && (taken.length === 0 || fits([...taken, plan], limits))) taken.push(plan)
  }
  return taken
}
