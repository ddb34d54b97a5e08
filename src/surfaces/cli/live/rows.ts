/** One task as one line of the live view. Columns give way from the right when the terminal is narrow. */
import type { TaskView } from "../../../protocol/views.ts"
import type { Paint, Signs } from "../style.ts"
import { clockTime, columnsOf, fit, oneLine, shortCount } from "../text.ts"
import { lookOf } from "./states.ts"
import { tryText } from "./tries.ts"

export interface RowLayout {
  readonly columns: number
  readonly key: number
  readonly agent: number
  readonly elapsed: number
  readonly files: number
  readonly tokens: number
}

/** Sign, space and the longest state word. */
const stateColumns = 11
const keyColumnsMax = 28
const agentColumnsMax = 12
/** What the titles need. */
const keyColumnsMin = 4
const agentColumnsMin = 5
const reasonAtLeast = 20

/** The same for every row, so that columns stand below each other. Zero means that the column is left out. */
export function layoutOf(tasks: readonly TaskView[], columns: number): RowLayout {
  const widest = (texts: readonly string[], least: number, max: number): number =>
    Math.min(max, Math.max(least, ...texts.map((text) => columnsOf(oneLine(text)))))
  let room = columns - stateColumns - 2
  const key = Math.min(
    widest(
      tasks.map((task) => task.key),
      keyColumnsMin,
      keyColumnsMax,
    ),
    Math.max(0, room),
  )
  room -= key + 2 + reasonAtLeast
  const take = (width: number): number => {
    if (room < width + 2) return 0
    room -= width + 2
    return width
  }
  const elapsed = take(7)
  const agent = take(
    widest(
      tasks.map((task) => task.agent),
      agentColumnsMin,
      agentColumnsMax,
    ),
  )
  const files = take(5)
  return { columns, key, elapsed, agent, files, tokens: take(6) }
}

export function headLine(layout: RowLayout, signs: Signs, paint: Paint): string {
  return paint(
    "dim",
    columnsLine(layout, signs, { state: "state", key: "task", agent: "agent", reason: "", elapsed: "time", files: "files", tokens: "tokens" }),
  )
}

export function taskLine(task: TaskView, layout: RowLayout, now: number, signs: Signs, paint: Paint): string {
  const look = lookOf(task.status)
  const tokens = task.usage.inputTokens + task.usage.outputTokens
  const line = columnsLine(layout, signs, {
    state: `${signs[look.sign]} ${look.word}`,
    key: task.key,
    agent: task.agent,
    reason: reasonOf(task),
    elapsed: elapsedText(task, now),
    files: task.files === null ? "" : String(task.files),
    tokens: tokens === 0 ? "" : shortCount(tokens),
  })
  // The state alone carries the colour: the rest stays readable on any background.
  return look.tone === "dim" ? paint("dim", line) : paint(look.tone, line.slice(0, stateColumns)) + line.slice(stateColumns)
}

function reasonOf(task: TaskView): string {
  const tried = task.status === "done" ? "" : tryText(task)
  return [tried, task.reason].filter((text) => text !== "").join(": ")
}

function elapsedText(task: TaskView, now: number): string {
  const ms = elapsedOf(task, now)
  return ms === null ? "" : clockTime(ms)
}

/** The time of all attempts. Counts on between two answers of the hub: attempts start by the same machine's clock. */
export function elapsedOf(task: TaskView, now: number): number | null {
  if (task.attempts.length === 0) return task.elapsedMs
  return task.attempts.reduce((sum, attempt) => sum + Math.max(0, (attempt.endedAt ?? now) - attempt.startedAt), 0)
}

interface Texts {
  readonly state: string
  readonly key: string
  readonly agent: string
  readonly reason: string
  readonly elapsed: string
  readonly files: string
  readonly tokens: string
}

function columnsLine(layout: RowLayout, signs: Signs, texts: Texts): string {
  const cell = (text: string, width: number, align: "left" | "right" = "left"): string => (width === 0 ? "" : fit(oneLine(text), width, align, signs.ellipsis))
  const left = [cell(texts.state, stateColumns), cell(texts.key, layout.key), cell(texts.agent, layout.agent)].filter((text) => text !== "").join("  ")
  const right = [cell(texts.elapsed, layout.elapsed, "right"), cell(texts.files, layout.files, "right"), cell(texts.tokens, layout.tokens, "right")]
  const end = right.filter((text) => text !== "").join("  ")
  const room = layout.columns - columnsOf(left) - 2 - (end === "" ? 0 : columnsOf(end) + 2)
  const middle = room > 0 ? `  ${cell(texts.reason, room)}` : ""
  return `${left}${middle}${end === "" ? "" : `  ${end}`}`.trimEnd()
}
