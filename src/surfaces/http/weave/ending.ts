/** Ends a session and says so only when it has ended: the agent and all that it started is gone, and what was to go with it. */
import { fault, FaultError } from "../../../domain/fault.ts"
import type { Event } from "../../../domain/project/events.ts"
import type { Session } from "../../../domain/session/session.ts"
import type { Hub } from "../../../engine/hub.ts"

const waitMs = 60_000

interface HowToEnd {
  readonly release: boolean
  readonly forget: boolean
  readonly by: string
}

export async function endAndWait(hub: Hub, { id: session }: Session, how: HowToEnd): Promise<void> {
  const settled = Promise.withResolvers<void>()
  using _heard = hub.published.subscribe(({ event }: { event: Event }) => {
    if (!("session" in event) || event.session !== session) return
    if (event.type === "session.kept") settled.reject(new FaultError(event.fault))
    else if (over(hub, session, how)) settled.resolve()
  })
  using _limit = hub.parts.clock.after(waitMs, () => settled.reject(stillEnding(session)))
  await hub.send({ type: "session.end", session, ...how })
  if (over(hub, session, how)) return
  await settled.promise
}

function over(hub: Hub, session: Session["id"], { release, forget }: HowToEnd): boolean {
  const now = hub.state.sessions.get(session)
  if (now === undefined) return true
  return !forget && now.phase.name === "ended" && (!release || now.checkout.status === "released")
}

const stillEnding = (session: string): FaultError =>
  new FaultError(
    fault(
      "still-ending",
      `session ${session} has not ended yet`,
      `something of it still runs after ${waitMs / 1_000} s; Fleet goes on ending it`,
      "look again in a while: GET /api/sessions",
    ),
  )
