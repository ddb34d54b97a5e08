/** One JSON object per change, each with `schema_version`: for programs. The last one, `end`, is written by the closing. */
import type { RunView } from "../../../protocol/views.ts"
import { changesBetween, type Change } from "./changes.ts"
import type { Display } from "./display.ts"

export function jsonDisplay(write: (value: object) => void, now: () => number): Display {
  let last: RunView | null = null
  return {
    run: (view) => {
      for (const change of changesBetween(last, view)) write(changeObject(change, view.id, now()))
      last = view
    },
    milestone: (event) => write({ ...event, type: "event", event: event.type }),
    notice: (text) => write({ type: "notice", at: now(), text }),
    end: () => undefined,
  }
}

function changeObject(change: Change, run: string, at: number): object {
  switch (change.type) {
    case "run":
      return { type: "run", at, run, status: change.run.status, reason: change.run.reason, counts: change.run.counts, usage: change.run.usage }
    case "planned": {
      const { gate, foreseen, criticism, hold } = change.campaign
      return { type: "planned", at, run, gate, foreseen, criticism, hold }
    }
    case "wave":
      return { type: "wave", at, run, wave: change.wave }
    case "task": {
      const { key, status, reason, agent, attempt, attemptsMax, files, usage, branch, landed } = change.task
      return { type: "task", at, run, key, status, reason, agent, attempt, attemptsMax, files, usage, branch, landed }
    }
    case "asked":
      return { type: "approval", at, run, approval: change.approval }
  }
}
