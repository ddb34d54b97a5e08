/** An operation of the registry as a route of Hono's OpenAPI middleware: what is validated, and what the document says of it. */
import { createRoute, type RouteConfig } from "@hono/zod-openapi"
import { z } from "zod"
import type { Answer, Operation } from "../../../protocol/api/operation.ts"
import { withVersion } from "../../../protocol/api/schemas/fields.ts"
import { problem } from "../../../protocol/api/schemas/hub.ts"

/** Any operation may be refused in these ways. */
export const refusals = {
  400: "The body is no JSON, or a cursor is none.",
  401: "The token is missing or wrong.",
  403: "This token may not do that.",
  404: "There is no such thing.",
  409: "It cannot be done as things are.",
  413: "The body is too large.",
  415: "The body must be JSON.",
  429: "Too much at once; `Retry-After` says how long to wait.",
  503: "No worker is connected, or it did not answer.",
} as const

const idempotencyKey = z.object({
  "idempotency-key": z.string().min(1).max(255).optional().describe("the same request with the same key has the same answer for a day, and is done once"),
})

export function routeOf(id: string, of: Operation): RouteConfig & { getRoutingPath(): string } {
  return createRoute({
    operationId: id,
    method: of.method,
    path: of.path,
    tags: [of.tag],
    summary: of.summary,
    description: `${of.description}\n\nPermission: \`${of.permission}\`.`,
    request: {
      params: of.params as z.ZodObject,
      query: of.query as z.ZodObject,
      ...(of.method === "post" ? { headers: idempotencyKey } : {}),
      ...(of.body === null ? {} : { body: { required: !of.bodyOptional, content: { "application/json": { schema: of.body } } } }),
    },
    responses: responsesOf(of.answer),
  })
}

function responsesOf(answer: Answer<unknown>): RouteConfig["responses"] {
  const refused = Object.keys(refusals).map((status) => [status, { $ref: `#/components/responses/Refused${status}` }] as const)
  // Written out, so that the schema of all of them is in the document.
  const invalid = { description: "A value is wrong; `errors` says which.", content: { "application/problem+json": { schema: problem } } }
  return Object.fromEntries([[String(answer.status), successOf(answer)], ...refused, ["422", invalid]])
}

function successOf(answer: Answer<unknown>): RouteConfig["responses"][string] {
  switch (answer.kind) {
    case "empty":
      return { description: "Done." }
    case "document":
      return {
        description: "The document.",
        content: { [answer.mime]: { schema: answer.mime === "text/html" ? z.string() : z.record(z.string(), z.unknown()) } },
      }
    case "events":
      return { description: "Server-sent events. The schema is that of each one's data.", content: { "text/event-stream": { schema: answer.schema } } }
    case "json":
      return {
        description: answer.status === 202 ? "Begun; `Location` says where to see what comes of it." : answer.status === 201 ? "Made." : "The answer.",
        ...(answer.location === null ? {} : { headers: z.object({ location: z.string() }) }),
        content: { "application/json": { schema: withVersion(answer.schema) } },
      }
  }
}
