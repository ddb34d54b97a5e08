/** Says on the person's desktop that something needs them, and that a run has finished. Only what happens now: nobody wants the notices of yesterday. */
import type { Event } from "../domain/project/events.ts"
import type { State } from "../domain/project/state.ts"
import type { Broadcast } from "../runtime/broadcast.ts"
import { plainText } from "../runtime/plain-text.ts"
import type { Desktop } from "./ports/posts.ts"
import type { Stored } from "./ports/store.ts"

const titleCharsMax = 80
const textCharsMax = 240

export interface Notice {
  readonly title: string
  readonly text: string
}

/** Until it is disposed of. */
export function sendNotices(hub: { readonly state: State; readonly published: Broadcast<Stored<Event>> }, desktop: Desktop): Disposable {
  return hub.published.subscribe(({ event }) => {
    const notice = noticeOf(hub.state, event)
    if (notice !== null) void desktop.show(plain(notice.title, titleCharsMax), plain(notice.text, textCharsMax))
  })
}

/** Null: nothing that a person must know at once. */
export function noticeOf(state: State, event: Event): Notice | null {
  if (event.type === "approval.opened") {
    const asker = event.task ?? (event.about.kind === "permission" ? (state.sessions.get(event.about.session)?.title ?? event.about.session) : null)
    return { title: "Fleet needs you", text: `${asker === null ? "" : `${asker}: `}${event.question} (fleet inbox)` }
  }
  if (event.type !== "run.settled") return null
  const run = state.runs.get(event.run)
  const tasks = run?.tasks.map((id) => state.tasks.get(id)?.state.name) ?? []
  const done = tasks.filter((name) => name === "done").length
  return { title: `Fleet: run ${event.outcome}`, text: `${run?.goal ?? event.run}: ${done} of ${tasks.length} tasks done` }
}

/** Much of it was written by agents. */
const plain = (text: string, maxChars: number): string => plainText(text, { maxChars, oneLine: true })
