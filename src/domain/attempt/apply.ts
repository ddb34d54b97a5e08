/** What events about attempts change. */
import { taskOf, type State } from "../project/state.ts"
import { deadlineTimer, withTask, withTimer } from "../project/tables.ts"
import { parseHandoff, type Handoff } from "../handoff/handoff.ts"
import { addUsage, noUsage, type TurnOutcome } from "../session/turn.ts"
import type { Task } from "../task/task.ts"
import type { Attempt, AttemptEvent, EndedAttempt, Phase } from "./attempt.ts"

export function applyAttempt(state: State, event: AttemptEvent, at: number): State {
  switch (event.type) {
    case "attempt.started":
      return started(state, event, at)
    case "attempt.prepared": {
      const { path, branch, base, conflicted } = event.prepared
      if (branch === null || base === null) throw new Error(`${event.task} was given a checkout without a branch`)
      const here = withAttempt(state, event.task, (attempt) => ({ ...attempt, conflicted, phase: { name: "opening" } }))
      return withTask(here, event.task, (task) => ({
        ...task,
        workspace: { worker: attemptOf(task).worker, path, branch, base: task.workspace?.base ?? base, status: "held" },
      }))
    }
    case "session.opened":
      return withAttempt(state, event.task, (attempt) => ({ ...attempt, agentSession: event.opened.agentSession, phase: { name: "prompting" } }))
    case "turn.started":
      return withPhase(state, event.task, { name: "working" })
    case "session.told":
      return withAttempt(state, event.task, (attempt) => ({ ...attempt, telling: [...attempt.telling, event.message] }))
    case "session.heard":
    case "session.unheard":
      return withAttempt(state, event.task, (attempt) => ({ ...attempt, telling: attempt.telling.filter((message) => message !== event.message) }))
    case "turn.ended":
      return withTask(state, event.task, (task) => ({
        ...task,
        usage: addUsage(task.usage, event.outcome.usage),
        state: {
          name: "running",
          attempt: { ...attemptOf(task), usage: addUsage(attemptOf(task).usage, event.outcome.usage), partial: partialOf(event.outcome) },
        },
      }))
    case "attempt.closing":
      return withTimer(withPhase(state, event.task, { name: "closing", then: event.then }), deadlineTimer(event.task), null)
    case "attempt.closed": {
      const { phase } = attemptOf(taskOf(state, event.task))
      return phase.name === "closing" && phase.then.name === "collect" ? withPhase(state, event.task, { name: "collecting", text: phase.then.text }) : state
    }
    case "attempt.collected": {
      const { collected, handoff, outside } = event
      return withPhase(
        state,
        event.task,
        outside.length > 0 ? { name: "widening", collected, handoff, files: outside } : { name: "checking", collected, handoff },
      )
    }
    case "attempt.reading":
      return withPhase(state, event.task, { name: "reading", collected: event.collected, handoff: event.handoff })
    case "attempt.measuring": {
      const { phase } = attemptOf(taskOf(state, event.task))
      return phase.name === "checking" ? withPhase(state, event.task, { ...phase, name: "measuring", checks: event.checks }) : state
    }
    case "attempt.ended":
      return ended(state, event, at)
  }
}

/** The running attempt; only to be asked of a task that has one. */
export function attemptOf(task: Task): Attempt {
  if (task.state.name !== "running") throw new Error(`${task.id} has no running attempt: it is ${task.state.name}`)
  return task.state.attempt
}

export function withAttempt(state: State, task: Task["id"], change: (attempt: Attempt) => Attempt): State {
  return withTask(state, task, (of) => ({ ...of, state: { name: "running", attempt: change(attemptOf(of)) } }))
}

function withPhase(state: State, task: Task["id"], phase: Phase): State {
  return withAttempt(state, task, (attempt) => ({ ...attempt, phase }))
}

function started(state: State, event: AttemptEvent & { type: "attempt.started" }, at: number): State {
  const attempt: Attempt = {
    id: event.attempt,
    number: event.number,
    worker: event.worker,
    agent: event.agent,
    reason: event.reason,
    feedback: event.feedback,
    simplified: event.simplified ?? false,
    startedAt: at,
    deadline: { name: "at", instant: event.deadlineAt },
    agentSession: null,
    usage: noUsage,
    conflicted: [],
    telling: [],
    partial: null,
    phase: { name: "preparing" },
  }
  const running = withTask(state, event.task, (task) => ({ ...task, state: { name: "running", attempt } }))
  const timed = withTimer(running, deadlineTimer(event.task), event.deadlineAt)
  return {
    ...timed,
    claims: timed.claims.add(event.task),
    active: timed.active.add(event.task),
    ready: timed.ready.delete(event.task),
    timers: timed.timers.delete(`backoff:${event.task}`),
  }
}

/** The attempt moves to the list of those that are over. The task stays `running` until the next event of the same commit says what it is now. */
function ended(state: State, event: AttemptEvent & { type: "attempt.ended" }, at: number): State {
  const over = withTask(state, event.task, (task) => ({ ...task, attempts: [...task.attempts, endedAttempt(attemptOf(task), event.end, at)] }))
  return withTimer(over, deadlineTimer(event.task), null)
}

function endedAttempt(attempt: Attempt, end: EndedAttempt["end"], endedAt: number): EndedAttempt {
  const { id, number, agent, reason, feedback, agentSession, startedAt, usage } = attempt
  const handoff = end.how === "proved" ? end.proof.handoff : handoffSoFar(attempt)
  return { id, number, agent, reason, feedback, agentSession, startedAt, endedAt, end, usage, handoff }
}

/** What was not accepted may have been handed off all the same. */
function handoffSoFar({ phase, partial }: Attempt): Handoff | null {
  return "handoff" in phase ? phase.handoff : (partial ?? null)
}

/** An agent that was cut off may have begun its handoff: that is not lost. */
const partialOf = (outcome: TurnOutcome): Handoff | null => (outcome.how === "completed" ? null : parseHandoff(outcome.text))
