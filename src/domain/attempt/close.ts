/** Ending an attempt: first its session and everything that it started, and only when that is proved whatever comes next. */
import { id, sessionOf, type AttemptId, type TaskId } from "../ids.ts"
import { withdrawApprovals } from "../approval/open.ts"
import { reportHandoff } from "../discovery/decide.ts"
import type { Draft } from "../project/draft.ts"
import type { Fault } from "../fault.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import type { Run } from "../run/run.ts"
import { goesInWaves, newestWave, placeInWaves } from "../run/wave.ts"
import { firstOverlap } from "../scope/overlap.ts"
import { scopesOf, type Task } from "../task/task.ts"
import { attemptOf } from "./apply.ts"
import type { AfterClosing, AttemptEnd } from "./attempt.ts"
import type { Failure } from "./failure.ts"
import { endTelling } from "../task/tell.ts"
import { judge, type NextAttempt, type Standing } from "./retry.ts"

/** Asks for the end of the session; what follows is decided when it has ended. An attempt that is closing already only gets another sequel. */
export function closeAttempt(draft: Draft, task: TaskId, then: AfterClosing): void {
  const attempt = attemptOf(taskOf(draft.state, task))
  if (attempt.phase.name === "closing") {
    draft.emit({ type: "attempt.closing", task, then })
    return
  }
  draft.settle(...keysOf(attempt.id, ["prepare", "open", "collect", "check", "measure", "plan"]))
  draft.emit({ type: "attempt.closing", task, then })
  withdrawApprovals(draft, task, "the attempt is over")
  draft.ask(attempt.worker, { kind: "session.close", key: id(`close:${attempt.id}`), session: sessionOf(attempt.id) })
}

/** The session has ended, or there never was one: the attempt is over, and the task goes where that leads. */
export function endAttempt(draft: Draft, task: TaskId, end: Exclude<AttemptEnd, { how: "proved" }>): void {
  const attempt = attemptOf(taskOf(draft.state, task))
  draft.settle(...keysOf(attempt.id, ["prepare", "open", "turn", "close", "collect", "check", "measure", "plan"]))
  withdrawApprovals(draft, task, "the attempt is over")
  endTelling(draft, task)
  draft.emit({ type: "attempt.ended", task, end })
  // What it handed off before it was cut off is not lost to the others.
  const handoff = taskOf(draft.state, task).attempts.at(-1)?.handoff ?? null
  if (end.how === "failed" && handoff !== null) reportHandoff(draft, taskOf(draft.state, task), handoff)
  if (end.how === "cancelled" || runOf(draft.state, taskOf(draft.state, task).run).status.name === "stopping") draft.emit({ type: "task.cancelled", task })
  else afterFailure(draft, task, end.failure)
}

/** Another attempt, or the end of the task. */
export function afterFailure(draft: Draft, id: TaskId, failure: Failure): void {
  const task = taskOf(draft.state, id)
  const run = runOf(draft.state, task.run)
  if (failure.kind === "workspace" && leaveGap(draft, run, task, failure.fault)) return
  const verdict = judge(failure, task, task.plan.retries ?? run.settings.retries, draft.now, standingOf(draft.state, run, task))
  if (!verdict.again) {
    draft.emit({ type: "task.failed", task: id, failure })
    return
  }
  const next = carryOver(verdict.next, task.attempts.at(-1) ?? null, task.attempts.length)
  draft.emit({ type: "task.requeued", task: id, next, ...(failure.kind === "conflict" ? { conflict: failure.files } : {}) })
  if (failure.kind === "agent" && failure.error.class === "rate-limit" && verdict.next.notBefore !== null)
    draft.emit({ type: "agent.cooling", agent: task.attempts.at(-1)?.agent ?? "", until: verdict.next.notBefore })
}

/** No workspace for it now: the wave goes on without it, and a later one takes it up. Only once: what cannot be had twice has failed. */
function leaveGap(draft: Draft, run: Run, task: Task, fault: Fault): boolean {
  const wave = newestWave(run)
  // Later failures of that kind, when its work is collected or checked, are none of having no workspace.
  const begun = (task.attempts.at(-1)?.agentSession ?? null) !== null
  if (!goesInWaves(run) || wave === null || begun || run.waves.some(({ gaps }) => gaps.includes(task.id))) return false
  draft.emit({ type: "wave.gap", run: run.id, number: wave.number, task: task.id, fault })
  draft.emit({ type: "task.requeued", task: task.id, next: { reason: "first", feedback: null, notBefore: null, counts: "hiccup" } })
  return true
}

/** Critical: somebody needs what it makes, or may not begin before it, because both write the same paths. */
function standingOf(state: State, run: Run, task: Task): Standing {
  if (!goesInWaves(run)) return { wave: null, critical: false }
  const waitsForScope = (other: Task): boolean => other.state.name === "pending" && firstOverlap(scopesOf(task), scopesOf(other), run) !== null
  const critical = task.dependants.length > 0 || run.tasks.some((id) => id !== task.id && waitsForScope(taskOf(state, id)))
  return { wave: (placeInWaves(run, task.id)?.wave ?? 0) - (run.campaign?.wavesBefore ?? 0), critical }
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
