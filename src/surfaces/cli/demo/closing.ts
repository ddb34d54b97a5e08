/** The last page of the demo: the numbers of this run, what was seen, and the history as proof. */
import type { RunView } from "../../../protocol/views.ts"
import { clockTime, cut, oneLine, wrapped } from "../text.ts"
import type { ClosingOptions } from "../live/closing.ts"
import type { Sight } from "./sights.ts"

export interface Numbers {
  readonly wallMs: number
  readonly workMs: number
  readonly lowerBoundMs: number
  /** Work divided by wall time. */
  readonly speedUp: number
}

export function numbersOf(run: RunView, now: number): Numbers {
  const wallMs = (run.endedAt ?? now) - run.startedAt
  return { wallMs, workMs: run.workMs, lowerBoundMs: run.lowerBoundMs ?? 0, speedUp: Math.round((run.workMs / Math.max(1, wallMs)) * 100) / 100 }
}

export function demoLines(numbers: Numbers, sights: readonly Sight[], log: readonly string[], options: ClosingOptions): string[] {
  const { paint, signs, columns } = options
  const label = (text: string): string => paint("dim", text.padEnd(13))
  const done = sights.every((sight) => sight.seen)
  return [
    "",
    paint("bold", done ? "Everything landed." : "Not everything went as it should."),
    `${label("wall time")}${clockTime(numbers.wallMs)}`,
    `${label("sum of work")}${clockTime(numbers.workMs)}`,
    `${label("speed-up")}${numbers.speedUp.toFixed(1)} times faster than one after the other`,
    `${label("lower bound")}${clockTime(numbers.lowerBoundMs)}: no order of these attempts could have been faster`,
    "",
    paint("bold", "What you just saw"),
    ...sights.flatMap((sight) => sightLines(sight, options)),
    "",
    paint("bold", "git log --first-parent main"),
    ...log.map((line) => cut(oneLine(line), columns, signs.ellipsis)),
    "",
  ]
}

function sightLines(sight: Sight, { paint, signs, columns }: ClosingOptions): string[] {
  const sign = paint(sight.seen ? "green" : "red", sight.seen ? signs.done : signs.failed)
  return wrapped(oneLine(sight.text), Math.max(20, columns - 2)).map((line, index) => `${index === 0 ? sign : " "} ${line}`)
}
