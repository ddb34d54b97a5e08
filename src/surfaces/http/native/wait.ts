/** A long poll: answers when a run or a session has something to show, or when the time is over. Nothing is missed: it looks after every change, and once before. */
import { fault, FaultError } from "../../../domain/fault.ts"
import { runOf } from "../../../domain/project/state.ts"
import { findRun } from "../../../engine/find.ts"
import type { Hub } from "../../../engine/hub.ts"
import { viewRun } from "../../../engine/views/run.ts"
import type { WaitView } from "../../../protocol/api/schemas/hub.ts"
import type { SessionView } from "../../../protocol/session-views.ts"
import { seenSession } from "./seen-session.ts"

export interface WaitFor {
  readonly run: string | null
  readonly sessions: readonly string[]
  readonly timeoutMs: number
}

export async function wait(hub: Hub, of: WaitFor, signal: AbortSignal): Promise<WaitView> {
  if (of.run === null && of.sessions.length === 0)
    throw new FaultError(
      fault("nothing-to-wait-for", "there is nothing to wait for", "neither a run nor a session was named", "name one: ?run=… or ?session=…"),
    )
  let late = false
  const over = Promise.withResolvers<void>()
  using _limit = hub.parts.clock.after(of.timeoutMs, () => {
    late = true
    over.resolve()
  })
  const gone = (): void => over.resolve()
  signal.addEventListener("abort", gone, { once: true })
  let changed = Promise.withResolvers<void>()
  using _heard = hub.published.subscribe(() => changed.resolve())
  try {
    for (;;) {
      changed = Promise.withResolvers<void>()
      const view = look(hub, of)
      if (view.over || late || signal.aborted) return view
      await Promise.race([changed.promise, over.promise])
    }
  } finally {
    signal.removeEventListener("abort", gone)
  }
}

function look(hub: Hub, of: WaitFor): WaitView {
  const run = of.run === null ? null : viewRun(hub.state, runOf(hub.state, findRun(hub.state, of.run)), hub.live, hub.parts.clock.now())
  const sessions = of.sessions.map((name) => seenSession(hub, name))
  const rested = sessions.filter(rests).map(({ id }) => id)
  const runOver = run !== null && (run.endedAt !== null || run.approvals.length > 0)
  return { over: runOver || rested.length > 0, run, sessions, rested }
}

function rests({ status }: SessionView): boolean {
  switch (status) {
    case "idle":
    case "asleep":
    case "needs-you":
    case "ended":
      return true
    case "starting":
    case "queued":
    case "working":
    case "stopping":
    case "unknown":
      return false
  }
}
