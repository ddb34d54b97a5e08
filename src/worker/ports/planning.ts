/** What a worker needs of a project's own instructions and of the files under `.planning/`. Adapter: `adapters/planning`. */
import type { InstanceClaim } from "../../domain/worker/job.ts"
import type { EditedFile, HarnessFacts, PlanningLook, PlanningWrite, Recorded } from "../../protocol/planning/record.ts"

export interface LookAt {
  /** Of our own campaigns there: none of their instances is a stranger. */
  readonly slugs: readonly string[]
  /** Slugs of those whose session file is looked at. */
  readonly files: readonly string[]
  /** Frees what dead instances of others hold. */
  readonly sweep: boolean
}

export interface PlanningFiles {
  /** What the project tells every agent: CLAUDE.md or AGENTS.md, and the summary of rules; null where there is none. */
  instructions(workspace: string): Promise<string | null>
  /** The block of what earlier sessions found, read anew; null where there is nothing. `told`: what its agent is told beside it, and need not read twice. */
  priorContext(repository: string, told: string): Promise<string | null>
  /** The block of campaigns that others lead there, for one that plans another; null where there are none. `except`: the slug of the one that asks. */
  activeCampaigns(repository: string, except: string): Promise<string | null>
  harness(repository: string): Promise<HarnessFacts>
  look(repository: string, at: LookAt): Promise<PlanningLook>
  /** In order. What was written before is not written again. Rejects with a `FaultError` when a place cannot be written at all. */
  record(repository: string, writes: readonly PlanningWrite[]): Promise<Recorded>
  /** Session files of campaigns that are not over, the newest first. */
  sessionFiles(repository: string): Promise<readonly Pick<EditedFile, "slug" | "found">[]>
  /** Marks a workspace with its instance, and claims its scopes where claims are kept. Rejects with a `FaultError` (`claim-held`) when somebody else holds one. */
  enter(repository: string, workspace: string, instance: InstanceClaim): Promise<void>
  /** The workspace is nobody's any more. */
  leave(workspace: string): Promise<void>
}
