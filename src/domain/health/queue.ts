/**
 * Makes a ranked work queue of what was found: what hides other faults first, then what is dangerous, then what is untidy. The same
 * findings give the same queue. Nothing of it is started here.
 */
import { fitWave } from "../gate/tokens.ts"
import type { Need, Plan, PlanTask } from "../plan/plan.ts"
import { firstOverlap } from "../scope/overlap.ts"
import { findingNames, type FindingName, type HealthFindings } from "./health.ts"
import { workOf } from "./work.ts"

export interface HealthQueue {
  /** The first is the most urgent. Empty: nothing was found that an agent could mend. */
  readonly items: readonly QueueItem[]
  /** What is not known, with the reason, a sentence each. */
  readonly unknown: readonly string[]
  readonly notices: readonly string[]
}

export interface QueueItem {
  readonly rank: number
  readonly task: PlanTask
  readonly wave: number
  /** Why it has that rank, in a sentence. */
  readonly why: string
}

export const queueMax = 12

export function healthQueue(findings: HealthFindings): HealthQueue {
  const items: QueueItem[] = []
  for (const { task, why } of workOf(findings).slice(0, queueMax)) {
    const after = needsOf(task, items)
    const earliest = items.reduce((wave, item) => (after.some((need) => need.key === item.task.key) ? Math.max(wave, item.wave + 1) : wave), 1)
    items.push({ rank: items.length + 1, task: { ...task, after }, wave: freeWave(task, items, earliest), why })
  }
  return { items, unknown: findingNames.flatMap((name) => unknownOf(name, findings)), notices: findings.notices }
}

/** Null when there is nothing to do. */
export function healthPlan({ items }: HealthQueue): Plan | null {
  if (items.length === 0) return null
  const tasks = items.map((item) => item.task)
  return {
    version: 1,
    goal: "Mend what is unhealthy in this repository",
    guardrails: [],
    checks: [],
    setup: null,
    tasks,
    source: { format: "inline", file: null },
  }
}

/** Those that the task asked for and are there, and those of a higher rank that write the same files. */
function needsOf(task: PlanTask, before: readonly QueueItem[]): Need[] {
  return before
    .filter((item) => task.after.some((need) => need.key === item.task.key) || firstOverlap(task.scope, item.task.scope) !== null)
    .map((item) => ({ key: item.task.key, reason: "declared" }))
}

function freeWave(task: PlanTask, items: readonly QueueItem[], earliest: number): number {
  for (let wave = earliest; ; wave++) {
    const together = [...items.filter((item) => item.wave === wave).map((item) => item.task), task]
    if (fitWave(together).length === together.length) return wave
  }
}

const words: Readonly<Record<FindingName, string>> = {
  typecheck: "types",
  tests: "tests",
  lint: "lint",
  audit: "known vulnerabilities",
  todos: "TODOs",
  staleBranches: "stale branches",
}

const unknownOf = (name: FindingName, findings: HealthFindings): string[] =>
  findings[name].status === "unknown" ? [`${words[name]}: ${findings[name].why}`] : []
