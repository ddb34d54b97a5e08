/**
 * What is kept of one agent's work across sessions: one line of `.planning/discoveries/YYYY-MM-DD.jsonl` (C.3). Its names are those of the
 * file, which other tools read and write too.
 */
export interface DiscoveryRecord {
  readonly schema: 1
  /** ISO 8601. */
  readonly timestamp: string
  readonly session: string | null
  readonly agent: string
  readonly wave: number | null
  readonly scope: readonly string[]
  /** `success`, `partial` or `failed`; whatever else somebody wrote. */
  readonly status: string
  readonly handoff_items: readonly string[]
  readonly decisions: readonly string[]
  readonly files_touched: readonly string[]
  readonly failures: readonly string[]
}

const nameCharsMax = 200
const textCharsMax = 2_000
const itemsMax = 100

/** Null for what is no record: not an object, or without an instant. Whatever else is missing or of another kind is taken as empty. */
export function readDiscoveryRecord(value: unknown): DiscoveryRecord | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null
  const timestamp = "timestamp" in value ? value.timestamp : null
  if (typeof timestamp !== "string" || Number.isNaN(Date.parse(timestamp))) return null
  return {
    schema: 1,
    timestamp,
    session: name("session" in value ? value.session : null),
    agent: name("agent" in value ? value.agent : null) ?? "unknown",
    wave: wave("wave" in value ? value.wave : null),
    scope: texts("scope" in value ? value.scope : null, nameCharsMax),
    status: name("status" in value ? value.status : null) ?? "success",
    handoff_items: texts("handoff_items" in value ? value.handoff_items : null, textCharsMax),
    decisions: texts("decisions" in value ? value.decisions : null, textCharsMax),
    files_touched: texts("files_touched" in value ? value.files_touched : null, textCharsMax),
    failures: texts("failures" in value ? value.failures : null, textCharsMax),
  }
}

const name = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value.slice(0, nameCharsMax) : null)
const wave = (value: unknown): number | null => (typeof value === "number" && Number.isSafeInteger(value) ? value : null)

function texts(value: unknown, charsMax: number): readonly string[] {
  if (!Array.isArray(value)) return []
  const found: string[] = []
  for (const one of value) if (typeof one === "string" && one !== "" && found.length < itemsMax) found.push(one.slice(0, charsMax))
  return found
}
