/** Schemas of jobs, results and reports on the wire. Tied to the domain's types: a field that is missing here does not compile. */
import { z } from "zod"
import { id, type Brand } from "../domain/ids.ts"
import { plan, planFault } from "./api/schemas/plan.ts"
import type { Fault } from "../domain/fault.ts"
import type { Job, LandingItem } from "../domain/worker/job.ts"
import type { CheckResult, JobResult, LandingOutcome, Report } from "../domain/worker/job-result.ts"
import type { AgentError, Attachment, PermissionRequest, TurnOutcome, Usage } from "../domain/session/turn.ts"

const nameCharsMax = 1_024
export const name = z.string().min(1).max(nameCharsMax)
/** Counted and measured things: never negative, never infinite. */
export const count = z.number().int().min(0)
export const branded = <Name extends string>() => name.transform((text): Brand<Name> => id<Name>(text))
const text = z.string()
const texts = z.array(text)

export const faultSchema: z.ZodType<Fault> = z.object({ code: name, what: text, why: text, fix: text })

export const usage: z.ZodType<Usage> = z.object({
  inputTokens: z.number().min(0),
  outputTokens: z.number().min(0),
  cachedTokens: z.number().min(0),
  costUsd: z.number().nullable(),
})

export const fileChange = z.object({
  path: text,
  status: z.enum(["added", "modified", "deleted", "renamed"]),
  additions: count.nullable(),
  deletions: count.nullable(),
  from: text.nullable(),
})

const landingItem: z.ZodType<LandingItem> = z.object({
  task: branded<"task">(),
  attempt: branded<"attempt">(),
  head: name,
  provedTree: name.nullable(),
  proved: texts,
  message: text,
})

const key = branded<"job">()
const session = branded<"session">()
const workspace = branded<"workspace">()

const attachment: z.ZodType<Attachment> = z.object({ mime: z.enum(["image/png", "image/jpeg", "image/gif", "image/webp"]), name: text, file: text.min(1) })

export const job: z.ZodType<Job> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("workspace.prepare"),
    key,
    workspace,
    strategy: z.enum(["worktree", "clone", "existing"]),
    repository: text.min(1),
    branch: name,
    base: name,
    path: name.nullable(),
    branchThere: z.enum(["refuse", "use"]),
    merge: name.nullable(),
    setup: text.nullable(),
    instance: z.object({ instanceId: name, type: text, scope: texts, description: text, claimedAt: text, ours: texts }).nullable(),
  }),
  z.object({
    kind: z.literal("session.open"),
    key,
    session,
    workspace,
    agent: name,
    model: name.nullable(),
    effort: name.nullable(),
    resume: name.nullable(),
    environment: z.record(z.string(), text),
  }),
  z.object({
    kind: z.literal("session.turn"),
    key,
    session,
    prompt: text,
    attachments: z.array(attachment).max(10),
    model: name.nullable(),
    mode: name.nullable(),
    stallMs: count,
    context: z.object({ workspace, repository: text.min(1), campaign: text, map: z.enum(["overview", "slice"]), keywords: texts }).nullable(),
  }),
  z.object({ kind: z.literal("session.interrupt"), key, session }),
  z.object({ kind: z.literal("workspace.survey"), key, workspace, base: name.nullable() }),
  z.object({ kind: z.literal("session.steer"), key, session, text }),
  z.object({ kind: z.literal("permission.answer"), key, session, permission: name, allow: z.boolean(), note: text.nullable() }),
  z.object({ kind: z.literal("session.close"), key, session }),
  z.object({ kind: z.literal("workspace.collect"), key, workspace, target: name, message: text, agent: name, conflicted: texts }),
  z.object({ kind: z.literal("checks.run"), key, session, workspace, commit: name, commands: texts, timeoutMs: count }),
  z.object({
    kind: z.literal("landing.try"),
    key,
    landing: branded<"landing">(),
    repository: text.min(1),
    target: name,
    items: z.array(landingItem),
    message: text.nullable(),
    commands: texts,
    timeoutMs: count,
    setup: text.nullable(),
  }),
  z.object({ kind: z.literal("workspace.release"), key, workspace, landed: z.boolean(), tag: name.nullable() }),
  z.object({
    kind: z.literal("workspace.measure"),
    key,
    session,
    workspace,
    base: name,
    commit: name,
    benchmark: text.nullable(),
    timeoutMs: count,
  }),
  z.object({ kind: z.literal("plan.read"), key, text }),
  z.object({ kind: z.literal("repository.tidy"), key, repository: text.min(1) }),
])

const agentError: z.ZodType<AgentError> = z.object({
  class: z.enum(["auth", "rate-limit", "overload", "network", "refused", "bug"]),
  message: text,
  resetAt: z.number().nullable(),
})

const outcome: z.ZodType<TurnOutcome> = z.discriminatedUnion("how", [
  z.object({ how: z.literal("completed"), text, usage }),
  z.object({ how: z.literal("interrupted"), text, usage }),
  z.object({ how: z.literal("failed"), error: agentError, text, usage }),
  z.object({ how: z.literal("stalled"), silentMs: count, text, usage }),
  z.object({ how: z.literal("lost"), message: text, text, usage }),
])

const check: z.ZodType<CheckResult> = z.object({
  command: text,
  passed: z.boolean(),
  exitCode: z.number().int().nullable(),
  timedOut: z.boolean(),
  output: text,
  elapsedMs: z.number().min(0),
})
const checks = z.array(check)

const landing: z.ZodType<LandingOutcome> = z.discriminatedUnion("how", [
  z.object({ how: z.literal("landed"), commit: name, tree: name, checks }),
  z.object({ how: z.literal("conflict"), task: branded<"task">(), target: text, files: texts, theirs: texts }),
  z.object({ how: z.literal("checks-failed"), checks }),
  z.object({ how: z.literal("held"), fault: faultSchema }),
])

const result: z.ZodType<JobResult> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("workspace.prepare"),
    prepared: z.object({ path: text, branch: name.nullable(), base: name.nullable(), reused: z.boolean(), conflicted: texts }),
  }),
  z.object({
    kind: z.literal("session.open"),
    opened: z.object({ agentSession: text.nullable(), resumed: z.boolean(), agentVersion: text.nullable() }),
  }),
  z.object({ kind: z.literal("session.turn"), outcome }),
  z.object({ kind: z.literal("session.steer"), steering: z.enum(["taken", "over", "cannot"]) }),
  z.object({ kind: z.literal("session.interrupt"), interrupted: z.boolean() }),
  z.object({ kind: z.literal("workspace.survey"), survey: z.object({ files: z.array(fileChange), tree: name.nullable() }) }),
  z.object({ kind: z.literal("permission.answer"), delivered: z.boolean() }),
  z.object({ kind: z.literal("session.close"), closed: z.object({ swept: count }) }),
  z.object({
    kind: z.literal("workspace.collect"),
    collected: z.object({
      head: name,
      tree: name,
      base: name,
      commits: count,
      committedByFleet: z.boolean(),
      files: z.array(fileChange),
      unresolved: texts,
      embedded: texts,
    }),
  }),
  z.object({ kind: z.literal("checks.run"), checks }),
  z.object({ kind: z.literal("landing.try"), landing }),
  z.object({
    kind: z.literal("workspace.measure"),
    measures: z.object({
      complexity: z.object({ before: count, after: count }).nullable(),
      benchmark: z.number().nullable(),
      benchmarkFailed: text.nullable(),
    }),
  }),
  z.object({ kind: z.literal("plan.read"), plan: plan.nullable(), faults: z.array(planFault) }),
  z.object({ kind: z.literal("workspace.release"), released: z.object({ salvage: text.nullable() }) }),
  z.object({ kind: z.literal("repository.tidy"), removed: count }),
])

const permission: z.ZodType<PermissionRequest> = z.object({
  permission: name,
  kind: z.enum(["read", "edit", "run", "fetch", "other"]),
  title: text,
  paths: texts,
  command: text.nullable(),
})

export const report: z.ZodType<Report> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("job.done"), job: key, result }),
  z.object({ type: z.literal("job.failed"), job: key, fault: faultSchema, transient: z.boolean() }),
  z.object({ type: z.literal("turn.started"), job: key, session }),
  z.object({ type: z.literal("permission.asked"), session, request: permission }),
  z.object({ type: z.literal("permission.closed"), session, permission: name, by: z.enum(["policy", "agent"]) }),
  z.object({ type: z.literal("session.died"), session, message: text }),
])
