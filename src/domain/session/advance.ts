/** After every decision: callbacks go to those who can hear them, and sessions with waiting prompts go on where they can. */
import type { SessionId } from "../ids.ts"
import { deliverCallbacks } from "../callback/decide.ts"
import type { Draft } from "../project/draft.ts"
import type { State } from "../project/state.ts"
import { roomIn } from "../task/waits.ts"
import { againTimer } from "./apply.ts"
import { askTurn, handOver, openAgain, sessionOfState } from "./steps.ts"
import { isBusy, type Session } from "./session.ts"

export function advanceSessions(draft: Draft): void {
  deliverCallbacks(draft)
  for (const of of inTurn(draft.state)) {
    const session = sessionOfState(draft.state, of)
    if (waitsFor(draft.state, session, draft.now) !== null) continue
    if (session.phase.name === "asleep") openAgain(draft, session)
    else if (session.phase.name === "resting") {
      handOver(draft, of)
      askTurn(draft, of)
    }
  }
}

export type SessionWait =
  | { readonly for: "worker" }
  | { readonly for: "instant"; readonly until: number }
  | { readonly for: "agent"; readonly until: number }
  | { readonly for: "slot" }
  /** Another child works in the same directory. */
  | { readonly for: "directory"; readonly holder: SessionId }

/** Why its next prompt is not handed over now; null when nothing holds it back. */
export function waitsFor(state: State, session: Session, now: number): SessionWait | null {
  const worker = state.workers.get(session.worker)
  if (worker?.status.name !== "connected") return { for: "worker" }
  const again = state.timers.get(againTimer(session.id))
  if (again !== undefined && again > now) return { for: "instant", until: again }
  const cooling = state.cooling.get(session.agent)
  if (cooling !== undefined && cooling > now) return { for: "agent", until: cooling }
  if (session.parent === null) return null
  const holder = neighbourAtWork(state, session)
  if (holder !== null) return { for: "directory", holder }
  return (roomIn(state).ofWorker.get(worker.id) ?? 0) >= worker.slots ? { for: "slot" } : null
}

/** Who has waited longest goes first. */
function inTurn(state: State): SessionId[] {
  const waitsSince = (of: SessionId): number => sessionOfState(state, of).queue[0]?.queuedAt ?? 0
  return [...state.prompted].sort((a, b) => waitsSince(a) - waitsSince(b) || (a < b ? -1 : 1))
}

/** Children that share an existing directory take turns: at once they would overwrite each other, and what one made would be counted as the other's. */
function neighbourAtWork(state: State, session: Session): SessionId | null {
  if (session.wanted.strategy !== "existing") return null
  for (const other of state.sessions.values()) {
    const atWork = isBusy(other) || other.phase.name === "surveying"
    if (atWork && other.id !== session.id && other.parent !== null && other.checkout.path === session.checkout.path) return other.id
  }
  return null
}
