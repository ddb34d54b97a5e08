/** Worktrees: an entry and a branch made in the repository's lane, the files written outside of it, so that many are filled at once. */
import { randomBytes } from "node:crypto"
import { lstat, readFile, writeFile } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import { checkoutsWith } from "./checkouts.ts"
import type { Context } from "./context.ts"
import { checkoutsOf } from "./context.ts"
import { giveFolderBack } from "./folders.ts"
import type { Git } from "./git.ts"
import type { Place } from "./journal.ts"
import { exists, insist, sharedLocks } from "./lane.ts"
import { entriesOf, removeCheckout, removeEntries } from "./removal.ts"
import { refOf, tipOf } from "./repository.ts"
import { removeStaleLocks } from "./stale.ts"

/**
 * Where a new checkout goes. Its name is not the workspace's: a checkout is handed on through the pool without being moved,
 * because what a setup command made (virtual environments, caches) holds absolute paths.
 */
export function newCheckoutPath(home: string, repository: string): string {
  const name = basename(repository)
    .replace(/\.git$/, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[.-]+/, "")
    .slice(0, 40)
  return join(checkoutsOf(home), `${name || "repository"}-${randomBytes(4).toString("hex")}`)
}

/** Makes the entry and, where it is new, the branch; then the files. */
export async function addWorktree(context: Context, place: Place, branchMade: boolean, signal: AbortSignal): Promise<void> {
  const { git } = context
  const locks = sharedLocks(place.common, refOf(place.branch))
  const at = branchMade ? ["-b", place.branch, "--", place.path, place.base] : ["--", place.path, place.branch]
  // Forced, git no longer minds an entry whose directory somebody deleted. Whether the branch is in use we look up ourselves.
  const add = ["worktree", "add", "--force", "--quiet", "--no-checkout", ...(branchMade ? ["--no-track"] : []), ...at]
  await context.repositories.run(place.common, async () => {
    if (!branchMade) await refuseCheckedOut(git, place.common, place.branch)
    await insist(git, place.common, add, locks, { signal })
  })
  await git.read(place.path, ["reset", "--quiet", "--hard"], { signal })
}

/** One branch cannot be worked on in two checkouts: each would undo what the other does. */
export async function refuseCheckedOut(git: Git, common: string, branch: string): Promise<void> {
  const [checkout] = await checkoutsWith(git, common, refOf(branch))
  if (checkout === undefined) return
  const fix = `work on another branch, or free it: git -C '${checkout.path}' switch --detach`
  throw new FaultError(fault("branch-checked-out", `the branch ${branch} is in use`, `${checkout.path} has it checked out`, fix))
}

/** Takes back everything that was made for a workspace. What the branch gained meanwhile is never thrown away. */
export async function rollBack(context: Context, place: Place, branchMade: boolean): Promise<void> {
  const { git } = context
  if (place.strategy === "existing") return
  await context.repositories.run(place.common, async () => {
    await removeCheckout(place.common, place.path)
    await removeStaleLocks(place.path, [join(place.common, `${refOf(place.branch)}.lock`)])
    const tip = branchMade && place.strategy === "worktree" ? await tipOf(git, place.common, place.branch) : null
    if (tip !== null && tip === place.base) await deleteRef(context, place.common, refOf(place.branch), tip)
  })
  await giveFolderBack(context, place)
}

/** For a checkout at a path of the person's that is not the one we made any more: whatever is there now stays. */
export async function letGo(context: Context, place: Place): Promise<void> {
  await context.repositories.run(place.common, async () => removeEntries(place.common, await entriesOf(place.common, place.path)))
  if (!(await exists(place.path))) await giveFolderBack(context, place)
}

export async function deleteRef(context: Context, common: string, ref: string, expected: string): Promise<void> {
  await insist(context.git, common, ["update-ref", "--no-deref", "-d", ref, expected], sharedLocks(common, ref))
}

/**
 * Before anything is asked of a finished workspace, or done to it: without its repository nothing of it can be salvaged, so nothing may be
 * removed. An agent that deleted `.git` only cut the workspace off: the pointer is put back, and what it wrote is there.
 */
export async function reconnect(place: Place): Promise<void> {
  const { common, path, workspace, strategy } = place
  if (!(await exists(path))) return
  if (!(await exists(join(common, "HEAD")))) {
    const why = `its repository ${common} is gone, and with it what was committed there; the files are still in ${path}`
    throw new FaultError(
      fault("repository-gone", `the workspace ${workspace} cannot be used`, why, `bring the repository back, or copy what you need from ${path}`),
    )
  }
  if (strategy !== "worktree" || (await isWhole(place))) return
  const [name] = await entriesOf(common, path)
  const entry = join(common, "worktrees", name ?? basename(path))
  if (!(await exists(join(entry, "HEAD")))) return
  const pointer = join(path, ".git")
  if ((await lstat(pointer).catch(() => null))?.isDirectory() === true) {
    const why = `the agent put a repository of its own in its place: ${pointer}`
    throw new FaultError(fault("repository-replaced", `the workspace ${workspace} cannot be used`, why, `look what it holds, move it away, and retry the task`))
  }
  await writeFile(pointer, `gitdir: ${entry}\n`)
}

/** True when the directory is there and is the worktree that the repository knows. */
export async function isWhole(place: Pick<Place, "strategy" | "path">): Promise<boolean> {
  if (place.strategy !== "worktree") return exists(place.path)
  const pointer = await readFile(join(place.path, ".git"), "utf8").catch(() => "")
  const entry = resolve(place.path, pointer.trimEnd().replace(/^gitdir: /, ""))
  const back = await readFile(join(entry, "gitdir"), "utf8").catch(() => "")
  return dirname(resolve(entry, back.trimEnd())) === place.path && (await exists(join(entry, "HEAD")))
}
