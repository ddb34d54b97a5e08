/** Asking people, and asking no more. */
import { id, type ApprovalId, type SessionId, type TaskId } from "../ids.ts"
import type { Draft } from "../project/draft.ts"
import { openApprovals } from "./apply.ts"
import type { Report } from "../worker/job-result.ts"
import type { ApprovalSubject } from "./approval.ts"

/** Opens an approval with the next short id (`a1`, `a2`, …). */
export function openApproval(draft: Draft, task: TaskId | null, about: ApprovalSubject, question: string, detail: string): ApprovalId {
  const approval = id<"approval">(`a${draft.state.counters.approvals + 1}`)
  draft.emit({ type: "approval.opened", approval, task, about, question, detail })
  return approval
}

export function withdrawApprovals(draft: Draft, task: TaskId, why: string): void {
  for (const approval of openApprovals(draft.state, task)) draft.emit({ type: "approval.withdrawn", approval: approval.id, task, why })
}

export function withdrawSessionApprovals(draft: Draft, session: SessionId, why: string): void {
  for (const { id: approval, task, answer, about } of draft.state.approvals.values())
    if (answer === null && about.kind === "permission" && about.session === session) draft.emit({ type: "approval.withdrawn", approval, task, why })
}

/** An agent asks for something that no rule decides. A report that was heard before the hub died may come again. */
export function askPermission(draft: Draft, task: TaskId | null, { session, request }: Report & { type: "permission.asked" }): void {
  const { permission, title, command, paths } = request
  const asked = draft.state.approvals.some(({ about }) => about.kind === "permission" && about.session === session && about.permission === permission)
  if (asked) return
  openApproval(draft, task, { kind: "permission", session, permission }, title, [command, ...paths].filter((line) => line !== null).join("\n"))
}

/** The agent waits for that answer no more. */
export function closePermission(draft: Draft, { session, permission, by }: Report & { type: "permission.closed" }): void {
  for (const { id: approval, task, answer, about } of draft.state.approvals.values())
    if (answer === null && about.kind === "permission" && about.session === session && about.permission === permission)
      draft.emit({ type: "approval.withdrawn", approval, task, why: `the ${by} no longer waits for it` })
}
