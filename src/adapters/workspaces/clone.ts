/** Clones: a repository of the workspace's own, for those who want no shared refs, configuration or stash. Its work is fetched back when collected. */
import type { Context } from "./context.ts"
import type { Place } from "./journal.ts"
import { insist, sharedLocks } from "./lane.ts"
import { commitOf, refOf } from "./repository.ts"

const allLocal = ["-c", "protocol.file.allow=always"]

export async function addClone(context: Context, place: Place, branchMade: boolean, signal: AbortSignal): Promise<void> {
  const { git } = context
  await git.read(place.common, [...allLocal, "clone", "--quiet", "--local", "--no-checkout", "--", place.common, place.path], { signal })
  if ((await commitOf(git, place.path, place.base)) === null) await bring(context, place, place.base, signal)
  const start = branchMade ? place.base : `refs/remotes/origin/${place.branch}`
  // `clone` puts HEAD on the source's branch, which may be the very one that is wanted.
  await git.read(place.path, ["checkout", "--quiet", "--force", "--no-track", "-B", place.branch, start], { signal })
  await pointAtUpstream(context, place)
}

/** Makes a commit or ref of the source known in the clone; returns its commit. A worktree knows it anyway. */
export async function bring(context: Context, place: Place, ref: string, signal?: AbortSignal): Promise<string | null> {
  const { git } = context
  const commit = await commitOf(git, place.common, ref)
  if (commit === null || place.strategy !== "clone" || (await commitOf(git, place.path, commit)) !== null) return commit
  const source = [...allLocal, "-c", "uploadpack.allowAnySHA1InWant=true", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head"]
  await git.read(place.path, [...source, "--upload-pack=git -c uploadpack.allowAnySHA1InWant=true upload-pack", "--", place.common, commit], { signal })
  return commit
}

/** Fetches commits of a workspace's own repository into the source, onto a ref there. */
export async function fetchBack(context: Context, common: string, from: string, commit: string, ref: string): Promise<void> {
  const pack = "--upload-pack=git -c uploadpack.allowAnySHA1InWant=true upload-pack"
  const args = [...allLocal, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", pack, "--", from, `+${commit}:${ref}`]
  await context.repositories.run(common, () => insist(context.git, common, args, sharedLocks(common, ref)))
}

/** The work of a clone lands in the source by its branch there. */
export async function publishBranch(context: Context, place: Place, head: string): Promise<void> {
  if (place.strategy === "clone") await fetchBack(context, place.common, place.path, head, refOf(place.branch))
}

/** `origin` is what the person's own `origin` is; without one there is none, so no agent pushes into the person's repository by habit. */
async function pointAtUpstream(context: Context, place: Place): Promise<void> {
  const upstream = await context.git.ask(place.common, ["config", "--get", "remote.origin.url"])
  const args = upstream === null ? ["remote", "remove", "origin"] : ["remote", "set-url", "origin", upstream]
  await context.git.read(place.path, args)
}
