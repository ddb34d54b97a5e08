/** Workspaces that are a directory of the person's, in a repository or not: nothing is made, switched, cleaned or removed there. */
import { stat } from "node:fs/promises"
import { fault, FaultError } from "../../domain/fault.ts"
import type { PrepareWorkspace } from "../../domain/worker/job.ts"
import type { Prepared } from "../../domain/worker/job-result.ts"
import type { Context } from "./context.ts"
import type { Adopted, Place } from "./journal.ts"
import { mergeInto } from "./merge.ts"
import { checkoutOf, commitOf } from "./repository.ts"

/** `before`: it was taken up earlier; what its changes are counted from stays. */
export async function adopt(context: Context, job: PrepareWorkspace, before: Adopted | null, signal: AbortSignal): Promise<Prepared> {
  const { git } = context
  const path = before?.path ?? job.repository
  await checkDirectory(path)
  const common = await git.ask(path, ["rev-parse", "--path-format=absolute", "--git-common-dir"], signal)
  if (common !== null && (await checkoutOf(git, path)) === null)
    throw new FaultError(fault("bare-repository", `${path} is a bare repository`, "it has no checkout to work in", "use a worktree or a clone"))
  const branch = common === null ? null : await git.ask(path, ["symbolic-ref", "--quiet", "--short", "HEAD"], signal)
  const base = before === null ? (common === null ? null : await commitOf(git, path, "HEAD")) : before.base
  const adopted: Adopted = { state: "adopted", workspace: job.workspace, repository: job.repository, path, common, branch, base }
  await context.journal.write(adopted)
  const conflicted = job.merge === null ? [] : await mergeInto(context, placeOfAdopted(adopted), job.merge, signal)
  return { path, branch, base, reused: before !== null, conflicted }
}

/** An adopted directory as a place of git's, for what cannot do without a branch and a commit to start from. */
export function placeOfAdopted({ workspace, repository, path, common, branch, base }: Adopted): Place {
  if (common !== null && branch !== null && base !== null)
    return { workspace, strategy: "existing", repository, common, path, branch, base, preparation: null, given: false, borrowed: true }
  const why = common === null ? "it is in no git repository" : branch === null ? "its HEAD is detached" : "it has no commits"
  throw new FaultError(
    fault("no-branch", `there is no branch to work with in ${path}`, why, `put it on a branch with a commit: git -C '${path}' switch <branch>`),
  )
}

export async function checkDirectory(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error)
  if (found instanceof Error)
    throw new FaultError(
      fault("directory-missing", `there is no directory ${path}`, `it was looked for and not found (${found.code ?? "?"})`, "check the path"),
    )
  if (!found.isDirectory()) throw new FaultError(fault("not-a-directory", `${path} is not a directory`, "an agent works in a directory", "check the path"))
}
