/** What events about callbacks change. */
import type { CallbackId } from "../ids.ts"
import type { State } from "../project/state.ts"
import { withTimer } from "../project/tables.ts"
import type { Callback, CallbackEvent } from "./callback.ts"

/** Delivered ones stay to be looked at; then the oldest of them leave the state. */
const settledMax = 1_000

export function applyCallback(state: State, event: CallbackEvent, at: number): State {
  switch (event.type) {
    case "callback.due": {
      const { callback: id, from, to, turn, news } = event
      const callback: Callback = { id, from, to, turn, news: { ...news, files: null }, at, status: "describing", deliveredAt: null, offers: 0 }
      return { ...state, callbacks: state.callbacks.set(id, callback), counters: { ...state.counters, callbacks: state.counters.callbacks + 1 } }
    }
    case "callback.described":
      return change(state, event.callback, (callback) => ({ ...callback, news: { ...callback.news, files: event.files }, status: "waiting" }))
    case "callback.queued":
      return change(state, event.callback, (callback) => ({ ...callback, status: "queued", offers: callback.offers + 1 }))
    case "callback.returned":
      return withTimer(
        change(state, event.callback, (callback) => ({ ...callback, status: "waiting" })),
        callbackTimer(event.callback),
        event.againAt,
      )
    case "callback.delivered":
      return forgetOldest(change(state, event.callback, (callback) => ({ ...callback, status: "delivered", deliveredAt: at })))
    case "callback.dropped":
      return forgetOldest(change(state, event.callback, (callback) => ({ ...callback, status: "dropped" })))
  }
}

/** When one that its receiver did not take is handed over again. */
export const callbackTimer = (callback: CallbackId): string => `callback:${callback}`

function change(state: State, id: CallbackId, by: (callback: Callback) => Callback): State {
  const before = state.callbacks.get(id)
  if (before === undefined) return state
  const callback = by(before)
  const waits = callback.status === "waiting"
  return {
    ...state,
    callbacks: state.callbacks.set(id, callback),
    undelivered: waits ? state.undelivered.add(id) : state.undelivered.delete(id),
  }
}

function forgetOldest(state: State): State {
  if (state.callbacks.size <= settledMax) return state
  const over = [...state.callbacks.values()].filter(({ status }) => status === "delivered" || status === "dropped").sort((a, b) => a.at - b.at)
  return { ...state, callbacks: state.callbacks.deleteAll(over.slice(0, state.callbacks.size - settledMax).map(({ id }) => id)) }
}
