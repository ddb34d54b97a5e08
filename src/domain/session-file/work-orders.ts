/**
 * The section `## Work Orders` of a session file: what each row's agent is told, to the letter, and the commands that prove its work. Each text stands
 * in a fence that is longer than any within it, so that nothing in a text can end it.
 */
import { inlineText } from "./line-text.ts"
import type { SessionReading } from "./faults.ts"
import { closingFence, type FileLine } from "./sections.ts"
import type { SessionFile, WorkOrder } from "./session-file.ts"

export const ordersTitle = "Work Orders"
const everyMerge = "Every Merge"
const everyAgent = "Every Agent"
const specification = "Specification"

/** Null: there is nothing to say. */
export function ordersText(file: Pick<SessionFile, "queue" | "orders" | "spec" | "rules" | "setup" | "checks">): string | null {
  const { queue, orders, spec, rules, setup, checks } = file
  const asked = spec === null ? [] : [`### ${specification}`, fenced("spec", spec)]
  const titles = new Map(queue.map((row) => [row.number, row.campaign]))
  const merged = checks.length === 0 ? [] : [`### ${everyMerge}`, ...checks.map((check) => fenced("check", check))]
  const each = orders.flatMap(({ row, prompt, checks: own }) => [
    `### Row ${row}: ${inlineText(titles.get(row) ?? "")}`.trimEnd(),
    fenced("prompt", prompt),
    ...own.map((check) => fenced("check", check)),
  ])
  const prepared = setup === null ? [] : [fenced("setup", setup)]
  const agents = [...prepared, ...rules.map((rule) => fenced("rule", rule))]
  const parts = [...asked, ...(agents.length === 0 ? [] : [`### ${everyAgent}`, ...agents]), ...merged, ...each]
  return parts.length === 0 ? null : [`## ${ordersTitle}`, ...parts].join("\n\n")
}

type Fence = (typeof fences)[number]
const fences = ["prompt", "check", "spec", "setup", "rule"] as const
/** Of these there may be several under one heading. */
const lists: readonly Fence[] = ["check", "rule"]

function fenced(kind: Fence, text: string): string {
  const longest = [...text.matchAll(/`+/g)].reduce((most, [found]) => Math.max(most, found.length), 2)
  const fence = "`".repeat(longest + 1)
  return `${fence}${kind}\n${text}\n${fence}`
}

export interface ReadOrders {
  readonly orders: readonly WorkOrder[]
  readonly spec: string | null
  readonly rules: readonly string[]
  readonly setup: string | null
  readonly checks: readonly string[]
}

/** Of a row that is told twice the first counts. What is no order is kept, as everywhere. */
export function readOrders(reading: SessionReading, lines: readonly FileLine[]): ReadOrders {
  const orders = new Map<number, Order>()
  const asked = order("spec")
  const agents = order("setup", "rule")
  const merged = order("check")
  const headings = new Map([specification, everyAgent, everyMerge].map((title, at) => [title.toLowerCase(), [asked, agents, merged][at] ?? null]))
  const others: FileLine[] = []
  const closing = closingFence(lines.map(({ text }) => text))
  let open: Order | null = null
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]
    if (line === undefined) break
    const heading = /^ {0,3}###[ \t]+(?:row (\d{1,9})\b.*|(every merge|every agent|specification))$/i.exec(line.text)
    const end = closing(at)
    const kind = fenceOf(line.text)
    if (heading !== null) {
      const row = Number(heading[1] ?? 0)
      const titled = headings.get(heading[2]?.toLowerCase() ?? "")
      open = titled ?? (row < 1 || orders.has(row) ? null : order("prompt", "check"))
      if (row >= 1 && orders.has(row)) reading.error(line.line, "order-twice", `row ${row} has a second work order`, "the first one counts", secondOrder)
      if (open === null) others.push(line)
      else if (row >= 1) orders.set(row, open)
    } else if (end > at) {
      const within = lines.slice(at + 1, end)
      const text = within.map((one) => one.text).join("\n")
      if (open === null || kind === undefined || !open.takes.includes(kind) || (!lists.includes(kind) && open.text !== null))
        for (const one of lines.slice(at, end + 1)) others.push(one)
      else if (lists.includes(kind)) open.list.push(text)
      else open.text = text
      at = end
    } else if (line.text.trim() !== "") others.push(line)
  }
  reading.keepUnknown(ordersTitle, others)
  const told = [...orders].flatMap(([row, { text, list }]) => (text === null ? [] : [{ row, prompt: text, checks: list }]))
  return { orders: told, spec: asked.text, rules: agents.list, setup: agents.text, checks: merged.list }
}

const secondOrder = "put all of it under the first heading, before the row is taken; or add another row"

const fenceOf = (line: string): Fence | undefined => fences.find((fence) => fence === /^ {0,3}`{3,}([a-z]+)\s*$/.exec(line)?.[1])

/** What stands under one heading: one text, and a list. */
interface Order {
  readonly takes: readonly Fence[]
  text: string | null
  readonly list: string[]
}
const order = (...takes: readonly Fence[]): Order => ({ takes, text: null, list: [] })
