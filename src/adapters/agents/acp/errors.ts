/**
 * The one place where an ACP agent's errors become Fleet's classes. Agents differ: some give the provider's status in the error's data,
 * some as the JSON-RPC code, and some end the turn well and say the error as text (`textual`). Pure.
 */
import type { AgentError } from "../../../domain/session/turn.ts"
import { record } from "./updates.ts"

/** `at`: epoch milliseconds, against which a relative reset time is counted. */
export function errorOf(error: { readonly code: number; readonly message: string; readonly data?: unknown }, at: number): AgentError {
  const data = record(error.data)
  const status = statusIn(data) ?? (error.code >= 400 && error.code < 600 ? error.code : null) ?? statusInText(detailIn(data) ?? error.message)
  // JSON-RPC's name for "anything went wrong" comes before the words that say what.
  const message = [error.message.replace(/^Internal error: /, ""), detailIn(data)].filter((part) => part !== null && part !== "").join(": ")
  if (unconnected.test(message)) return { class: "network", message, resetAt: null }
  if (status !== null) return { class: classOfStatus(status), message, resetAt: resetIn(data, at) }
  return { class: error.code === authRequired ? "auth" : (named.get(String(data["errorName"])) ?? "bug"), message, resetAt: null }
}

/** opencode names its error and drops the provider's status. It tries a limit or an overload again for ever, so the rest of its "APIError" was refused. */
const named: ReadonlyMap<string, AgentError["class"]> = new Map<string, AgentError["class"]>([
  ["ProviderAuthError", "auth"],
  ["APIError", "refused"],
  ["ContextOverflowError", "refused"],
])

/** How the AI SDK, on which opencode stands, begins when it got no answer at all. It has no other sign of it over ACP. */
const unconnected = /^Cannot connect to API\b/

/** The error that a turn which ended "well" only mentions in its text; null when it mentions none. */
export function errorInText(family: string, said: string): AgentError | null {
  const form = textual.get(family)
  // Only as its last word: an agent may quote an error that it met and got over.
  const line = said.trimEnd().split("\n").at(-1) ?? ""
  if (form === undefined || !form.test(line)) return null
  const status = statusInText(line)
  return { class: status === null ? "bug" : classOfStatus(status), message: line.trim(), resetAt: null }
}

export function classOfStatus(status: number): AgentError["class"] {
  if (status === 429) return "rate-limit"
  if (status === 401 || status === 403) return "auth"
  if (status === 408 || status >= 500) return "overload"
  return status >= 400 ? "refused" : "bug"
}

const authRequired = -32000

/** Agents without any sign of an error but their words. The forms are those that were seen (DRIVERS.md 5 and 7). */
const textual: ReadonlyMap<string, RegExp> = new Map([
  ["copilot", /^Error: /],
  ["codex-acp", /^unexpected status \d{3}\b/],
])

function statusIn(data: Readonly<Record<string, unknown>>): number | null {
  for (const place of [data, record(data["error"]), record(data["data"]), record(data["details"])]) {
    for (const name of ["status", "statusCode", "httpStatus", "code"]) {
      const value = place[name]
      if (typeof value === "number" && value >= 400 && value < 600) return value
    }
  }
  return null
}

/** The last resort: a three-digit status as a word of its own, at the start or after "status", "error", "code" or "API Error:". */
function statusInText(text: string): number | null {
  const found = /(?:^|\b(?:status(?: code)?|error|code)[:\s]+)([45]\d\d)\b/i.exec(text)
  return found === null ? null : Number(found[1])
}

function detailIn(data: Readonly<Record<string, unknown>>): string | null {
  for (const name of ["details", "message", "error"]) if (typeof data[name] === "string") return data[name]
  return null
}

function resetIn(data: Readonly<Record<string, unknown>>, at: number): number | null {
  const seconds = data["retry_after"] ?? data["retryAfter"]
  return typeof seconds === "number" ? at + seconds * 1_000 : null
}
