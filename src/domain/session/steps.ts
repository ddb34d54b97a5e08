/** The jobs that a session's life consists of: checkout, agent, turn, survey, end. Each is asked for here and nowhere else. */
import { findingsText, newsFor } from "../discovery/relay.ts"
import { id, type SessionId } from "../ids.ts"
import { withdrawSessionApprovals } from "../approval/open.ts"
import type { Draft } from "../project/draft.ts"
import type { State } from "../project/state.ts"
import type { AfterSession, Session } from "./session.ts"

/** The session must exist: its id comes from the state itself. */
export function sessionOfState(state: State, session: SessionId): Session {
  const found = state.sessions.get(session)
  if (found === undefined) throw new Error(`the state has no session ${session}`)
  return found
}

export function askPrepare(draft: Draft, of: SessionId): void {
  const session = sessionOfState(draft.state, of)
  const { workspace, strategy, repository, branch, path } = session.wanted
  const { checkout } = session
  // What was salvaged can only be put back on the commit that it was made on.
  const base = checkout.salvage === null || checkout.base === null ? session.wanted.base : checkout.base
  draft.ask(session.worker, {
    kind: "workspace.prepare",
    key: id(`prepare:${of}:${session.life}`),
    workspace,
    strategy,
    repository: strategy === "existing" ? session.wanted.source : repository,
    branch,
    base,
    path,
    branchThere: "use",
    merge: null,
    setup: null,
    instance: null,
  })
}

/** Opens its agent, with the conversation that it had. */
export function askOpen(draft: Draft, session: Session, life: number): void {
  draft.emit({ type: "session.opening", session: session.id, life })
  draft.ask(session.worker, {
    kind: "session.open",
    key: id(`open:${session.id}:${life}`),
    session: session.id,
    workspace: session.wanted.workspace,
    agent: session.agent,
    model: session.model,
    effort: null,
    resume: session.agentSessions.at(-1) ?? null,
    environment: {},
  })
}

export const openAgain = (draft: Draft, session: Session): void => askOpen(draft, session, session.life + 1)

/** Hands the first waiting prompt over. */
export function handOver(draft: Draft, of: SessionId): void {
  const { turn, limitMs } = sessionOfState(draft.state, of)
  const told = draft.state.counters.discoveries
  draft.emit({ type: "session.prompted", session: of, turn: turn + 1, limitAt: limitMs === null ? null : draft.now + limitMs, told })
}

/** A prompt that was handed over becomes the agent's turn. */
export function askTurn(draft: Draft, of: SessionId): void {
  const session = sessionOfState(draft.state, of)
  if (session.phase.name !== "prompting") throw new Error(`${of} has no prompt to send`)
  const { text, attachments, model, mode } = session.phase.prompt
  // What others found meanwhile about the paths that it holds comes with the prompt.
  const news = findingsText(newsFor(draft.state, session, session.heardOf ?? 0), "What others found meanwhile about paths that you hold")
  const key = id<"job">(`turn:${of}:${session.turn}`)
  draft.ask(session.worker, {
    kind: "session.turn",
    key,
    session: of,
    prompt: news === null ? text : `${text}\n\n${news}`,
    attachments,
    model,
    mode,
    stallMs: session.stallMs,
    context: null,
  })
}

export function askSurvey(draft: Draft, of: SessionId): void {
  const { worker, turn, wanted, checkout } = sessionOfState(draft.state, of)
  draft.ask(worker, { kind: "workspace.survey", key: id(`survey:${of}:${turn}`), workspace: wanted.workspace, base: checkout.base })
}

/** Ends its agent and everything that it started. What is closing already only gets another sequel. */
export function closeSession(draft: Draft, of: SessionId, then: AfterSession): void {
  const session = sessionOfState(draft.state, of)
  draft.settle(...["prepare", "open"].map((kind) => `${kind}:${of}:${session.life}`))
  draft.settle(`survey:${of}:${session.turn}`)
  withdrawSessionApprovals(draft, of, "the session is being ended")
  const closing = session.phase.name === "closing"
  draft.emit({ type: "session.closing", session: of, then })
  if (!closing) askClose(draft, of)
}

export function askClose(draft: Draft, of: SessionId): void {
  const { worker, life } = sessionOfState(draft.state, of)
  // A close that failed is tried again, under a key of its own: the worker does no job twice.
  draft.ask(worker, { kind: "session.close", key: id(`close:${of}:${life}:${draft.now}`), session: of })
}

/** Gives its checkout back; what is in an existing directory stays as it is. */
export function releaseCheckout(draft: Draft, session: Session, forget: boolean): void {
  if (session.checkout.status === "held") {
    draft.emit({ type: "session.releasing", session: session.id, forget })
    askRelease(draft, session)
  } else if (forget) draft.emit({ type: "session.removed", session: session.id })
}

export function askRelease(draft: Draft, session: Session): void {
  const { id: of, worker, life, wanted } = session
  draft.ask(worker, { kind: "workspace.release", key: id(`release:${of}:${life}:${draft.now}`), workspace: wanted.workspace, landed: false, tag: null })
}
