/** `.planning/momentum.json` (C.3), which other tools write too, and the state that Fleet keeps beside the discoveries to go on from. */
import { z } from "zod"
import type { MomentumFile } from "../../domain/momentum/momentum.ts"

const session = z.string().nullable()

export const momentumFile: z.ZodType<MomentumFile> = z.object({
  schema: z.literal(1),
  updated: z.string(),
  discovery_count: z.number().int().nonnegative(),
  active_scopes: z.array(z.object({ scope: z.string(), session_count: z.number(), last_worked: z.string() })),
  recurring_decisions: z.array(z.object({ decision: z.string(), count: z.number(), session_count: z.number(), last_seen: z.string() })),
  recent_failures: z.array(z.object({ failure: z.string(), agent: z.string(), session, timestamp: z.string() })),
  recent_handoffs: z.array(z.object({ item: z.string(), session, agent: z.string(), timestamp: z.string() })),
})

const seen = z.object({
  text: z.string(),
  count: z.number(),
  sessions: z.number(),
  lastSessions: z.array(z.string()),
  lastAt: z.number(),
  lastSeen: z.string(),
  score: z.number().positive(),
})
const note = z.object({ text: z.string(), agent: z.string(), session, timestamp: z.string(), at: z.number() })
const table = z.array(z.tuple([z.string(), seen]))

/** How far a file of discoveries was read, and the bytes before that: when they are others, the file is another. */
export const readMark = z.object({ bytes: z.number().int().nonnegative(), before: z.string() })
export type ReadMark = z.output<typeof readMark>

export const synthesisState = z.object({
  version: z.literal(1),
  files: z.record(z.string(), readMark),
  momentum: z.object({ count: z.number(), scopes: table, decisions: table, failures: z.array(note), handoffs: z.array(note) }),
})
export type SynthesisState = z.output<typeof synthesisState>
