/** Finds the cycles among a plan's needs. */
import type { PlanTask } from "./plan.ts"

/** Each cycle in the order in which its tasks need each other: the first needs the second, the last needs the first. No task is in two of them. */
export function cycles(tasks: readonly PlanTask[], most: number): PlanTask[][] {
  const byKey = new Map<string, PlanTask>(tasks.map((task) => [task.key, task]))
  const found: PlanTask[][] = []
  const ended = new Set<PlanTask>()
  for (const start of tasks) {
    // A walk along the needs; where it meets itself is a cycle, where it can go no further is no part of one.
    const path: { task: PlanTask; next: number }[] = []
    const onPath = new Map<PlanTask, number>()
    const enter = (task: PlanTask): void => {
      onPath.set(task, path.length)
      path.push({ task, next: 0 })
    }
    if (!ended.has(start)) enter(start)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const need = top.task.after[top.next++]
      if (need === undefined) {
        ended.add(top.task)
        onPath.delete(top.task)
        path.pop()
        continue
      }
      const task = byKey.get(need.key)
      if (task === undefined || ended.has(task)) continue
      const from = onPath.get(task)
      if (from === undefined) enter(task)
      else {
        const cycle = path.splice(from).map((step) => step.task)
        for (const member of cycle) {
          ended.add(member)
          onPath.delete(member)
        }
        found.push(cycle)
        if (found.length >= most) return found
      }
    }
  }
  return found
}
