/** Reads plan.yaml and plan.json: one shape, checked by the published schema, each fault with its line. */
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from "yaml"
import type { Plan } from "../../domain/plan/plan.ts"
import { asList, shapeFaults, tasksFrom, type Reading } from "./reading.ts"
import { planSchema } from "./schema.ts"

export function readYaml(reading: Reading, text: string): Plan | null {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true })
  // One for each line: the others mostly follow from the first.
  const errors = new Map(document.errors.toReversed().map((wrong) => [lines.linePos(wrong.pos[0]).line, wrong.message]))
  const language = reading.source.format === "json" ? "JSON" : "YAML"
  for (const [line, message] of [...errors].toReversed().slice(0, 20)) reading.error(line, "syntax", `this is not ${language}`, message, "mend the syntax")
  if (reading.failed) return null
  const value = valueOf(reading, document)
  if (value === null) return null
  const parsed = planSchema.safeParse(value.js)
  if (!parsed.success) {
    shapeFaults(reading, parsed.error, (path, key) => lineAt(document, lines, key === null ? path : [...path, key]))
    return null
  }
  const { goal, setup, guardrails, checks, defaults, tasks } = parsed.data
  const written = tasks.map((task, at) => ({ task, line: lineAt(document, lines, ["tasks", at]), inferred: [], inferredScope: [] }))
  return reading.plan(
    { ...(goal === undefined ? {} : { goal }), setup: setup ?? null, guardrails: asList(guardrails), checks: asList(checks) },
    tasksFrom(reading, written, defaults ?? {}),
  )
}

/** Refuses what expands without end. */
function valueOf(reading: Reading, document: Document.Parsed): { js: unknown } | null {
  try {
    const js: unknown = document.toJS({ maxAliasCount: 100 })
    if (js !== null && js !== undefined) return { js }
    reading.error(1, "no-tasks", "the plan is empty", "there is nothing to run", "write a goal and tasks, as docs/reference/plan.md shows")
  } catch (error) {
    reading.error(1, "syntax", "this YAML cannot be expanded", error instanceof Error ? error.message : String(error), "use fewer aliases")
  }
  return null
}

/** Line of the deepest part of `path` that is written down; of a key where it is one. */
export function lineAt(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): number | null {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const last = path[length - 1]
    const key = isMap(parent) ? parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(last))?.key : undefined
    const node: unknown = key ?? (isMap(parent) ? undefined : document.getIn(path.slice(0, length), true))
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}
