/** What stands in the column `#` of a session file: it never changes, whatever is added, and in whatever run the campaign goes on. */
import type { Task } from "../task/task.ts"

/** The tag of a task that was made of a row, with that row's number. */
export const rowTag = "Row"

/** The tag of a task that was complete before, with the commit that was found on the target. Without it nobody has looked. */
export const landedTag = "Landed"

/** Of tasks in their run's order. Whoever has no tag is numbered on from the highest before. */
export function rowNumbers(tasks: readonly Task[]): ReadonlyMap<Task, number> {
  const numbers = new Map<Task, number>()
  let highest = 0
  for (const [at, task] of tasks.entries()) {
    const named = Number(task.plan.tags[rowTag])
    const number = Number.isSafeInteger(named) && named > 0 ? named : Math.max(at, highest) + 1
    numbers.set(task, number)
    highest = Math.max(highest, number)
  }
  return numbers
}
