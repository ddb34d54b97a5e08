/** Names that the processes of one machine agree on. */
import { createHash } from "node:crypto"

export const localWorker = "local"

/** `FLEET_HOME_ID` of everything that a worker of this home starts, in each of its lives. */
export function homeIdOf(home: string, worker: string): string {
  return createHash("sha256").update(`${home}\0${worker}`).digest("hex").slice(0, 32)
}
