/** What agents read of the health of a repository: a line for each thing that was looked at. */
import { z } from "zod"
import { findingNames, type HealthFindings } from "../../domain/health/health.ts"
import { line } from "./bounds.ts"

export const findingShape = z.object({
  what: z.enum(findingNames),
  status: z.enum(["ok", "problem", "unknown"]).describe("unknown: it could not be looked at, which is not ok"),
  why: z.string(),
  command: z.string().nullable(),
})
type FindingShape = z.input<typeof findingShape>

export function shapeFindings(findings: HealthFindings): FindingShape[] {
  return findingNames.map((what) => {
    const found = findings[what]
    return { what, status: found.status, why: line(found.why, 300), command: "command" in found && found.command !== null ? line(found.command) : null }
  })
}

export const findingLines = (findings: readonly FindingShape[]): string[] =>
  findings.map(({ what, status, why, command }) => `${what} ${status}: ${why}${command === null ? "" : ` (${command})`}`)
