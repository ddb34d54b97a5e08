/** Fills the submodules of a new checkout, which git leaves empty in a worktree. */
import { isAbsolute, join } from "node:path"
import type { Context } from "./context.ts"
import type { Place } from "./journal.ts"
import { exists, insist, sharedLocks } from "./lane.ts"

export async function fillSubmodules(context: Context, place: Pick<Place, "common" | "path">, signal: AbortSignal): Promise<void> {
  if (!(await hasSubmodules(place.path))) return
  const { git } = context
  const protocol = (await isLocal(context, place)) ? ["-c", "protocol.file.allow=always"] : []
  // Registers the submodules in the shared configuration, hence in the lane.
  await context.repositories.run(place.common, () =>
    insist(git, place.path, [...protocol, "submodule", "--quiet", "update", "--init", "--recursive", "--force"], sharedLocks(place.common), { signal }),
  )
}

export const hasSubmodules = (checkout: string): Promise<boolean> => exists(join(checkout, ".gitmodules"))

/** Submodules by file path are cloned only for a repository that itself comes from this machine: a stranger's could read any path here. */
async function isLocal(context: Context, place: Pick<Place, "common">): Promise<boolean> {
  const url = await context.git.ask(place.common, ["config", "--get", "remote.origin.url"])
  return url === null || isAbsolute(url) || url.startsWith("file://") || url.startsWith("./") || url.startsWith("../")
}
