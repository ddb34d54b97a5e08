/** Which directory a tool works on when the agent names none. */
import { isAbsolute } from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import type { FleetForAgents } from "./fleet-for-agents.ts"

export function directoryOf({ here }: FleetForAgents, named: string | null): string {
  const directory = named ?? here
  if (directory === null)
    throw new FaultError(
      fault("no-directory", "which directory?", "over HTTP, Fleet cannot see where you work", "pass directory: the absolute path of the checkout"),
    )
  if (!isAbsolute(directory))
    throw new FaultError(fault("no-directory", `${directory} is not an absolute path`, "Fleet does not know what it is relative to", "pass the whole path"))
  return directory
}
