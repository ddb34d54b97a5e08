/** Keeps what the removal of a workspace would lose: everything goes into one commit under `refs/fleet/salvage/`, and nothing else is touched. */
import { join } from "node:path"
import { fetchBack } from "./clone.ts"
import type { Context } from "./context.ts"
import { entries } from "./git.ts"
import type { Place } from "./journal.ts"
import { exists, insist, sharedLocks } from "./lane.ts"
import { commitOf, refOf, tipOf } from "./repository.ts"
import { embeddedIn, linksIn, withEverythingStaged } from "./snapshot.ts"
import { deleteRef } from "./worktree.ts"

const noCommit = "0".repeat(40)
/** By it a salvage is told from commits that somebody else made. */
export const salvageMark = "Salvage of "
const messageOf = (what: string): string => `${salvageMark}${what}\n\nMade by Fleet before it removed the workspace.\n`

/** Returns the ref that holds what was found, or null when all of it is on branches that stay. `landed`: the workspace's own branch does not stay. */
export async function salvage(context: Context, place: Place, landed: boolean): Promise<string | null> {
  const name = place.workspace.replace(/[^A-Za-z0-9_-]+/g, "-")
  const temporary: string[] = []
  const keep = async (from: string, commit: string): Promise<string> => {
    const ref = `refs/fleet/salvaging/${name}/${temporary.length}`
    temporary.push(ref)
    await fetchBack(context, place.common, from, commit, ref)
    return commit
  }
  const lost = [...(await ownWork(context, place, landed, keep)), ...(await nestedWork(context, place, keep))]
  const ref = lost.length === 0 ? null : await record(context, place, name, lost)
  for (const each of temporary) {
    const commit = await commitOf(context.git, place.common, each)
    if (commit !== null) await context.repositories.run(place.common, () => deleteRef(context, place.common, each, commit))
  }
  return ref
}

type Keep = (from: string, commit: string) => Promise<string>

/** Commits of the workspace that no ref would hold any more. */
async function ownWork(context: Context, place: Place, landed: boolean, keep: Keep): Promise<string[]> {
  const candidates = new Set<string>()
  const snapshot = await snapshotOf(context, place.path)
  if (snapshot !== null) candidates.add(snapshot)
  const isCommitted = snapshot === (await commitOf(context.git, place.path, "HEAD"))
  if (place.strategy === "clone") for (const tip of await localTips(context, place.path)) candidates.add(tip)
  const branch = await tipOf(context.git, place.common, place.branch)
  if (landed && branch !== null) candidates.add(branch)
  const lost: string[] = []
  for (const commit of candidates) {
    // The same work may be kept from an earlier life, and is named again.
    const named = commit === snapshot && !isCommitted
    if (!named && (await isHeld(context, place.common, commit, landed ? refOf(place.branch) : null))) continue
    lost.push(place.strategy === "clone" && commit !== branch ? await keep(place.path, commit) : commit)
  }
  return lost
}

/** Work in submodules and embedded repositories that is not on a remote: their objects go when the checkout goes. */
async function nestedWork(context: Context, place: Place, keep: Keep): Promise<string[]> {
  const paths = [...(await linksIn(context.git, place.path)), ...(await embeddedIn(context.git, place.path))]
  const lost: string[] = []
  for (const path of paths.map((each) => join(place.path, each))) {
    if (!(await exists(join(path, ".git")))) continue
    const commit = await snapshotOf(context, path)
    if (commit !== null && !(await isPublished(context, path, commit))) lost.push(await keep(path, commit))
  }
  return lost
}

/** HEAD, or a commit on top of it when something is not committed. Null when there is neither. */
async function snapshotOf(context: Context, directory: string): Promise<string | null> {
  const { git } = context
  const head = await commitOf(git, directory, "HEAD")
  const tree = await withEverythingStaged(git, context.home, directory, async (environment) =>
    (await git.read(directory, ["write-tree"], { environment })).trim(),
  )
  const clean = head === null ? (await git.read(directory, ["ls-tree", tree])) === "" : (await git.ask(directory, ["rev-parse", "HEAD^{tree}"])) === tree
  if (clean) return head
  const merging = await commitOf(git, directory, "MERGE_HEAD")
  return commitTree(
    context,
    directory,
    tree,
    [head, merging].filter((parent) => parent !== null),
  )
}

async function record(context: Context, place: Place, name: string, lost: readonly string[]): Promise<string> {
  const { git } = context
  const [first = ""] = lost
  const tree = (await git.read(place.common, ["rev-parse", `${first}^{tree}`])).trim()
  const commit = lost.length === 1 ? first : await commitTree(context, place.common, tree, lost)
  return context.repositories.run(place.common, async () => {
    for (let number = 1; ; number++) {
      const ref = `refs/fleet/salvage/${name}-${number}`
      const there = await commitOf(git, place.common, ref)
      if (there === commit) return ref
      if (there !== null) continue
      await insist(git, place.common, ["update-ref", "-m", "fleet: salvage", ref, commit, noCommit], sharedLocks(place.common, ref))
      return ref
    }
  })
}

async function commitTree(context: Context, directory: string, tree: string, parents: readonly string[]): Promise<string> {
  const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])]
  return (await context.git.read(directory, args, { stdin: messageOf(directory) })).trim()
}

/** True when a ref that stays contains the commit. */
export async function isHeld(context: Context, common: string, commit: string, except: string | null): Promise<boolean> {
  const places = ["refs/heads", "refs/remotes", "refs/tags", "refs/fleet/salvage"]
  const result = await context.git.run(common, ["for-each-ref", "--format=%(refname)", "--count=2", "--contains", commit, ...places])
  return result.code === 0 && result.stdout.split("\n").some((ref) => ref !== "" && ref !== except)
}

async function isPublished(context: Context, path: string, commit: string): Promise<boolean> {
  return (await context.git.read(path, ["for-each-ref", "--count=1", "--contains", commit, "refs/remotes"])) !== ""
}

async function localTips(context: Context, path: string): Promise<readonly string[]> {
  return entries((await context.git.read(path, ["for-each-ref", "--format=%(objectname)", "refs/heads", "refs/stash"])).replaceAll("\n", "\0"))
}
