/** Faults as answers: RFC 9457 problem details with what, why and the fix. Which status a code has is in the table; whoever adds a code adds its line. */
import type { Context } from "hono"
import type { ContentfulStatusCode } from "hono/utils/http-status"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import { PlanRefused } from "../../engine/submission.ts"

/** What is in no line is bad input: 422. */
const statuses: readonly (readonly [status: ContentfulStatusCode, codes: readonly string[]])[] = [
  [400, ["bad-json", "bad-headers", "bad-cursor", "bad-idempotency-key"]],
  [401, ["no-token"]],
  [403, ["wrong-origin", "not-allowed"]],
  [
    404,
    [
      "not-found",
      "unknown-run",
      "unknown-task",
      "unknown-approval",
      "unknown-session",
      "unknown-webhook",
      "unknown-callback",
      "unknown-claim",
      "unknown-discovery",
      "unknown-worker",
    ],
  ],
  [405, ["wrong-method"]],
  [408, ["request-too-slow"]],
  [
    409,
    [
      "ambiguous",
      "run-over",
      "run-exists",
      "run-stopping",
      "task-over",
      "task-landing",
      "task-not-over",
      "task-not-working",
      "nothing-to-continue",
      "approval-answered",
      "session-over",
      "session-exists",
      "session-active",
      "session-releasing",
      "session-released",
      "webhook-exists",
      "idempotency-running",
      "idempotency-lost",
      "idempotency-not-kept",
    ],
  ],
  [413, ["body-too-large"]],
  [414, ["url-too-long"]],
  [415, ["wrong-content-type"]],
  [421, ["wrong-host"]],
  [429, ["too-many-requests", "too-many-sessions", "too-many-streams", "too-many-webhooks", "tell-waiting", "worker.too-many-queries"]],
  [431, ["headers-too-large"]],
  [500, ["bug"]],
  [503, ["no-worker", "worker.away", "worker.no-answer", "worker.closing", "store-full", "store-unusable", "repository-locked", "tell-away"]],
]
const statusByCode = new Map(statuses.flatMap(([status, codes]) => codes.map((code) => [code, status] as const)))

export interface Problem extends Fault {
  readonly schema_version: 1
  readonly type: string
  readonly title: string
  readonly status: ContentfulStatusCode
  readonly detail: string
}

export const statusOf = (of: Fault): ContentfulStatusCode => statusByCode.get(of.code) ?? 422

/** The document of a fault, with its status by code. */
export function problemOf(of: Fault, status: ContentfulStatusCode = statusOf(of)): Problem {
  return { schema_version: 1, type: `urn:fleet:${of.code}`, title: of.what, status, detail: of.why, code: of.code, what: of.what, why: of.why, fix: of.fix }
}

/** Whatever was thrown, as an answer. What is no fault is a bug of ours. */
export function answerProblem(context: Context, error: unknown): Response {
  if (error instanceof PlanRefused) return problem(context, 422, error.fault, { faults: error.faults })
  if (error instanceof FaultError) return answerFault(context, error.fault)
  const why = error instanceof Error ? error.message : String(error)
  return problem(context, 500, fault("bug", "the hub failed", why, "hub.log in Fleet's home has the stack; please report it"))
}

export const answerFault = (context: Context, of: Fault): Response => problem(context, statusOf(of), of)

export function unknownRoute(context: Context): Response {
  const { method, path } = context.req
  return answerFault(context, fault("not-found", `there is no ${method} ${path}`, "the API has no such route", "the routes are in docs/reference"))
}

/** Clients of the compatible API look for `error`. */
export function problem(context: Context, status: ContentfulStatusCode, of: Fault, more: Record<string, unknown> = {}): Response {
  const compatible = context.req.path.startsWith("/api/") ? { error: `${of.what}: ${of.why}`, hint: of.fix } : {}
  return context.body(JSON.stringify({ ...problemOf(of, status), ...compatible, ...more }), status, { "content-type": "application/problem+json" })
}
