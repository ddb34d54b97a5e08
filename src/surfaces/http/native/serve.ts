/** Serves the registry: each operation a route that checks who asks, validates by the operation's own schemas, and renders what its handler says. */
import { OpenAPIHono } from "@hono/zod-openapi"
import type { Context, MiddlewareHandler } from "hono"
import { HTTPException } from "hono/http-exception"
import { fault, FaultError } from "../../../domain/fault.ts"
import type { Operation } from "../../../protocol/api/operation.ts"
import { allOperations, type OperationId } from "../../../protocol/api/registry.ts"
import { schemaVersion } from "../../../protocol/views.ts"
import { allow, notAllowed } from "../access.ts"
import { answerFault, answerProblem, problem } from "../problem.ts"
import { coordinationHandlers } from "./coordination.ts"
import { fileHandlers } from "./files.ts"
import { nameOf } from "../who.ts"
import { type Asked, type Handlers, type NativeParts } from "./handler.ts"
import { campaignHandlers } from "./campaigns.ts"
import { hubHandlers } from "./hub.ts"
import { routeOf } from "./route.ts"
import { sessionHandlers } from "./sessions.ts"
import { webhookHandlers } from "./webhooks.ts"
import { workHandlers } from "./work.ts"

/** `before`: runs in front of every operation, once it is known that the caller may ask for it. */
export function nativeApp(parts: NativeParts, before: readonly MiddlewareHandler[] = []): OpenAPIHono {
  const app = new OpenAPIHono({ defaultHook: refuseInvalid })
  app.onError(answerError)
  const handlers: Handlers = {
    ...hubHandlers(parts),
    ...workHandlers(parts),
    ...campaignHandlers(parts),
    ...sessionHandlers(parts),
    ...fileHandlers(parts),
    ...coordinationHandlers(parts),
    ...webhookHandlers(parts),
  }
  for (const [id, of] of allOperations) serve(app, id, of, handlers[id] as (asked: Asked<OperationId>) => unknown, before)
  for (const [path, methods] of methodsByPath()) app.all(path, (context) => wrongMethod(context, methods))
  return app
}

function serve(app: OpenAPIHono, id: string, of: Operation, handler: (asked: Asked<OperationId>) => unknown, before: readonly MiddlewareHandler[]): void {
  const route = { ...routeOf(id, of), middleware: [onlyWho(of), ...before] }
  app.openapi(route, async (context) => {
    const { req } = context
    const caller = context.get("caller")
    const given = of.body === null ? null : bodyOf(of, req.valid("json" as never))
    const asked = {
      params: req.valid("param" as never),
      query: req.valid("query" as never),
      body: given,
      caller,
      by: nameOf(caller),
      context,
      signal: req.raw.signal,
    }
    return render(context, of, await handler(asked as Asked<OperationId>)) as never
  })
}

/** The middleware validates nothing when no body came; then the defaults are still to be filled in. */
function bodyOf(of: Operation, given: unknown): unknown {
  const came = typeof given === "object" && given !== null && Object.keys(given).length > 0
  return came || !of.bodyOptional ? given : of.body?.parse({})
}

function onlyWho({ permission }: Operation): MiddlewareHandler {
  return async (context, next) => (allow(context.get("caller"), permission) ? next() : answerFault(context, notAllowed(permission)))
}

function render(context: Context, { answer }: Operation, value: unknown): Response {
  switch (answer.kind) {
    case "events":
    case "document":
      return value as Response
    case "empty":
      return context.body(null, answer.status)
    case "json":
      if (answer.location !== null) context.header("location", answer.location(value))
      return context.json({ schema_version: schemaVersion, ...(value as object) }, answer.status)
  }
}

type Verdict = { readonly success: true } | { readonly success: false; readonly target: string; readonly error: { readonly issues: readonly Issue[] } }
interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}
const errorsMax = 20

function refuseInvalid(verdict: Verdict, context: Context): Response | undefined {
  if (verdict.success) return undefined
  const { issues } = verdict.error
  const place = verdict.target === "json" ? "body" : verdict.target
  const errors = issues.slice(0, errorsMax).map(({ path, message }) => ({ path: [place, ...path.map(String)].join("."), message }))
  const why = errors.map(({ path, message }) => `${path}: ${message}`).join("; ")
  const { method, path } = context.req
  return problem(
    context,
    422,
    fault("bad-request", "the request is not well formed", why.slice(0, 2_000), `/docs and docs/reference/api.md say what ${method} ${path} takes`),
    {
      errors,
    },
  )
}

function answerError(error: unknown, context: Context): Response {
  // The only one that the middleware throws by itself.
  if (error instanceof HTTPException && error.status === 400)
    return answerProblem(context, new FaultError(fault("bad-json", "the body is no JSON", "it could not be parsed", "send application/json, encoded as UTF-8")))
  return answerProblem(context, error)
}

function methodsByPath(): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>()
  for (const [id, of] of allOperations) {
    const path = routeOf(id, of).getRoutingPath()
    methods.set(path, [...(methods.get(path) ?? []), of.method.toUpperCase(), ...(of.method === "get" ? ["HEAD"] : [])])
  }
  return methods
}

function wrongMethod(context: Context, methods: readonly string[]): Response {
  const { method, path } = context.req
  context.header("allow", methods.join(", "))
  return answerFault(
    context,
    fault("wrong-method", `${path} takes no ${method}`, `it takes ${methods.join(", ")}`, "the operations are in /docs and docs/reference/api.md"),
  )
}
