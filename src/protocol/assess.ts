/** The shapes on the wire of the question which tasks may run side by side, and of the check for conflicts afterwards. */
import { z } from "zod"
import { conflictLimits, type ChildChanges, type ConflictReport } from "../domain/plan/assess-conflicts.ts"
import { assessLimits, usualConcurrency, type Assessment, type AssessRequest } from "../domain/plan/assessment.ts"

const key = z.string().min(1).max(200)
const path = z.string().min(1).max(4_096)
const text = z.string()

const task = z.strictObject({
  key: key.describe("a short name of the task, unique in the request"),
  title: z.string().max(1_000).default("").describe("what the user calls it; the key when empty"),
  files: z
    .array(path)
    .max(assessLimits.filesOfTask)
    .default([])
    .describe("paths or globs that it is likely to touch, from the repository's root; none: it runs alone"),
  after: z.array(key).max(assessLimits.needsOfTask).default([]).describe("keys of the tasks that must be complete first"),
})

export const assessRequest: z.ZodType<AssessRequest> = z.strictObject({
  tasks: z.array(task).max(assessLimits.tasks),
  repository: z.array(path).max(assessLimits.repository).default([]).describe("the repository's files as `git ls-files` prints them, if known"),
  concurrency: z.number().int().min(1).max(assessLimits.tasks).default(usualConcurrency).describe("how many children may work at once"),
})

export const assessment: z.ZodType<Assessment> = z.object({
  orchestrate: z.boolean(),
  why: text,
  concurrency: z.number().int(),
  pairs: z.array(
    z.object({
      a: text,
      b: text,
      overlap: z.enum(["none", "possible", "definite"]),
      strategy: z.enum(["parallel-worktree", "sequential-or-careful", "sequential-only"]),
      reasons: z.array(text),
      first: text.nullable(),
    }),
  ),
  boundaries: z.array(
    z.object({
      kind: z.enum(["barrel", "lock", "manifest", "migrations", "routes", "types", "config", "ci"]),
      what: text,
      tasks: z.array(text),
      advice: text,
    }),
  ),
  batches: z.array(z.object({ tasks: z.array(z.object({ key: text, title: text, waits: z.array(text) })) })),
  tell: text,
})

const status = z.enum(["added", "modified", "deleted", "renamed"])
const change = z.object({
  path,
  status,
  additions: z.number().int().nullable().default(null),
  deletions: z.number().int().nullable().default(null),
  from: path.nullable().default(null),
})

export const conflictsRequest: z.ZodType<{ readonly children: readonly ChildChanges[] }> = z.strictObject({
  children: z
    .array(z.object({ key, files: z.array(change).max(conflictLimits.filesOfChild) }))
    .max(conflictLimits.children)
    .refine((children) => new Set(children.map((child) => child.key)).size === children.length, "two children have the same key"),
})

export const conflictReport: z.ZodType<ConflictReport> = z.object({
  clear: z.boolean(),
  conflicts: z.array(
    z.object({
      path: text,
      children: z.array(z.object({ key: text, status })),
      resolution: z.enum(["same", "merge", "rerun", "regenerate"]),
      advice: text,
    }),
  ),
  tell: text,
})
