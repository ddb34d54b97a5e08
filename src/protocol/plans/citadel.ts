/**
 * Reads the queue of a campaign: a session file `.planning/fleet/session-{slug}.md`, or any Markdown with such a table.
 *
 *     | # | Campaign | Scope | Deps | Status | Wave | Agent |
 *     |---|----------|-------|------|--------|------|-------|
 *     | 1 | API auth | src/api/auth/ | none | pending | 1 | builder |
 *
 * Rows are tasks, `Deps` what they come after, `Agent` their type and role. A row that is complete is ticked; one that is skipped is no task.
 * Waves are not read: they follow from what depends on what and whose scopes overlap.
 */
import { parseSessionFile } from "../../domain/session-file/parse.ts"
import { planFromSession } from "../../domain/session-file/plan.ts"
import type { Plan } from "../../domain/plan/plan.ts"
import type { Reading } from "./reading.ts"

export function readCitadel(reading: Reading, text: string): Plan | null {
  const { file, faults, lines } = parseSessionFile(text, reading.source.file)
  reading.faults.push(...faults)
  // A row that could not be read is needed by others: what they lack is not theirs to mend.
  if (file === null || reading.failed) return null
  const planned = planFromSession(file, reading.source, lines)
  reading.faults.push(...planned.faults)
  return planned.plan
}
