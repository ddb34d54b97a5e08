/** Asks the package manager for known vulnerabilities. Without an answer, for want of a network for example, they are unknown, never none. */
import { z } from "zod"
import { severities, type AuditFinding } from "../../domain/health/health.ts"
import { plainText } from "../../runtime/plain-text.ts"
import type { PackageManager } from "./detect.ts"
import type { Programs } from "./programs.ts"

const none: AuditFinding["counts"] = { critical: 0, high: 0, moderate: 0, low: 0 }
const bytesMax = 16 << 20
const packagesMax = 50
const nameCharsMax = 200

export async function audit(programs: Programs, manager: PackageManager | null, timeoutMs: number): Promise<AuditFinding> {
  if (manager === null) return unknown(null, "there is no package.json, and other packages are not looked at")
  if (manager !== "npm" && manager !== "pnpm") return unknown(null, `the packages of ${manager} are not looked at`)
  const command = `${manager} audit --json`
  const ran = await programs.line(command, { timeoutMs, stdoutBytesMax: bytesMax })
  if (ran.timedOut) return unknown(command, `it did not end within ${timeoutMs / 1_000} s and was ended`)
  if (ran.cut) return unknown(command, "it said too much")
  if (ran.code === 126 || ran.code === 127) return unknown(command, `${manager} is not installed here`)
  return findingFrom(command, ran.stdout)
}

/** `stdout` of npm 7 and newer, or of pnpm. Exported for what no test can bring about: a registry's answer. */
export function findingFrom(command: string, stdout: string): AuditFinding {
  const parsed = report.safeParse(jsonOf(stdout))
  if (!parsed.success) return unknown(command, reasonIn(stdout))
  const { metadata, vulnerabilities, advisories } = parsed.data
  const counts = { ...none, ...metadata.vulnerabilities }
  const total = severities.reduce((sum, severity) => sum + counts[severity], 0)
  const packages = [
    ...Object.entries(vulnerabilities).map(([name, { severity }]) => ({ name, severity })),
    ...Object.values(advisories).map(({ module_name: name, severity }) => ({ name, severity })),
  ]
    .flatMap(({ name, severity }) => (severity === "info" ? [] : [{ name: plainText(name, { oneLine: true, maxChars: nameCharsMax }), severity }]))
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .slice(0, packagesMax)
  if (total === 0) return { status: "ok", why: "no known vulnerability", command, counts, packages: [] }
  const text = severities.flatMap((severity) => (counts[severity] === 0 ? [] : [`${counts[severity]} ${severity}`])).join(", ")
  return { status: "problem", why: `${text} ${total === 1 ? "vulnerability" : "vulnerabilities"}`, command, counts, packages }
}

const severity = z.enum([...severities, "info"])
const count = z.number().int().min(0).catch(0)
const report = z.object({
  metadata: z.object({ vulnerabilities: z.object({ critical: count, high: count, moderate: count, low: count }) }),
  vulnerabilities: z.record(z.string(), z.object({ severity })).catch({}).default({}),
  advisories: z
    .record(z.string(), z.object({ module_name: z.string(), severity }))
    .catch({})
    .default({}),
})

const failure = z.object({
  message: z.string().optional(),
  error: z.object({ code: z.string().nullish(), summary: z.string().optional(), message: z.string().optional() }).optional(),
})

function reasonIn(stdout: string): string {
  const parsed = failure.safeParse(jsonOf(stdout))
  const { message, error } = parsed.success ? parsed.data : {}
  if (error?.code === "ENOLOCK") return "there is no lock file"
  const told = [error?.code ?? "", error?.summary ?? "", error?.message ?? "", message ?? ""].find((text) => text.trim() !== "")
  return told === undefined ? "it gave no answer that can be read" : `it gave no answer: ${plainText(told, { oneLine: true, maxChars: 200 })}`
}

const unknown = (command: string | null, why: string): AuditFinding & { status: Extract<AuditFinding["status"], "unknown"> } => ({
  status: "unknown",
  why,
  command,
  counts: none,
  packages: [],
})

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
