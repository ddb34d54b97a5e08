/** The OpenAPI 3.1 document of the native API, from the registry alone: no hub is needed for it. */
import { OpenAPIHono } from "@hono/zod-openapi"
import { allOperations } from "../../../protocol/api/registry.ts"
import { refusals, routeOf } from "./route.ts"

const info = {
  title: "Fleet",
  // Of the API, not of the program: it grows when something that was there means something else, or goes.
  version: "1",
  summary: "Runs many coding agents at once in git worktrees and lands what they make.",
  description:
    "By the unix socket `hub.sock` in Fleet's home without a token, and on 127.0.0.1 with `Authorization: Bearer <the content of the file token>`. " +
    "Every object has `schema_version`. Refusals are RFC 9457 problem details with `code`, `what`, `why` and `fix`. Times are epoch milliseconds. " +
    "Long lists come in pages: send `next_cursor` back as `cursor`. Any POST takes an `Idempotency-Key`.",
  license: { name: "MIT", identifier: "MIT" },
}

export type OpenapiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>

export function openapiDocument(): OpenapiDocument {
  const app = new OpenAPIHono()
  app.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" })
  const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } }
  for (const [status, description] of Object.entries(refusals)) app.openAPIRegistry.registerComponent("responses", `Refused${status}`, { description, content })
  for (const [id, of] of allOperations) app.openAPIRegistry.registerPath(routeOf(id, of))
  return app.getOpenAPI31Document({ openapi: "3.1.0", info, servers: [{ url: "http://127.0.0.1:3000" }], security: [{ token: [] }] })
}
