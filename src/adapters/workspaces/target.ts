/** Moves the target branch with its expected old value; where a checkout has it, that checkout moves along or nothing moves. */
import { lstat } from "node:fs/promises"
import { join } from "node:path"
import { harnessPath, planningFolder } from "../../domain/planning/paths.ts"
import { fault, type Fault } from "../../domain/fault.ts"
import { checkoutsWith } from "./checkouts.ts"
import type { Context } from "./context.ts"
import type { Git } from "./git.ts"
import { entries } from "./git.ts"
import { exists, persist, sharedLocks } from "./lane.ts"
import { refOf, tipOf } from "./repository.ts"
import { gitDirectoryOf } from "./snapshot.ts"

export type Move = { readonly how: "moved" } | { readonly how: "lost-race" } | { readonly how: "held"; readonly fault: Fault }

const listedMax = 5
const saidCharsMax = 500
const inProgress = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "BISECT_LOG", "sequencer"]

/** Must run in the repository's lane. `tip` is what the target is believed to be. */
export async function moveTarget(context: Context, common: string, target: string, tip: string, commit: string): Promise<Move> {
  const { git } = context
  const checkouts = await checkoutsWith(git, common, refOf(target))
  const [checkout, second] = checkouts
  if (checkout === undefined) return moveRef(context, common, target, tip, commit)
  if (second !== undefined)
    return held(`${target} is checked out twice`, `in ${checkout.path} and ${second.path}`, `detach one of them: git -C '${second.path}' switch --detach`)
  if (!(await exists(checkout.path)))
    return held(
      `${target} is checked out in ${checkout.path}`,
      "that directory is not there now, and the worktree is locked",
      `bring it back, or: git -C '${common}' worktree unlock '${checkout.path}'`,
    )
  const busy = await busyWith(git, checkout.path)
  if (busy !== null) return held(`${target} is checked out in ${checkout.path}`, `something is going on there: ${busy}`, "finish or abort it")
  if (await isHalfMoved(context, checkout.path, commit)) return moveRef(context, common, target, tip, commit)
  const blocked = await blockedBy(git, checkout.path, tip, commit)
  return blocked === null ? fastForward(context, common, checkout.path, target, tip, commit) : { how: "held", fault: blocked }
}

async function moveRef(context: Context, common: string, target: string, tip: string, commit: string): Promise<Move> {
  const ref = refOf(target)
  const result = await persist(context.git, common, ["update-ref", "-m", "fleet: landed", ref, commit, tip], sharedLocks(common, ref))
  if (result.code === 0) return { how: "moved" }
  if ((await tipOf(context.git, common, target)) !== tip) return { how: "lost-race" }
  return held(`${target} cannot be moved`, oneLine(result.stderr) || `git exited with ${result.code}`, `see who holds the lock: ls '${join(common, ref)}.lock'`)
}

/**
 * git's own fast-forward: it holds the index lock while it writes the files, refuses to touch what the person changed, and
 * moves the branch with its expected old value. Moving the ref first was rejected: a commit that the person makes in
 * between would take the landed work back without a word.
 */
async function fastForward(context: Context, common: string, checkout: string, target: string, tip: string, commit: string): Promise<Move> {
  const { git } = context
  const gitDirectory = await gitDirectoryOf(git, checkout)
  const locks = [join(gitDirectory, "index.lock"), join(gitDirectory, "HEAD.lock"), ...sharedLocks(common, refOf(target))]
  const args = ["merge", "--ff-only", "--no-autostash", "--no-overwrite-ignore", "--no-stat", "--quiet", "--no-verify-signatures", commit]
  const result = await persist(git, checkout, args, locks, { environment: { GIT_REFLOG_ACTION: "fleet landing" } })
  const now = await tipOf(git, common, target)
  if (now === commit) return { how: "moved" }
  if (now !== tip) return { how: "lost-race" }
  const what = `${target} is checked out in ${checkout} and cannot be updated there`
  // Ours to wait for, never to remove: what holds it may be the person's own git.
  const lock = (await Promise.all(locks.map(async (path) => ((await exists(path)) ? [path] : [])))).flat()[0]
  if (lock !== undefined) return held(what, `a git holds ${lock}, or died there`, `when no git runs there: rm '${lock}'`)
  return held(what, oneLine(result.stderr) || `git exited with ${result.code}`, `see what is in the way: git -C '${checkout}' status`)
}

/** A machine that stopped in the middle of our fast-forward: files and index are there already, only the branch is not. */
async function isHalfMoved(context: Context, checkout: string, commit: string): Promise<boolean> {
  const { git } = context
  if (!(await git.holds(checkout, ["diff", "--quiet", "--no-ext-diff", "--ignore-submodules=all"]))) return false
  return git.holds(checkout, ["diff", "--cached", "--quiet", "--no-ext-diff", "--ignore-submodules=dirty", commit])
}

async function blockedBy(git: Git, checkout: string, tip: string, commit: string): Promise<Fault | null> {
  const status = await git.read(checkout, ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=dirty"])
  const dirty = entries(status)
    .map((entry) => entry.slice(3))
    .filter((file) => !isKeptByFleet(file))
  if (dirty.length > 0)
    return fault(
      "target-dirty",
      `the landing waits for ${checkout}`,
      `it has the target branch checked out with uncommitted changes: ${list(dirty)}`,
      `commit or stash them: git -C '${checkout}' stash`,
    )
  const added = entries(await git.read(checkout, ["diff-tree", "-r", "-z", "--name-only", "--no-renames", "--diff-filter=A", tip, commit]))
  const there = await Promise.all(
    added.map((file) =>
      lstat(join(checkout, file)).then(
        () => [file],
        () => [],
      ),
    ),
  )
  const inTheWay = there.flat()
  if (inTheWay.length === 0) return null
  return fault(
    "target-untracked",
    `the landing waits for ${checkout}`,
    `untracked files there would be overwritten: ${list(inTheWay)}`,
    `move them away, or commit them: git -C '${checkout}' status`,
  )
}

async function busyWith(git: Git, checkout: string): Promise<string | null> {
  const gitDirectory = await gitDirectoryOf(git, checkout)
  for (const name of inProgress) if (await exists(join(gitDirectory, name))) return name
  return null
}

/** Faults are shown on one line. */
const oneLine = (text: string): string =>
  text
    .trim()
    .replaceAll(/\s*\n\s*/g, " ")
    .slice(0, saidCharsMax)

/** Fleet keeps those up to date itself, also where somebody has committed them. git still refuses to overwrite one that the landing changes. */
export const isKeptByFleet = (file: string): boolean => file.startsWith(`${planningFolder}/`) || file === harnessPath

const held = (what: string, why: string, fix: string): Move => ({ how: "held", fault: fault("target-held", what, why, fix) })

const list = (paths: readonly string[]): string =>
  `${paths.slice(0, listedMax).join(", ")}${paths.length > listedMax ? ` and ${paths.length - listedMax} more` : ""}`
