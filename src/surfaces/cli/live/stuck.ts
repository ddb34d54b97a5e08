/** Decides when a run can go on only after a person has answered. */
import type { RunView, TaskView } from "../../../protocol/views.ts"
import { openApprovals } from "./display.ts"
import { isActive } from "./states.ts"

/**
 * `certain`: nothing works, and everything that is queued waits behind what is asked. `likely`: nothing works, but something is queued
 * for another reason (a back-off, a slot), so it may yet start by itself.
 */
export function waitsForPerson(run: RunView): "no" | "likely" | "certain" {
  if (run.status !== "running" || openApprovals(run).length === 0 || run.tasks.some((task) => isActive(task.status))) return "no"
  const blocked = blockedKeys(run)
  return run.tasks.every((task) => task.status !== "queued" || blocked.has(task.key)) ? "certain" : "likely"
}

/** What needs a person or has failed, what is held by a question, and all that comes after any of these. */
function blockedKeys(run: RunView): ReadonlySet<string> {
  const blocked = new Set(openApprovals(run).flatMap((approval) => approval.holds))
  for (const task of run.tasks) if (task.status === "needs-you" || task.status === "failed" || task.status === "cancelled") blocked.add(task.key)
  let before = -1
  while (before !== blocked.size) {
    before = blocked.size
    for (const task of run.tasks) if (isBehind(task, blocked)) blocked.add(task.key)
  }
  return blocked
}

const isBehind = (task: TaskView, blocked: ReadonlySet<string>): boolean => task.after.some((key) => blocked.has(key))
