/** Says what is different between two views of a run, for the displays that print one line a change. */
import type { ApprovalView, RunView, TaskView } from "../../../protocol/views.ts"

export type Change =
  | { readonly type: "run"; readonly run: RunView }
  | { readonly type: "task"; readonly task: TaskView }
  | { readonly type: "asked"; readonly approval: ApprovalView }

/** `before` is null for the first view. Activity within a state (`reason` of a task that works) is no change. */
export function changesBetween(before: RunView | null, after: RunView): Change[] {
  const known = new Map(before?.tasks.map((task) => [task.key, task]))
  const asked = new Set(before?.approvals.filter((approval) => approval.answer === null).map((approval) => approval.id))
  return [
    ...(before === null || before.status !== after.status ? [{ type: "run" as const, run: after }] : []),
    ...after.tasks.filter((task) => hasMoved(known.get(task.key), task)).map((task) => ({ type: "task" as const, task })),
    ...after.approvals.filter((approval) => approval.answer === null && !asked.has(approval.id)).map((approval) => ({ type: "asked" as const, approval })),
  ]
}

function hasMoved(before: TaskView | undefined, after: TaskView): boolean {
  if (before === undefined) return after.status !== "queued"
  if (before.status !== after.status || before.attempt !== after.attempt) return true
  // Why a task waits is news; what a working one does by the second is not.
  return after.status === "queued" && before.reason !== after.reason
}
