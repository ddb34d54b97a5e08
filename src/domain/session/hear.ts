/** What the worker reports about a session, and what follows. A report of an older life or turn changes nothing. */
import type { Fault } from "../fault.ts"
import { askPermission } from "../approval/open.ts"
import { callbackDelivered, callbackDue, describeCallback, returnRefused } from "../callback/decide.ts"
import { endClaimsOf } from "../claim/decide.ts"
import type { Draft } from "../project/draft.ts"
import type { JobResult, Report, Survey } from "../worker/job-result.ts"
import { askClose, askOpen, askRelease, askSurvey, handOver, releaseCheckout, sessionOfState } from "./steps.ts"
import { survives, type AfterSession, type QueuedPrompt, type Session, type TurnEnd } from "./session.ts"
import { noUsage, type TurnOutcome } from "./turn.ts"

/** Cut-offs in a row, after which the turn counts as failed. */
const cutsMax = 3
const closeAgainMs = 15_000
const backoffMs = 2_000
const textCharsMax = 8_000

export function sessionJobDone(draft: Draft, session: Session, key: string, result: JobResult): void {
  const { phase } = session
  if (result.kind === "workspace.release") return released(draft, session, result.released.salvage)
  if (!isCurrent(session, key)) return
  if (result.kind === "workspace.prepare" && phase.name === "preparing") {
    draft.emit({ type: "session.prepared", session: session.id, prepared: result.prepared })
    askOpen(draft, sessionOfState(draft.state, session.id), session.life)
  } else if (result.kind === "session.open" && phase.name === "opening") draft.emit({ type: "session.ready", session: session.id, opened: result.opened })
  else if (result.kind === "session.turn") turnOver(draft, session, result.outcome)
  else if (result.kind === "workspace.survey" && phase.name === "surveying") surveyed(draft, session, result.survey)
  else if (result.kind === "session.close" && phase.name === "closing") closed(draft, session, phase.then)
}

export function sessionJobFailed(draft: Draft, session: Session, key: string, fault: Fault, transient: boolean): void {
  const { phase } = session
  if (key.startsWith("release:")) return notReleased(draft, session, fault)
  if (!isCurrent(session, key)) return
  if (key.startsWith("prepare:") && phase.name === "preparing") return notMade(draft, session, fault)
  if (key.startsWith("open:") && phase.name === "opening") return notOpened(draft, session, fault, transient)
  if (key.startsWith("turn:")) return turnLost(draft, session, fault)
  if (key.startsWith("survey:") && phase.name === "surveying") return surveyed(draft, session, null)
  // It is not proved that everything has ended: it is tried again until it is.
  if (key.startsWith("close:") && phase.name === "closing")
    draft.emit({ type: "session.clinging", session: session.id, fault, againAt: draft.now + closeAgainMs })
}

/** An instant that a session waited for has come. */
export function sessionAgain(draft: Draft, session: Session): void {
  if (session.phase.name === "closing") askClose(draft, session.id)
}

/** What a worker says of a session beside the outcome of jobs. That an answer is no longer awaited is heard where approvals are. */
export type SessionReport = Extract<Report, { readonly type: "turn.started" | "permission.asked" | "session.died" }>

export function sessionReported(draft: Draft, session: Session, report: SessionReport): void {
  switch (report.type) {
    case "turn.started":
      if (session.phase.name !== "prompting" || report.job !== `turn:${session.id}:${session.turn}`) return
      draft.emit({ type: "session.working", session: session.id })
      if (session.phase.prompt.callback !== null) callbackDelivered(draft, session.phase.prompt.callback)
      return
    case "permission.asked":
      if (session.phase.name === "prompting" || session.phase.name === "working") askPermission(draft, null, report)
      return
    case "session.died":
      // A turn that ran reports itself as lost.
      if (session.phase.name === "resting") draft.emit({ type: "session.asleep", session: session.id, why: report.message, againAt: null })
      return
  }
}

/** The worker's process ended, and with it every agent. What is asked of it is sent again to the new one, but for the turn: that goes on in a new one. */
export function cutOffSessions(draft: Draft, worker: Session["worker"], why: string): void {
  for (const session of draft.state.sessions.values()) {
    if (session.worker !== worker) continue
    if (session.phase.name === "resting") draft.emit({ type: "session.asleep", session: session.id, why, againAt: null })
    else if (session.phase.name === "prompting" || session.phase.name === "working") {
      draft.settle(`turn:${session.id}:${session.turn}`)
      cut(draft, session, why, noUsage)
    }
  }
}

function isCurrent(session: Session, key: string): boolean {
  const [kind, , fence] = key.split(":")
  return Number(fence) === (kind === "turn" || kind === "survey" || kind === "interrupt" ? session.turn : session.life)
}

/** It was never there: the checkout is taken back, then it is gone. */
function notMade(draft: Draft, session: Session, fault: Fault): void {
  if (session.agentSessions.length > 0 || session.turn > 0) {
    // It existed before: nothing is thrown away, and it can be resumed when the fault is mended.
    draft.emit({ type: "session.ended", session: session.id, how: "stopped", by: `fleet: ${fault.what}: ${fault.why}` })
    draft.emit({ type: "session.released", session: session.id, salvage: null })
    return
  }
  draft.emit({ type: "session.undoing", session: session.id, fault })
  askRelease(draft, session)
}

function notOpened(draft: Draft, session: Session, fault: Fault, transient: boolean): void {
  const again = transient && session.cuts < cutsMax
  if (session.turn === 0 && session.agentSessions.length === 0) return notMade(draft, session, fault)
  const why = `${fault.what}: ${fault.why}`
  draft.emit({
    type: "session.asleep",
    session: session.id,
    why,
    againAt: again && session.queue.length > 0 ? draft.now + backoffMs * 2 ** session.cuts : null,
  })
  if (again || session.queue.length === 0) return
  handOver(draft, session.id)
  endTurn(draft, sessionOfState(draft.state, session.id), { how: "failed", why, text: "", usage: noUsage }, false)
}

function turnOver(draft: Draft, session: Session, outcome: TurnOutcome): void {
  if (session.phase.name !== "prompting" && session.phase.name !== "working") return
  const { stop } = session.phase
  const { text, usage } = outcome
  if (outcome.how === "lost" && stop === null && session.cuts < cutsMax) return cut(draft, session, outcome.message, usage)
  if (outcome.how === "failed" && outcome.error.class === "rate-limit" && outcome.error.resetAt !== null)
    draft.emit({ type: "agent.cooling", agent: session.agent, until: outcome.error.resetAt })
  const how = outcome.how === "completed" ? "completed" : outcome.how === "interrupted" || (outcome.how === "lost" && stop !== null) ? "stopped" : "failed"
  endTurn(draft, session, { how, why: whyOf(outcome, session), text: text.slice(-textCharsMax), usage }, survives(outcome))
}

/** The worker could not even begin, or does not know the session any more: its agent is opened again, and the prompt given to that. */
function turnLost(draft: Draft, session: Session, fault: Fault): void {
  if (session.phase.name !== "prompting" && session.phase.name !== "working") return
  const why = `${fault.what}: ${fault.why}`
  const gone = fault.code === "session.not-open" || fault.code === "session.unknown"
  if (gone && session.phase.stop === null && session.cuts < cutsMax) cut(draft, session, why, noUsage)
  else endTurn(draft, session, { how: session.phase.stop === null ? "failed" : "stopped", why, text: "", usage: noUsage }, !gone)
}

/** What the agent had not acknowledged is given to it as it was; else it is told that it was cut off. */
function cut(draft: Draft, session: Session, why: string, usage: TurnOutcome["usage"]): void {
  if (session.phase.name !== "prompting" && session.phase.name !== "working") return
  const { prompt, stop } = session.phase
  if (stop !== null) return endTurn(draft, session, { how: "stopped", why: sayStop(session), text: "", usage }, false)
  draft.emit({ type: "session.cut", session: session.id, why, usage, prompt: session.phase.name === "prompting" ? prompt : goOn(prompt) })
}

const cutMark = "[Fleet] Your last turn was cut off, through no fault of yours. Look at what is there already, then go on with what you were asked:\n\n"

const goOn = (prompt: QueuedPrompt): QueuedPrompt => (prompt.text.startsWith(cutMark) ? prompt : { ...prompt, text: `${cutMark}${prompt.text}` })

function endTurn(draft: Draft, session: Session, end: Pick<TurnEnd, "how" | "why" | "text" | "usage">, alive: boolean): void {
  if (session.phase.name !== "prompting" && session.phase.name !== "working") return
  if (session.phase.name === "prompting") returnRefused(draft, session.phase.prompt)
  const whole: TurnEnd = { ...end, number: session.turn, prompt: session.phase.prompt.id }
  draft.emit({ type: "session.turned", session: session.id, end: whole, alive })
  callbackDue(draft, session, whole, "when described")
  askSurvey(draft, session.id)
}

/** Without a repository nothing is known, which is not to say that nothing changed. */
function surveyed(draft: Draft, session: Session, found: Survey | null): void {
  const survey = found?.tree == null ? null : found
  draft.emit({ type: "session.surveyed", session: session.id, survey })
  describeCallback(draft, session, survey)
}

function closed(draft: Draft, session: Session, then: AfterSession): void {
  if (then.name === "sleep") {
    draft.emit({ type: "session.asleep", session: session.id, why: "nobody needed it for a while", againAt: null })
    return
  }
  draft.emit({ type: "session.ended", session: session.id, how: then.how, by: then.by })
  endClaimsOf(draft, session.id)
  const ended = sessionOfState(draft.state, session.id)
  if (then.release) releaseCheckout(draft, ended, then.forget)
  else if (then.forget) draft.emit({ type: "session.removed", session: session.id })
}

function released(draft: Draft, session: Session, salvage: string | null): void {
  const { phase, checkout } = session
  if (phase.name === "undoing") {
    draft.emit({ type: "session.failed", session: session.id, fault: phase.fault })
    return
  }
  if (checkout.status !== "releasing") return
  draft.emit({ type: "session.released", session: session.id, salvage })
  if (checkout.forget) draft.emit({ type: "session.removed", session: session.id })
}

function notReleased(draft: Draft, session: Session, fault: Fault): void {
  const { phase } = session
  if (phase.name === "undoing") {
    const why = `${phase.fault.why}; and what was made of it could not be taken back: ${fault.what}: ${fault.why}`
    draft.emit({ type: "session.failed", session: session.id, fault: { ...phase.fault, why } })
  } else if (session.checkout.status === "releasing") draft.emit({ type: "session.kept", session: session.id, fault })
}

function whyOf(outcome: TurnOutcome, session: Session): string | null {
  switch (outcome.how) {
    case "completed":
      return null
    case "interrupted":
      return sayStop(session)
    case "failed":
      return `${outcome.error.class}: ${outcome.error.message}`.slice(0, 2_000)
    case "stalled":
      return `nothing happened for ${Math.round(outcome.silentMs / 1_000)} s`
    case "lost":
      return outcome.message.slice(0, 2_000)
  }
}

function sayStop({ phase, limitMs }: Session): string {
  const stop = phase.name === "prompting" || phase.name === "working" ? phase.stop : null
  if (stop === "limit") return `its turn took longer than ${Math.round((limitMs ?? 0) / 60_000)} minutes`
  return stop === "asked" ? "its turn was stopped by request" : "its turn was interrupted"
}
