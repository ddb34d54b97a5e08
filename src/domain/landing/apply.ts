/** What events about landings change. */
import type { LandingId } from "../ids.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import { withTask, withTimer } from "../project/tables.ts"
import type { Landing, LandingEvent } from "./landing.ts"

export function applyLanding(state: State, event: LandingEvent): State {
  switch (event.type) {
    case "landing.queued":
      return queued(state, event)
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
  const task = taskOf(state, event.task)
  const attempt = task.attempts.at(-1)
  if (attempt?.end.how !== "proved") throw new Error(`${event.task} cannot land: its last attempt is not proved`)
  const run = runOf(state, task.run)
  const number = state.counters.landings + 1
  const landing: Landing = { id: event.landing, number, task: event.task, repository: run.repository, target: run.target, status: { name: "queued" }, tries: 0 }
  const { proof } = attempt.end
  return {
    ...withTask(state, event.task, (of) => ({ ...of, state: { name: "landing", landing: event.landing, attempt, proof } })),
    landings: state.landings.set(event.landing, landing),
    counters: { ...state.counters, landings: number },
  }
}
