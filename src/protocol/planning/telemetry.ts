/** One line of `.planning/telemetry/agent-runs.jsonl` (C.3). */
import { z } from "zod"

export const telemetryEvents = [
  "agent-start",
  "agent-complete",
  "agent-fail",
  "agent-timeout",
  "campaign-start",
  "campaign-complete",
  "wave-start",
  "wave-complete",
] as const
export type TelemetryEvent = (typeof telemetryEvents)[number]

const text = z.string().min(1)

/** All but the hash. `timed out` is what a session file calls an agent that was (C.4.8). */
export const telemetryBody = z.object({
  schema: z.literal(1),
  timestamp: z.iso.datetime(),
  event: z.enum(telemetryEvents),
  agent: text,
  session: text.nullable(),
  duration_ms: z.number().int().nonnegative().nullable(),
  status: z.enum(["success", "partial", "failed", "timed out"]).nullable(),
  meta: z.record(z.string(), z.unknown()).nullable(),
  campaign_slug: text.nullable(),
  run_id: text.nullable(),
  agent_id: text.nullable(),
  task_id: text.nullable(),
  artifact_id: text.nullable(),
  parent_id: text.nullable(),
  source_event_id: text.nullable(),
  event_id: z.string().regex(/^evt_[0-9a-f]{16}$/),
})

export const telemetryLine = telemetryBody.extend({ _hash: z.string().regex(/^[0-9a-f]{64}$/), _hash_v: z.literal(1) })
export type TelemetryLine = z.output<typeof telemetryLine>
