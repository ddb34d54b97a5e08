/** Workers coming, going and being given up. */
import type { BootId, WorkerId } from "../ids.ts"
import type { Command } from "../project/command.ts"
import { closeAttempt } from "../attempt/close.ts"
import type { Draft } from "../project/draft.ts"
import { cutOffSessions } from "../session/hear.ts"
import { taskOf } from "../project/state.ts"

/** How long a worker may be away before its attempts are fenced. */
const leaseMs = 60_000

export function joinWorker(draft: Draft, command: Command & { type: "worker.join" }): null {
  const { worker, offer } = command
  const before = draft.state.workers.get(worker)
  draft.emit({ type: "worker.joined", worker, offer })
  if (before !== undefined && before.boot !== offer.boot) {
    loseAttempts(draft, worker, "its worker ended and a new one started")
    cutOffSessions(draft, worker, "its worker ended and a new one started")
  }
  return null
}

export function leaveWorker(draft: Draft, worker: WorkerId, boot: BootId): null {
  const known = draft.state.workers.get(worker)
  if (known?.boot === boot && known.status.name === "connected") draft.emit({ type: "worker.away", worker, leaseUntil: draft.now + leaseMs })
  return null
}

export function expectWorkers(draft: Draft): null {
  for (const worker of draft.state.workers.values())
    if (worker.status.name === "connected") draft.emit({ type: "worker.away", worker: worker.id, leaseUntil: draft.now + leaseMs })
  return null
}

/** Its lease ran out. Whatever it still says of these attempts changes nothing; when it comes back it is told to close them. */
export function loseWorker(draft: Draft, worker: WorkerId): void {
  draft.emit({ type: "worker.lost", worker })
  loseAttempts(draft, worker, "its worker was away for too long")
}

function loseAttempts(draft: Draft, worker: WorkerId, message: string): void {
  for (const task of [...draft.state.active].sort()) {
    const { state } = taskOf(draft.state, task)
    if (state.name !== "running" || state.attempt.worker !== worker) continue
    const { phase } = state.attempt
    // What has its proof half made needs no agent: the jobs that are left do not depend on the worker's life and are sent again.
    if (phase.name === "collecting" || phase.name === "widening" || phase.name === "checking" || phase.name === "measuring" || phase.name === "reading")
      continue
    if (phase.name !== "closing") closeAttempt(draft, task, { name: "end", end: { how: "failed", failure: { kind: "lost", message } } })
  }
}
