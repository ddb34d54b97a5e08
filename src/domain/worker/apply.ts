/** What events about workers change. */
import type { WorkerId } from "../ids.ts"
import type { State } from "../project/state.ts"
import { withTimer } from "../project/tables.ts"
import type { Worker, WorkerEvent } from "./worker.ts"

export function applyWorker(state: State, event: WorkerEvent): State {
  switch (event.type) {
    case "worker.joined": {
      const before = state.workers.get(event.worker)
      const heard = before?.boot === event.offer.boot ? before.heard : 0
      const worker: Worker = { ...event.offer, id: event.worker, heard, status: { name: "connected" } }
      return withTimer({ ...state, workers: state.workers.set(worker.id, worker) }, leaseTimer(worker.id), null)
    }
    case "worker.heard": {
      const worker = state.workers.get(event.worker)
      return worker === undefined ? state : { ...state, workers: state.workers.set(event.worker, { ...worker, heard: event.sequence }) }
    }
    case "worker.away":
      return withTimer(withStatus(state, event.worker, { name: "away", leaseUntil: event.leaseUntil }), leaseTimer(event.worker), event.leaseUntil)
    case "worker.lost":
      return withTimer(withStatus(state, event.worker, { name: "lost" }), leaseTimer(event.worker), null)
    case "agent.cooling":
      return withTimer({ ...state, cooling: state.cooling.set(event.agent, event.until) }, coolingTimer(event.agent), event.until)
  }
}

export const leaseTimer = (worker: WorkerId): string => `lease:${worker}`
export const coolingTimer = (agent: string): string => `cooling:${agent}`

function withStatus(state: State, id: WorkerId, status: Worker["status"]): State {
  const worker = state.workers.get(id)
  return worker === undefined ? state : { ...state, workers: state.workers.set(id, { ...worker, status }) }
}
