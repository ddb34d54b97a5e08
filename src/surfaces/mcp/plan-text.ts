/** Plans as agents write them, in any dialect, and what is wrong with one in the words that an agent can act on. */
import { z } from "zod"
import { fault, FaultError } from "../../domain/fault.ts"
import type { Plan, PlanFault } from "../../domain/plan/plan.ts"
import { splitQuick } from "../../domain/plan/quick.ts"
import { readInline } from "../../protocol/plans/inline.ts"
import { readPlan } from "../../protocol/plans/read.ts"
import { line } from "./bounds.ts"

export const planText =
  "a whole plan: plan.yaml, plan.json, plan.md, a Spec Kit tasks.md, a checklist, or one task a line as a sentence: Do this (id: a) / Do that (depends_on: a)"

export interface ReadText {
  readonly plan: Plan | null
  readonly faults: readonly PlanFault[]
}

const sentencesMax = 200

/** Lines that are no list, no headings and no YAML are sentences, one task each. */
export function readAny(text: string): ReadText {
  const read = readPlan(text, { file: null })
  const sentences = text.split("\n").filter((sentence) => sentence.trim() !== "")
  return isProse(read) && sentences.length > 0 && sentences.length <= sentencesMax ? readInline(sentences) : read
}

/** As `readAny`, and sentences with `;` between them are tasks too. Throws when those are too few or too many (C.1.112). */
export function readQuick(text: string): ReadText {
  if (text.trim().includes("\n") || !isProse(readPlan(text, { file: null }))) return readAny(text)
  const split = splitQuick(text)
  if (!split.ok) throw new FaultError(split.fault)
  return readInline(split.tasks)
}

const isProse = ({ plan, faults }: ReadText): boolean => plan === null && faults.some((found) => found.code === "no-tasks")

export const faultShape = z.object({
  severity: z.enum(["error", "warning"]),
  code: z.string(),
  line: z.number().nullable(),
  what: z.string(),
  why: z.string(),
  fix: z.string(),
})

export const shapeFault = ({ severity, code, line: at, what, why, fix }: PlanFault): z.input<typeof faultShape> => ({
  severity,
  code,
  line: at,
  what: line(what, 300),
  why: line(why, 300),
  fix: line(fix, 300),
})

export const faultLine = ({ severity, line: at, what, why, fix }: z.input<typeof faultShape>): string =>
  `${severity}${at === null ? "" : ` in line ${at}`}: ${what}: ${why} (fix: ${fix})`

export function refused(faults: readonly PlanFault[]): FaultError {
  const errors = faults.filter((found) => found.severity === "error")
  const all = errors.slice(0, 20).map((found) => `\n${faultLine(shapeFault(found))}`)
  return new FaultError(
    fault("bad-plan", `the plan has ${errors.length} ${errors.length === 1 ? "error" : "errors"}`, all.join(""), "mend them, and look at it with review_plan"),
  )
}
