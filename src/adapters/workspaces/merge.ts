/** Merges a ref into a workspace for a repair, and leaves the conflicts in the files, with what both sides started from. */
import { fault, FaultError } from "../../domain/fault.ts"
import { bring } from "./clone.ts"
import { commitEverything, commitMerge, isMerging } from "./commit.ts"
import type { Context } from "./context.ts"
import { entries, fleet, gitFailed } from "./git.ts"
import type { Place } from "./journal.ts"
import { checkoutLocks, persist } from "./lane.ts"
import { gitDirectoryOf } from "./snapshot.ts"

/** Returns the files in conflict; none when the merge was clean (it is committed then) or there was nothing to merge. */
export async function mergeInto(context: Context, place: Place, ref: string, signal: AbortSignal): Promise<readonly string[]> {
  const { git } = context
  if (await isMerging(context, place.path)) return unmergedIn(context, place.path)
  const commit = await bring(context, place, ref, signal)
  if (commit === null)
    throw new FaultError(
      fault("unknown-ref", `there is no ${ref} in ${place.repository}`, "it was to be merged into the workspace", "check the name of the target branch"),
    )
  await commitEverything(context, place, "Work so far\n\nCommitted by Fleet before it merges the target branch.", fleet, signal)
  const args = ["merge", "--no-commit", "--no-ff", "--no-verify", "--no-stat", "--no-autostash", "--quiet", "--", commit]
  const result = await persist(git, place.path, args, checkoutLocks(await gitDirectoryOf(git, place.path)), { signal })
  const conflicted = await unmergedIn(context, place.path)
  if (conflicted.length > 0) return conflicted
  if (result.code !== 0) throw gitFailed(place.path, args, result)
  if (await isMerging(context, place.path)) await commitMerge(context, place, `Merge ${ref} into ${place.branch}`, signal)
  return []
}

export async function unmergedIn(context: Context, path: string): Promise<readonly string[]> {
  return entries(await context.git.read(path, ["diff", "--name-only", "--diff-filter=U", "-z", "--no-ext-diff"]))
}
