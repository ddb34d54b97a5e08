/** Bodies that surfaces receive, parsed once at the edge. The plan is the internal form; files of people are read by `plans/`. */
import { z } from "zod"
import { fault, FaultError } from "../domain/fault.ts"
import { id, type TaskKey } from "../domain/ids.ts"
import type { Plan } from "../domain/plan/plan.ts"
import type { SubmitRun } from "./views.ts"

const text = z.string().max(1_000_000)
const name = z.string().max(200).nullable()
const key = z
  .string()
  .max(200)
  .transform((value): TaskKey => id(value))

const planTask = z.strictObject({
  key,
  title: text,
  prompt: text,
  after: z.array(z.strictObject({ key, reason: z.enum(["declared", "phase", "order"]) })).max(2_000),
  scope: z.array(z.strictObject({ pattern: text, access: z.enum(["write", "read"]) })).max(1_000),
  agent: name,
  model: name,
  type: z.enum(["skill", "research", "build"]),
  role: name,
  group: name,
  domain: name,
  effort: name,
  checks: z.array(text).max(100),
  estimateMinutes: z.number().nullable(),
  timeoutMinutes: z.number().nullable(),
  retries: z.number().int().nullable(),
  gate: z.enum(["none", "human"]),
  priority: z.number(),
  tags: z.record(z.string(), z.string()),
  ticked: z.boolean(),
  line: z.number().int().nullable(),
})

const plan: z.ZodType<Plan> = z.strictObject({
  version: z.literal(1),
  goal: text,
  guardrails: z.array(text).max(100),
  checks: z.array(text).max(100),
  setup: text.nullable(),
  // More than a plan may have, so that its own check can say so in its own words.
  tasks: z.array(planTask).max(20_000),
  source: z.strictObject({ format: z.enum(["yaml", "json", "markdown", "speckit", "checklist", "inline"]), file: text.nullable() }),
})

const submitRun: z.ZodType<SubmitRun> = z.object({
  plan,
  directory: z.string().max(4_096).startsWith("/", "is not an absolute path"),
  target: name,
  agent: name,
  slots: z.number().int().min(1).max(10_000).nullable(),
})
const answer = z.object({ allow: z.boolean(), note: z.string().max(10_000).nullable().default(null) })
const tell = z.object({ text })
const stop = z.object({ worker: z.boolean().default(true) })

export const parseSubmit = (body: unknown): SubmitRun => parse(submitRun, body)
export const parseAnswer = (body: unknown): { allow: boolean; note: string | null } => parse(answer, body)
export const parseTell = (body: unknown): { text: string } => parse(tell, body)
export const parseStop = (body: unknown): { worker: boolean } => parse(stop, body)

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const [first] = result.error.issues
  throw new FaultError(
    fault(
      "bad-request",
      "the request is not well formed",
      `${first === undefined || first.path.length === 0 ? "body" : first.path.join(".")}: ${first?.message ?? "unreadable"}`,
      "see the schema of this operation in docs/reference",
    ),
  )
}
