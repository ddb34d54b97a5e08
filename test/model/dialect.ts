/** What each API that the scripted model speaks must be able to do: read a request, and write a reply whole or as server-sent events. */
import type { Conversation } from "./conversation.ts"
import type { Reply } from "./reply.ts"

export interface Dialect {
  read(body: Record<string, unknown>): Conversation
  /** The reply in one piece. */
  whole(reply: Reply, context: ReplyContext): object
  /** The reply as events. */
  stream(reply: Reply, context: ReplyContext): readonly StreamEvent[]
  failure(status: number, message: string): object
}
export interface ReplyContext {
  /** Unique for each request. */
  readonly id: string
  readonly model: string
}
export interface StreamEvent {
  /** Null for APIs that name no events. */
  readonly event: string | null
  /** Sent as JSON, or as it is when it is a string. */
  readonly data: object | string
}

/** Narrowing of what a request holds. The bodies come from agents in tests: what is not there reads as empty. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
export const string = (value: unknown): string => (typeof value === "string" ? value : "")

/** The text of a message's content, a string or parts. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content
  return list(content)
    .map((part) => string(record(part)["text"]))
    .join("\n")
}

export const parameterNames = (schema: unknown): readonly string[] => Object.keys(record(record(schema)["properties"]))

/** A text in two pieces, as a stream brings it. */
export function pieces(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2)
  return [text.slice(0, middle), text.slice(middle)].filter((piece) => piece !== "")
}

/** OpenAI's error body, the same in both of its APIs. Agents look at its type and code: a 400 of type `server_error` is tried again. */
export function openAiFailure(status: number, message: string): object {
  const [type, code] = openAiErrors.get(status) ?? [status >= 500 ? "server_error" : "invalid_request_error", null]
  return { error: { message, type, param: null, code } }
}

const openAiErrors: ReadonlyMap<number, readonly [string, string | null]> = new Map([
  [401, ["invalid_request_error", "invalid_api_key"]],
  [429, ["rate_limit_error", "rate_limit_exceeded"]],
])
