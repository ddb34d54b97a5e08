/** What the answers of people set going. */
import { fault, type Fault } from "../fault.ts"
import { id } from "../ids.ts"
import { endAttempt } from "../attempt/close.ts"
import { attemptOf } from "../attempt/apply.ts"
import { startChecks } from "../attempt/verify.ts"
import { releaseHeld } from "../landing/decide.ts"
import type { Command } from "../project/command.ts"
import type { Draft } from "../project/draft.ts"
import { unknownThing } from "../project/refusals.ts"
import { taskOf } from "../project/state.ts"
import type { Approval, ApprovalSubject } from "./approval.ts"

export function answerApproval(draft: Draft, command: Command & { type: "approval.answer" }): Fault | null {
  const approval = draft.state.approvals.get(command.approval)
  if (approval === undefined) return unknownThing("approval", command.approval)
  if (approval.answer !== null)
    return fault(
      "approval-answered",
      `${approval.id} was answered already`,
      `${approval.answer.allow ? "allowed" : "denied"} by ${approval.answer.by}${approval.answer.note === null ? "" : `: ${approval.answer.note}`}`,
      "fleet inbox shows what still waits",
    )
  draft.emit({ type: "approval.answered", approval: approval.id, task: approval.task, allow: command.allow, by: command.by, note: command.note })
  act(draft, approval, command)
  return null
}

function act(draft: Draft, approval: Approval, answer: { allow: boolean; by: string; note: string | null }): void {
  const { about, task } = approval
  if (about.kind === "permission") return tellAgent(draft, approval, about, answer)
  if (task === null) throw new Error(`${approval.id} is about no task`)
  switch (about.kind) {
    case "scope":
      if (answer.allow) {
        draft.emit({ type: "scope.widened", task, paths: about.paths, by: answer.by })
        startChecks(draft, task)
      } else endAttempt(draft, task, { how: "failed", failure: { kind: "out-of-scope", files: about.paths, note: answer.note } })
      return
    case "gate":
      if (!answer.allow) draft.emit({ type: "task.failed", task, failure: { kind: "denied", what: "the start of this task", note: answer.note } })
      return
    case "landing": {
      const { state } = taskOf(draft.state, task)
      if (state.name !== "landing") return
      if (answer.allow) releaseHeld(draft, state.landing)
      else {
        draft.emit({ type: "landing.ended", landing: state.landing, task, how: "withdrawn" })
        draft.emit({ type: "task.failed", task, failure: { kind: "denied", what: "the landing of this task", note: answer.note } })
      }
      return
    }
  }
}

function tellAgent(draft: Draft, approval: Approval, about: ApprovalSubject & { kind: "permission" }, answer: { allow: boolean; note: string | null }): void {
  const worker = approval.task === null ? draft.state.sessions.get(about.session)?.worker : attemptOf(taskOf(draft.state, approval.task)).worker
  if (worker === undefined) return
  const { session, permission } = about
  draft.ask(worker, { kind: "permission.answer", key: id(`answer:${approval.id}`), session, permission, allow: answer.allow, note: answer.note })
}
