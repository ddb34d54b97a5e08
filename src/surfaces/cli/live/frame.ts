/** Draws a run as lines of text. Pure: the same run, size and time give the same lines. Each line fits the width. */
import type { ApprovalView, RunView, TaskView } from "../../../protocol/views.ts"
import { colourPaint, plainPaint, type Paint, type Signs, type Tone } from "../style.ts"
import { clockTime, columnsOf, counted, cut, oneLine, shortCount } from "../text.ts"
import { campaignLines } from "./campaign-lines.ts"
import { askerIn } from "./display.ts"
import { headLine, layoutOf, taskLine } from "./rows.ts"
import { byAttention } from "./states.ts"

export interface FrameOptions {
  readonly columns: number
  readonly rows: number
  readonly now: number
  readonly colour: boolean
  readonly signs: Signs
  /** The last milestone, and what the keys do; the last lines of the frame. */
  readonly foot: readonly string[]
}

const rowsLeftFree = 1
const askLinesMax = 3

export function frame(run: RunView, options: FrameOptions): string[] {
  const paint = options.colour ? colourPaint : plainPaint
  const asks = run.approvals.filter((approval) => approval.answer === null)
  const askLines = asks.slice(0, askLinesMax).flatMap((ask) => approvalLines(ask, options, paint))
  const feet = options.foot.map((text) => paint("dim", cut(oneLine(text), options.columns, options.signs.ellipsis)))
  const head = headerLines(run, asks.length, options, paint)
  const room = Math.max(1, options.rows - rowsLeftFree - head.length - askLines.length - feet.length - 1)
  return [...head, ...taskLines(run, room, options, paint), ...askLines, ...feet]
}

function headerLines(run: RunView, asks: number, options: FrameOptions, paint: Paint): string[] {
  const { signs, columns } = options
  const elapsed = clockTime((run.endedAt ?? options.now) - run.startedAt)
  const title = cut(`${run.id} ${signs.dot} ${oneLine(run.goal)} ${signs.arrow} ${oneLine(run.target)}`, columns - columnsOf(elapsed) - 2, signs.ellipsis)
  const space = " ".repeat(Math.max(2, columns - columnsOf(title) - columnsOf(elapsed)))
  return [paint("bold", title) + space + elapsed, countsLine(run, asks, options, paint), ...campaignLines(run, { columns, signs, paint })]
}

/** Parts are left out from the right, whole, until the line fits. */
function countsLine(run: RunView, asks: number, options: FrameOptions, paint: Paint): string {
  const { counts, usage } = run
  const tokens = usage.inputTokens + usage.outputTokens
  const proved = run.tasks.filter(({ status }) => status === "proved").length
  const part = (count: number, sign: keyof Signs, word: string, tone: Tone): [string, Tone][] =>
    count > 0 ? [[`${options.signs[sign]} ${count} ${word}`, tone]] : []
  const parts: [string, Tone][] = [
    [`${counts.done}/${counts.total} done`, "green"],
    ...part(Math.max(asks, counts.needsYou), "needsYou", "needs you", "yellow"),
    ...part(counts.failed, "failed", "failed", "red"),
    ...part(counts.working - proved, "working", "working", "blue"),
    ...part(proved, "landing", "proved", "cyan"),
    ...part(counts.queued, "queued", "queued", "dim"),
    ...part(counts.cancelled, "cancelled", "cancelled", "dim"),
    ...part(counts.archived, "cancelled", "archived", "dim"),
    ...(run.status === "stopping" ? [["stopping", "yellow"] satisfies [string, Tone]] : []),
    ...(tokens > 0 ? [[`${shortCount(tokens)} tokens`, "dim"] satisfies [string, Tone]] : []),
    ...(usage.costUsd === null ? [] : [[`about $${usage.costUsd.toFixed(2)}`, "dim"] satisfies [string, Tone]]),
  ]
  while (parts.length > 1 && columnsOf(parts.map(([text]) => text).join("   ")) > options.columns) parts.pop()
  return parts.map(([text, tone]) => paint(tone, text)).join("   ")
}

/** What is over for good is not here: they were printed above, for good. */
function taskLines(run: RunView, room: number, options: FrameOptions, paint: Paint): string[] {
  const open = byAttention(run.tasks).filter((task) => !scrollsOut(task))
  if (open.length === 0) return []
  const shown = open.length > room ? open.slice(0, Math.max(1, room - 1)) : open
  const layout = layoutOf(shown, options.columns)
  const lines = shown.map((task) => taskLine(task, layout, options.now, options.signs, paint))
  const hidden = open.length - shown.length
  const more = hidden > 0 ? [paint("dim", cut(`  and ${counted(hidden, "more task")}: fleet status ${run.id}`, options.columns, options.signs.ellipsis))] : []
  return [headLine(layout, options.signs, paint), ...lines, ...more]
}

export const scrollsOut = (task: TaskView): boolean => task.status === "done" || task.status === "cancelled" || task.status === "archived"

function approvalLines(ask: ApprovalView, options: FrameOptions, paint: Paint): string[] {
  const { columns, signs } = options
  const holds = ask.holds.length === 0 ? "" : ` (${counted(ask.holds.length, "task waits", "tasks wait")} behind it)`
  return [paint("yellow", cut(`${signs.needsYou} ${askerIn(ask)} asks: ${oneLine(ask.question)}${holds}`, columns, signs.ellipsis))]
}

/** The line that stays above when a task has left the live region. */
export function farewellLine(task: TaskView, run: RunView, options: Omit<FrameOptions, "rows" | "foot">): string {
  return taskLine(task, layoutOf(run.tasks, options.columns), options.now, options.signs, options.colour ? colourPaint : plainPaint)
}
