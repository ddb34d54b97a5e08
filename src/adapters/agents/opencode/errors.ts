/** What opencode's errors mean. It names them; the provider's status is in their data, and for a retry in the note that Fleet's plugin took. Pure. */
import type { AgentError } from "../../../domain/session/turn.ts"
import { number, numberOrNull, record, text } from "../fields.ts"

/** The error of an assistant message or of `session.error`. `at`: epoch milliseconds, against which a relative reset time is counted. */
export function errorOf(error: unknown, at: number): AgentError {
  const { name, data } = record(error)
  const details = record(data)
  const message = text(details["message"]) || text(name) || "opencode says that the turn failed, and not why"
  const status = numberOrNull(details["statusCode"])
  if (name !== "APIError") return { class: named.get(text(name)) ?? "bug", message, resetAt: null }
  const class_ = status === null ? "network" : classOfStatus(status)
  return { class: class_, message, resetAt: class_ === "rate-limit" ? resetAt(record(details["responseHeaders"]), at) : null }
}

export const isAbort = (error: unknown): boolean => record(error)["name"] === "MessageAbortedError"

const named: ReadonlyMap<string, AgentError["class"]> = new Map<string, AgentError["class"]>([
  ["ProviderAuthError", "auth"],
  ["ContextOverflowError", "refused"],
  ["ContentFilterError", "refused"],
  ["MessageOutputLengthError", "refused"],
  ["ProviderModelNotFoundError", "refused"],
])

/** What the provider last answered in a session, as Fleet's plugin saw it: 0 when it did not answer at all. */
export interface ProviderNote {
  readonly status: number
  /** It said how long to wait. */
  readonly told: boolean
}

/** What `session.status` says while opencode waits to try again. It has no status of the provider; that is in the note, when there is one. */
export function retryOf(status: unknown, note: ProviderNote | null): AgentError {
  const { message, next } = record(status)
  const class_ = classOfRetry(text(message), note)
  return {
    class: class_,
    message: text(message) || "opencode does not say why it tries again",
    resetAt: class_ === "rate-limit" && note?.told === true ? number(next) : null,
  }
}

/** A stream that broke had begun well: status 200. opencode's own words tell of a provider that said so within a stream. */
function classOfRetry(message: string, note: ProviderNote | null): AgentError["class"] {
  const own = ownWords.get(message)
  if (own !== undefined) return own
  if (note === null) return "overload"
  return note.status < 400 ? "network" : classOfStatus(note.status)
}

/** Constants of opencode 1.18's `retry.ts`, not the provider's words. */
const ownWords: ReadonlyMap<string, AgentError["class"]> = new Map<string, AgentError["class"]>([
  ["Provider is overloaded", "overload"],
  ["Too Many Requests", "rate-limit"],
  ["Connection reset by server", "network"],
])

function classOfStatus(status: number): AgentError["class"] {
  if (status === 401 || status === 403) return "auth"
  if (status === 429) return "rate-limit"
  if (status === 408 || status >= 500) return "overload"
  return status >= 400 ? "refused" : "network"
}

function resetAt(headers: Readonly<Record<string, unknown>>, at: number): number | null {
  const ms = Number.parseFloat(text(headers["retry-after-ms"]))
  if (Number.isFinite(ms)) return at + ms
  const seconds = Number.parseFloat(text(headers["retry-after"]))
  return Number.isFinite(seconds) ? at + seconds * 1_000 : null
}
