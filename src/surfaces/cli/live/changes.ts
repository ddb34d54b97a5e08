/** Says what is different between two views of a run, for the displays that print one line a change. */
import type { CampaignView, WaveView } from "../../../protocol/campaign-views.ts"
import type { ApprovalView, RunView, TaskView } from "../../../protocol/views.ts"

export type Change =
  | { readonly type: "run"; readonly run: RunView }
  | { readonly type: "task"; readonly task: TaskView }
  /** Its tasks are known, and what was said before it began. */
  | { readonly type: "planned"; readonly campaign: CampaignView }
  | { readonly type: "wave"; readonly run: RunView; readonly wave: WaveView }
  | { readonly type: "asked"; readonly approval: ApprovalView }

/** `before` is null for the first view. What a task does or waits for within a state (`reason`) is no change: it would be a line a second. */
export function changesBetween(before: RunView | null, after: RunView): Change[] {
  const known = new Map(before?.tasks.map((task) => [task.key, task]))
  const asked = new Set(before?.approvals.filter((approval) => approval.answer === null).map((approval) => approval.id))
  return [
    ...(before === null || before.status !== after.status ? [{ type: "run" as const, run: after }] : []),
    ...(after.campaign !== null && after.campaign.gate !== null && before?.campaign?.gate == null
      ? [{ type: "planned" as const, campaign: after.campaign }]
      : []),
    ...after.waves.filter((wave) => hasTurned(before?.waves, wave)).map((wave) => ({ type: "wave" as const, run: after, wave })),
    ...after.tasks.filter((task) => hasMoved(known.get(task.key), task)).map((task) => ({ type: "task" as const, task })),
    ...after.approvals.filter((approval) => approval.answer === null && !asked.has(approval.id)).map((approval) => ({ type: "asked" as const, approval })),
  ]
}

/** It was begun, or it is over. One that was over when following began is no news. */
function hasTurned(before: readonly WaveView[] | undefined, { number, open }: WaveView): boolean {
  const known = before?.find((wave) => wave.number === number)
  return known === undefined ? open || before !== undefined : known.open !== open
}

function hasMoved(before: TaskView | undefined, after: TaskView): boolean {
  if (before === undefined) return after.status !== "queued"
  return before.status !== after.status || before.attempt !== after.attempt
}
