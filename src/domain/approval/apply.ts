/** What events about approvals change. */
import type { ApprovalId, SessionId, TaskId } from "../ids.ts"
import { taskOf, type State } from "../project/state.ts"
import { backoffTimer, deadlineTimer, refreshReady, withTask, withTimer } from "../project/tables.ts"
import { withAttempt } from "../attempt/apply.ts"
import type { Answer, Approval, ApprovalEvent } from "./approval.ts"

export function applyApproval(state: State, event: ApprovalEvent, at: number): State {
  switch (event.type) {
    case "approval.opened": {
      const approval: Approval = {
        id: event.approval,
        task: event.task,
        about: event.about,
        question: event.question,
        detail: event.detail,
        openedAt: at,
        answer: null,
      }
      const opened = {
        ...state,
        approvals: state.approvals.set(event.approval, approval),
        counters: { ...state.counters, approvals: state.counters.approvals + 1 },
      }
      if (event.task === null) return opened
      return event.about.kind === "gate" ? gated(opened, event.task, event.approval) : pauseDeadline(opened, event.task, at)
    }
    case "approval.answered":
      return close(state, event.approval, { allow: event.allow, by: event.by, note: event.note, at })
    case "approval.withdrawn":
      return close(state, event.approval, { allow: false, by: "fleet", note: event.why, at })
  }
}

/** Approvals of a task that still wait for an answer. */
export function openApprovals(state: State, task: TaskId): Approval[] {
  return [...state.approvals.values()].filter((approval) => approval.task === task && approval.answer === null)
}

/** A session without a task waits for an answer. */
export function hasOpenApproval(state: State, session: SessionId): boolean {
  return state.approvals.some(({ answer, about }) => answer === null && about.kind === "permission" && about.session === session)
}

function close(state: State, id: ApprovalId, answer: Answer): State {
  const approval = state.approvals.get(id)
  if (approval === undefined || approval.answer !== null) return state
  const answered = { ...state, approvals: state.approvals.set(id, { ...approval, answer }) }
  if (approval.task === null) return answered
  if (approval.about.kind === "gate") return ungated(answered, approval.task, answer.allow)
  return openApprovals(answered, approval.task).length === 0 ? resumeDeadline(answered, approval.task, answer.at) : answered
}

function gated(state: State, id: TaskId, approval: ApprovalId): State {
  const waiting = withTask(state, id, (task) => (task.state.name === "pending" ? { ...task, state: { name: "gated", approval, next: task.state.next } } : task))
  return refreshReady({ ...withTimer(waiting, backoffTimer(id), null), active: waiting.active.add(id) }, id)
}

function ungated(state: State, id: TaskId, allow: boolean): State {
  const open = withTask(state, id, (task) =>
    task.state.name === "gated" ? { ...task, gateOpen: allow || task.gateOpen, state: { name: "pending", next: task.state.next } } : task,
  )
  return refreshReady({ ...open, active: open.active.delete(id) }, id)
}

/** A person's time is not the agent's: the clock stands while someone is asked. */
function pauseDeadline(state: State, id: TaskId, at: number): State {
  const { state: is } = taskOf(state, id)
  if (is.name !== "running" || is.attempt.deadline.name === "paused") return state
  const remainingMs = Math.max(0, is.attempt.deadline.instant - at)
  return withTimer(
    withAttempt(state, id, (attempt) => ({ ...attempt, deadline: { name: "paused", remainingMs } })),
    deadlineTimer(id),
    null,
  )
}

function resumeDeadline(state: State, id: TaskId, at: number): State {
  const { state: is } = taskOf(state, id)
  if (is.name !== "running" || is.attempt.deadline.name === "at") return state
  const instant = at + is.attempt.deadline.remainingMs
  const resumed = withAttempt(state, id, (attempt) => ({ ...attempt, deadline: { name: "at", instant } }))
  return is.attempt.phase.name === "working" || is.attempt.phase.name === "prompting" ? withTimer(resumed, deadlineTimer(id), instant) : resumed
}
