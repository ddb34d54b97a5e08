/** What a job's failure is to the hub: a fault, and whether the same job may well succeed a little later. */
import { FaultError, fault, type Fault } from "../domain/fault.ts"

export interface Failure {
  readonly fault: Fault
  readonly transient: boolean
}

export function failureOf(error: unknown): Failure {
  if (error instanceof FaultError) return { fault: error.fault, transient: transientCodes.has(error.fault.code) }
  const code = systemCode(error)
  if (code !== null && shortages.has(code)) return { fault: shortage(code, error), transient: true }
  return { fault: bug(error), transient: false }
}

/** Faults of the moment: another try, bounded and with a pause, may well go better. All others stay until a person does something. */
const transientCodes = new Set([
  "worker.no-ports",
  "worker.closing",
  "session.survivors",
  // The agent is gone or was never there; opening it again is the way on.
  "session.not-open",
  "session.unknown",
  "agent-not-started",
  "agent-open",
  "agent-open-timeout",
  // Something wrote into the workspace after its work was collected; collecting again sees it.
  "checks.moved",
  "checks.uncommitted",
  // Somebody else's lock, a network that was away, a target that others move.
  "git-failed",
  "setup-failed",
  "target-races",
])

/** The machine is short of something that comes back. */
const shortages = new Set(["ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "EBUSY", "ETXTBSY"])

function systemCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null
}

const shortage = (code: string, error: unknown): Fault =>
  fault(
    "worker.shortage",
    "A job could not be done",
    `the machine is short of something (${code}): ${text(error)}`,
    "Free disk space, memory or processes; it is tried again by itself.",
  )

const bug = (error: unknown): Fault =>
  fault("worker.bug", "A job could not be done", text(error), "This is a fault of Fleet itself. Please report it with the worker's log.")

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 2_000)
