/** The columns of a campaign's queue: the seven of the session file, the two that came later, and those that somebody added. */
import { flat, plainOf } from "./line-text.ts"

export type QueueColumn = "number" | "campaign" | "scope" | "deps" | "status" | "wave" | "agent" | "branch" | "evidence"

/** `#`, `Campaign`, … in the order in which they are written. */
export const queueTitles: Readonly<Record<QueueColumn, string>> = {
  number: "#",
  campaign: "Campaign",
  scope: "Scope",
  deps: "Deps",
  status: "Status",
  wave: "Wave",
  agent: "Agent",
  branch: "Branch",
  evidence: "Evidence",
}

/** What a cell is of; a number: the place of a column that nobody knows in `columns`; null: of one too many. */
export type CellOf = QueueColumn | number | null

export const unknownColumnsMax = 10
const cellsMax = 50

/** Null when these cells are no header of a queue: that names campaigns, and what they touch or need. Adds unknown titles to `columns`. */
export function queueHeader(cells: readonly string[], columns: string[]): readonly CellOf[] | null {
  if (cells.length > cellsMax) return null
  const known = cells.map(columnOf)
  if (!known.includes("campaign") || !(known.includes("scope") || known.includes("deps"))) return null
  const taken = new Set<CellOf>()
  return known.map((column, at) => {
    const cell = column === null || taken.has(column) ? unknownColumn(flat(plainOf(cells[at] ?? ""), 200) || "-", columns, taken) : column
    taken.add(cell)
    return cell
  })
}

/** A column that Fleet gives a meaning to, by any of its names. */
export const columnOf = (title: string): QueueColumn | null =>
  names.get(
    plainOf(title)
      .replace(/[*`_\s]+/g, " ")
      .trim()
      .toLowerCase(),
  ) ?? null

function unknownColumn(title: string, columns: string[], taken: ReadonlySet<CellOf>): number | null {
  const known = columns.findIndex((other, at) => other === title && !taken.has(at))
  if (known >= 0) return known
  return columns.length < unknownColumnsMax ? columns.push(title) - 1 : null
}

const names = new Map<string, QueueColumn>([
  ...["#", "no", "no.", "nr", "number"].map((name) => [name, "number"] as const),
  ...["campaign", "campaign name"].map((name) => [name, "campaign"] as const),
  ...["scope", "scopes"].map((name) => [name, "scope"] as const),
  ...["deps", "dependencies", "depends on"].map((name) => [name, "deps"] as const),
  ["status", "status"],
  ["wave", "wave"],
  ...["agent", "agent type"].map((name) => [name, "agent"] as const),
  ["branch", "branch"],
  ["evidence", "evidence"],
])
