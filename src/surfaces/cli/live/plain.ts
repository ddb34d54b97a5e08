/** One line per change of state, with the time since the start: for CI logs, pipes and screen readers. A heartbeat each minute shows that it lives. */
import type { RunView } from "../../../protocol/views.ts"
import type { Paint, Signs } from "../style.ts"
import { clockTime, oneLine } from "../text.ts"
import { gateText, waveEndText, waveText } from "./campaign-lines.ts"
import { changesBetween, type Change } from "./changes.ts"
import { answersOf, askerIn, type Display } from "./display.ts"
import { lookOf } from "./states.ts"
import { tryText } from "./tries.ts"

const heartbeatMs = 60_000

export interface PlainOptions {
  readonly write: (line: string) => void
  readonly now: () => number
  readonly signs: Signs
  readonly paint: Paint
}

export function plainDisplay(options: PlainOptions): Display {
  let last: RunView | null = null
  const say = (text: string): void => options.write(`${clockTime(last === null ? 0 : options.now() - last.startedAt).padStart(7)}  ${text}`)
  const beat = (): void => {
    if (last !== null) say(heartbeatText(last))
  }
  let heartbeat = setInterval(beat, heartbeatMs)
  return {
    run: (view) => {
      const changes = changesBetween(last, view)
      last = view
      for (const change of changes) for (const line of changeTexts(change, options)) say(line)
      if (changes.length === 0) return
      clearInterval(heartbeat)
      heartbeat = setInterval(beat, heartbeatMs)
    },
    milestone: () => undefined,
    notice: (text) => say(oneLine(text)),
    end: () => clearInterval(heartbeat),
  }
}

function changeTexts(change: Change, { signs, paint }: Pick<PlainOptions, "signs" | "paint">): string[] {
  switch (change.type) {
    case "run":
      return [`run ${change.run.id} ${runWord(change.run)}`]
    case "planned":
      return change.campaign.gate === null ? [] : [oneLine(gateText(change.campaign.gate))]
    case "wave": {
      const { run, wave } = change
      return wave.open ? [oneLine(waveText(run, wave)), ...wave.moved.map((why) => paint("dim", `  ${oneLine(why)}`))] : [oneLine(waveEndText(wave))]
    }
    case "task": {
      const { task } = change
      const look = lookOf(task.status)
      const tried = task.status === "done" ? "" : tryText(task)
      const attempt = tried === "" ? "" : ` (${tried})`
      const reason = task.reason === "" ? "" : `: ${oneLine(task.reason)}`
      return [`${paint(look.tone, `${signs[look.sign]} ${look.word.padEnd(9)}`)}  ${oneLine(task.key)} [${oneLine(task.agent)}]${attempt}${reason}`]
    }
    case "asked": {
      const { approval } = change
      return [`${paint("yellow", `${signs.needsYou} asks     `)}  ${askerIn(approval)}: ${oneLine(approval.question)} (${answersOf(approval).join(" | ")})`]
    }
  }
}

function runWord(run: RunView): string {
  return run.reason === null ? run.status : `${run.status}: ${oneLine(run.reason)}`
}

function heartbeatText(run: RunView): string {
  const { counts } = run
  const needs = counts.needsYou > 0 ? `, ${counts.needsYou} need you` : ""
  return `still running: ${counts.done}/${counts.total} done, ${counts.working} working, ${counts.queued} queued${needs}`
}
