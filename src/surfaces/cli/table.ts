/** Lays rows out in columns that are as wide as they need to be; one column takes what is left. */
import { columnsOf, fit, oneLine } from "./text.ts"
import type { Paint, Tone } from "./style.ts"

export interface Cell {
  readonly text: string
  readonly tone?: Tone
}
export interface Column {
  readonly title: string
  readonly align?: "left" | "right"
  /** Takes the room that is left, and gives way first. One at most. */
  readonly grows?: boolean
}

const gap = "  "
const growsAtLeast = 12

export function tableLines(columns: readonly Column[], rows: readonly (readonly Cell[])[], width: number, paint: Paint, ellipsis: string): string[] {
  const clean = rows.map((row) => row.map((cell) => ({ ...cell, text: oneLine(cell.text) })))
  const widths = widthsOf(columns, clean, width)
  const line = (cells: readonly Cell[]): string =>
    columns
      .map((column, index) => {
        const cell = cells[index] ?? { text: "" }
        const text = fit(cell.text, widths[index] ?? 0, column.align ?? "left", ellipsis)
        return cell.tone === undefined ? text : paint(cell.tone, text)
      })
      .join(gap)
      .trimEnd()
  const head = columns.map((column) => ({ text: column.title, tone: "dim" as const }))
  return [line(head), ...clean.map(line)]
}

function widthsOf(columns: readonly Column[], rows: readonly (readonly Cell[])[], width: number): number[] {
  const natural = columns.map((column, index) => Math.max(columnsOf(column.title), ...rows.map((row) => columnsOf(row[index]?.text ?? ""))))
  const over = natural.reduce((sum, each) => sum + each, 0) + gap.length * (columns.length - 1) - width
  if (over <= 0) return natural
  return natural.map((each, index) => (columns[index]?.grows === true ? Math.max(growsAtLeast, each - over) : each))
}
