/** What events about landings change. */
import type { LandingId, TaskId } from "../ids.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import { withTask, withTimer } from "../project/tables.ts"
import type { Landing, LandingEvent } from "./landing.ts"

export function applyLanding(state: State, event: LandingEvent): State {
  switch (event.type) {
    case "landing.queued":
      return queued(state, event)
    case "landing.asked":
      return withLanding(state, event.landing, (landing) => ({ ...landing, status: { name: "asked" } }))
    case "landing.started":
      return withTimer(
        withLanding(state, event.landing, (landing) => ({ ...landing, tries: landing.tries + 1, status: { name: "trying" } })),
        heldTimer(event.landing),
        null,
      )
    case "landing.held":
      return withTimer(
        withLanding(state, event.landing, (landing) => ({ ...landing, status: { name: "held", fault: event.fault, retryAt: event.retryAt } })),
        heldTimer(event.landing),
        event.retryAt,
      )
    case "landing.ended":
      return withTimer({ ...state, landings: state.landings.delete(event.landing) }, heldTimer(event.landing), null)
  }
}

export const heldTimer = (landing: LandingId): string => `held:${landing}`

function withLanding(state: State, id: LandingId, change: (landing: Landing) => Landing): State {
  const landing = state.landings.get(id)
  return landing === undefined ? state : { ...state, landings: state.landings.set(id, change(landing)) }
}

function queued(state: State, event: LandingEvent & { type: "landing.queued" }): State {
  const tasks = event.tasks ?? [event.task]
  const { repository, target } = runOf(state, taskOf(state, event.task).run)
  const number = state.counters.landings + 1
  const landing: Landing = { id: event.landing, number, tasks, wave: event.wave ?? null, repository, target, status: { name: "queued" }, tries: 0 }
  const waiting = tasks.reduce((so, task) => inQueue(so, task, event.landing), state)
  return { ...waiting, landings: state.landings.set(event.landing, landing), counters: { ...state.counters, landings: number } }
}

function inQueue(state: State, id: TaskId, landing: LandingId): State {
  const attempt = taskOf(state, id).attempts.at(-1)
  if (attempt?.end.how !== "proved") throw new Error(`${id} cannot land: its last attempt is not proved`)
  const { proof } = attempt.end
  return withTask(state, id, (of) => ({ ...of, state: { name: "landing", landing, attempt, proof } }))
}
