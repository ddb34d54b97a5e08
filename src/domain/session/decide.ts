/** What people and agents may ask of a session: make it, prompt it, stop its turn, end it, take it up again. */
import { fault, type Fault } from "../fault.ts"
import { id, type SessionId } from "../ids.ts"
import { callbackDue, dropCallbacksTo, returnWaiting } from "../callback/decide.ts"
import type { Command } from "../project/command.ts"
import type { Draft } from "../project/draft.ts"
import { unknownThing } from "../project/refusals.ts"
import type { State } from "../project/state.ts"
import { askPrepare, closeSession, openAgain, releaseCheckout } from "./steps.ts"
import { isBusy, isOver, type QueuedPrompt, type Session, type SessionTerms } from "./session.ts"

/** In the state, ended ones included: they are kept until they are deleted, because each can be resumed. */
export const sessionsMax = 2_000
export const promptsWaitingMax = 100
const textCharsMax = 1_000_000
const titleCharsMax = 500

export function createSession(draft: Draft, command: Command & { type: "session.create" }): Fault | null {
  const { session, terms, prompt, by } = command
  const refusal = (prompt === null ? null : badPrompt(prompt)) ?? badTerms(draft.state, session, terms)
  if (refusal !== null) return refusal
  draft.emit({ type: "session.created", session, terms, by })
  if (prompt !== null) draft.emit({ type: "session.queued", session, prompt })
  askPrepare(draft, session)
  return null
}

export function promptSession(draft: Draft, command: Command & { type: "session.prompt" }): Fault | null {
  const session = draft.state.sessions.get(command.session)
  if (session === undefined || session.phase.name === "undoing") return unknownThing("session", command.session)
  if (isOver(session)) return overAlready(session)
  const { prompt } = command
  if (knows(session, prompt)) return null
  const refusal = badPrompt(prompt)
  if (refusal !== null) return refusal
  if (session.queue.length >= promptsWaitingMax)
    return fault(
      "session-crowded",
      `session ${session.id} takes no more prompts now`,
      `${promptsWaitingMax} wait already`,
      "wait until some of them were handled",
    )
  draft.emit({ type: "session.queued", session: session.id, prompt })
  return null
}

/** Stops the turn that runs. What waits behind it goes on. */
export function stopTurn(draft: Draft, command: Command & { type: "session.stop" }): Fault | null {
  const session = draft.state.sessions.get(command.session)
  if (session === undefined) return unknownThing("session", command.session)
  if (!isBusy(session)) return null
  interrupt(draft, session, "asked", command.by)
  return null
}

export function interrupt(draft: Draft, session: Session, why: "asked" | "limit", by: string): void {
  draft.emit({ type: "session.stopping", session: session.id, why, by })
  draft.ask(session.worker, { kind: "session.interrupt", key: id(`interrupt:${session.id}:${session.turn}`), session: session.id })
}

export function endSession(draft: Draft, command: Command & { type: "session.end" }): Fault | null {
  const { by, release, forget } = command
  const session = draft.state.sessions.get(command.session)
  if (session === undefined || session.phase.name === "undoing") return unknownThing("session", command.session)
  if (forget) dropCallbacksTo(draft, session.id)
  const how = isBusy(session) || session.queue.length > 0 || session.phase.name === "preparing" || session.phase.name === "opening" ? "stopped" : "completed"
  if (session.phase.name === "ended") {
    if (release) releaseCheckout(draft, session, forget)
    else if (forget) draft.emit({ type: "session.removed", session: session.id })
    return null
  }
  if (how === "stopped") tellOfEnd(draft, session, by)
  returnWaiting(draft, session)
  closeSession(draft, session.id, { name: "end", how, by, release, forget })
  return null
}

export function resumeSession(draft: Draft, command: Command & { type: "session.resume" }): Fault | null {
  const session = draft.state.sessions.get(command.session)
  if (session === undefined || session.phase.name === "undoing") return unknownThing("session", command.session)
  const { phase } = session
  if (phase.name !== "ended" && phase.name !== "asleep")
    return fault("session-active", `session ${session.id} is active`, "only one that has ended or sleeps can be resumed", "prompt it")
  if (session.checkout.status === "held") openAgain(draft, session)
  else if (session.checkout.status === "released") {
    draft.emit({ type: "session.preparing", session: session.id })
    askPrepare(draft, session.id)
  } else return fault("session-releasing", `session ${session.id} cannot be resumed now`, "its checkout is being given back", "try again in a moment")
  return null
}

export function renameSession(draft: Draft, command: Command & { type: "session.rename" }): Fault | null {
  const session = draft.state.sessions.get(command.session)
  if (session === undefined) return unknownThing("session", command.session)
  const title = command.title.trim()
  if (title === "" || title.length > titleCharsMax) return badTitle
  if (title !== session.title) draft.emit({ type: "session.renamed", session: session.id, title })
  return null
}

const handoffMax = { items: 100, chars: 2_000 }

/** Its agent says what it hands off; the callback of the turn brings it along. */
export function handOff(draft: Draft, command: Command & { type: "session.handoff" }): Fault | null {
  const session = draft.state.sessions.get(command.session)
  if (session === undefined) return unknownThing("session", command.session)
  const { items } = command
  if (items.length === 0 || items.length > handoffMax.items || items.some((item) => item.trim() === "" || item.length > handoffMax.chars))
    return fault("bad-handoff", "the handoff is not usable", `it takes 1 to ${handoffMax.items} items of 1 to ${handoffMax.chars} characters`, "say it shorter")
  if (!isBusy(session))
    return fault("session-not-working", `session ${session.id} hands nothing off now`, "no turn of it runs", "hand off before the turn ends")
  draft.emit({ type: "session.handed-off", session: session.id, items })
  return null
}

/** Who waits for it must not wait for ever. */
function tellOfEnd(draft: Draft, session: Session, by: string): void {
  if (session.notify === null) return
  const { turn: number, usage } = session
  const prompt = isBusyPrompt(session) ?? id<"message">("")
  callbackDue(draft, session, { number, prompt, how: "stopped", why: `the session was ended by ${by}`, text: "", usage }, "at once")
}

function isBusyPrompt({ phase, queue }: Session) {
  return phase.name === "prompting" || phase.name === "working" ? phase.prompt.id : queue[0]?.id
}

function badTerms(state: State, session: SessionId, terms: SessionTerms): Fault | null {
  if (state.sessions.has(session))
    return fault("session-exists", `there is a session ${session} already`, "ids are never used twice", "make it with another id")
  if (state.sessions.size >= sessionsMax)
    return fault(
      "too-many-sessions",
      "no further session can be made",
      `there are ${sessionsMax}, ended ones included`,
      "forget some: fleet session end <id> --cleanup --forget",
    )
  if (terms.title.trim() === "" || terms.title.length > titleCharsMax) return badTitle
  for (const named of [terms.parent, terms.notify]) if (named !== null && !state.sessions.has(named)) return unknownThing("session", named)
  const worker = state.workers.get(terms.worker)
  if (worker?.status.name !== "connected") return fault("no-worker", `worker ${terms.worker} is not connected`, "a session needs one", "fleet worker start")
  if (worker.agents.some((agent) => agent.name === terms.agent)) return null
  const known = worker.agents.map((agent) => agent.name).join(", ")
  return fault("unknown-agent", `no worker has an agent "${terms.agent}"`, `known are ${known}`, "fleet agents lists them; add one in the config")
}

const badTitle = fault("bad-title", "the title is not usable", `it must have 1 to ${titleCharsMax} characters`, "send another title")

function badPrompt(prompt: QueuedPrompt): Fault | null {
  if (prompt.text.trim() === "" && prompt.attachments.length === 0)
    return fault("prompt-empty", "there is nothing to prompt", "text and attachments are empty", "send a text")
  if (prompt.text.length <= textCharsMax) return null
  return fault(
    "prompt-too-long",
    "the prompt is too long",
    `it has ${prompt.text.length} characters; ${textCharsMax} are the most`,
    "put it in a file and name the file",
  )
}

/** The same prompt that came twice is one. */
function knows(session: Session, prompt: QueuedPrompt): boolean {
  return (
    session.queue.some((waiting) => waiting.id === prompt.id) || isBusyPrompt({ ...session, queue: [] }) === prompt.id || session.lastTurn?.prompt === prompt.id
  )
}

const overAlready = (session: Session): Fault =>
  fault("session-over", `session ${session.id} takes no prompt`, "it was ended", `resume it first: POST /api/sessions/${session.id}/resume`)
