/** Workspaces that are the person's own checkout: nothing is made, switched, cleaned or removed there. */
import { fault, FaultError } from "../../domain/fault.ts"
import type { PrepareWorkspace } from "../../domain/worker/job.ts"
import type { Context } from "./context.ts"
import type { Place } from "./journal.ts"
import { checkoutOf, commitOf } from "./repository.ts"

export async function adopt(context: Context, job: PrepareWorkspace, common: string): Promise<Place> {
  const { git } = context
  const path = await checkoutOf(git, job.repository)
  if (path === null)
    throw new FaultError(fault("bare-repository", `${job.repository} is a bare repository`, "it has no checkout to work in", "use a worktree or a clone"))
  const head = await commitOf(git, path, "HEAD")
  if (head === null)
    throw new FaultError(
      fault(
        "no-commits",
        `${path} has no commits`,
        "what an agent changes is compared with a commit",
        `commit something first: git -C '${path}' commit --allow-empty -m 'First commit'`,
      ),
    )
  const branch = await git.ask(path, ["symbolic-ref", "--quiet", "--short", "HEAD"])
  if (branch === null)
    throw new FaultError(fault("detached-head", `${path} is on no branch`, "its HEAD is detached", `choose one: git -C '${path}' switch <branch>`))
  const place: Place = { workspace: job.workspace, strategy: "existing", repository: job.repository, common, path, branch, base: head, preparation: null }
  await context.journal.write({ ...place, state: "ready" })
  return place
}
