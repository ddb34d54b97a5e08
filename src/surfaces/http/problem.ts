/** Faults as answers: RFC 9457 problem details with what, why and the fix. */
import type { Context } from "hono"
import type { ContentfulStatusCode } from "hono/utils/http-status"
import { FaultError, type Fault } from "../../domain/fault.ts"
import { PlanRefused } from "../../engine/submission.ts"

export function answerProblem(context: Context, error: unknown): Response {
  if (error instanceof PlanRefused) return problem(context, 422, error.fault, { faults: error.faults })
  if (error instanceof FaultError) return problem(context, statusOf(error.fault), error.fault)
  return problem(context, 500, {
    code: "bug",
    what: "the hub failed",
    why: error instanceof Error ? error.message : String(error),
    fix: "hub.log in Fleet's home has the stack; please report it",
  })
}

export function problem(context: Context, status: ContentfulStatusCode, fault: Fault, more: Record<string, unknown> = {}): Response {
  return context.body(
    JSON.stringify({ schema_version: 1, type: `urn:fleet:${fault.code}`, title: fault.what, status, detail: fault.why, ...fault, ...more }),
    status,
    {
      "content-type": "application/problem+json",
    },
  )
}

/** By code: what was not found, what clashes with how things are, what cannot be done by us now, and the rest is bad input. */
function statusOf(fault: Fault): ContentfulStatusCode {
  if (["unknown-run", "unknown-task", "unknown-approval", "not-found"].includes(fault.code)) return 404
  if (fault.code === "body-too-large") return 413
  if (fault.code === "bad-json") return 400
  if (
    ["ambiguous", "run-over", "task-over", "task-landing", "task-not-over", "run-stopping", "nothing-to-continue", "approval-answered", "run-exists"].includes(
      fault.code,
    )
  )
    return 409
  if (["no-worker", "worker-away", "worker-timeout", "store-full"].includes(fault.code)) return 503
  return 422
}
