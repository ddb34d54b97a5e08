/** The rules. Pure: given a state, a command and the time, what happens and what is to be done. Each noun decides for itself, in the file beside it. */
import type { Fault } from "../fault.ts"
import type { JobKey } from "../ids.ts"
import { answerApproval } from "../approval/decide.ts"
import { releaseClaim, renewClaim, takeClaim } from "../claim/decide.ts"
import { seeClaims } from "../claim/see.ts"
import { reportDiscovery } from "../discovery/decide.ts"
import { tryLandings } from "../landing/decide.ts"
import { continueRun, settleRuns, stopRun, submitRun, tidyRepositories } from "../run/decide.ts"
import { byUrgency, schedule } from "../run/schedule.ts"
import { advanceStrategies, pickStrategy } from "../run/strategies.ts"
import { advanceWaves } from "../run/waves.ts"
import { advanceSessions } from "../session/advance.ts"
import { createSession, endSession, handOff, promptSession, renameSession, resumeSession, stopTurn } from "../session/decide.ts"
import { tellTask } from "../task/tell.ts"
import { changeTask, skipTask } from "../task/change.ts"
import { retryTask, stopTask } from "../task/decide.ts"
import { extendRun, setAutoContinue } from "../run/extend.ts"
import { decideWebhook } from "../webhook/decide.ts"
import { hearReport } from "../worker/report.ts"
import { expectWorkers, joinWorker, leaveWorker } from "../worker/decide.ts"
import type { Command } from "./command.ts"
import { Draft, type Action } from "./draft.ts"
import type { Event } from "./events.ts"
import type { State } from "./state.ts"
import { ringTimers } from "./timers.ts"

export type Decision =
  | {
      readonly accepted: true
      readonly events: readonly Event[]
      readonly actions: readonly Action[]
      readonly settles: readonly JobKey[]
      readonly state: State
    }
  | { readonly accepted: false; readonly fault: Fault }

export function decide(state: State, command: Command, now: number): Decision {
  const draft = new Draft(state, now)
  const refusal = rule(draft, command)
  if (refusal !== null) return { accepted: false, fault: refusal }
  if (draft.events.length > 0) {
    // Strategies that are archived hold their scopes no more: a wave of another run may have waited for them.
    advanceStrategies(draft)
    advanceWaves(draft, () => byUrgency(draft))
    tryLandings(draft)
    advanceSessions(draft)
    schedule(draft)
    settleRuns(draft)
    tidyRepositories(draft)
  }
  return { accepted: true, events: draft.events, actions: draft.actions, settles: draft.settles, state: draft.state }
}

function rule(draft: Draft, command: Command): Fault | null {
  switch (command.type) {
    case "run.submit":
      return submitRun(draft, command)
    case "run.stop":
      return stopRun(draft, command.run, command.by)
    case "run.continue":
      return continueRun(draft, command.run)
    case "run.pick":
      return pickStrategy(draft, command)
    case "run.extend":
      return extendRun(draft, command.run, command.task)
    case "run.auto-continue":
      return setAutoContinue(draft, command.run, command.on)
    case "task.change":
      return changeTask(draft, command)
    case "task.skip":
      return skipTask(draft, command.task)
    case "task.stop":
      return stopTask(draft, command.task)
    case "task.retry":
      return retryTask(draft, command.task)
    case "task.tell":
      return tellTask(draft, command)
    case "session.create":
      return createSession(draft, command)
    case "session.prompt":
      return promptSession(draft, command)
    case "session.stop":
      return stopTurn(draft, command)
    case "session.end":
      return endSession(draft, command)
    case "session.resume":
      return resumeSession(draft, command)
    case "session.rename":
      return renameSession(draft, command)
    case "session.handoff":
      return handOff(draft, command)
    case "claim.take":
      return takeClaim(draft, command)
    case "claims.see":
      return seeClaims(draft, command)
    case "claim.renew":
      return renewClaim(draft, command)
    case "claim.release":
      return releaseClaim(draft, command.claim)
    case "discovery.report":
      return reportDiscovery(draft, command)
    case "approval.answer":
      return answerApproval(draft, command)
    case "webhook.add":
    case "webhook.test":
    case "webhook.enable":
    case "webhook.disable":
    case "webhook.remove":
      return decideWebhook(draft, command)
    case "worker.join":
      return joinWorker(draft, command)
    case "worker.leave":
      return leaveWorker(draft, command.worker, command.boot)
    case "worker.report":
      return hearReport(draft, command)
    case "hub.start":
      return expectWorkers(draft)
    case "tick":
      return ringTimers(draft)
  }
}
