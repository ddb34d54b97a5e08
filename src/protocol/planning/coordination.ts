/** The files of `.planning/coordination/` (C.3), as Fleet and other tools write them: lenient in what is missing, strict in what would be misunderstood. */
import { z } from "zod"

/** `claims/<id>.json`. */
export interface ClaimFile {
  readonly instanceId: string
  readonly type: string
  /** As written: `src/api`, `docs (read-only)`. */
  readonly scope: readonly string[]
  readonly description: string
  /** ISO; empty when the file does not say. */
  readonly claimedAt: string
}

/** `instances/<id>.json`. */
export interface InstanceFile {
  readonly instanceId: string
  readonly startedAt: string
  readonly lastSeen: string
  readonly status: string
  /** Null: who registered it knows of no process that lives as long as it does. */
  readonly pid: number | null
  readonly campaignSlug: string | null
}

export type ReadFile<Shape> = { readonly ok: true; readonly value: Shape } | { readonly ok: false; readonly why: string }

const scopesMax = 1_000
const text = z.string().max(10_000)

/** The name of the file says whose it is: what the text says of that is not believed. */
const claimShape = z.object({
  type: text.default("unknown"),
  scope: z.union([z.array(z.string().max(2_000)).max(scopesMax), text.transform((one) => one.split(",").map((part) => part.trim()))]).default([]),
  description: text.nullish().transform((said) => said ?? ""),
  claimedAt: text.default(""),
})

const instanceShape = z.object({
  startedAt: text.default(""),
  lastSeen: text.default(""),
  status: text.default("active"),
  pid: z
    .number()
    .int()
    .nullish()
    .transform((pid) => (pid !== null && pid !== undefined && pid > 0 ? pid : null)),
  campaignSlug: text.nullish().transform((slug) => slug ?? null),
})

export const readClaimFile = (instanceId: string, json: string): ReadFile<ClaimFile> => read(json, claimShape, instanceId)

export const readInstanceFile = (instanceId: string, json: string): ReadFile<InstanceFile> => read(json, instanceShape, instanceId)

function read<Shape extends object>(json: string, shape: z.ZodType<Shape>, instanceId: string): ReadFile<Shape & { readonly instanceId: string }> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return { ok: false, why: "it is not JSON" }
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return { ok: true, value: { ...parsed.data, instanceId } }
  const [issue] = parsed.error.issues
  return { ok: false, why: issue === undefined ? "it has another shape" : `${issue.path.join(".") || "it"}: ${issue.message}` }
}
