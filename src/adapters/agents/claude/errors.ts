/** What Claude Code's failures mean: the HTTP status and the kind that it names. Its words are never read. */
import type { AgentError } from "../../../domain/session/turn.ts"
import { list, numberOrNull, record, text, type Json } from "../fields.ts"

/** The error of an `api_retry` line, or of an assistant line that stands for one. `now` in epoch ms. */
export function retryError(line: Json, now: number): AgentError {
  const status = numberOrNull(line["error_status"])
  const delayMs = numberOrNull(line["retry_delay_ms"])
  const class_ = classOf(status, text(line["error"]))
  const message = `the provider answered ${status ?? "nothing"} (${text(line["error"]) || "unknown"})`
  return { class: class_, message, resetAt: class_ === "rate-limit" && delayMs !== null ? now + delayMs : null }
}

/** Null when the `result` line is one of success. `apiError` is the assistant line that told the error, `resetAt` the end of the account's limit. */
export function resultError(result: Json, apiError: Json, resetAt: number | null): AgentError | null {
  const subtype = text(result["subtype"])
  if (result["is_error"] !== true && subtype === "success") return null
  const status = numberOrNull(result["api_error_status"]) ?? numberOrNull(apiError["api_error_status"])
  const fromProvider = text(result["terminal_reason"]) === "api_error" || Object.keys(apiError).length > 0
  const class_ = fromProvider ? classOf(status, text(apiError["api_error_type"]) || text(apiError["error"])) : (limits.get(subtype) ?? "bug")
  const message = text(result["result"]) || list(result["errors"]).map(text).join("; ") || `claude ended with ${subtype || "an error"}`
  return { class: class_, message, resetAt: class_ === "rate-limit" ? resetAt : null }
}

/** When the account's limit ends, from a `rate_limit_event` line; null when it is not used up. Epoch ms. */
export function limitResetAt(event: Json): number | null {
  const { status, resetsAt } = record(event["rate_limit_info"])
  const seconds = numberOrNull(resetsAt)
  return status === "rejected" && seconds !== null ? seconds * 1000 : null
}

/** Limits that the caller set, or that stop the same prompt from ever going through. */
const limits: ReadonlyMap<string, AgentError["class"]> = new Map<string, AgentError["class"]>([
  ["error_max_turns", "refused"],
  ["error_max_budget_usd", "refused"],
])

/** `SDKAssistantMessageError` of the agent SDK, and the error types of the Messages API. */
const kinds: ReadonlyMap<string, AgentError["class"]> = new Map<string, AgentError["class"]>([
  ["authentication_failed", "auth"],
  ["oauth_org_not_allowed", "auth"],
  ["billing_error", "auth"],
  ["rate_limit", "rate-limit"],
  ["overloaded", "overload"],
  ["server_error", "overload"],
  ["invalid_request", "refused"],
  ["model_not_found", "refused"],
  ["max_output_tokens", "refused"],
  ["authentication_error", "auth"],
  ["permission_error", "auth"],
  ["rate_limit_error", "rate-limit"],
  ["overloaded_error", "overload"],
  ["api_error", "overload"],
  ["invalid_request_error", "refused"],
])

function classOf(status: number | null, kind: string): AgentError["class"] {
  // Without a status nothing was answered to the end; "server_error" then only says that the stream broke off.
  if (status === null) return kind === "server_error" ? "network" : (kinds.get(kind) ?? "network")
  if (status === 401 || status === 403) return "auth"
  if (status === 429) return "rate-limit"
  if (status >= 500) return "overload"
  return status >= 400 ? "refused" : (kinds.get(kind) ?? "bug")
}
