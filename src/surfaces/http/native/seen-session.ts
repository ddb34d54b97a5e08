/** A session by any of its names, as it is shown: one of its own, or one of a running task. */
import { FaultError } from "../../../domain/fault.ts"
import type { Hub } from "../../../engine/hub.ts"
import { findSession } from "../../../engine/sessions.ts"
import { viewSession, viewSessions } from "../../../engine/views/session.ts"
import type { SessionView } from "../../../protocol/session-views.ts"

/** Throws a `FaultError` (`unknown-session`). */
export function seenSession(hub: Hub, name: string): SessionView {
  const { state, live, parts } = hub
  try {
    return viewSession(state, findSession(hub, name), live, parts.clock.now())
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== "session-of-task") throw error
    const ofTask = viewSessions(state, live, parts.clock.now()).find(({ id, agentSession }) => id === name || agentSession === name)
    if (ofTask === undefined) throw error
    return ofTask
  }
}
