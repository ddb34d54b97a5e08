/** A process that holds workspaces and agents, as far as the hub knows it. */
import type { BootId, WorkerId } from "../ids.ts"

export interface Worker extends WorkerOffer {
  readonly id: WorkerId
  /** Number of the last report of this boot that is part of the state. */
  readonly heard: number
  /** connected; away: not heard of, its lease still runs; lost: its lease ran out, its attempts are fenced. */
  readonly status: { readonly name: "connected" } | { readonly name: "away"; readonly leaseUntil: number } | { readonly name: "lost" }
}

/** What it says of itself when it connects. */
export interface WorkerOffer {
  readonly boot: BootId
  readonly pid: number
  readonly slots: number
  readonly labels: readonly string[]
  /** Agents that its registry knows, with their own limit of slots. */
  readonly agents: readonly { readonly name: string; readonly slotsMax: number | null }[]
}

export type WorkerEvent =
  | { readonly type: "worker.joined"; readonly worker: WorkerId; readonly offer: WorkerOffer }
  /** Committed with what a report leads to, so that no report counts twice and none is skipped. */
  | { readonly type: "worker.heard"; readonly worker: WorkerId; readonly sequence: number }
  | { readonly type: "worker.away"; readonly worker: WorkerId; readonly leaseUntil: number }
  | { readonly type: "worker.lost"; readonly worker: WorkerId }
  /** An agent's provider told everyone to wait. */
  | { readonly type: "agent.cooling"; readonly agent: string; readonly until: number }
