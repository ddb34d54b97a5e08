/** Starts every task that can start now, most critical path first. Nothing waits for others to end, but in runs that asked for waves. */
import { openApproval } from "../approval/open.ts"
import { startAttempt } from "../attempt/start.ts"
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf } from "../project/state.ts"
import { placeFor, roomIn, take } from "../task/waits.ts"
import type { Task } from "../task/task.ts"
import { whyRed } from "./gate-again.ts"
import type { Run } from "./run.ts"
import { isInWave } from "./wave.ts"

export function schedule(draft: Draft): void {
  if (draft.state.ready.isEmpty()) return
  const room = roomIn(draft.state)
  const slots = draft.state.workers.reduce(
    (sum, worker) => sum + (worker.status.name === "connected" ? worker.slots - (room.ofWorker.get(worker.id) ?? 0) : 0),
    0,
  )
  let left = slots
  for (const task of byUrgency(draft)) {
    if (!isInWave(runOf(draft.state, task.run), task)) continue
    if (!task.gateOpen) {
      openApproval(
        draft,
        task.id,
        { kind: "gate" },
        `start "${task.plan.title}"?`,
        [whyRed(task.plan.scope), task.plan.prompt].filter((line) => line !== null).join("\n\n"),
      )
      continue
    }
    if (left <= 0) continue
    const place = placeFor(draft.state, task, room, draft.now)
    if (!("worker" in place)) continue
    startAttempt(draft, task.id, place.worker)
    take(room, task, place.worker, task.plan.agent ?? runOf(draft.state, task.run).settings.agent)
    left -= 1
  }
}

/** Work that is half done goes first: it holds scopes and its dependants wait. Then the longest way to the end of the plan. */
export function byUrgency(draft: Draft): Task[] {
  return [...draft.state.ready]
    .map((id) => taskOf(draft.state, id))
    .filter((task) => isGoing(runOf(draft.state, task.run)))
    .sort(
      (a, b) =>
        Number(b.attempts.length > 0) - Number(a.attempts.length > 0) ||
        b.rankMinutes - a.rankMinutes ||
        b.plan.priority - a.plan.priority ||
        a.ordinal - b.ordinal ||
        (a.id < b.id ? -1 : 1),
    )
}

const isGoing = (run: Run): boolean => run.status.name === "running" && run.hold === null
