/** The only thing that changes state. One function a noun, beside it; `at` is when the commit was made. */
import { byNoun, type Event } from "./events.ts"
import type { State } from "./state.ts"
import { withTimer } from "./tables.ts"
import { applyApproval } from "../approval/apply.ts"
import { applyAttempt } from "../attempt/apply.ts"
import { applyCallback } from "../callback/apply.ts"
import { applyClaim } from "../claim/apply.ts"
import { applyDiscovery } from "../discovery/decide.ts"
import { applyLanding } from "../landing/apply.ts"
import { applyRun } from "../run/apply.ts"
import { applySession } from "../session/apply.ts"
import { applyTask } from "../task/apply.ts"
import { applyWebhook } from "../webhook/apply.ts"
import { applyWorker } from "../worker/apply.ts"

export function apply(state: State, event: Event, at: number): State {
  return byNoun(event, {
    run: (of) => applyRun(state, of, at),
    task: (of) => applyTask(state, of, at),
    attempt: (of) => applyAttempt(state, of, at),
    approval: (of) => applyApproval(state, of, at),
    landing: (of) => applyLanding(state, of),
    worker: (of) => applyWorker(state, of),
    session: (of) => applySession(state, of, at),
    callback: (of) => applyCallback(state, of, at),
    claim: (of) => applyClaim(state, of, at),
    discovery: (of) => applyDiscovery(state, of, at),
    webhook: (of) => applyWebhook(state, of, at),
    timer: (of) => withTimer(state, of.name, null),
  })
}
