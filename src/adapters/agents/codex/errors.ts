/** What codex's errors mean. It names their kind in `codexErrorInfo`; its message is read in one case only, see `finalError`. */
import type { AgentError } from "../../../domain/session/turn.ts"
import { number, numberOrNull, parseLine, record, text } from "../fields.ts"

/** `resetAt` is the time at which codex's own account limit ends, as far as it told, epoch ms. */
export function errorOf(turnError: unknown, resetAt: number | null): AgentError {
  const { message, codexErrorInfo, additionalDetails } = record(turnError)
  const class_ = classOf(codexErrorInfo)
  const words = [text(message), text(additionalDetails)].filter((part) => part !== "").join(": ")
  return { class: class_, message: words || "codex says that the turn failed, and not why", resetAt: class_ === "rate-limit" ? resetAt : null }
}

/**
 * The error that ended a turn. When its retries are used up, codex gives the kind as "other": then it is that of the last retry. What is "other" from the start is
 * the provider's answer to a bad request (status 400), whose body codex passes on unchanged as the message.
 */
export function finalError(turnError: unknown, retried: AgentError | null, resetAt: number | null): AgentError {
  const error = errorOf(turnError, resetAt)
  if (error.class !== "bug") return error
  if (retried !== null) return { ...error, class: retried.class, resetAt: retried.resetAt }
  const refused = Object.keys(record(parseLine(text(record(turnError)["message"]))?.["error"])).length > 0
  return refused ? { ...error, class: "refused" } : error
}

function classOf(info: unknown): AgentError["class"] {
  if (typeof info === "string") return named.get(info) ?? "bug"
  const [kind, details] = Object.entries(record(info))[0] ?? []
  return kind === undefined ? "bug" : ofStatus(numberOrNull(record(details)["httpStatusCode"]))
}

/** `CodexErrorInfo` of `codex app-server generate-ts`, 0.169. */
const named: ReadonlyMap<string, AgentError["class"]> = new Map<string, AgentError["class"]>([
  ["usageLimitExceeded", "rate-limit"],
  ["rateLimitExceeded", "rate-limit"],
  ["unauthorized", "auth"],
  ["serverOverloaded", "overload"],
  ["internalServerError", "overload"],
  ["flexUnavailable", "overload"],
  ["policyCapacityUnavailable", "overload"],
  ["badRequest", "refused"],
  ["contextWindowExceeded", "refused"],
  ["sessionBudgetExceeded", "refused"],
  ["modelNotFound", "refused"],
  ["inferenceHookDenied", "refused"],
  ["cyberPolicy", "refused"],
  ["misalignmentPolicyViolation", "refused"],
  ["tooManyDenials", "refused"],
])

/** The kinds with a status are all failures of the connection; without one, nothing answered. */
function ofStatus(status: number | null): AgentError["class"] {
  if (status === null || status < 400) return "network"
  if (status === 401 || status === 403) return "auth"
  if (status === 429) return "rate-limit"
  return status >= 500 ? "overload" : "refused"
}

/** When the limit that is used up ends, from `account/rateLimits/updated`; null when none is. Epoch ms. */
export function limitResetAt(rateLimits: unknown): number | null {
  const { primary, secondary } = record(rateLimits)
  const spent = [record(primary), record(secondary)].filter((window) => number(window["usedPercent"]) >= 100)
  const resets = spent.map((window) => number(window["resetsAt"]) * 1000).filter((at) => at > 0)
  return resets.length === 0 ? null : Math.max(...resets)
}
