/** Parses what comes over the worker protocol, once, at the edge. What does not fit is a fault that ends the connection, never a crash. */
import { z } from "zod"
import { fault, type Fault } from "../domain/fault.ts"
import type { JobKey } from "../domain/ids.ts"
import type { RepositoryFacts } from "../domain/repository/facts.ts"
import { healthFindings } from "./health.ts"
import { harnessFacts, planningLook, planningWrite, recorded } from "./planning/record.ts"
import { branded, count, faultSchema, fileChange, job, name, report, usage } from "./worker-jobs.ts"
import type { Answer, FileDiff, FileEdit, FromHub, FromWorker, Hello, Offers, Progress, Query, SequencedReport, TranscriptEntry, TreeEntry } from "./worker.ts"

export type Message<T> = { readonly ok: true; readonly message: T } | { readonly ok: false; readonly fault: Fault }

export const parseFromWorker = (value: unknown): Message<FromWorker> => check(fromWorker, value, "worker")
export const parseFromHub = (value: unknown): Message<FromHub> => check(fromHub, value, "hub")

/** The key of a job that does not fit otherwise: such a job can be refused by itself. Null for anything else. */
export function keyOfMisfit(value: unknown): JobKey | null {
  const parsed = misfit.safeParse(value)
  return parsed.success ? parsed.data.job.key : null
}

const text = z.string()
const session = branded<"session">()
const workspace = branded<"workspace">()

const hello: z.ZodType<Hello> = z.object({
  protocol: z.number().int(),
  worker: branded<"worker">(),
  boot: branded<"boot">(),
  pid: z.number().int().positive(),
  version: name,
  slots: z.number().int().min(0).max(10_000),
  labels: z.array(name).max(100),
  agents: z.array(z.object({ name, slotsMax: z.number().int().min(0).nullable() })).max(1_000),
})

const sequenced: z.ZodType<SequencedReport> = z.object({ sequence: z.number().int().positive(), at: z.number(), report })

const progress: z.ZodType<Progress> = z.object({
  session,
  usage,
  files: count.nullable(),
  activity: text.max(1_000),
  lastEventAt: z.number(),
})

const repository: z.ZodType<RepositoryFacts> = z.object({
  root: text,
  commonDirectory: text,
  head: name.nullable(),
  branch: name.nullable(),
  bare: z.boolean(),
  dirty: z.array(text),
  ignoreCase: z.boolean(),
  branches: z.array(text),
  refCommit: name.nullable(),
})

const transcriptEntry: z.ZodType<TranscriptEntry> = z.object({
  at: z.number(),
  type: z.enum(["prompt", "text", "thought", "tool", "note", "permission", "turn"]),
  text,
})

const described = z.array(z.object({ name: text, description: text }))
const offers: z.ZodType<Offers> = z.object({ modes: described, models: z.array(z.object({ id: text, title: text })), commands: described })
const fileDiff: z.ZodType<FileDiff> = z.object({ ...fileChange.shape, before: text.nullable(), after: text.nullable() })
const treeEntry: z.ZodType<TreeEntry> = z.object({ path: text, type: z.enum(["file", "directory"]), size: count })
const fileEdit: z.ZodType<FileEdit> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("write"), path: text, content: text }),
  z.object({ kind: z.literal("directory"), path: text }),
  z.object({ kind: z.literal("delete"), path: text }),
  z.object({ kind: z.literal("rename"), path: text, to: text }),
])

const answer: z.ZodType<Answer> = z.union([
  z.discriminatedUnion("ask", [
    z.object({ ok: z.literal(true), ask: z.literal("inspect"), repository }),
    z.object({ ok: z.literal(true), ask: z.literal("agents"), agents: z.array(z.object({ name, found: z.boolean(), install: text })) }),
    z.object({ ok: z.literal(true), ask: z.literal("changes"), files: z.array(fileChange) }),
    z.object({ ok: z.literal(true), ask: z.literal("landed"), files: z.array(fileChange), patch: text, cut: z.boolean() }),
    z.object({ ok: z.literal(true), ask: z.literal("diffs"), diffs: z.array(fileDiff), cut: z.boolean() }),
    z.object({ ok: z.literal(true), ask: z.literal("tree"), entries: z.array(treeEntry), cut: z.boolean() }),
    z.object({ ok: z.literal(true), ask: z.literal("file"), file: z.object({ path: text, content: text.nullable(), size: count }) }),
    z.object({ ok: z.literal(true), ask: z.literal("find-files"), paths: z.array(text) }),
    z.object({ ok: z.literal(true), ask: z.literal("edit") }),
    z.object({ ok: z.literal(true), ask: z.literal("harness"), harness: harnessFacts }),
    z.object({ ok: z.literal(true), ask: z.literal("planning"), look: planningLook }),
    z.object({ ok: z.literal(true), ask: z.literal("record"), recorded }),
    z.object({ ok: z.literal(true), ask: z.literal("session-files"), files: z.array(z.object({ slug: text, found: text })) }),
    z.object({ ok: z.literal(true), ask: z.literal("holds"), held: z.array(text) }),
    z.object({ ok: z.literal(true), ask: z.literal("health"), findings: healthFindings }),
    z.object({ ok: z.literal(true), ask: z.literal("offers"), offers }),
    z.object({ ok: z.literal(true), ask: z.literal("patch"), patch: text, cut: z.boolean() }),
    z.object({ ok: z.literal(true), ask: z.literal("transcript"), entries: z.array(transcriptEntry), next: count, ended: z.boolean() }),
  ]),
  z.object({ ok: z.literal(false), fault: faultSchema }),
])

const query: z.ZodType<Query> = z.discriminatedUnion("ask", [
  z.object({ ask: z.literal("inspect"), directory: text.min(1), ref: name.nullable() }),
  z.object({ ask: z.literal("agents") }),
  z.object({ ask: z.literal("changes"), workspace, target: name }),
  z.object({ ask: z.literal("landed"), repository: text, commit: name, bytesMax: count }),
  z.object({ ask: z.literal("diffs"), workspace, from: name, to: name.nullable() }),
  z.object({ ask: z.literal("tree"), workspace }),
  z.object({ ask: z.literal("file"), workspace, path: text }),
  z.object({ ask: z.literal("find-files"), workspace, text, limit: count }),
  z.object({ ask: z.literal("edit"), workspace, edit: fileEdit }),
  z.object({ ask: z.literal("offers"), session }),
  z.object({ ask: z.literal("harness"), repository: text.min(1) }),
  z.object({ ask: z.literal("planning"), repository: text.min(1), slugs: z.array(text), files: z.array(text), sweep: z.boolean() }),
  z.object({ ask: z.literal("record"), repository: text.min(1), writes: z.array(planningWrite) }),
  z.object({ ask: z.literal("session-files"), repository: text.min(1) }),
  z.object({ ask: z.literal("holds"), repository: text.min(1), target: name, commits: z.array(text) }),
  z.object({ ask: z.literal("health"), repository: text.min(1) }),
  z.object({ ask: z.literal("patch"), workspace, target: name, bytesMax: count }),
  z.object({ ask: z.literal("transcript"), session, offset: count, bytesMax: count }),
])

const fromWorker: z.ZodType<FromWorker> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), hello }),
  z.object({ type: z.literal("report"), report: sequenced }),
  z.object({ type: z.literal("progress"), progress }),
  z.object({ type: z.literal("answer"), id: count, answer }),
  z.object({ type: z.literal("heartbeat") }),
])

const fromHub: z.ZodType<FromHub> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("welcome"), acknowledged: count }),
  z.object({ type: z.literal("refused"), fault: faultSchema }),
  z.object({ type: z.literal("job"), job }),
  z.object({ type: z.literal("acknowledge"), sequence: count }),
  z.object({ type: z.literal("query"), id: count, query }),
  z.object({ type: z.literal("heartbeat") }),
  z.object({ type: z.literal("shutdown") }),
])

const misfit = z.object({ type: z.literal("job"), job: z.object({ key: branded<"job">() }) })

/** Names where it does not fit, never what stood there: a message may hold anything. */
function check<T>(schema: z.ZodType<T>, value: unknown, sender: "worker" | "hub"): Message<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, message: parsed.data }
  const issue = parsed.error.issues[0]
  const where = issue === undefined ? "" : ` at ${issue.path.join(".") || "the top"}: ${issue.message}`
  const why = `the ${sender} sent a message that does not fit${where}`.slice(0, 500)
  return { ok: false, fault: fault("protocol.invalid", "The connection was ended", why, "Stop both sides and start them with the same version of Fleet.") }
}
