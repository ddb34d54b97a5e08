/** Says what is different between two views of a run, for the displays that print one line a change. */
import type { ApprovalView, RunView, TaskView } from "../../../protocol/views.ts"

export type Change =
  | { readonly type: "run"; readonly run: RunView }
  | { readonly type: "task"; readonly task: TaskView }
  | { readonly type: "asked"; readonly approval: ApprovalView }

/** `before` is null for the first view. What a task does or waits for within a state (`reason`) is no change: it would be a line a second. */
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
  return before.status !== after.status || before.attempt !== after.attempt
}
