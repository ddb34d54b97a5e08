/** Plays a plan through with its estimates, as the scheduler would: what starts when, and what holds it up. Agents keep no estimate, so this explains and does not promise. */
import type { TaskKey } from "../ids.ts"
import type { Scope } from "../scope/scope.ts"
import { overlappingPairs } from "../scope/trie.ts"
import { dependantsOf, estimateMinutes, startOrder } from "./graph.ts"
import type { Plan, PlanTask } from "./plan.ts"

export interface Forecast {
  readonly of: ReadonlyMap<TaskKey, ForecastTask>
  readonly minutes: number
  /** For each task the others that it may not run beside, with the two scopes that meet (its own first). */
  readonly conflicts: ReadonlyMap<TaskKey, ReadonlyMap<TaskKey, readonly [Scope, Scope]>>
}
export interface ForecastTask {
  /** When its needs are met. */
  readonly readyMinute: number
  readonly startMinute: number
  /** It could have started, but all slots were taken. */
  readonly heldBySlots: boolean
}

const pairsMax = 100_000

/** Needs a plan without errors. */
export function forecast(plan: Plan, slots: number): Forecast {
  const conflicts = conflictsOf(plan)
  const inOrder = startOrder(plan)
  const behind = dependantsOf(plan)
  const byKey = new Map(plan.tasks.map((task) => [task.key, task]))
  const needsLeft = new Map(plan.tasks.map((task) => [task.key, new Set(task.after.map((need) => need.key)).size]))
  const of = new Map<TaskKey, ForecastTask>()
  const readyMinute = new Map<TaskKey, number>()
  const heldBySlots = new Set<TaskKey>()
  const running: { readonly task: PlanTask; readonly end: number }[] = []
  let ready = plan.tasks.filter((task) => needsLeft.get(task.key) === 0).toSorted(inOrder)
  let minute = 0
  for (const task of ready) readyMinute.set(task.key, 0)

  const start = (task: PlanTask): boolean => {
    const beside = conflicts.get(task.key)
    if (beside !== undefined && running.some((other) => beside.has(other.task.key))) return false
    if (!task.ticked && running.length >= Math.max(1, slots)) {
      heldBySlots.add(task.key)
      return false
    }
    of.set(task.key, { readyMinute: readyMinute.get(task.key) ?? 0, startMinute: minute, heldBySlots: heldBySlots.has(task.key) })
    running.push({ task, end: minute + estimateMinutes(task) })
    return true
  }
  const finish = (task: PlanTask): void => {
    for (const key of behind.get(task.key) ?? []) {
      const left = (needsLeft.get(key) ?? 0) - 1
      needsLeft.set(key, left)
      const next = byKey.get(key)
      if (left > 0 || next === undefined) continue
      readyMinute.set(key, minute)
      ready.push(next)
    }
  }
  while (ready.length > 0 || running.length > 0) {
    ready = ready.toSorted(inOrder).filter((task) => !start(task))
    minute = running.reduce((soonest, one) => Math.min(soonest, one.end), Infinity)
    for (const one of running.filter((each) => each.end <= minute)) {
      running.splice(running.indexOf(one), 1)
      finish(one.task)
    }
  }
  return { of, minutes: Number.isFinite(minute) ? minute : 0, conflicts }
}

function conflictsOf(plan: Plan): Map<TaskKey, Map<TaskKey, readonly [Scope, Scope]>> {
  const result = new Map<TaskKey, Map<TaskKey, readonly [Scope, Scope]>>()
  const note = (one: TaskKey, other: TaskKey, scopes: readonly [Scope, Scope]): void => {
    const known = result.get(one) ?? new Map<TaskKey, readonly [Scope, Scope]>()
    result.set(one, known)
    if (!known.has(other)) known.set(other, scopes)
  }
  let looked = 0
  for (const [left, right] of overlappingPairs(
    plan.tasks.filter((task) => !task.ticked).flatMap((task) => task.scope.map((scope) => ({ scope, owner: task.key }))),
  )) {
    if (++looked > pairsMax) break
    note(left.owner, right.owner, [left.scope, right.scope])
    note(right.owner, left.owner, [right.scope, left.scope])
  }
  return result
}
