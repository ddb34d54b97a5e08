/**
 * Reads plan.md, the native form for people and agents:
 *
 *     ---
 *     goal: Add SSO login
 *     setup: npm ci
 *     checks: [npm test]
 *     guardrails: [Do not change public API types]
 *     defaults: { agent: claude, retries: 1 }
 *     ---
 *     # Add SSO login                     goal, when the front matter has none; text up to the first task is for the reader
 *
 *     ## Task: Callback endpoint {#api}   or `## api: Callback endpoint` where no heading says `Task:`
 *     After: schema
 *     Scope: src/api/sso/**, docs/sso.md (read-only)
 *     Agent: claude
 *     Checks: npm test -- sso
 *
 *     Everything else up to the next level-2 heading is the prompt.
 *
 * The fields are those of plan.yaml, in lines directly under the heading (`- **After:** schema` is fine too). A line there that is no
 * field is kept as a tag. Several commands are several `Checks:` lines. All keys of the front matter are those of plan.yaml but `tasks`.
 */
import { LineCounter, parseDocument } from "yaml"
import type { Plan } from "../../domain/plan/plan.ts"
import { isTaskKey } from "../../domain/plan/check.ts"
import { fieldOf, fieldsFrom, type Pair } from "./fields.ts"
import { asList, parseTask, shapeFaults, tasksFrom, type Reading, type Written } from "./reading.ts"
import { planSchema, type WrittenPlan } from "./schema.ts"
import { lineAt } from "./yaml.ts"

const frontSchema = planSchema.omit({ tasks: true })
type Front = Omit<WrittenPlan, "tasks">

export function readMarkdown(reading: Reading, text: string): Plan | null {
  const lines = text.split(/\r?\n/)
  const { front, body } = readFront(reading, lines)
  const headings = headingsOf(lines, body)
  const explicit = headings.some((heading) => taskHeading.test(heading.text))
  const written = headings.flatMap((heading, at) => {
    const meant = taskOf(heading.text, explicit)
    if (meant !== null) return [readTask(reading, meant, lines, heading.at, headings[at + 1]?.at ?? lines.length)]
    reading.warn(
      heading.at + 1,
      "not-a-task",
      `section ${JSON.stringify(heading.text.slice(0, 80))} is no task`,
      "no agent is given it",
      "write `## Task: title {#id}`, or use a deeper heading inside a task",
    )
    return []
  })
  const tasks = written.filter((one) => one !== null)
  if (front === null || tasks.length < written.length) return null
  const title = lines.find((line) => /^#\s/.test(line))?.replace(/^#\s+/, "")
  const goal = front.goal ?? title?.slice(0, 1_000)
  return reading.plan(
    { ...(goal === undefined ? {} : { goal }), setup: front.setup ?? null, guardrails: asList(front.guardrails), checks: asList(front.checks) },
    tasksFrom(reading, tasks, front.defaults ?? {}),
  )
}

/** Also used to tell this dialect from the others. */
export const taskHeading = /^task\b[^:]{0,80}:\s*\S/i

function readFront(reading: Reading, lines: readonly string[]): { front: Front | null; body: number } {
  const end = lines[0]?.trim() === "---" ? lines.findIndex((line, at) => at > 0 && line.trim() === "---") : -1
  if (end < 0) return { front: {}, body: 0 }
  const counter = new LineCounter()
  const document = parseDocument(lines.slice(1, end).join("\n"), { lineCounter: counter, prettyErrors: false })
  const [wrong] = document.errors
  if (wrong !== undefined) {
    reading.error(counter.linePos(wrong.pos[0]).line + 1, "syntax", "the front matter is not YAML", wrong.message, "mend the syntax")
    return { front: null, body: end + 1 }
  }
  const parsed = frontSchema.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {})
  if (parsed.success) return { front: parsed.data, body: end + 1 }
  shapeFaults(reading, parsed.error, (path, key) => (lineAt(document, counter, key === null ? path : [...path, key]) ?? 0) + 1)
  return { front: null, body: end + 1 }
}

interface Heading {
  readonly at: number
  readonly text: string
}

function headingsOf(lines: readonly string[], from: number): Heading[] {
  const found: Heading[] = []
  let fence: string | null = null
  for (let at = from; at < lines.length; at++) {
    const mark = /^\s*(```+|~~~+)/.exec(lines[at] ?? "")?.[1] ?? null
    if (mark !== null) fence = fence === null ? mark : mark.startsWith(fence) ? null : fence
    const text = fence === null ? /^##\s+(.*?)\s*$/.exec(lines[at] ?? "")?.[1] : undefined
    if (text !== undefined) found.push({ at, text })
  }
  return found
}

interface Meant {
  readonly key: string | null
  readonly title: string
}

function taskOf(heading: string, explicit: boolean): Meant | null {
  const anchor = /\s*\{#([^}]*)\}$/.exec(heading)
  const bare = anchor === null ? heading : heading.slice(0, anchor.index)
  const found = /^([^:]*?):\s*(.*)$/.exec(bare)
  if (explicit && !(found !== null && taskHeading.test(bare))) return anchor === null ? null : { key: anchor[1] ?? "", title: bare }
  if (found === null) return anchor === null ? null : { key: anchor[1] ?? "", title: bare }
  const before = (found[1] ?? "").replace(/^task\b\s*/i, "").trim()
  if (anchor === null && before !== "" && !isTaskKey(before)) return null
  return { key: anchor?.[1] ?? (before === "" ? null : before), title: found[2] ?? "" }
}

function readTask(reading: Reading, { key, title }: Meant, lines: readonly string[], heading: number, end: number): Written | null {
  const fields = fieldLines(lines, heading + 1, end)
  const prompt = lines.slice(fields.end, end).join("\n").trim()
  const raw = fieldsFrom(fields.pairs)
  const place = (field: string): number | null => fields.pairs.find((pair) => fieldOf(pair.name) === field)?.line ?? null
  const task = parseTask(reading, { title, ...(prompt === "" ? {} : { prompt }), ...(key === null ? {} : { id: key }), ...raw }, heading + 1, place)
  return task === null ? null : { task, line: heading + 1, inferred: [], inferredScope: [] }
}

/** Lines directly under the heading that look like fields, if one of them is: a prompt may well begin with `Note: …`. */
function fieldLines(lines: readonly string[], from: number, end: number): { pairs: (Pair & { line: number })[]; end: number } {
  const pairs: (Pair & { line: number })[] = []
  let at = from
  while (at < end && (lines[at] ?? "").trim() === "") at++
  for (; at < end; at++) {
    const found = /^\s*(?:[-*]\s+)?(?:\*\*|__)?([A-Za-z][A-Za-z _-]{0,30}?)(?:\*\*|__)?:(?:\*\*|__)?\s+(\S.*)$/.exec(lines[at] ?? "")
    if (found === null) break
    pairs.push({ name: found[1] ?? "", value: found[2] ?? "", line: at + 1 })
  }
  return pairs.some((pair) => fieldOf(pair.name) !== null) ? { pairs, end: at } : { pairs: [], end: from }
}
