/** What the worker's jobs are performed with. Put together in `main/worker.ts`; tests hand in fakes. */
import type { BootId } from "../domain/ids.ts"
import type { CheckResult, Report } from "../domain/worker/job-result.ts"
import type { PermissionRequest } from "../domain/session/turn.ts"
import type { Progress } from "../protocol/worker.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Checkouts } from "./checkout.ts"
import type { Agents } from "./ports/agents.ts"
import type { Health } from "./ports/health.ts"
import type { RepositoryMaps } from "./ports/map.ts"
import type { PlanningFiles } from "./ports/planning.ts"
import type { SessionProcesses } from "./ports/processes.ts"
import type { PortBlocks } from "./port-blocks.ts"
import type { Transcripts } from "./transcript.ts"
import type { Workspaces } from "./ports/workspaces.ts"

export interface SessionParts {
  readonly clock: Clock
  readonly boot: BootId
  readonly homeId: string
  /** The worker's own environment, handed in. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly agents: Agents
  readonly processes: SessionProcesses
  readonly checkouts: Checkouts
  readonly ports: PortBlocks
  readonly transcripts: Transcripts
  /** Policy on what an agent asks. `ask`: a person decides. */
  readonly decide: (request: PermissionRequest, directory: string) => "allow" | "deny" | "ask"
  readonly report: (report: Report) => void
  readonly progress: (progress: Progress) => void
  /** Between asking an agent to stop its turn, closing it, and giving up on it. */
  readonly graceMs: number
}

export interface WorkerParts extends SessionParts {
  readonly workspaces: Workspaces
  readonly maps: RepositoryMaps
  readonly planning: PlanningFiles
  readonly health: Health
  /** Runs commands in a directory, in order, stopping at the first that fails. */
  readonly runChecks: (request: ChecksRequest, signal: AbortSignal) => Promise<readonly CheckResult[]>
}

export interface ChecksRequest {
  readonly directory: string
  readonly commands: readonly string[]
  readonly timeoutMs: number
  readonly environment: Readonly<Record<string, string>>
}
