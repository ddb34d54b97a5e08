/** The order that a plan's edges ask for, how much work waits behind each task, and how fast the whole can be at best. */
import type { TaskKey } from "../ids.ts"
import type { Plan, PlanTask, TaskType } from "./plan.ts"

/** Minutes that a task is taken to need when its plan does not say. */
const usualMinutes: Readonly<Record<TaskType, number>> = { skill: 5, research: 8, build: 15 }

/** A ticked task needs no time. */
export function estimateMinutes(task: PlanTask): number {
  return task.ticked ? 0 : (task.estimateMinutes ?? usualMinutes[task.type])
}

/** Every task after all that it needs, otherwise as written. Tasks in a cycle, and what waits for one, are left out. */
export function order(plan: Plan): PlanTask[] {
  const left = new Map(plan.tasks.map((task) => [task.key, needsOf(task).length]))
  const behind = dependantsOf(plan)
  const byKey = new Map(plan.tasks.map((task) => [task.key, task]))
  const result = plan.tasks.filter((task) => left.get(task.key) === 0)
  // The list grows while it is walked.
  for (const done of result) {
    for (const key of behind.get(done.key) ?? []) {
      const open = (left.get(key) ?? 0) - 1
      left.set(key, open)
      const task = byKey.get(key)
      if (open === 0 && task !== undefined) result.push(task)
    }
  }
  return result
}

/** Minutes from the start of each task to the end of the plan, along the longest way. The scheduler starts the highest first. */
export function ranks(plan: Plan): Map<TaskKey, number> {
  const behind = dependantsOf(plan)
  const result = new Map<TaskKey, number>()
  for (const task of order(plan).reverse()) {
    const longest = (behind.get(task.key) ?? []).reduce((most, key) => Math.max(most, result.get(key) ?? 0), 0)
    result.set(task.key, estimateMinutes(task) + longest)
  }
  return result
}

/** One longest chain of needs, from its first task to its last. */
export function criticalPath(plan: Plan): TaskKey[] {
  const rank = ranks(plan)
  const behind = dependantsOf(plan)
  const highest = (keys: readonly TaskKey[]): TaskKey | undefined =>
    keys.reduce<TaskKey | undefined>((best, key) => (best === undefined || (rank.get(key) ?? 0) > (rank.get(best) ?? 0) ? key : best), undefined)
  const path: TaskKey[] = []
  const starts = order(plan).filter((task) => needsOf(task).length === 0)
  for (let key = highest(starts.map((task) => task.key)); key !== undefined; key = highest(behind.get(key) ?? [])) path.push(key)
  return path
}

/** No schedule is faster: the critical path, or the work over the slots. Overlapping scopes and everything else that waits come on top. */
export function lowerBoundMinutes(plan: Plan, slots: number): number {
  const work = plan.tasks.reduce((sum, task) => sum + estimateMinutes(task), 0)
  const longest = [...ranks(plan).values()].reduce((most, minutes) => Math.max(most, minutes), 0)
  return Math.max(longest, work / Math.max(1, slots))
}

/** Everything that needs `key`, directly or through others. */
export function dependants(plan: Plan, key: TaskKey): Set<TaskKey> {
  return reach(dependantsOf(plan), key)
}

/** Everything that `key` needs, directly or through others. */
export function needed(plan: Plan, key: TaskKey): Set<TaskKey> {
  return reach(new Map(plan.tasks.map((task) => [task.key, needsOf(task)])), key)
}

/** The order in which tasks that are ready together start: longest way to the end, priority, place in the plan. */
export function startOrder(plan: Plan): (a: PlanTask, b: PlanTask) => number {
  const rank = ranks(plan)
  const place = new Map(plan.tasks.map((task, at) => [task.key, at]))
  return (a, b) => (rank.get(b.key) ?? 0) - (rank.get(a.key) ?? 0) || b.priority - a.priority || (place.get(a.key) ?? 0) - (place.get(b.key) ?? 0)
}

/** Direct dependants, each once, as written. */
export function dependantsOf(plan: Plan): Map<TaskKey, TaskKey[]> {
  const result = new Map<TaskKey, TaskKey[]>(plan.tasks.map((task) => [task.key, []]))
  for (const task of plan.tasks) for (const need of needsOf(task)) result.get(need)?.push(task.key)
  return result
}

const needsOf = (task: PlanTask): TaskKey[] => [...new Set(task.after.map((need) => need.key))]

function reach(next: ReadonlyMap<TaskKey, readonly TaskKey[]>, from: TaskKey): Set<TaskKey> {
  const found = new Set<TaskKey>()
  const open = [...(next.get(from) ?? [])]
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (found.has(key)) continue
    found.add(key)
    open.push(...(next.get(key) ?? []))
  }
  return found
}
