/** Reads a campaign's queue, with 7 columns or 9 or more. A row that cannot be read for certain is not taken: it is said, and kept. */
import { cellsOf, itemsOf, plainOf } from "./line-text.ts"
import { queueHeader, unknownColumnsMax, type CellOf, type QueueColumn } from "./queue-columns.ts"
import type { SessionReading } from "./faults.ts"
import { isNothing, sessionFileLimits } from "./flatten.ts"
import type { FileLine } from "./sections.ts"
import type { QueueRow } from "./session-file.ts"

export interface ReadQueue {
  readonly rows: QueueRow[]
  readonly columns: string[]
  /** Where each row stands, by its number. */
  readonly lines: Map<number, number>
  /** A header was found, even if no row was. */
  readonly found: boolean
  /** Lines beside the table. */
  readonly others: FileLine[]
}

/** Rows may stand apart, as those do that somebody adds below. */
export function readQueue(reading: SessionReading, section: string, lines: readonly FileLine[]): ReadQueue {
  const read: ReadQueue = { rows: [], columns: [], lines: new Map(), found: false, others: [] }
  let header: readonly CellOf[] | null = null
  for (const line of lines) {
    const cells = line.text.includes("|") ? cellsOf(line.text) : []
    const titles = queueHeader(cells, read.columns)
    if (titles !== null) header = checked(reading, titles, line)
    else if (header === null || cells.length === 0) read.others.push(line)
    else if (!cells.every((cell) => /^:?-+:?$/.test(cell)) && cells.some((cell) => cell !== "")) takeRow(reading, section, read, header, cells, line)
  }
  return { ...read, found: header !== null }
}

function checked(reading: SessionReading, header: readonly CellOf[], { line }: FileLine): readonly CellOf[] {
  if (header.includes(null))
    reading.error(
      line,
      "too-many-columns",
      "the queue has too many columns",
      `at most ${unknownColumnsMax} are kept beside those that Fleet knows`,
      "move what they say to a section of its own: it is kept as it stands",
    )
  return header
}

/** Tells a queue from other tables. */
export const isQueueHeader = (line: string): boolean => line.includes("|") && queueHeader(cellsOf(line), []) !== null

function takeRow(reading: SessionReading, section: string, read: ReadQueue, header: readonly CellOf[], cells: readonly string[], line: FileLine): void {
  const row = rowOf(read, header, cells)
  if (typeof row === "string") {
    reading.keep(section, line)
    reading.error(
      line.line,
      "row-unreadable",
      `a row of ${JSON.stringify(section)} could not be read`,
      row,
      "mend the row; it is in the section Kept Lines too",
    )
    return
  }
  read.rows.push(row)
  read.lines.set(row.number, line.line)
}

/** A text says what is wrong with it. */
function rowOf(read: ReadQueue, header: readonly CellOf[], cells: readonly string[]): QueueRow | string {
  const needed = header.findLastIndex((cell) => typeof cell === "string" && cell !== "branch" && cell !== "evidence") + 1
  if (cells.length < needed) return `it has ${cells.length} of ${header.length} cells, so it is cut off`
  if (cells.slice(header.length).some((cell) => cell !== "")) return `it has ${cells.length} cells for ${header.length} columns; write a | inside a cell as \\|`
  const cell = (column: CellOf): string => cells[header.indexOf(column)] ?? ""
  const number = header.includes("number") ? numberIn(cell("number")) : read.rows.length + 1
  if (number === null) return "its number is no whole number of 1 or more"
  if (read.lines.has(number)) return `row ${number} is there already, in line ${read.lines.get(number)}`
  const campaign = plainOf(cell("campaign"))
  if (campaign === "") return "it names no campaign"
  const deps = depsIn(cell("deps"))
  if (deps === null) return "what it depends on is not `none` or numbers of rows like 1,2"
  if (deps.includes(number)) return "it depends on itself"
  const wave = isNothing(cell("wave")) ? null : numberIn(cell("wave"))
  if (wave === null && !isNothing(cell("wave"))) return "its wave is no whole number of 1 or more"
  return { ...textsOf(cell), number, campaign, deps, wave, more: read.columns.map((_, at) => plainOf(cell(at))) }
}

function textsOf(cell: (column: QueueColumn) => string): Pick<QueueRow, "scope" | "status" | "agent" | "branch" | "evidence"> {
  const orNull = (column: QueueColumn): string | null => (isNothing(cell(column)) ? null : plainOf(cell(column)))
  const scope = cell("scope")
  return {
    scope: isNothing(scope) ? [] : itemsOf(scope),
    status: orNull("status") ?? "pending",
    agent: orNull("agent") ?? "",
    branch: orNull("branch"),
    evidence: orNull("evidence"),
  }
}

const numberIn = (text: string): number | null => {
  const number = Number(/^#?(\d{1,9})$/.exec(plainOf(text))?.[1] ?? Number.NaN)
  return number >= 1 ? number : null
}

/** `none`, `-`, `1,2`, `1, 2`, `#1 and #2`. */
function depsIn(text: string): number[] | null {
  if (isNothing(text)) return []
  const parts = text.split(/[\s,;&]+|\band\b/).filter((part) => part !== "")
  const numbers = parts.map(numberIn).filter((number) => number !== null)
  return numbers.length < parts.length || numbers.length > sessionFileLimits.depsOfRow ? null : [...new Set(numbers)]
}
