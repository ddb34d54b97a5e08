/**
 * Keeps a region of lines at the bottom of a terminal up to date, and prints lines that stay above it. At most ten paints a
 * second, each in one write between the marks of a synchronized update, so that nothing flickers. Leaves the cursor as it was.
 */
import type { CliOutput, SignalSource } from "../context.ts"
import { columnsOf } from "../text.ts"

const paintsApartMs = 100
const escape = "\u001B["
const beginUpdate = `${escape}?2026h`
const endUpdate = `${escape}?2026l`
const hideCursor = `${escape}?25l`
const showCursor = `${escape}?25h`
const eraseLine = `${escape}K`
const eraseBelow = `${escape}J`
const resetStyle = `${escape}0m`

export interface Size {
  readonly columns: number
  readonly rows: number
}
export interface Painter {
  readonly size: () => Size
  /** Asks for a paint, soon. */
  refresh(): void
  /** Prints lines above the region, for good. */
  above(lines: readonly string[]): void
  /** Erases the region, prints what is still to go above, and gives the terminal back. Safe to call twice. */
  end(): void
}

/** `draw` is called for each paint, with the size of that moment. */
export function startPainter(output: CliOutput, signals: SignalSource, draw: (size: Size) => readonly string[]): Painter {
  let painted: readonly string[] = []
  let pending: string[] = []
  let timer: NodeJS.Timeout | null = null
  let lastPaintAt = -Infinity
  let ended = false
  const size = (): Size => ({ columns: positive(output.columns, 80), rows: positive(output.rows, 24) })

  const paint = (lines: readonly string[], prefix = ""): void => {
    timer = null
    lastPaintAt = performance.now()
    const all = [...pending, ...lines]
    pending = []
    output.write(
      `${beginUpdate}${prefix}${toTop(painted, size().columns)}${all.map((line) => `${line}${resetStyle}${eraseLine}\n`).join("")}${eraseBelow}${endUpdate}`,
    )
    painted = lines
  }
  const refresh = (): void => {
    if (ended || timer !== null) return
    timer = setTimeout(() => paint(draw(size())), Math.max(0, paintsApartMs - (performance.now() - lastPaintAt)))
  }
  const end = (): void => {
    if (ended) return
    ended = true
    if (timer !== null) clearTimeout(timer)
    output.off("resize", refresh)
    signals.off("exit", end)
    paint([])
    output.write(showCursor)
  }
  output.on("resize", refresh)
  signals.on("exit", end)
  paint(draw(size()), hideCursor)
  return {
    size,
    refresh,
    above: (lines) => {
      pending.push(...lines)
      refresh()
    },
    end,
  }
}

/** Terminals re-wrap what they show when they become narrower: a line then takes as many rows as its width needs. */
function toTop(lines: readonly string[], columns: number): string {
  const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(columnsOf(line) / columns)), 0)
  return rows === 0 ? "\r" : `\r${escape}${rows}A`
}

const positive = (value: number | undefined, otherwise: number): number => (value !== undefined && value > 0 ? value : otherwise)
