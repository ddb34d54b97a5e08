/** What the answers of people set going. */
import { fault, type Fault } from "../fault.ts"
import { id, type RunId } from "../ids.ts"
import { endAttempt } from "../attempt/close.ts"
import { attemptOf } from "../attempt/apply.ts"
import { startChecks } from "../attempt/verify.ts"
import { releaseHeld, withdrawLanding } from "../landing/decide.ts"
import type { Command } from "../project/command.ts"
import type { Draft } from "../project/draft.ts"
import { stopRun } from "../run/decide.ts"
import { pickStrategy } from "../run/strategies.ts"
import { unknownThing } from "../project/refusals.ts"
import { runOf, taskOf } from "../project/state.ts"
import { newestWave } from "../run/wave.ts"
import { retryNeeded, waitsForFailed } from "../run/waves.ts"
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
  if (approval.about.kind === "pick" && command.allow) return pickInstead(approval, approval.about.run)
  draft.emit({ type: "approval.answered", approval: approval.id, task: approval.task, allow: command.allow, by: command.by, note: command.note })
  act(draft, approval, command)
  return null
}

function act(draft: Draft, approval: Approval, answer: { allow: boolean; by: string; note: string | null }): void {
  const { about, task } = approval
  if (about.kind === "permission") return tellAgent(draft, approval, about, answer)
  if (about.kind === "start" || about.kind === "wave" || about.kind === "pick") return goOnOrStop(draft, about, answer)
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
      else
        withdrawLanding(draft, state.landing, (of) =>
          draft.emit({ type: "task.failed", task: of, failure: { kind: "denied", what: "the landing of this task", note: answer.note } }),
        )
      return
    }
  }
}

/** No: a run that has not begun, or in which nobody succeeded, is stopped; of strategies none lands. */
function goOnOrStop(draft: Draft, about: ApprovalSubject & { kind: "start" | "wave" | "pick" }, answer: { allow: boolean; by: string }): void {
  const { run, kind } = about
  if (draft.state.runs.get(run)?.hold?.for !== kind) return
  if (kind === "pick") {
    pickStrategy(draft, { run, key: null, by: answer.by })
    return
  }
  const held = runOf(draft.state, run)
  const next = (newestWave(held)?.number ?? 0) + 1
  draft.emit({ type: "run.freed", run, ...(kind === "wave" ? { wave: next } : {}) })
  if (!answer.allow) stopRun(draft, run, answer.by)
  else if (kind === "wave" && waitsForFailed(draft.state, held)) retryNeeded(draft, held)
}

const pickInstead = (approval: Approval, run: RunId): Fault =>
  fault(
    "approval-is-a-choice",
    `${approval.id} cannot be answered with yes`,
    "several strategies are there, and one of them is to be picked",
    `fleet compare ${run} shows them; fleet pick <strategy> --run ${run} picks one; deny picks none`,
  )

function tellAgent(draft: Draft, approval: Approval, about: ApprovalSubject & { kind: "permission" }, answer: { allow: boolean; note: string | null }): void {
  const worker = approval.task === null ? draft.state.sessions.get(about.session)?.worker : attemptOf(taskOf(draft.state, approval.task)).worker
  if (worker === undefined) return
  const { session, permission } = about
  draft.ask(worker, { kind: "permission.answer", key: id(`answer:${approval.id}`), session, permission, allow: answer.allow, note: answer.note })
}
