/** The live view on a terminal: a region that is painted anew, finished tasks that scroll out above it, and keys to answer with. */
import type { EventView, RunView } from "../../../protocol/views.ts"
import type { CliContext } from "../context.ts"
import { signsFor, wantsColour } from "../style.ts"
import { openApprovals, type Controls, type Display } from "./display.ts"
import { farewellLine, frame, scrollsOut, type FrameOptions } from "./frame.ts"
import { readKeys } from "./keys.ts"
import { startPainter } from "./painter.ts"

const tickMs = 1_000
/** How long a notice stays in the last line. */
const noticeMs = 8_000
/** A question must have been on the screen for this long before a key answers it: the key may have been meant for the one before. */
const readFirstMs = 400

/** `gone`: keys of the tasks that were printed above for good; the display adds to them. */
export function ttyDisplay(context: CliContext, controls: Controls, gone = new Set<string>()): Display {
  const look = { colour: wantsColour(context.stdout, context.env, context.argv), signs: signsFor(context.env) }
  let run: RunView | null = null
  let last: EventView | null = null
  let shown = { id: "", since: 0 }
  let notice: { readonly text: string; readonly until: number } | null = null

  const foot = (now: number): string[] => {
    const said = notice !== null && notice.until > now ? notice.text : last === null ? "" : milestoneText(last)
    return [...(said === "" ? [] : [said]), ...(run === null ? ["waiting for the hub"] : [keysText(run, controls.leaving)])]
  }
  const options = (columns: number): Omit<FrameOptions, "rows" | "foot"> => ({ ...look, columns, now: context.now() })
  const painter = startPainter(context.stdout, context.signals, ({ columns, rows }) => {
    const now = context.now()
    return run === null ? foot(now) : frame(run, { ...options(columns), rows, foot: foot(now) })
  })
  const tick = setInterval(painter.refresh, tickMs)
  const keys = readKeys(context.stdin, (key) => {
    if (key === "\u0003" || key === "q") controls.interrupt()
    const ask = run === null ? undefined : openApprovals(run)[0]
    if (ask === undefined || ask.id !== shown.id || context.now() - shown.since < readFirstMs) return
    if (key === "a" || key === "d") controls.answer(ask, key === "a")
  })
  return {
    run: (view) => {
      const left = view.tasks.filter((task) => scrollsOut(task) && !gone.has(task.key))
      for (const task of view.tasks) if (!scrollsOut(task)) gone.delete(task.key)
      for (const task of left) gone.add(task.key)
      run = view
      const ask = openApprovals(view)[0]
      if (ask !== undefined && ask.id !== shown.id) shown = { id: ask.id, since: context.now() }
      painter.above(left.map((task) => farewellLine(task, view, options(painter.size().columns))))
      painter.refresh()
    },
    milestone: (event) => {
      last = event
      painter.refresh()
    },
    notice: (text) => {
      notice = { text, until: context.now() + noticeMs }
      painter.refresh()
    },
    end: () => {
      clearInterval(tick)
      keys.end()
      painter.end()
    },
  }
}

const milestoneText = ({ task, text }: EventView): string => (task === null ? text : `${task}: ${text}`)

function keysText(run: RunView, leaving: string): string {
  const [ask, ...others] = openApprovals(run)
  if (ask === undefined) return `Ctrl-C: ${leaving}`
  const more = others.length === 0 ? "" : ` (then ${others.length} more)`
  return `a: allow ${ask.id} | d: deny it${more} | Ctrl-C: ${leaving}`
}
