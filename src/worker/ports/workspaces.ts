/** What a worker needs of git: checkouts to work in, facts about them, and landing. Adapter: `adapters/workspaces`. */
import type {
  CheckResult,
  Collected,
  CollectWork,
  FileChange,
  LandingOutcome,
  Prepared,
  PrepareWorkspace,
  Released,
  TryLanding,
} from "../../domain/worker/job.ts"
import type { RepositoryFacts } from "../../domain/repository/facts.ts"
import type { WorkspaceId } from "../../domain/ids.ts"

export interface Workspaces extends AsyncDisposable {
  prepare(job: PrepareWorkspace, signal: AbortSignal): Promise<Prepared>
  /** Absolute path of a prepared workspace, found again after a restart of the worker; rejects with a `FaultError` when there is none. */
  locate(workspace: WorkspaceId): Promise<string>
  collect(job: CollectWork, signal: AbortSignal): Promise<Collected>
  /** Files changed in a workspace against the merge base with `target`, uncommitted and untracked ones included; the agent's index is not touched. */
  changes(workspace: WorkspaceId, target: string): Promise<readonly FileChange[]>
  /** The same as unified patch text, at most `maxBytes`. */
  patch(workspace: WorkspaceId, target: string, maxBytes: number): Promise<string>
  /** What a commit that landed brought to its target: files, and unified patch text of at most `maxBytes`. */
  landed(repository: string, commit: string, maxBytes: number): Promise<{ readonly files: readonly FileChange[]; readonly patch: string }>
  land(job: TryLanding, runChecks: CheckRunner, signal: AbortSignal): Promise<LandingOutcome>
  release(workspace: WorkspaceId, landed: boolean): Promise<Released>
  /** Removes pooled and landing workspaces of a repository. Returns how many. */
  tidy(repository: string): Promise<number>
  inspect(directory: string): Promise<RepositoryFacts>
}

/** Runs commands in a directory, in order, stopping at the first that fails. */
export type CheckRunner = (directory: string) => Promise<readonly CheckResult[]>
