/** Which tasks of a plan can work at the same time, and how many of them touch none of the others' files: what a campaign calls its independent streams. */
import { firstOverlap } from "../scope/overlap.ts"
import { order } from "./graph.ts"
import type { Plan, PlanTask } from "./plan.ts"
import type { TaskKey } from "../ids.ts"

/** The most in any one step. */
export const independentStreams = (plan: Plan): number => streamsOf(plan).length

/** Of the step that has the most: those that touch none of the others' files. */
export const streamsOf = (plan: Plan): readonly PlanTask[] => apart(widestStep(plan))

/** The step with the most streams; a step holds the tasks that are as far from the beginning. Ticked tasks are done and count nowhere. */
export function widestStep(plan: Plan): readonly PlanTask[] {
  const steps = new Map<TaskKey, number>()
  for (const task of order(plan))
    steps.set(
      task.key,
      task.after.reduce((most, need) => Math.max(most, (steps.get(need.key) ?? 0) + 1), 0),
    )
  const open = plan.tasks.filter((task) => !task.ticked && steps.has(task.key))
  const all = [...Map.groupBy(open, (task) => steps.get(task.key)).values()]
  return all.reduce<readonly PlanTask[]>((widest, step) => (apart(step).length > apart(widest).length ? step : widest), [])
}

/** Those that do not overlap with one before them. */
function apart(tasks: readonly PlanTask[]): readonly PlanTask[] {
  const taken: PlanTask[] = []
  for (const task of tasks) if (taken.every((other) => firstOverlap(task.scope, other.scope) === null)) taken.push(task)
  return taken
}
