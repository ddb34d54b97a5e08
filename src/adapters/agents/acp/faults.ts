/** Why a session could not be opened, with the fix. */
import { RequestError } from "@agentclientprotocol/sdk"
import { fault, FaultError } from "../../../domain/fault.ts"
import type { AgentEntry } from "../options.ts"

/** ACP's code for "log in first". */
const authRequired = -32000

export function cannotStart(entry: AgentEntry, failure: NodeJS.ErrnoException): FaultError {
  const [program] = entry.argv
  const why = failure.code === "ENOENT" ? `there is no program "${program}" on its PATH, or its workspace is gone` : failure.message
  return new FaultError(
    fault(
      "agent-missing",
      `agent "${entry.name}" cannot be started`,
      why,
      `install it, or name its program: agents.${entry.name}.argv in the config; fleet doctor shows what is there`,
    ),
    { cause: failure },
  )
}

export function cannotOpen(entry: AgentEntry, error: unknown, words: string): FaultError {
  const said = words === "" ? "" : `; it said: ${words.slice(-500)}`
  const why = `${error instanceof Error ? error.message : String(error)}${said}`
  if (error instanceof RequestError && error.code === authRequired)
    return new FaultError(
      fault("agent-auth", `agent "${entry.name}" is not logged in`, why, `log in with its own program once, or set its key in the environment`),
      { cause: error },
    )
  return new FaultError(fault("agent-open", `agent "${entry.name}" could not open a session`, why, `run ${entry.argv.join(" ")} by hand to see what it says`), {
    cause: error,
  })
}

export function tooSlow(entry: AgentEntry, limitMs: number): FaultError {
  const why = `it did not answer within ${limitMs / 1_000} s`
  return new FaultError(
    fault("agent-open-timeout", `agent "${entry.name}" could not open a session`, why, `run ${entry.argv.join(" ")} by hand to see what it waits for`),
  )
}

export function notOffered(entry: AgentEntry, what: "mode" | "model", wanted: string, offered: readonly string[]): FaultError {
  const why = offered.length === 0 ? `it offers no choice of ${what} over ACP` : `it offers ${offered.join(", ")}`
  return new FaultError(
    fault(
      `agent-${what}`,
      `agent "${entry.name}" has no ${what} "${wanted}"`,
      why,
      `choose another ${what} for it, in the plan or under agents.${entry.name} in the config`,
    ),
  )
}
