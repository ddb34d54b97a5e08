/** Ending an attempt: first its session and everything that it started, and only when that is proved whatever comes next. */
import { id, sessionOf, type AttemptId, type TaskId } from "../ids.ts"
import { withdrawApprovals } from "../approval/open.ts"
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf } from "../project/state.ts"
import { attemptOf } from "./apply.ts"
import type { AfterClosing, AttemptEnd } from "./attempt.ts"
import type { Failure } from "./failure.ts"
import { endTelling } from "../task/tell.ts"
import { judge, type NextAttempt } from "./retry.ts"

/** Asks for the end of the session; what follows is decided when it has ended. An attempt that is closing already only gets another sequel. */
export function closeAttempt(draft: Draft, task: TaskId, then: AfterClosing): void {
  const attempt = attemptOf(taskOf(draft.state, task))
  if (attempt.phase.name === "closing") {
    draft.emit({ type: "attempt.closing", task, then })
    return
  }
  draft.settle(...keysOf(attempt.id, ["prepare", "open", "collect", "check"]))
  draft.emit({ type: "attempt.closing", task, then })
  withdrawApprovals(draft, task, "the attempt is over")
  draft.ask(attempt.worker, { kind: "session.close", key: id(`close:${attempt.id}`), session: sessionOf(attempt.id) })
}

/** The session has ended, or there never was one: the attempt is over, and the task goes where that leads. */
export function endAttempt(draft: Draft, task: TaskId, end: Exclude<AttemptEnd, { how: "proved" }>): void {
  const attempt = attemptOf(taskOf(draft.state, task))
  draft.settle(...keysOf(attempt.id, ["prepare", "open", "turn", "close", "collect", "check"]))
  withdrawApprovals(draft, task, "the attempt is over")
  endTelling(draft, task)
  draft.emit({ type: "attempt.ended", task, end })
  if (end.how === "cancelled" || runOf(draft.state, taskOf(draft.state, task).run).status.name === "stopping") draft.emit({ type: "task.cancelled", task })
  else afterFailure(draft, task, end.failure)
}

/** Another attempt, or the end of the task. */
export function afterFailure(draft: Draft, id: TaskId, failure: Failure): void {
  const task = taskOf(draft.state, id)
  const verdict = judge(failure, task, task.plan.retries ?? runOf(draft.state, task.run).settings.retries, draft.now)
  if (!verdict.again) {
    draft.emit({ type: "task.failed", task: id, failure })
    return
  }
  draft.emit({ type: "task.requeued", task: id, next: carryOver(verdict.next, task.attempts.at(-1) ?? null, task.attempts.length) })
  if (failure.kind === "agent" && failure.error.class === "rate-limit" && verdict.next.notBefore !== null)
    draft.emit({ type: "agent.cooling", agent: task.attempts.at(-1)?.agent ?? "", until: verdict.next.notBefore })
}

/** An attempt that only goes on with a cut-off one has the same purpose, and the agent must still hear what was wrong before it. */
function carryOver(next: NextAttempt, last: { reason: NextAttempt["reason"]; feedback: string | null } | null, attempts: number): NextAttempt {
  if (next.reason !== "resume" || last === null) return next
  const reason = last.reason === "repair" ? "repair" : attempts === 0 ? "first" : "resume"
  return { ...next, reason, feedback: next.feedback ?? last.feedback }
}

/** The turn's own report is still awaited while the session closes: it says what was used. */
function keysOf(attempt: AttemptId, kinds: readonly string[]): string[] {
  return kinds.map((kind) => `${kind}:${attempt}`)
}
