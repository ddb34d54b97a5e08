/** When a callback is due, what it says, who hears it, and when it counts as heard. */
import { id, type CallbackId, type SessionId } from "../ids.ts"
import { parseHandoff, type Handoff } from "../handoff/handoff.ts"
import type { Draft } from "../project/draft.ts"
import type { State } from "../project/state.ts"
import { isOver, type QueuedPrompt, type Session, type TurnEnd } from "../session/session.ts"
import type { Survey } from "../worker/job-result.ts"
import type { Callback } from "./callback.ts"
import { callbackTimer } from "./apply.ts"
import { callbackText } from "./text.ts"

/** After a turn in which its receiver failed to take it. */
const backoffMs = { first: 5_000, max: 10 * 60_000 }
const waitingPromptsMax = 90

/** A turn has ended, and somebody asked to be told. Every turn, not only the first. */
export function callbackDue(draft: Draft, from: Session, end: TurnEnd, describe: "when described" | "at once"): void {
  if (from.notify === null) return
  const callback = id<"callback">(`cb-${draft.state.counters.callbacks + 1}`)
  const news = {
    title: from.title,
    how: end.how === "completed" ? "completed" : "error",
    why: end.why,
    handoff: parseHandoff(end.text) ?? toldHandoff(from),
  } as const
  draft.emit({ type: "callback.due", callback, from: from.id, to: from.notify, turn: end.number, news })
  if (describe === "at once") draft.emit({ type: "callback.described", callback, files: null })
}

/** What its agent said by a tool call instead of printing it. */
const toldHandoff = ({ handoff }: Session): Handoff | null =>
  handoff.length === 0 ? null : parseHandoff(["---HANDOFF---", ...handoff.map((item) => `- ${item.replaceAll(/\s+/g, " ").trim()}`), "---"].join("\n"))

/** Fleet has looked at what the turn changed. */
export function describeCallback(draft: Draft, from: Session, survey: Survey | null): void {
  for (const callback of draft.state.callbacks.values())
    if (callback.status === "describing" && callback.from === from.id)
      draft.emit({ type: "callback.described", callback: callback.id, files: survey?.files ?? null })
}

/** Hands waiting callbacks to receivers that are there. They come as prompts, one a turn. */
export function deliverCallbacks(draft: Draft): void {
  for (const of of inOrder(draft.state)) {
    const callback = draft.state.callbacks.get(of)
    const to = callback === undefined ? undefined : draft.state.sessions.get(callback.to)
    if (callback === undefined) continue
    if (to === undefined) {
      draft.emit({ type: "callback.dropped", callback: of, why: "the session that asked for it was deleted" })
      continue
    }
    if (isOver(to) || to.phase.name === "undoing" || to.queue.length >= waitingPromptsMax || draft.state.timers.has(callbackTimer(of))) continue
    draft.emit({ type: "session.queued", session: to.id, prompt: promptOf(callback, draft.now) })
    draft.emit({ type: "callback.queued", callback: of })
  }
}

/** The receiver's agent acknowledged the turn: now, and not before, it was told. */
export function callbackDelivered(draft: Draft, callback: CallbackId): void {
  if (draft.state.callbacks.get(callback)?.status === "queued") draft.emit({ type: "callback.delivered", callback })
}

/** Its receiver ends: what it had still to hear waits until it is resumed. */
export function returnWaiting(draft: Draft, { phase, queue }: Session): void {
  const handed = phase.name === "prompting" ? [phase.prompt] : []
  for (const { callback } of [...handed, ...queue]) giveBack(draft, callback, null)
}

/** Its receiver's turn failed before its agent acknowledged it: it is handed over again after a while. */
export function returnRefused(draft: Draft, { callback }: QueuedPrompt): void {
  if (callback !== null) giveBack(draft, callback, draft.now + backoff(draft.state.callbacks.get(callback)))
}

function giveBack(draft: Draft, callback: CallbackId | null, againAt: number | null): void {
  if (callback !== null && draft.state.callbacks.get(callback)?.status === "queued") draft.emit({ type: "callback.returned", callback, againAt })
}

export function dropCallbacksTo(draft: Draft, receiver: SessionId): void {
  for (const { id: callback, to, status } of draft.state.callbacks.values())
    if (to === receiver && (status === "waiting" || status === "queued" || status === "describing"))
      draft.emit({ type: "callback.dropped", callback, why: "the session that asked for it was deleted" })
}

function promptOf(callback: Callback, now: number): QueuedPrompt {
  const { id: of } = callback
  const message = id<"message">(`${of}.${callback.offers + 1}`)
  return { id: message, text: callbackText(callback), attachments: [], model: null, mode: null, by: `session ${callback.from}`, callback: of, queuedAt: now }
}

function inOrder(state: State): CallbackId[] {
  const at = (of: CallbackId): number => state.callbacks.get(of)?.at ?? 0
  return [...state.undelivered].sort((a, b) => at(a) - at(b) || Number(a.slice(3)) - Number(b.slice(3)))
}

function backoff(callback: Callback | undefined): number {
  return Math.min(backoffMs.first * 2 ** Math.max(0, (callback?.offers ?? 1) - 1), backoffMs.max)
}
