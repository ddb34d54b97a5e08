/** Everything that the hub answers by HTTP, put together. Each part has its own folder; there is no state here. */
import { Hono, type MiddlewareHandler } from "hono"
import { mcpRoutes } from "../mcp/routes.ts"
import type { NativeParts } from "./native/handler.ts"
import { nativeApp } from "./native/serve.ts"
import { answerProblem, unknownRoute } from "./problem.ts"
import { weaveApi } from "./weave/api.ts"
import type { WeaveSettings } from "./weave/parts.ts"

export interface AppParts extends NativeParts {
  readonly weave: WeaveSettings
  /** Runs in front of every native operation: answers to requests that came before, by their `Idempotency-Key`. */
  readonly before?: readonly MiddlewareHandler[]
}

export function makeApp(parts: AppParts): Hono {
  const { hub, about, weave } = parts
  const app = new Hono()
  app.onError((error, context) => answerProblem(context, error))
  app.notFound(unknownRoute)
  app.route("/api", weaveApi({ hub, about, settings: weave }))
  app.route("/mcp", mcpRoutes(app, about().version))
  app.route("/", nativeApp(parts, parts.before ?? []))
  return app
}
