/** What a worker reports, and which rule hears it. A report of an attempt that is over, or of a step that is behind it, changes nothing. */
import type { Fault } from "../fault.ts"
import { id, taskId, type JobKey, type TaskId } from "../ids.ts"
import { askPermission, closePermission } from "../approval/open.ts"
import type { Attempt, AfterClosing } from "../attempt/attempt.ts"
import { closeAttempt, endAttempt } from "../attempt/close.ts"
import type { Failure } from "../attempt/failure.ts"
import { measured } from "../attempt/measure.ts"
import { planRead } from "../attempt/planned.ts"
import { openSession, sendPrompt } from "../attempt/start.ts"
import { collect, prove, weigh } from "../attempt/verify.ts"
import { hold, landed } from "../landing/decide.ts"
import type { Command } from "../project/command.ts"
import type { Draft } from "../project/draft.ts"
import { sessionJobDone, sessionJobFailed, sessionReported } from "../session/hear.ts"
import type { Session } from "../session/session.ts"
import { endTelling, heardOrNot } from "../task/tell.ts"
import type { Steering, TurnOutcome } from "../session/turn.ts"
import type { JobResult, Report } from "./job-result.ts"

export function hearReport(draft: Draft, command: Command & { type: "worker.report" }): null {
  const known = draft.state.workers.get(command.worker)
  if (known?.boot !== command.boot || command.sequence <= known.heard) return null
  draft.emit({ type: "worker.heard", worker: command.worker, sequence: command.sequence })
  const { report } = command
  if (report.type === "turn.started" || report.type === "permission.asked" || report.type === "session.died") {
    const session = draft.state.sessions.get(report.session)
    if (session !== undefined) {
      sessionReported(draft, session, report)
      return null
    }
  }
  switch (report.type) {
    case "job.done":
      draft.settle(report.job)
      jobDone(draft, report.job, report.result)
      return null
    case "job.failed":
      draft.settle(report.job)
      jobFailed(draft, report.job, report.fault, report.transient)
      return null
    case "turn.started": {
      const current = currentAttempt(draft, report.session)
      if (current?.attempt.phase.name === "prompting") draft.emit({ type: "turn.started", task: current.task })
      return null
    }
    case "permission.asked":
      askPerson(draft, report)
      return null
    case "permission.closed":
      closePermission(draft, report)
      return null
    case "session.died":
      // The turn that ran reports itself as lost; a session that rests is closed anyway.
      return null
  }
}

function jobDone(draft: Draft, key: JobKey, result: JobResult): void {
  if (result.kind === "landing.try") {
    const [, landing = "", tries = "0"] = key.split(":")
    landed(draft, id(landing), Number(tries), result.landing)
    return
  }
  const session = sessionOfKey(draft, key)
  if (session !== undefined) return sessionJobDone(draft, session, key, result)
  if (result.kind === "workspace.release") {
    const task = releasing(draft, key)
    if (task !== null) draft.emit({ type: "workspace.released", task, salvage: result.released.salvage })
    return
  }
  if (result.kind === "session.steer") return toldHow(draft, key, result.steering)
  const current = currentAttempt(draft, key.slice(key.indexOf(":") + 1))
  if (current === null) return
  const { task, attempt } = current
  const { phase } = attempt
  if (result.kind === "workspace.prepare" && phase.name === "preparing") openSession(draft, task, result.prepared)
  else if (result.kind === "session.open" && phase.name === "opening") sendPrompt(draft, task, result.opened)
  else if (result.kind === "session.turn") turnEnded(draft, task, attempt, result.outcome)
  else if (result.kind === "session.close" && phase.name === "closing") closed(draft, task, phase.then, result.closed.swept)
  else if (result.kind === "workspace.collect" && phase.name === "collecting") weigh(draft, task, result.collected, phase.text)
  else if (result.kind === "checks.run" && phase.name === "checking") prove(draft, task, result.checks)
  else if (result.kind === "workspace.measure" && phase.name === "measuring") measured(draft, task, result.measures)
  else if (result.kind === "plan.read" && phase.name === "reading") planRead(draft, task, result.plan, result.faults)
}

function jobFailed(draft: Draft, key: JobKey, fault: Fault, transient: boolean): void {
  if (key.startsWith("land:")) {
    const landing = draft.state.landings.get(id(key.split(":")[1] ?? ""))
    if (landing?.status.name === "trying") hold(draft, landing, fault)
    return
  }
  const session = sessionOfKey(draft, key)
  if (session !== undefined) return sessionJobFailed(draft, session, key, fault, transient)
  if (key.startsWith("steer:")) return toldHow(draft, key, "unknown")
  const released = releasing(draft, key)
  if (released !== null) {
    draft.emit({ type: "workspace.kept", task: released, fault })
    return
  }
  const current = currentAttempt(draft, key.slice(key.indexOf(":") + 1))
  if (current === null) return
  const { task, attempt } = current
  const failure: Failure = { kind: key.startsWith("open:") || key.startsWith("turn:") || key.startsWith("close:") ? "session" : "workspace", fault, transient }
  const end = { how: "failed", failure } as const
  switch (attempt.phase.name) {
    case "measuring":
      // A strategy is no worse for what could not be measured.
      measured(draft, task, { complexity: null, benchmark: null, benchmarkFailed: `${fault.what}: ${fault.why}` })
      return
    case "preparing":
    case "collecting":
    case "checking":
    case "reading":
      endAttempt(draft, task, end)
      return
    case "opening":
    case "prompting":
    case "working":
      closeAttempt(draft, task, { name: "end", end })
      return
    case "closing":
      // It could not be proved that all of it has ended: nothing may start in its workspace.
      if (key.startsWith("close:")) endAttempt(draft, task, { how: "failed", failure: { kind: "session", fault, transient: false } })
      return
    case "widening":
      return
  }
}

function toldHow(draft: Draft, key: JobKey, steering: Steering | "unknown"): void {
  const [, of = "", message = ""] = key.split(":")
  const current = currentAttempt(draft, of)
  if (current !== null) heardOrNot(draft, current.task, current.attempt, id(message), steering)
}

function turnEnded(draft: Draft, task: TaskId, attempt: Attempt, outcome: TurnOutcome): void {
  draft.emit({ type: "turn.ended", task, outcome })
  if (attempt.phase.name === "closing") return
  closeAttempt(draft, task, after(outcome))
}

function after(outcome: TurnOutcome): AfterClosing {
  const failed = (failure: Failure): AfterClosing => ({ name: "end", end: { how: "failed", failure } })
  switch (outcome.how) {
    case "completed":
      return { name: "collect", text: outcome.text }
    case "interrupted":
      return failed({ kind: "interrupted" })
    case "failed":
      return failed({ kind: "agent", error: outcome.error })
    case "stalled":
      return failed({ kind: "stalled", silentMs: outcome.silentMs })
    case "lost":
      return failed({ kind: "died", message: outcome.message })
  }
}

function closed(draft: Draft, task: TaskId, then: AfterClosing, swept: number): void {
  endTelling(draft, task)
  draft.emit({ type: "attempt.closed", task, swept })
  if (then.name === "end") {
    if (then.end.how === "proved") throw new Error(`${task} cannot be proved by closing it`)
    endAttempt(draft, task, then.end)
    return
  }
  collect(draft, task)
}

function askPerson(draft: Draft, report: Report & { type: "permission.asked" }): void {
  const current = currentAttempt(draft, report.session)
  // Whatever comes after has no session: nobody would wait for the answer.
  if (current === null || !["opening", "prompting", "working"].includes(current.attempt.phase.name)) return
  askPermission(draft, current.task, report)
}

/** The session without a task that a job's key names. */
function sessionOfKey(draft: Draft, key: JobKey): Session | undefined {
  return draft.state.sessions.get(id(key.split(":")[1] ?? ""))
}

/** The task whose workspace a release job was about, when it still waits for that. */
function releasing(draft: Draft, key: JobKey): TaskId | null {
  const [kind, of = ""] = key.split(":")
  if (kind !== "release") return null
  const task = taskId(id(of.slice(0, of.indexOf("."))), id(of.slice(of.indexOf(".") + 1)))
  return draft.state.tasks.get(task)?.workspace?.status === "releasing" ? task : null
}

/** The running attempt that an id names, or null when it is not the task's current one: its fence is old. */
function currentAttempt(draft: Draft, of: string): { task: TaskId; attempt: Attempt } | null {
  const first = of.indexOf(".")
  const last = of.lastIndexOf(".")
  if (first < 0 || last <= first) return null
  const task = taskId(id(of.slice(0, first)), id(of.slice(first + 1, last)))
  const state = draft.state.tasks.get(task)?.state
  return state?.name === "running" && state.attempt.id === of ? { task, attempt: state.attempt } : null
}
