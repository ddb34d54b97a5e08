/** Who is meant by a name in a path, and who asks. */
import type { Context } from "hono"
import { fault, FaultError } from "../../../domain/fault.ts"
import type { Session } from "../../../domain/session/session.ts"
import type { Hub } from "../../../engine/hub.ts"
import { findSession } from "../../../engine/sessions.ts"
import { viewSession, viewSessions } from "../../../engine/views/session.ts"
import type { SessionView } from "../../../protocol/session-views.ts"
import { allow, notAllowed } from "../access.ts"
import { nameOf } from "../who.ts"

/** By the fleet id, any of the agent's own ids, or a unique prefix. Those of running tasks too: they can be read. */
export function findView(hub: Hub, name: string): SessionView {
  const now = hub.parts.clock.now()
  try {
    return viewSession(hub.state, findSession(hub, name), hub.live, now)
  } catch (error) {
    const ofTask = isOfTask(error) ? viewSessions(hub.state, hub.live, now).find((view) => view.id === name || view.agentSession === name) : undefined
    if (ofTask === undefined) throw error
    return ofTask
  }
}

const isOfTask = (error: unknown): boolean => error instanceof FaultError && error.fault.code === "session-of-task"

/** For prompts and callbacks: whoever is named must be there, and the answer says more than that nobody is. */
export function findSomebody(hub: Hub, name: string, role: string): Session {
  try {
    return findSession(hub, name)
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== "unknown-session") throw error
    throw new FaultError(
      fault("nobody", `Session not found: there is no session ${JSON.stringify(name.slice(0, 100))}`, `${role} must be a session of this hub`, error.fault.fix),
    )
  }
}

/** An instance is a session's agent while it runs; a session's own ids name it too. */
export function findInstance(hub: Hub, name: string): SessionView {
  const named = viewSessions(hub.state, hub.live, hub.parts.clock.now()).find(
    (view) => view.instance === name || view.id === name || view.agentSession === name,
  )
  if (named !== undefined) return named
  throw new FaultError(
    fault("unknown-instance", "Instance not found", `there is no instance ${JSON.stringify(name.slice(0, 100))}`, "GET /api/sessions has their ids"),
  )
}

/** In words, for the log and the receiver. */
export const askedBy = (context: Context): string => nameOf(context.get("caller"))

/** What changes the hub itself is for the person alone. */
export function mustBeOwner(context: Context): void {
  if (!allow(context.get("caller"), "operate") || context.get("caller").kind === "open") throw new FaultError(notAllowed("operate"))
}
