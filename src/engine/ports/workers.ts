/** What the engine needs of the workers that are connected. Adapter: `adapters/workers/*`. */
import type { BootId, WorkerId } from "../../domain/ids.ts"
import type { Job } from "../../domain/worker/job.ts"
import type { Answer, Hello, Progress, Query, SequencedReport } from "../../protocol/worker.ts"

export interface Workers extends AsyncDisposable {
  /** Hands a job to a worker. Nothing happens when it is not connected: open jobs are sent again when it says hello. */
  send(worker: WorkerId, job: Job): void
  /** Asks a connected worker for a fact. Rejects with a `FaultError` when it is away, refuses, or does not answer in time. */
  ask(worker: WorkerId, query: Query): Promise<Answered>
  /** Tells a connected worker to end all its agents and exit. Nothing happens when it is not connected. */
  shutdown(worker: WorkerId): void
}
/** An answer that is not a refusal: a refusal rejects. */
export type Answered = Extract<Answer, { readonly ok: true }>

/** What the engine hears. Of one worker one call at a time, in order; of several workers at once. The adapter acknowledges a report to the worker only after `reported` has resolved. */
export interface WorkersListener {
  /**
   * Resolves to the sequence of the last report of this boot that is committed, 0 for a boot not heard of before: the worker
   * forgets up to there and sends the rest. Jobs sent from within reach the worker after its welcome.
   */
  connected(hello: Hello): Promise<number>
  /** The connection ended, or nothing was heard for the time the protocol allows. Not called when the hub itself closes down. */
  disconnected(worker: WorkerId, boot: BootId): Promise<void>
  reported(worker: WorkerId, boot: BootId, report: SequencedReport): Promise<void>
  /** Latest-wins facts for the live view. Never state. */
  progressed(worker: WorkerId, progress: Progress): void
}
