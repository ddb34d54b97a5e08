/** Small moves on the tables of a state that several nouns share. */
import type { TaskId } from "../ids.ts"
import type { Task } from "../task/task.ts"
import { taskOf, type State } from "./state.ts"

export function withTask(state: State, id: TaskId, change: (task: Task) => Task): State {
  return { ...state, tasks: state.tasks.set(id, change(taskOf(state, id))) }
}

export function withTimer(state: State, name: string, instant: number | null): State {
  return { ...state, timers: instant === null ? state.timers.delete(name) : state.timers.set(name, instant) }
}

/** Pending with all its needs met, or not: keeps the `ready` table true. */
export function refreshReady(state: State, id: TaskId): State {
  const task = taskOf(state, id)
  const ready = task.state.name === "pending" && task.needsLeft === 0
  return { ...state, ready: ready ? state.ready.add(id) : state.ready.delete(id) }
}

export const deadlineTimer = (task: TaskId): string => `deadline:${task}`
export const backoffTimer = (task: TaskId): string => `backoff:${task}`
