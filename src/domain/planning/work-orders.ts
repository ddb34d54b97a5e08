/**
 * The section `## Work Orders` of a session file: what each row's agent is told, to the letter, and the commands that prove its work. Each text stands
 * in a fence that is longer than any within it, so that nothing in a text can end it.
 */
import { inlineText } from "./line-text.ts"
import type { SessionReading } from "./session-faults.ts"
import { closingFence, type FileLine } from "./session-file-sections.ts"
import type { SessionFile, WorkOrder } from "./session-file.ts"

export const ordersTitle = "Work Orders"
const everyMerge = "Every Merge"

/** Null: there is nothing to say. */
export function ordersText({ queue, orders, checks }: Pick<SessionFile, "queue" | "orders" | "checks">): string | null {
  if (orders.length === 0 && checks.length === 0) return null
  const titles = new Map(queue.map((row) => [row.number, row.campaign]))
  const merged = checks.length === 0 ? [] : [`### ${everyMerge}`, ...checks.map((check) => fenced("check", check))]
  const each = orders.flatMap(({ row, prompt, checks: own }) => [
    `### Row ${row}: ${inlineText(titles.get(row) ?? "")}`.trimEnd(),
    fenced("prompt", prompt),
    ...own.map((check) => fenced("check", check)),
  ])
  return [`## ${ordersTitle}`, ...merged, ...each].join("\n\n")
}

function fenced(kind: "prompt" | "check", text: string): string {
  const longest = [...text.matchAll(/`+/g)].reduce((most, [found]) => Math.max(most, found.length), 2)
  const fence = "`".repeat(longest + 1)
  return `${fence}${kind}\n${text}\n${fence}`
}

export interface ReadOrders {
  readonly orders: readonly WorkOrder[]
  readonly checks: readonly string[]
}

/** Of a row that is told twice the first counts. What is no order is kept, as everywhere. */
export function readOrders(reading: SessionReading, lines: readonly FileLine[]): ReadOrders {
  const orders = new Map<number, { row: number; prompt: string | null; checks: string[] }>()
  const checks: string[] = []
  const others: FileLine[] = []
  const closing = closingFence(lines.map(({ text }) => text))
  let open: { prompt: string | null; checks: string[] } | null = null
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]
    if (line === undefined) break
    const heading = /^ {0,3}###[ \t]+(?:row (\d{1,9})\b.*|(every merge))$/i.exec(line.text)
    const end = closing(at)
    const kind = /^ {0,3}`{3,}(prompt|check)\s*$/.exec(line.text)?.[1]
    if (heading !== null) {
      const row = Number(heading[1] ?? 0)
      open = heading[2] !== undefined ? { prompt: null, checks } : row < 1 || orders.has(row) ? null : { prompt: null, checks: [] }
      if (open === null) others.push(line)
      else if (row >= 1) orders.set(row, Object.assign(open, { row }))
    } else if (end > at) {
      const within = lines.slice(at + 1, end)
      const text = within.map((one) => one.text).join("\n")
      if (open === null || kind === undefined || (kind === "prompt" && (open.checks === checks || open.prompt !== null)))
        for (const one of lines.slice(at, end + 1)) others.push(one)
      else if (kind === "prompt") open.prompt = text
      else open.checks.push(text)
      at = end
    } else if (line.text.trim() !== "") others.push(line)
  }
  reading.keepUnknown(ordersTitle, others)
  return { orders: [...orders.values()].flatMap(({ row, prompt, checks: own }) => (prompt === null ? [] : [{ row, prompt, checks: own }])), checks }
}
