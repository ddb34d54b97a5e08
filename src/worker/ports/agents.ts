/** What a worker needs of its registry of agents. Adapter: `adapters/agents`. */
import type { OfferedAgent, SeenAgent } from "../../protocol/worker.ts"
import type { AgentDriver } from "./agent.ts"

export interface Agents extends AsyncDisposable {
  readonly offered: readonly OfferedAgent[]
  /** Looks now which of them have their program on this machine, in the order in which they are preferred. */
  look(): Promise<readonly SeenAgent[]>
  /** The driver of that agent, made when it is first asked for. Rejects with a `FaultError` when there is no such agent. */
  driver(agent: string): Promise<AgentDriver>
  /** Names of the environment variables that this agent needs of the worker's own: keys and addresses of its provider. */
  passedVariables(agent: string): readonly string[]
}
