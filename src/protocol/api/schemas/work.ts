/** Runs and tasks as the API answers them. */
import { z } from "zod"
import type { Usage } from "../../../domain/session/turn.ts"
import type { CheckResult, FileChange } from "../../../domain/worker/job-result.ts"
import type { CampaignView, GateView, StartedCampaign, WaveView } from "../../campaign-views.ts"
import type { AttemptView, ProofView, RunView, TaskView, ToldView } from "../../views.ts"
import { planFault } from "./plan.ts"
import { approvalView } from "./approval.ts"
import { count, instant, orNull, text } from "./fields.ts"

export const usage: z.ZodType<Usage> = z
  .object({ inputTokens: z.number(), outputTokens: z.number(), cachedTokens: z.number(), costUsd: z.number().nullable() })
  .meta({ id: "Usage", description: "Tokens, as far as the agent says; the cost is an estimate of its own." })

export const fileChange: z.ZodType<FileChange> = z
  .object({
    path: text,
    status: z.enum(["added", "modified", "deleted", "renamed"]),
    additions: count.nullable().describe("null for binary files"),
    deletions: count.nullable(),
    from: text.nullable().describe("old path of a rename"),
  })
  .meta({ id: "FileChange" })

const checkResult: z.ZodType<CheckResult> = z
  .object({ command: text, passed: z.boolean(), exitCode: z.number().int().nullable(), timedOut: z.boolean(), output: text, elapsedMs: z.number() })
  .meta({ id: "CheckResult" })

const proofView: z.ZodType<ProofView> = z
  .object({
    head: text,
    commits: count,
    committedByFleet: z.boolean(),
    files: z.array(fileChange),
    checks: z.array(checkResult),
    handoff: text.nullable(),
  })
  .meta({ id: "Proof", description: "What was proved of a task before it could land." })

export const attemptView: z.ZodType<AttemptView> = z
  .object({
    number: z.number().int(),
    agent: text,
    session: text,
    agentSession: text.nullable(),
    reason: text.describe("first, retry, resume or repair"),
    startedAt: instant,
    endedAt: instant.nullable(),
    outcome: text.nullable().describe("null while it runs"),
    usage,
  })
  .meta({ id: "Attempt" })

const statuses = ["queued", "starting", "working", "needs-you", "verifying", "proved", "landing", "done", "failed", "cancelled", "archived", "unknown"] as const

export const taskView: z.ZodType<TaskView> = z
  .object({
    id: text.describe("`<run>/<key>`"),
    key: text,
    title: text,
    group: text.nullable(),
    status: z.enum(statuses).describe("unknown: its worker is away, so nobody knows"),
    reason: text.describe("one line: what it waits for, does now, or why it ended so"),
    agent: text,
    after: z.array(text),
    scope: z.array(text),
    checks: z.array(text).describe("commands that must pass on its own work"),
    attempt: count,
    attemptsMax: count,
    startedAt: instant.nullable(),
    elapsedMs: z.number().nullable(),
    usage,
    files: count.nullable(),
    branch: text.nullable(),
    workspace: text.nullable(),
    session: text.nullable(),
    landed: text.nullable().describe("commit on the target that brought it"),
    proof: orNull(proofView),
    attempts: z.array(attemptView),
  })
  .meta({ id: "Task" })

const waveView: z.ZodType<WaveView> = z
  .object({
    number: count,
    tasks: z.array(text),
    open: z.boolean(),
    moved: z.array(text).describe("who had to wait for a later wave, and why"),
    gaps: z.array(text).describe("those that could not be given a workspace"),
    tokens: count.nullable().describe("null while it is open"),
  })
  .meta({ id: "Wave" })

const gateView: z.ZodType<GateView> = z
  .object({ disclosure: text, colour: z.enum(["green", "amber", "red"]), why: text, downgrade: text.nullable() })
  .meta({ id: "Gate", description: "What was said before a campaign began, and how hard it is to take back." })

const campaignView: z.ZodType<CampaignView> = z
  .object({
    mode: z.enum(["standard", "quick", "speculative"]),
    slug: text,
    direction: text,
    planner: text.nullable().describe("key of the task whose agent makes the plan"),
    planning: z.boolean(),
    checks: z.array(text).describe("commands that must pass on everything that is merged"),
    gate: orNull(gateView),
    criticism: z.array(planFault),
    foreseen: z.array(z.array(text)).describe("keys of the waves as they are foreseen"),
    foreseenFrom: count.describe("number of the first of them"),
    hold: z.enum(["start", "wave", "pick"]).nullable().describe("what it waits for a person for"),
    picked: text.nullable(),
    sessionFile: text.nullable(),
    handoff: text.nullable().describe("the HANDOFF block that ends it; null while it goes on"),
  })
  .meta({ id: "Campaign" })

const runFields = z.object({
  id: text,
  goal: text,
  repository: text,
  target: text,
  status: z.enum(["running", "stopping", "done", "failed", "cancelled"]),
  reason: text.nullable().describe("why it is not done; null when it is, or is running well"),
  startedAt: instant,
  endedAt: instant.nullable(),
  counts: z.object({ total: count, done: count, working: count, queued: count, needsYou: count, failed: count, cancelled: count, archived: count }),
  usage,
  workMs: z.number(),
  lowerBoundMs: z.number().nullable(),
  tasks: z.array(taskView),
  approvals: z.array(approvalView).describe("those that are open"),
  waves: z.array(waveView),
  campaign: orNull(campaignView),
})

export const runView: z.ZodType<RunView> = runFields.meta({ id: "Run" })

export const startedCampaign: z.ZodType<StartedCampaign> = runFields
  .extend({ said: z.array(text).describe("what somebody should know before it goes on: files of the project that could not be read, a sentence each") })
  .meta({ id: "StartedCampaign" })

export const toldView: z.ZodType<ToldView> = z
  .object({ run: text, task: text, message: text, after: count.describe("number of an event before it, to read the milestones from") })
  .meta({ id: "Told" })

export const patchView = z
  .object({ files: z.array(fileChange), patch: text, cut: z.boolean().describe("the patch is longer than what is here") })
  .meta({ id: "Patch" })
