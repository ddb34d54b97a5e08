/** `.planning/telemetry/agent-runs.jsonl` (C.3): one line for each thing that happened to an agent, a wave or a campaign. */
import { createHash, randomBytes } from "node:crypto"
import path from "node:path"
import { telemetryBody, type TelemetryEvent } from "../../protocol/planning/telemetry.ts"
import { appendTo, endOf, withAppended } from "./append-line.ts"

export interface Telemetry {
  /** One of `telemetryEvents`; another one is written too, with a warning. */
  readonly event: TelemetryEvent | (string & {})
  /** The agent's instance id (C.1.87), or `fleet`. */
  readonly agent: string | null
  readonly session?: string | null
  readonly durationMs?: number | null
  readonly status?: string | null
  /** An object; another value is written too, with a warning. */
  readonly meta?: unknown
  readonly campaignSlug?: string | null
  /** Defaults to the session. */
  readonly runId?: string | null
  /** Defaults to `agent_<agent>`. */
  readonly agentId?: string | null
  readonly taskId?: string | null
  readonly artifactId?: string | null
  readonly parentId?: string | null
  readonly sourceEventId?: string | null
  /** See `telemetryEventId`. Defaults to a random one. */
  readonly eventId?: string
}

export interface Logged {
  readonly eventId: string
  /** False when a line with this id was among the last ones already. */
  readonly appended: boolean
  /** What is not as the contract has it; null when all is. */
  readonly warning: string | null
}

export const telemetryFileOf = (root: string): string => path.join(root, ".planning", "telemetry", "agent-runs.jsonl")

/** The same for the same words: what is projected again after a crash is not written twice. */
export const telemetryEventId = (...of: readonly string[]): string => `evt_${createHash("sha256").update(of.join("\0")).digest("hex").slice(0, 16)}`

/** Appends even what is not as it should be: a line with a fault can still be read, one that is missing cannot. */
export async function appendTelemetry(root: string, telemetry: Telemetry, nowMs: number): Promise<Logged> {
  const eventId = telemetry.eventId ?? `evt_${randomBytes(8).toString("hex")}`
  const body = bodyOf(telemetry, eventId, nowMs)
  const line = JSON.stringify({ ...body, _hash: hashOf(body), _hash_v: 1 })
  const appended = await withAppended(root, telemetryFileOf(root), async (handle) => {
    if (telemetry.eventId !== undefined && (await endOf(handle)).includes(`"event_id":${JSON.stringify(eventId)}`)) return false
    await appendTo(handle, line)
    return true
  })
  return { eventId, appended, warning: warningOf(body) }
}

/** SHA-256 over the record without its hash, as JSON with the keys of every object in alphabetical order. */
export function hashOf(body: Readonly<Record<string, unknown>>): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(body)))
    .digest("hex")
}

function bodyOf(of: Telemetry, eventId: string, nowMs: number): Record<string, unknown> {
  const session = of.session ?? null
  return {
    schema: 1,
    timestamp: new Date(nowMs).toISOString(),
    event: of.event,
    agent: of.agent,
    session,
    duration_ms: of.durationMs ?? null,
    status: of.status ?? null,
    meta: of.meta ?? null,
    campaign_slug: of.campaignSlug ?? null,
    run_id: of.runId ?? session,
    agent_id: of.agentId ?? (of.agent === null ? null : `agent_${of.agent}`),
    task_id: of.taskId ?? null,
    artifact_id: of.artifactId ?? null,
    parent_id: of.parentId ?? null,
    source_event_id: of.sourceEventId ?? null,
    event_id: eventId,
  }
}

function warningOf(body: Readonly<Record<string, unknown>>): string | null {
  const read = telemetryBody.safeParse(body)
  if (read.success) return null
  const faults = read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`)
  return `WARNING: invalid event schema — ${faults.join("; ")}`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== "object" || value === null) return value
  const keys = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(keys.map(([key, of]) => [key, sorted(of)]))
}
