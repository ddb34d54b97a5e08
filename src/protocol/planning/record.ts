/** What the hub asks a worker to write under a repository's `.planning/`, and what it sees there. Everything can be asked again: nothing is written twice. */
import { z } from "zod"
import type { DiscoveryRecord } from "../../domain/discovery/record.ts"
import type { Fault } from "../../domain/fault.ts"
import type { TrustLevel } from "../../domain/gate/trust.ts"
import type { GateConsent } from "../../domain/gate/gate.ts"
import type { CampaignResult } from "../../domain/momentum/related-work.ts"
import type { TaskType } from "../../domain/plan/plan.ts"
import { telemetryEvents, type TelemetryEvent } from "./telemetry.ts"
import type { ClaimFile, InstanceFile } from "./coordination.ts"

export type PlanningWrite =
  /**
   * `over`: what a person had written there, which was taken over or refused; null: nobody had. What else is found there is told and left.
   * `keep`: not all of it is in the new text: a copy stays beside it.
   */
  | { readonly kind: "session-file"; readonly slug: string; readonly text: string; readonly over: string | null; readonly keep: boolean }
  /** `name`: of the file under `.planning/campaigns/`, without its ending. Left alone where somebody else's file has it. */
  | { readonly kind: "campaign"; readonly slug: string; readonly name: string; readonly text: string }
  | { readonly kind: "telemetry"; readonly entry: TelemetryEntry }
  | { readonly kind: "discovery"; readonly record: DiscoveryRecord }
  | { readonly kind: "brief"; readonly slug: string; readonly wave: number; readonly agent: string; readonly status: string; readonly text: string }
  | { readonly kind: "coordination"; readonly slug: string; readonly claims: readonly ClaimFile[]; readonly instances: readonly InstanceFile[] }
  | { readonly kind: "knowledge"; readonly result: CampaignResult }
  /** The same for a campaign of which only its files are left. */
  | { readonly kind: "propagate"; readonly slug: string }
  /** One more session in harness.json's count. `key` makes it count once. */
  | { readonly kind: "count"; readonly key: string; readonly completed: boolean; readonly cleanMerge: boolean }
  | { readonly kind: "momentum" }

export interface TelemetryEntry {
  readonly event: TelemetryEvent
  readonly agent: string
  readonly session: string
  readonly status: "success" | "partial" | "failed" | null
  readonly durationMs: number | null
  readonly meta: Readonly<Record<string, unknown>> | null
  readonly taskId: string | null
  readonly at: number
  /** Words that name this line and no other. */
  readonly id: readonly string[]
}

export interface Recorded {
  /** Session files that somebody has edited since they were written: nothing was written over them. */
  readonly edited: readonly EditedFile[]
  /** Slugs of campaigns whose knowledge could not be propagated, with the reason. */
  readonly pending: readonly { readonly slug: string; readonly why: string }[]
  readonly notices: readonly Fault[]
}
export interface EditedFile {
  readonly slug: string
  /** As Fleet wrote it last; null: it did not. */
  readonly written: string | null
  readonly found: string
}

/** What is seen under `.planning/`: who else works where, and what the person has edited. */
export interface PlanningLook {
  readonly edited: readonly EditedFile[]
  /** Of others than the campaigns that were named, each by somebody who may be alive. */
  readonly claims: readonly SeenClaim[]
  /** `Dead instance {id} left orphaned claim on {scope}`: its claim is gone. */
  readonly orphans: readonly Orphan[]
  readonly notices: readonly Fault[]
}
export interface SeenClaim {
  readonly instance: string
  readonly scopes: readonly string[]
  readonly purpose: string
}
export interface Orphan extends SeenClaim {
  readonly warning: string
}

/** What harness.json says of the person, and of agents' time. */
export interface HarnessFacts {
  readonly trust: TrustLevel
  /** Why it is that level, a clause for people. */
  readonly trustWhy: string
  readonly consent: GateConsent
  /** Null: the file names none. */
  readonly timeoutMs: Readonly<Record<TaskType, number>> | null
  /** Shell lines that must pass on what is merged: the type check, then the tests, those that the file names (C.1.42, C.1.43). */
  readonly checks: readonly string[]
  /** The file could not be understood: it was put aside, and the defaults hold. */
  readonly notice: Fault | null
}

const text = z.string()
const texts = z.array(text)
const count = z.number().int().min(0)
const fault: z.ZodType<Fault> = z.object({ code: text, what: text, why: text, fix: text })

const discovery: z.ZodType<DiscoveryRecord> = z.object({
  schema: z.literal(1),
  timestamp: text,
  session: text.nullable(),
  agent: text,
  wave: z.number().int().nullable(),
  scope: texts,
  status: text,
  handoff_items: texts,
  decisions: texts,
  files_touched: texts,
  failures: texts,
})

const entry: z.ZodType<TelemetryEntry> = z.object({
  event: z.enum(telemetryEvents),
  agent: text,
  session: text,
  status: z.enum(["success", "partial", "failed"]).nullable(),
  durationMs: count.nullable(),
  meta: z.record(text, z.unknown()).nullable(),
  taskId: text.nullable(),
  at: z.number(),
  id: texts,
})

const claimFile: z.ZodType<ClaimFile> = z.object({ instanceId: text, type: text, scope: texts, description: text, claimedAt: text })
const instanceFile: z.ZodType<InstanceFile> = z.object({
  instanceId: text,
  startedAt: text,
  lastSeen: text,
  status: text,
  pid: z.number().int().nullable(),
  campaignSlug: text.nullable(),
})

export const planningWrite: z.ZodType<PlanningWrite> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("session-file"), slug: text, text, over: text.nullable(), keep: z.boolean() }),
  z.object({ kind: z.literal("campaign"), slug: text, name: text, text }),
  z.object({ kind: z.literal("telemetry"), entry }),
  z.object({ kind: z.literal("discovery"), record: discovery }),
  z.object({ kind: z.literal("brief"), slug: text, wave: count, agent: text, status: text, text }),
  z.object({ kind: z.literal("coordination"), slug: text, claims: z.array(claimFile), instances: z.array(instanceFile) }),
  z.object({ kind: z.literal("knowledge"), result: z.object({ slug: text, direction: text.nullable(), scopes: texts, items: texts }) }),
  z.object({ kind: z.literal("propagate"), slug: text }),
  z.object({ kind: z.literal("count"), key: text, completed: z.boolean(), cleanMerge: z.boolean() }),
  z.object({ kind: z.literal("momentum") }),
])

const editedFile: z.ZodType<EditedFile> = z.object({ slug: text, written: text.nullable(), found: text })
export const recorded: z.ZodType<Recorded> = z.object({
  edited: z.array(editedFile),
  pending: z.array(z.object({ slug: text, why: text })),
  notices: z.array(fault),
})

const seenClaim = z.object({ instance: text, scopes: texts, purpose: text })
export const planningLook: z.ZodType<PlanningLook> = z.object({
  edited: z.array(editedFile),
  claims: z.array(seenClaim),
  orphans: z.array(seenClaim.extend({ warning: text })),
  notices: z.array(fault),
})

export const harnessFacts: z.ZodType<HarnessFacts> = z.object({
  trust: z.enum(["novice", "familiar", "trusted"]),
  trustWhy: text,
  consent: z.enum(["allowed", "refused", "unknown"]),
  timeoutMs: z.object({ skill: z.number(), research: z.number(), build: z.number() }).nullable(),
  checks: texts,
  notice: fault.nullable(),
})
