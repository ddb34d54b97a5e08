/** Commits what lies in a checkout, under the name that is given. */
import type { Context } from "./context.ts"
import type { Identity } from "./git.ts"
import { authoredBy, fleet } from "./git.ts"
import type { Place } from "./journal.ts"
import { checkoutLocks, insist, sharedLocks } from "./lane.ts"
import { refOf } from "./repository.ts"
import { embeddedIn, gitDirectoryOf, stageAll } from "./snapshot.ts"

/** Stages everything but embedded repositories, and commits when there is something to commit or a merge to finish. */
export async function commitEverything(context: Context, place: Place, message: string, author: Identity, signal?: AbortSignal): Promise<boolean> {
  const { git } = context
  const locks = [...checkoutLocks(await gitDirectoryOf(git, place.path)), ...sharedLocks(place.common, refOf(place.branch))]
  await insist(git, place.path, stageAll(await embeddedIn(git, place.path)), locks, { signal })
  const clean = await git.holds(place.path, ["diff", "--cached", "--quiet", "--no-ext-diff", "--ignore-submodules=dirty"], signal)
  if (clean && !(await isMerging(context, place.path))) return false
  await commitStaged(context, place, message, author, locks, signal)
  return true
}

export async function commitMerge(context: Context, place: Place, message: string, signal?: AbortSignal): Promise<void> {
  const locks = [...checkoutLocks(await gitDirectoryOf(context.git, place.path)), ...sharedLocks(place.common, refOf(place.branch))]
  await commitStaged(context, place, message, fleet, locks, signal)
}

export const isMerging = (context: Context, path: string): Promise<boolean> => context.git.holds(path, ["rev-parse", "--verify", "--quiet", "MERGE_HEAD"])

async function commitStaged(context: Context, place: Place, message: string, author: Identity, locks: readonly string[], signal?: AbortSignal): Promise<void> {
  const args = ["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim", "--file=-"]
  await insist(context.git, place.path, args, locks, { stdin: message.endsWith("\n") ? message : `${message}\n`, environment: authoredBy(author), signal })
}
