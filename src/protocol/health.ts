/** What a worker says of the health of a repository, on the wire and in the API. */
import { z } from "zod"
import { severities, type HealthFindings } from "../domain/health/health.ts"

const text = z.string()
const count = z.number().int().min(0)
const finding = { status: z.enum(["ok", "problem", "unknown"]), why: text }
const command = z.object({ ...finding, command: text.nullable(), timedOut: z.boolean(), evidence: text, files: z.array(text) }).meta({ id: "CommandFinding" })

export const healthFindings: z.ZodType<HealthFindings> = z
  .object({
    typecheck: command,
    tests: command,
    lint: command,
    audit: z.object({
      ...finding,
      command: text.nullable(),
      counts: z.object({ critical: count, high: count, moderate: count, low: count }),
      packages: z.array(z.object({ name: text, severity: z.enum(severities) })),
    }),
    todos: z.object({ ...finding, total: count, directories: z.array(z.object({ directory: text, count, perThousandLines: z.number() })) }),
    staleBranches: z.object({ ...finding, branches: z.array(z.object({ name: text, reason: z.enum(["merged", "old"]), days: z.number() })) }),
    notices: z.array(text),
  })
  .meta({ id: "HealthFindings", description: "What could not be looked at is unknown, never ok." })
