/**
 * What an operation of the native API is. One description serves the HTTP routes, the OpenAPI document, the typed client, the reference page,
 * and says where the command line and the MCP server offer the same; a test fails for one that lacks any of them.
 */
import { z } from "zod"

export interface Operation<Params = unknown, Query = unknown, Body = unknown, Value = unknown> {
  readonly method: "get" | "post" | "patch" | "delete"
  /** With `{name}` for each of `params`. */
  readonly path: string
  /** Heading of the reference that it stands under. */
  readonly tag: Tag
  readonly summary: string
  /** What a caller must know beyond the summary. */
  readonly description: string
  readonly params: z.ZodType<Params>
  readonly query: z.ZodType<Query>
  /** Null: it takes none. */
  readonly body: z.ZodType<Body> | null
  /** The body may be left out. */
  readonly bodyOptional: boolean
  readonly answer: Answer<Value>
  /** long: the answer says that it is begun, `Location` says where to see what comes of it. */
  readonly kind: "read" | "write" | "long"
  /** read: look. lead: work with sessions and plans. operate: answer for the person, change the hub. */
  readonly permission: "read" | "lead" | "operate"
  /** The command of `fleet` that offers it, without `fleet`. */
  readonly cli: Exposure
  /** The MCP tool that offers it. */
  readonly mcp: Exposure
}

export type Exposure = string | { readonly none: string }
export type Tag = "hub" | "plans" | "runs" | "campaigns" | "tasks" | "sessions" | "approvals" | "coordination" | "events" | "webhooks"

export type Answer<Value> =
  /** One JSON object, with `schema_version` beside its own fields. */
  | { readonly kind: "json"; readonly status: 200 | 201 | 202; readonly schema: z.ZodType<Value>; readonly location: ((value: Value) => string) | null }
  | { readonly kind: "empty"; readonly status: 204 }
  /** Server-sent events; the schema is that of each one's data. */
  | { readonly kind: "events"; readonly status: 200; readonly schema: z.ZodType }
  /** Something that is no object of ours. */
  | { readonly kind: "document"; readonly status: 200; readonly mime: "application/json" | "text/html" }

const nothing = z.strictObject({})
type Nothing = z.infer<typeof nothing>
type Spare = "params" | "query" | "body" | "bodyOptional"

/** An operation with what it leaves out: no parameters, no query, no body. */
export function operation<Value, Params = Nothing, Query = Nothing, Body = null>(
  of: Omit<Operation<Params, Query, Body, Value>, Spare> & Partial<Pick<Operation<Params, Query, Body, Value>, Spare>>,
): Operation<Params, Query, Body, Value> {
  // What is left out has the type of the default.
  return { params: nothing as never, query: nothing as never, body: null, bodyOptional: false, ...of }
}

export const json = <Value>(schema: z.ZodType<Value>): Answer<Value> => ({ kind: "json", status: 200, schema, location: null })
export const created = <Value>(schema: z.ZodType<Value>, location: (value: Value) => string): Answer<Value> => ({
  kind: "json",
  status: 201,
  schema,
  location,
})
export const begun = <Value>(schema: z.ZodType<Value>, location: ((value: Value) => string) | null): Answer<Value> => ({
  kind: "json",
  status: 202,
  schema,
  location,
})
export const empty: Answer<null> = { kind: "empty", status: 204 }
export const events = (schema: z.ZodType): Answer<Response> => ({ kind: "events", status: 200, schema })
export const document = (mime: "application/json" | "text/html"): Answer<Response> => ({ kind: "document", status: 200, mime })
export const none = (why: string): Exposure => ({ none: why })
