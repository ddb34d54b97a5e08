/** Names that the processes of one machine agree on. */
import { createHash } from "node:crypto"
import path from "node:path"

export const localWorker = "local"

/** `FLEET_HOME_ID` of everything that a worker of this home starts, in each of its lives. */
export function homeIdOf(home: string, worker: string): string {
  return createHash("sha256").update(`${home}\0${worker}`).digest("hex").slice(0, 32)
}

/** The lock that a worker of this home and name holds while it lives. */
export const workerLock = (home: string, worker: string): string => path.join(home, `worker-${encodeURIComponent(worker)}.lock`)
