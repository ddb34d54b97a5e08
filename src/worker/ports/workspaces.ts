/** What a worker needs of git: checkouts to work in, facts about them, and landing. Adapter: `adapters/workspaces`. */
import type { CollectWork, PrepareWorkspace, TryLanding } from "../../domain/worker/job.ts"
import type { CheckResult, Collected, FileChange, LandingOutcome, Prepared, Released, Survey } from "../../domain/worker/job-result.ts"
import type { FileContent, FileDiff, FileEdit, TreeEntry } from "../../protocol/worker.ts"
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
  /** Everything that is there now against `base`, and its tree. In a directory without a repository nothing is known: no files, tree null. The agent's index is not touched. */
  survey(workspace: WorkspaceId, base: string | null): Promise<Survey>
  /** Texts before and after of what changed between two commits or trees, `to` null: what is there now (untracked included). Bounded; `cut` says so. */
  diffs(workspace: WorkspaceId, from: string, to: string | null): Promise<{ readonly diffs: readonly FileDiff[]; readonly cut: boolean }>
  /** Files below the workspace, `.git` and dependencies left out. Nothing behind a link is followed. Depth 10, 5000 entries. */
  tree(workspace: WorkspaceId): Promise<{ readonly entries: readonly TreeEntry[]; readonly cut: boolean }>
  /** Rejects with the faults `path-denied` (outside, a link, `.git`, NUL) and `path-missing`. */
  file(workspace: WorkspaceId, path: string): Promise<FileContent>
  findFiles(workspace: WorkspaceId, text: string, limit: number): Promise<readonly string[]>
  /** A person's own edit, behind the same checks as `file`. */
  edit(workspace: WorkspaceId, edit: FileEdit): Promise<void>
  /** What a commit that landed brought to its target: files, and unified patch text of at most `maxBytes`. */
  landed(repository: string, commit: string, maxBytes: number): Promise<{ readonly files: readonly FileChange[]; readonly patch: string }>
  land(job: TryLanding, runChecks: CheckRunner, signal: AbortSignal): Promise<LandingOutcome>
  /** `tag`: put on the branch first. */
  release(workspace: WorkspaceId, landed: boolean, tag?: string | null): Promise<Released>
  /** Removes pooled and landing workspaces of a repository. Returns how many. */
  tidy(repository: string): Promise<number>
  /** Those of the commits that the branch holds; what is no commit here is not held. */
  holds(repository: string, branch: string, commits: readonly string[]): Promise<readonly string[]>
  /** `ref`: a branch whose commit is wanted, too. */
  inspect(directory: string, ref?: string | null): Promise<RepositoryFacts>
}

/** Runs commands in a directory, in order, stopping at the first that fails. */
export type CheckRunner = (directory: string) => Promise<readonly CheckResult[]>
