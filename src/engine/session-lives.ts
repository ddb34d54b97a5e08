/** Whether a session is still one: what its own token is good for. */
import type { SessionId } from "../domain/ids.ts"
import type { State } from "../domain/project/state.ts"

/** One of a task lives as long as its attempt; one of its own until it has ended, also while its agent sleeps. */
export function sessionLives(state: State, session: SessionId): boolean {
  const own = state.sessions.get(session)
  if (own !== undefined) return own.phase.name !== "ended"
  return state.active.some((id) => {
    const task = state.tasks.get(id)
    return task?.state.name === "running" && (task.state.attempt.id as string) === session
  })
}
