/** Puts uncommitted work that a release kept into the next checkout of the same workspace, as uncommitted changes again. The ref stays. */
import { bring } from "./clone.ts"
import type { Context } from "./context.ts"
import type { Place } from "./journal.ts"
import { commitOf } from "./repository.ts"
import { salvageMark } from "./salvage.ts"

/** True when it was put back. Where the checkout starts from another commit than the work was made on, nothing is touched. */
export async function putSalvageBack(context: Context, place: Place, salvage: string, signal: AbortSignal): Promise<boolean> {
  const { git } = context
  const snapshot = await snapshotOn(context, place, salvage)
  if (snapshot === null) return false
  await bring(context, place, snapshot, signal)
  // Files that the work deleted go with the first; the second leaves all files as they are.
  await git.read(place.path, ["read-tree", "--reset", "-u", snapshot], { signal })
  await git.read(place.path, ["read-tree", "HEAD"], { signal })
  await git.run(place.path, ["update-index", "-q", "--refresh"], { signal })
  return true
}

/** The commit that holds the uncommitted work: the salvage itself, or its first part where more was lost. */
async function snapshotOn(context: Context, place: Place, salvage: string): Promise<string | null> {
  const { git } = context
  const head = await commitOf(git, place.path, "HEAD")
  if (head === null) return null
  for (const name of [salvage, `${salvage}^1`]) {
    const commit = await commitOf(git, place.common, name)
    if (commit === null) return null
    const isOurs = (await git.read(place.common, ["log", "-1", "--format=%B", commit])).startsWith(salvageMark)
    const [parent, merged] = (await git.read(place.common, ["log", "-1", "--format=%P", commit])).trim().split(" ")
    // A merge half done cannot be put back whole: its conflict marks would pass for work.
    if (isOurs && parent === head && merged === undefined) return commit
  }
  return null
}
