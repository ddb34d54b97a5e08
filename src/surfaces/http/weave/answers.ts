/** How the compatible API says no: always `{"error", "hint"}`. The error is the contract's text to the letter where it has one, else what and why; the hint is what to do. */
import type { Context } from "hono"
import type { ContentfulStatusCode } from "hono/utils/http-status"
import { fault, FaultError, type Fault } from "../../../domain/fault.ts"
import { statusOf } from "../problem.ts"

interface Known {
  readonly status: ContentfulStatusCode
  readonly text: string
}

/** The contract's own words, by our code for the same thing. */
const contract: ReadonlyMap<string, Known> = new Map([
  ["bad-json", { status: 400, text: "Invalid JSON body" }],
  ["directory-required", { status: 400, text: "directory is required" }],
  ["outside-roots", { status: 400, text: "Directory is outside the allowed workspace roots" }],
  ["directory-missing", { status: 400, text: "Directory does not exist" }],
  ["not-a-directory", { status: 400, text: "Path exists but is not a directory" }],
  ["unknown-session", { status: 404, text: "Session not found" }],
  ["unknown-instance", { status: 404, text: "Instance not found or unavailable" }],
  ["prompt-empty", { status: 400, text: "text or attachments required" }],
  ["title-required", { status: 400, text: "title is required and must be a non-empty string" }],
  ["session-active", { status: 409, text: "Session is already active — cannot resume a running session" }],
  ["path-denied", { status: 403, text: "Access denied" }],
  ["path-missing", { status: 404, text: "File not found" }],
])

/** Codes that have another status here than in the native API. */
const statuses: ReadonlyMap<string, ContentfulStatusCode> = new Map([
  ["nobody", 404],
  ["unknown-skill", 404],
  ["skill-changed", 409],
  ["session-of-task", 409],
  ["path-exists", 409],
  ["file-too-big", 413],
  ["not-offered", 501],
  ["still-ending", 504],
])

export function answerError(context: Context, error: unknown): Response {
  const of = error instanceof FaultError ? error.fault : bug(error)
  const known = contract.get(of.code)
  // The contract's words leave no room for why.
  if (known !== undefined) return context.json({ error: known.text, hint: `${of.why}: ${of.fix}` }, known.status)
  return context.json({ error: `${of.what}: ${of.why}`, hint: of.fix }, statuses.get(of.code) ?? own(of))
}

/** What is bad input there is 422; this contract knows only 400. */
function own(of: Fault): ContentfulStatusCode {
  const status = statusOf(of)
  return status === 422 ? 400 : status
}

function bug(error: unknown): Fault {
  const why = error instanceof Error ? error.message : String(error)
  return fault("bug", "the hub failed", why, "hub.log in Fleet's home has the stack; please report it")
}

/** Input that cannot be meant. */
export const badInput = (what: string, why: string, fix: string): FaultError => new FaultError(fault("bad-input", what, why, fix))

/** What of the original there is nothing behind here: said, never pretended. */
export const notOffered = (what: string, why: string, fix: string): FaultError => new FaultError(fault("not-offered", what, why, fix))
