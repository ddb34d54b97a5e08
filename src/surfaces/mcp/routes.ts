/** `/mcp` over HTTP: the tools over the hub's own app, in its own process, as whoever came through the door. */
import { createMcpHandler } from "@modelcontextprotocol/server"
import { Hono } from "hono"
import type { Caller } from "../http/access.ts"
import { Diagnoses } from "./diagnoses.ts"
import type { AgentCaller } from "./fleet-for-agents.ts"
import { fleetOverHttp } from "./over-http.ts"
import { makeMcpServer } from "./server.ts"

/** Mount it as `app.route("/mcp", mcpRoutes(app, version))`. Serves the revision 2026-07-28 and, without sessions, those of 2025. */
export function mcpRoutes(app: Hono, version: string): Hono {
  const inner = callable(app)
  const diagnoses = new Diagnoses()
  const routes = new Hono()
  routes.all("/", (context) => {
    const caller = context.get("caller")
    const fetch = (request: Request): Promise<Response> => Promise.resolve(inner().fetch(request, { caller }))
    const told: AgentCaller = caller.kind === "agent" ? { kind: "agent", session: caller.session } : { kind: "person" }
    const handler = createMcpHandler(() => makeMcpServer(fleetOverHttp({ fetch, caller: () => Promise.resolve(told), here: null, diagnoses }), version))
    return handler.fetch(context.req.raw)
  })
  return routes
}

/** The app with the caller that a request brings along, made when it is first called: it has all its routes then. */
function callable(app: Hono): () => Hono<{ Bindings: { caller: Caller } }> {
  let made: Hono<{ Bindings: { caller: Caller } }> | null = null
  return () => {
    if (made !== null) return made
    made = new Hono<{ Bindings: { caller: Caller } }>()
    made.use(async (context, next) => {
      context.set("caller", context.env.caller)
      await next()
    })
    made.route("/", app)
    return made
  }
}
