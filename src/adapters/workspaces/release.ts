/** Gives a workspace back: salvage first, then the branch, then the checkout goes to the pool or away. Each step can be done again after a crash. */
import type { Released } from "../../domain/worker/job-result.ts"
import type { Context } from "./context.ts"
import { giveFolderBack } from "./folders.ts"
import { insist, sharedLocks } from "./lane.ts"
import type { Owned, Place } from "./journal.ts"
import { neutralise, preparationOf, putIdle } from "./pool.ts"
import { removeCheckout, removeTree } from "./removal.ts"
import { commitOf, refOf, tipOf } from "./repository.ts"
import { isHeld, salvage } from "./salvage.ts"
import { untilQuiet } from "./stale.ts"
import { deleteRef, isWhole, letGo, reconnect, rollBack } from "./worktree.ts"

type Releasing = Extract<Owned, { state: "releasing" }>

/** `tag`: put on the branch's tip first. It stays when the branch is deleted one day. */
export async function release(context: Context, workspace: string, landed: boolean, tag: string | null = null): Promise<Released> {
  const record = await context.journal.find(workspace)
  if (record === null) return { salvage: null }
  if (tag !== null && record.state !== "adopted") await tagTip(context, record, tag)
  switch (record.state) {
    case "making":
      await untilQuiet(record.path)
      await rollBack(context, record, record.branchMade)
      await context.journal.forget(workspace)
      return { salvage: null }
    case "adopted":
      await context.journal.forget(workspace)
      return { salvage: null }
    case "ready":
      await reconnect(record)
      return record.given && !(await isWhole(record)) ? leave(context, record, landed) : finishRelease(context, await begin(context, record, landed))
    case "releasing":
      return finishRelease(context, record)
    case "released":
      return landed ? dropBranchOf(context, record, record.salvage) : { salvage: record.salvage }
  }
}

/** A tag of that name that is there already is left as it is: asked again after a crash, nothing changes. */
async function tagTip(context: Context, { common, branch }: { readonly common: string; readonly branch: string }, tag: string): Promise<void> {
  const { git, repositories } = context
  const tip = await tipOf(git, common, branch)
  const ref = `refs/tags/${tag}`
  if (tip === null || (await commitOf(git, common, ref)) !== null) return
  await repositories.run(common, () => insist(git, common, ["update-ref", ref, tip], sharedLocks(common, ref)))
}

/** Does the rest of a release whose salvage is done. */
export async function finishRelease(context: Context, record: Releasing): Promise<Released> {
  const { salvage: saved, landed, state: _, ...place } = record
  if (place.strategy === "existing") {
    await context.journal.forget(place.workspace)
    return { salvage: saved }
  }
  const pooled = place.strategy === "worktree" && !place.given && (await isWhole(place)) ? await makeIdle(context, place) : null
  if (pooled === null) await removeOf(context, place)
  await context.repositories.run(place.common, async () => {
    // Forgotten before it is idle: a crash in between leaves a checkout that `tidy` finds, never one with two owners.
    await settle(context, place, landed, saved)
    if (pooled !== null) await putIdle(context, { common: place.common, path: place.path, preparation: pooled.preparation })
  })
  return { salvage: saved }
}

/** What is at its path is not what we made any more: that is the person's, and only the branch is left to settle. */
async function leave(context: Context, record: Extract<Owned, { state: "ready" }>, landed: boolean): Promise<Released> {
  const { state: _, ...place } = record
  await letGo(context, place)
  await context.repositories.run(place.common, () => settle(context, place, landed, null))
  return { salvage: null }
}

async function begin(context: Context, record: Extract<Owned, { state: "ready" }>, landed: boolean): Promise<Releasing> {
  const { state: _, ...place } = record
  const saved = place.strategy !== "existing" && (await isWhole(place)) ? await salvage(context, place, landed && !place.borrowed) : null
  const releasing: Releasing = { ...place, state: "releasing", landed, salvage: saved }
  await context.journal.write(releasing)
  return releasing
}

/** Detaches the checkout and cleans it. Null when it cannot be reused. */
async function makeIdle(context: Context, place: Place): Promise<{ preparation: string | null } | null> {
  const { git } = context
  const head = await commitOf(git, place.path, "HEAD")
  if (head === null) return null
  await insist(git, place.path, ["update-ref", "--no-deref", "HEAD", head], [])
  // An agent that changed the lockfiles changed the dependencies with them.
  const base = await preparationOf(git, place.common, place.base, place.preparation)
  const left = await preparationOf(git, place.common, head, place.preparation)
  const preparation = base === left ? place.preparation : null
  return (await neutralise(context, place.common, place.path, preparation)) ? { preparation } : null
}

async function removeOf(context: Context, place: Place): Promise<void> {
  if (place.strategy === "clone") await removeTree(place.path)
  else await context.repositories.run(place.common, () => removeCheckout(place.common, place.path))
  await giveFolderBack(context, place)
}

async function dropBranchOf(context: Context, record: Extract<Owned, { state: "released" }>, saved: string | null): Promise<Released> {
  await context.repositories.run(record.common, async () => {
    if (!(await settleBranch(context, record, true)) || record.borrowed) await context.journal.forget(record.workspace)
  })
  return { salvage: saved }
}

async function settle(context: Context, place: Place, landed: boolean, saved: string | null): Promise<void> {
  const branchStays = await settleBranch(context, place, landed)
  const goesOn = branchStays ? !(place.borrowed && landed) : saved !== null && !landed
  if (goesOn) await context.journal.write({ ...place, state: "released", salvage: saved, branchGone: !branchStays })
  else await context.journal.forget(place.workspace)
}

/** Deletes the branch when nothing is lost by it. True when it stays: it has commits of its own, or somebody has it checked out. */
async function settleBranch(context: Context, place: Place, landed: boolean): Promise<boolean> {
  const { git } = context
  const tip = await tipOf(git, place.common, place.branch)
  if (tip === null) return false
  if (place.borrowed) return true
  const ref = refOf(place.branch)
  const empty = tip === place.base
  if (!empty && (!landed || !(await isHeld(context, place.common, tip, ref)))) return true
  const checkouts = (await git.read(place.common, ["worktree", "list", "--porcelain", "-z"])).split("\0")
  if (checkouts.includes(`branch ${ref}`)) return true
  await deleteRef(context, place.common, ref, tip)
  return false
}
