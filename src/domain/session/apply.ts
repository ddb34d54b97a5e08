/** What events about sessions change. */
import type { SessionId } from "../ids.ts"
import type { State } from "../project/state.ts"
import { withTimer } from "../project/tables.ts"
import { addUsage, noUsage } from "./turn.ts"
import type { Session, SessionEvent, SessionPhase } from "./session.ts"

export function applySession(state: State, event: SessionEvent, at: number): State {
  switch (event.type) {
    case "session.created":
      return put(state, created(event, at))
    case "session.failed":
    case "session.removed":
      return { ...timeless(state, event.session), sessions: state.sessions.delete(event.session), busy: state.busy.delete(event.session) }
    case "session.prompted":
      return withTimer(prompted(timeless(state, event.session), event, at), limitTimer(event.session), event.limitAt)
    case "session.working":
      return change(state, event.session, at, ({ phase, heardOf }) =>
        phase.name === "prompting" ? { phase: { ...phase, name: "working" }, heardOf: Math.max(heardOf ?? 0, phase.told ?? 0) } : {},
      )
    case "session.stopping":
      return change(withTimer(state, limitTimer(event.session), null), event.session, at, ({ phase }) =>
        phase.name === "prompting" || phase.name === "working" ? { phase: { ...phase, stop: event.why } } : {},
      )
    case "session.cut":
      return change(timeless(state, event.session), event.session, at, (session) => ({
        phase: { name: "asleep" },
        queue: [event.prompt, ...session.queue],
        cuts: session.cuts + 1,
        usage: addUsage(session.usage, event.usage),
      }))
    case "session.turned":
      return change(timeless(state, event.session), event.session, at, (session) => ({
        phase: { name: "surveying", end: event.end, alive: event.alive },
        cuts: 0,
        usage: addUsage(session.usage, event.end.usage),
      }))
    case "session.ready":
    case "session.surveyed": {
      const rested = change(state, event.session, at, (session) => step(session, event, at))
      const session = rested.sessions.get(event.session)
      const idle = session?.phase.name === "resting" && session.idleMs !== null ? at + session.idleMs : null
      return withTimer(rested, idleTimer(event.session), idle)
    }
    case "session.asleep":
    case "session.clinging":
      return withTimer(
        change(timeless(state, event.session), event.session, at, (session) => step(session, event, at)),
        againTimer(event.session),
        event.againAt,
      )
    case "session.extended":
      return withTimer(state, limitTimer(event.session), event.limitAt)
    case "session.closing":
      return change(timeless(state, event.session), event.session, at, (session) => step(session, event, at))
    case "session.preparing":
    case "session.prepared":
    case "session.opening":
    case "session.undoing":
    case "session.queued":
    case "session.renamed":
    case "session.ended":
    case "session.releasing":
    case "session.kept":
    case "session.released":
    case "session.handed-off":
      return change(state, event.session, at, (session) => step(session, event, at))
  }
}

type Step = Exclude<
  SessionEvent,
  {
    type:
      | "session.created"
      | "session.failed"
      | "session.removed"
      | "session.prompted"
      | "session.working"
      | "session.stopping"
      | "session.cut"
      | "session.turned"
      | "session.extended"
  }
>

function step(session: Session, event: Step, at: number): Partial<Session> {
  const { checkout } = session
  switch (event.type) {
    case "session.preparing":
      return { phase: { name: "preparing" }, checkout: { ...checkout, status: "making" }, life: session.life + 1 }
    case "session.prepared": {
      const { path, branch, base } = event.prepared
      return { checkout: { status: "held", path, branch, base: checkout.base ?? base, forget: false, salvage: checkout.salvage } }
    }
    case "session.opening":
      return { phase: { name: "opening" }, life: event.life }
    case "session.ready": {
      const { agentSession } = event.opened
      const known = agentSession === null || session.agentSessions.at(-1) === agentSession
      return {
        phase: { name: "resting" },
        agentSessions: known ? session.agentSessions : [...session.agentSessions.filter((one) => one !== agentSession), agentSession],
      }
    }
    case "session.undoing":
      return { phase: { name: "undoing", fault: event.fault } }
    case "session.queued":
      return { queue: [...session.queue, event.prompt] }
    case "session.surveyed": {
      if (session.phase.name !== "surveying") return {}
      const { end, alive } = session.phase
      return {
        phase: { name: alive ? "resting" : "asleep" },
        lastTurn: { ...end, endedAt: at, files: event.survey?.files ?? null, tree: event.survey?.tree ?? null },
      }
    }
    case "session.handed-off":
      return { handoff: event.items }
    case "session.renamed":
      return { title: event.title }
    case "session.closing":
      return { phase: { name: "closing", then: event.then }, queue: event.then.name === "end" ? [] : session.queue }
    case "session.asleep":
      return { phase: { name: "asleep" }, cuts: event.againAt === null ? session.cuts : session.cuts + 1 }
    case "session.clinging":
      return {}
    case "session.releasing":
      return { checkout: { ...checkout, status: "releasing", forget: event.forget } }
    case "session.kept":
      return { checkout: { ...checkout, status: "held", forget: false } }
    case "session.ended":
      return { phase: { name: "ended", how: event.how, by: event.by, at } }
    case "session.released":
      return { checkout: { ...checkout, status: "released", salvage: event.salvage } }
  }
}

/** When nobody has needed its agent for a while. */
export const idleTimer = (session: SessionId): string => `idle:${session}`
/** When its turn has taken too long. */
export const limitTimer = (session: SessionId): string => `limit:${session}`
/** When it is tried again. */
export const againTimer = (session: SessionId): string => `again:${session}`

function created(event: SessionEvent & { type: "session.created" }, at: number): Session {
  return {
    ...event.terms,
    id: event.session,
    createdAt: at,
    changedAt: at,
    checkout: { status: "making", path: null, branch: null, base: null, forget: false, salvage: null },
    agentSessions: [],
    life: 1,
    turn: 0,
    phase: { name: "preparing" },
    queue: [],
    cuts: 0,
    lastTurn: null,
    handoff: [],
    heardOf: 0,
    usage: noUsage,
  }
}

function prompted(state: State, event: SessionEvent & { type: "session.prompted" }, at: number): State {
  return change(state, event.session, at, ({ queue: [prompt, ...rest] }) => {
    if (prompt === undefined) throw new Error(`${event.session} has no prompt to be handed over`)
    return { queue: rest, turn: event.turn, handoff: [], phase: { name: "prompting", prompt, since: at, stop: null, told: event.told ?? 0 } }
  })
}

function change(state: State, id: SessionId, at: number, by: (session: Session) => Partial<Session>): State {
  const session = state.sessions.get(id)
  return session === undefined ? state : put(state, { ...session, ...by(session), changedAt: at })
}

/** Keeps the tables true that say which sessions want something and which hold a slot. */
function put(state: State, session: Session): State {
  const { id, queue } = session
  return {
    ...state,
    sessions: state.sessions.set(id, session),
    prompted: queue.length > 0 ? state.prompted.add(id) : state.prompted.delete(id),
    busy: holdsSlot(session.phase) ? state.busy.add(id) : state.busy.delete(id),
  }
}

const holdsSlot = (phase: SessionPhase): boolean => phase.name === "prompting" || phase.name === "working"

function timeless(state: State, session: SessionId): State {
  return { ...state, timers: state.timers.delete(idleTimer(session)).delete(limitTimer(session)).delete(againTimer(session)) }
}
