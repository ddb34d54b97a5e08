/** Makes a workspace or finds the one that is there. Whatever fails, nothing stays; a half-made one of a killed worker is cleaned first. */
import { mkdir } from "node:fs/promises"
import { fault, FaultError } from "../../domain/fault.ts"
import type { PrepareWorkspace } from "../../domain/worker/job.ts"
import type { Prepared } from "../../domain/worker/job-result.ts"
import { addClone } from "./clone.ts"
import type { Context } from "./context.ts"
import { checkoutsOf } from "./context.ts"
import { adopt, checkDirectory } from "./existing.ts"
import { givenPath, takeFolder } from "./folders.ts"
import { copyIncluded } from "./include.ts"
import type { Owned, Place } from "./journal.ts"
import { mergeInto } from "./merge.ts"
import { fillIdle, preparationOf, takeIdle } from "./pool.ts"
import { finishRelease } from "./release.ts"
import { baseOf, checkBranchName, commonDirectoryOf, tipOf } from "./repository.ts"
import { putSalvageBack } from "./put-back.ts"
import { runSetup } from "./setup.ts"
import { gitDirectoryOf } from "./snapshot.ts"
import { locksOf, removeStaleLocks, untilQuiet } from "./stale.ts"
import { fillSubmodules } from "./submodules.ts"
import { addWorktree, isWhole, letGo, newCheckoutPath, reconnect, refuseCheckedOut, rollBack } from "./worktree.ts"

export async function prepare(context: Context, job: PrepareWorkspace, signal: AbortSignal): Promise<Prepared> {
  signal.throwIfAborted()
  const record = await context.journal.find(job.workspace)
  if (job.strategy === "existing" || record?.state === "adopted") return adopt(context, job, record?.state === "adopted" ? record : null, signal)
  if (record?.state === "ready") await reconnect(record)
  const found = record?.state === "ready" && (await isWhole(record)) ? record : null
  const place = found ?? (await make(context, job, await clear(context, record), signal))
  if (found !== null && found.strategy !== "existing") await removeStaleLocks(found.path, locksOf(found, await gitDirectoryOf(context.git, found.path)))
  const conflicted = job.merge === null ? [] : await mergeInto(context, place, job.merge, signal)
  return { path: place.path, branch: place.branch, base: place.base, reused: found !== null, conflicted }
}

/** Takes away what is left of the workspace's last life. What remains is a branch that is ours, or nothing (null). */
async function clear(context: Context, record: Owned | null): Promise<Owned | null> {
  if (record === null || record.state === "released") return record
  await untilQuiet(record.path)
  if (record.state === "releasing") {
    await finishRelease(context, record)
    const left = await context.journal.find(record.workspace)
    return left?.state === "adopted" ? null : left
  }
  const { state, ...place } = record
  const branchGone = state === "making" && record.branchMade
  const salvage = state === "making" ? record.salvage : null
  if (state === "ready" && place.given) await letGo(context, place)
  else await rollBack(context, place, branchGone)
  if (branchGone && salvage === null) {
    await context.journal.forget(place.workspace)
    return null
  }
  const released = { ...place, state: "released" as const, salvage, branchGone }
  await context.journal.write(released)
  return released
}

async function make(context: Context, job: PrepareWorkspace, before: Owned | null, signal: AbortSignal): Promise<Place> {
  await checkDirectory(job.repository)
  const common = await commonDirectoryOf(context.git, job.repository)
  const { place, branchMade } = await plan(context, job, common, before)
  const kept = before?.state === "released" ? before.salvage : null
  const making = { ...place, state: "making" as const, branchMade, salvage: kept }
  if (!place.given) await mkdir(checkoutsOf(context.home), { recursive: true }).catch((error: Error) => Promise.reject(unwritable(context.home, error)))
  try {
    const fresh = await makeCheckout(context, making, signal)
    const ready = { ...place, path: fresh.path }
    await fillSubmodules(context, ready, signal)
    const putBack = kept !== null && (await putSalvageBack(context, ready, kept, signal))
    await copyIncluded(context.git, job.repository, ready.path, signal)
    if (job.setup !== null && (fresh.setup || putBack)) await runSetup(context, ready.path, job.setup, signal)
    await context.journal.write({ ...ready, state: "ready" })
    return ready
  } catch (error) {
    await takeBack(context, job.workspace, before)
    throw error
  }
}

async function plan(context: Context, job: PrepareWorkspace, common: string, before: Owned | null): Promise<{ place: Place; branchMade: boolean }> {
  const { git } = context
  await checkBranchName(git, common, job.branch)
  const ours = before?.branch === job.branch && before.common === common && !(before.state === "released" && before.branchGone)
  const tip = await tipOf(git, common, job.branch)
  if (tip !== null && !ours && job.branchThere === "refuse")
    throw new FaultError(
      fault(
        "branch-exists",
        `the branch ${job.branch} exists already`,
        "this workspace did not make it, so what is on it is not touched",
        `rename or delete it: git branch -m ${job.branch} ${job.branch}-old`,
      ),
    )
  if (tip !== null && job.strategy === "worktree") await refuseCheckedOut(git, common, job.branch)
  const base = tip === null ? await baseOf(git, common, job.repository, job.base) : ours ? before.base : tip
  const preparation = await preparationOf(git, common, tip ?? base, job.setup)
  const path = job.path === null ? newCheckoutPath(context.home, job.repository) : await givenPath(job.path)
  const { workspace, strategy, repository, branch } = job
  const borrowed = tip !== null && (ours ? before.borrowed : true)
  return { place: { workspace, strategy, repository, common, path, branch, base, preparation, given: job.path !== null, borrowed }, branchMade: tip === null }
}

type Making = Extract<Owned, { state: "making" }>

/** An idle checkout, or a new one. The journal knows of it before it is touched. `setup`: it still needs the setup command. */
async function makeCheckout(context: Context, making: Making, signal: AbortSignal): Promise<{ path: string; setup: boolean }> {
  if (making.given) await takeFolder(context, making)
  if (making.strategy === "clone") {
    if (!making.given) await context.journal.write(making)
    await addClone(context, making, making.branchMade, signal)
    return { path: making.path, setup: true }
  }
  if (making.given) {
    await addWorktree(context, making, making.branchMade, signal)
    return { path: making.path, setup: true }
  }
  const idle = await context.repositories.run(making.common, async () => {
    const taken = await takeIdle(context, making.common, making.preparation)
    await context.journal.write({ ...making, path: taken?.path ?? making.path })
    return taken
  })
  if (idle === null) {
    await addWorktree(context, making, making.branchMade, signal)
    return { path: making.path, setup: true }
  }
  const kept = await fillIdle(context, { ...making, path: idle.path }, idle, making.branchMade, signal)
  return { path: idle.path, setup: !kept }
}

/** Rolls back by what the journal says, and puts back what it said before. */
async function takeBack(context: Context, workspace: string, before: Owned | null): Promise<void> {
  const record = await context.journal.find(workspace)
  if (record?.state !== "making") return
  await rollBack(context, record, record.branchMade)
  if (before === null) await context.journal.forget(workspace)
  else await context.journal.write(before)
}

function unwritable(home: string, error: Error): FaultError {
  return new FaultError(
    fault("home-unwritable", `Fleet cannot make workspaces in ${home}`, error.message, "make the directory writable, free some space, or choose another home"),
    { cause: error },
  )
}
