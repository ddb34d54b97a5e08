/** Asking people, and asking no more. */
import { id, type ApprovalId, type TaskId } from "../ids.ts"
import type { Draft } from "../project/draft.ts"
import { openApprovals } from "./apply.ts"
import type { ApprovalSubject } from "./approval.ts"

/** Opens an approval with the next short id (`a1`, `a2`, …). */
export function openApproval(draft: Draft, task: TaskId, about: ApprovalSubject, question: string, detail: string): ApprovalId {
  const approval = id<"approval">(`a${draft.state.counters.approvals + 1}`)
  draft.emit({ type: "approval.opened", approval, task, about, question, detail })
  return approval
}

export function withdrawApprovals(draft: Draft, task: TaskId, why: string): void {
  for (const approval of openApprovals(draft.state, task)) draft.emit({ type: "approval.withdrawn", approval: approval.id, task, why })
}
