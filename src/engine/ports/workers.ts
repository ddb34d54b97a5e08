/** What the engine needs of the workers that are connected. Adapter: `adapters/workers/*`. */
import type { BootId, WorkerId } from "../../domain/ids.ts"
import type { Job } from "../../domain/worker/job.ts"
import type { Answer, Hello, Progress, Query, SequencedReport } from "../../protocol/worker.ts"

export interface Workers extends AsyncDisposable {
  /** Hands a job to a worker. Nothing happens when it is not connected: open jobs are sent again when it says hello. */
  send(worker: WorkerId, job: Job): void
  /** Asks a connected worker for a fact. Rejects with a `FaultError` when it is away, refuses, or does not answer in time. */
  ask(worker: WorkerId, query: Query): Promise<Answer>
}

/** What the engine hears. The adapter acknowledges a report to the worker only after `reported` has resolved. */
export interface WorkersListener {
  connected(hello: Hello): Promise<void>
  /** The connection ended, or nothing was heard for the time the protocol allows. */
  disconnected(worker: WorkerId, boot: BootId): Promise<void>
  reported(worker: WorkerId, boot: BootId, report: SequencedReport): Promise<void>
  /** Latest-wins facts for the live view. Never state. */
  progressed(worker: WorkerId, progress: Progress): void
}
