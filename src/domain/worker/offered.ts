/** Which agents the workers have. A task whose agent nobody has would wait for ever. */
import { fault, type Fault } from "../fault.ts"
import type { State } from "../project/state.ts"

/** Null while no worker has said what it has: it may still come. */
export function unknownAgent(state: State, wanted: readonly string[]): Fault | null {
  const offered = new Set([...state.workers.values()].flatMap((worker) => worker.agents.map((agent) => agent.name)))
  const missing = wanted.find((agent) => offered.size > 0 && !offered.has(agent))
  if (missing === undefined) return null
  return fault(
    "unknown-agent",
    `no worker has an agent "${missing}"`,
    `the workers know ${[...offered].sort().join(", ")}`,
    "fleet agents lists them; add one in the config, or choose with --agent",
  )
}
