/** Campaigns as a surface starts them, and what is compared in a speculative one. */
import { z } from "zod"
import type { Comparison, Strategy } from "../../../domain/strategy/comparison.ts"
import { id } from "../../../domain/ids.ts"
import type { StartCampaign } from "../../campaign-views.ts"
import { givenDirectory, givenName, givenText, orNull, text, count } from "./fields.ts"
import { plan } from "./plan.ts"

export const startCampaign: z.ZodType<StartCampaign> = z
  .strictObject({
    mode: z
      .enum(["standard", "quick", "speculative"])
      .default("standard")
      .describe("standard: waves with a record; quick: one wave, without a record unless it is asked for; speculative: rival strategies, one of which lands"),
    direction: givenText.default("").describe("what is wanted; may be left out when there is a plan"),
    spec: z.string().max(1_000_000).nullable().default(null).describe("text of a specification that is to be divided"),
    plan: plan.nullable().default(null).describe("tasks or strategies that are known; null: an agent makes the plan"),
    strategies: z.number().int().min(-1_000).max(1_000).nullable().default(null).describe("how many strategies an agent is to find: 2 to 8"),
    directory: givenDirectory.describe("absolute path of the checkout"),
    checks: z
      .array(givenText)
      .max(100)
      .default([])
      .describe("commands that must pass on everything that is merged, beside the plan's own; of strategies, on each"),
    target: givenName.nullable().default(null).describe("null: the branch that is checked out there"),
    agent: givenName.nullable().default(null),
    slots: z.number().int().min(1).max(10_000).nullable().default(null),
    waveSize: z.number().int().min(1).max(1_000).nullable().default(3).describe("agents of a wave; null: no waves. Used in the standard mode only"),
    record: z.boolean().nullable().default(null).describe("whether files are kept under `.planning/`; null: not in the quick mode"),
    confirmMerges: z.boolean().default(false).describe("a person is asked before each wave is merged"),
    benchmark: z.string().min(1).max(10_000).nullable().default(null).describe("shell command that prints a number for each strategy; the smallest is best"),
    pickBest: z.boolean().default(false).describe("pick by what was measured, without a question"),
    confirmed: z.enum(["yes", "unless-red", "no"]).default("no").describe("whether the person has agreed; no agent can say so for them"),
  })
  .meta({ id: "StartCampaign" })

export const pickStrategy = z.strictObject({ strategy: givenName.nullable().describe("its key; null: none of them lands") }).meta({ id: "PickStrategy" })

const key = text.transform((value) => id<"task key">(value))
const strategy: z.ZodType<Strategy> = z
  .object({
    task: text.transform((value) => id<"task">(value)),
    key,
    title: text,
    branch: text,
    status: z.enum(["queued", "needs-you", "working", "ready", "landing", "merged", "archived", "failed", "stopped"]),
    why: text.nullable(),
    checks: z.object({ passed: count, failed: count, firstFailure: text.nullable() }).nullable().describe("null: none ran, or not yet"),
    diff: z.object({ files: count, additions: count, deletions: count }).nullable(),
    complexity: z.object({ before: count, after: count }).nullable().describe("decision points of the changed files"),
    benchmark: z.number().nullable(),
    benchmarkFailed: text.nullable(),
    tokens: z.number(),
    costUsd: z.number().nullable(),
    elapsedMs: z.number(),
    decision: text.nullable().describe("in its agent's words, checked by nobody"),
    tradeoffs: text.nullable().describe("in its agent's words, checked by nobody"),
    tag: text.nullable(),
  })
  .meta({ id: "Strategy" })

export const comparison: z.ZodType<Comparison> = z
  .object({ direction: text, base: text.nullable(), strategies: z.array(strategy), winner: orNull(key), pickedAt: z.number().nullable() })
  .meta({ id: "Comparison" })
