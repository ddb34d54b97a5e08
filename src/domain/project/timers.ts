/** What happens when an instant that the state waits for has come. A timer's name says what it is for. */
import { id, type LandingId, type SessionId, type TaskId, type WorkerId } from "../ids.ts"
import { closeAttempt } from "../attempt/close.ts"
import { attemptOf } from "../attempt/apply.ts"
import { releaseHeld } from "../landing/decide.ts"
import { hasOpenApproval } from "../approval/apply.ts"
import { interrupt } from "../session/decide.ts"
import { sessionAgain } from "../session/hear.ts"
import { isBusy } from "../session/session.ts"
import { closeSession } from "../session/steps.ts"
import { loseWorker } from "../worker/decide.ts"
import type { Draft } from "./draft.ts"
import { runOf, taskOf } from "./state.ts"
import { timeoutMs } from "../run/run.ts"

export function ringTimers(draft: Draft): null {
  const due = [...draft.state.timers].filter(([, instant]) => instant <= draft.now).sort((a, b) => a[1] - b[1])
  for (const [name] of due) {
    const [kind, ...rest] = name.split(":")
    const of = rest.join(":")
    if (kind === "deadline") endLate(draft, id<"task">(of))
    else if (kind === "lease") loseWorker(draft, id<"worker">(of) satisfies WorkerId)
    else if (kind === "idle" || kind === "limit" || kind === "again") sessionRang(draft, kind, name, id<"session">(of))
    else if (kind === "claim") draft.emit({ type: "claim.ended", claim: id<"claim">(of), how: "lapsed" })
    else if (kind === "held") releaseHeld(draft, id<"landing">(of) satisfies LandingId)
    else draft.emit({ type: "timer.rang", name })
  }
  return null
}

function endLate(draft: Draft, task: TaskId): void {
  const late = taskOf(draft.state, task)
  const limitMs = timeoutMs(runOf(draft.state, late.run), late.plan)
  attemptOf(late)
  closeAttempt(draft, task, { name: "end", end: { how: "failed", failure: { kind: "timeout", limitMs } } })
}

/** While a person is asked, the agent's time does not run out. */
const askedMs = 60_000

function sessionRang(draft: Draft, kind: "idle" | "limit" | "again", timer: string, of: SessionId): void {
  draft.emit({ type: "timer.rang", name: timer })
  const session = draft.state.sessions.get(of)
  if (session === undefined) return
  if (kind === "again") sessionAgain(draft, session)
  else if (kind === "idle" && session.phase.name === "resting" && session.queue.length === 0) closeSession(draft, of, { name: "sleep" })
  else if (kind === "limit" && isBusy(session)) {
    if (hasOpenApproval(draft.state, of)) draft.emit({ type: "session.extended", session: of, limitAt: draft.now + askedMs })
    else interrupt(draft, session, "limit", "fleet")
  }
}
