/** What a worker needs of the processes that carry a session's mark (`FLEET_SESSION`), wherever they live. */
import type { SessionId } from "../../domain/ids.ts"

export interface SessionProcesses {
  /** Processor time that they have used so far; null where it cannot be known. */
  cpuMs(session: SessionId): Promise<number | null>
  /** Ends them all and looks again. Resolves to how many; rejects with a `FaultError` when some are still there. */
  end(session: SessionId): Promise<number>
}
