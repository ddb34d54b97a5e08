/** Plans as a surface hands them in, and what is said of one. The plan is the internal form; files of people are read by `protocol/plans`. */
import { z } from "zod"
import { id, type TaskKey } from "../../../domain/ids.ts"
import type { PlannedTask } from "../../../domain/plan/explain.ts"
import type { Plan, PlanFault, PlanTask } from "../../../domain/plan/plan.ts"
import type { PlanReview, SubmitRun } from "../../views.ts"
import { givenDirectory, givenName, givenText, text } from "./fields.ts"

const key = z
  .string()
  .max(200)
  .transform((value): TaskKey => id(value))
const choice = z.string().max(200).nullable()
/** Beyond what any plan means; what is too much within it, the check of the plan says in its own words. */
const minutes = z.number().min(-1e9).max(1e9).nullable()
const whole = z.number().int().min(-1_000_000_000).max(1_000_000_000)

const planTask: z.ZodType<PlanTask> = z
  .strictObject({
    key,
    title: givenText,
    prompt: givenText.describe("the complete work order"),
    after: z.array(z.strictObject({ key, reason: z.enum(["declared", "phase", "order"]) })).max(2_000),
    scope: z.array(z.strictObject({ pattern: givenText, access: z.enum(["write", "read"]) })).max(1_000),
    agent: choice.describe("null: the run's"),
    model: choice,
    type: z.enum(["skill", "research", "build"]),
    role: choice,
    group: choice,
    domain: choice,
    effort: choice,
    checks: z.array(givenText).max(100).describe("shell commands that prove this task"),
    estimateMinutes: minutes,
    timeoutMinutes: minutes,
    retries: whole.nullable(),
    gate: z.enum(["none", "human"]).describe("human: someone must approve before it starts"),
    priority: z.number().min(-1e9).max(1e9),
    tags: z.record(z.string().max(200), z.string().max(10_000)),
    ticked: z.boolean().describe("done before; nothing runs"),
    line: whole.nullable(),
  })
  .meta({ id: "PlanTask" })

export const plan: z.ZodType<Plan> = z
  .strictObject({
    version: z.literal(1),
    goal: givenText,
    guardrails: z.array(givenText).max(100).describe("sentences that every prompt ends with"),
    checks: z.array(givenText).max(100).describe("commands that must pass before anything lands"),
    setup: givenText.nullable().describe("command that makes a fresh workspace usable"),
    // More than a plan may have, so that its own check can say so in its own words.
    tasks: z.array(planTask).max(20_000),
    source: z.strictObject({ format: z.enum(["yaml", "json", "markdown", "speckit", "checklist", "citadel", "inline"]), file: givenText.nullable() }),
  })
  .meta({ id: "Plan" })

export const submitRun: z.ZodType<SubmitRun> = z
  .strictObject({
    plan,
    directory: givenDirectory.describe("absolute path of the checkout"),
    target: givenName.nullable().default(null).describe("null: the branch that is checked out there"),
    agent: givenName.nullable().default(null),
    slots: z.number().int().min(1).max(10_000).nullable().default(null).describe("agents that may work at once"),
    waveSize: z.number().int().min(1).max(1_000).nullable().default(null).describe("tasks begun together, all over before the next begin; null: no waves"),
  })
  .meta({ id: "SubmitRun" })

export const planFault: z.ZodType<PlanFault> = z
  .object({
    severity: z.enum(["error", "warning"]),
    code: text,
    what: text,
    why: text,
    fix: text,
    file: text.nullable(),
    line: z.number().int().nullable(),
  })
  .meta({ id: "PlanFault" })

const plannedTask: z.ZodType<PlannedTask> = z
  .object({ key: text, title: text, agent: text, scope: z.array(text), waits: z.array(text), rankMinutes: z.number() })
  .meta({ id: "PlannedTask" })

export const planReview: z.ZodType<PlanReview> = z
  .object({ faults: z.array(planFault), target: text.nullable(), tasks: z.array(plannedTask).describe("in the order in which they would start") })
  .meta({ id: "PlanReview" })
