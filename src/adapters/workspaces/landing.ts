/**
 * Lands verified work: merged in memory onto the target's tip, checked in a checkout of the landing's own, then the target
 * moves with its expected old value. Several items are a chain of merges, and on the target one merge that brings the chain.
 */
import { fault, FaultError } from "../../domain/fault.ts"
import type { LandingItem, TryLanding } from "../../domain/worker/job.ts"
import type { CheckResult, LandingOutcome } from "../../domain/worker/job-result.ts"
import type { CheckRunner } from "../../worker/ports/workspaces.ts"
import type { Context } from "./context.ts"
import type { Git } from "./git.ts"
import { entries, gitFailed } from "./git.ts"
import { insist, sharedLocks } from "./lane.ts"
import { landingCheckout } from "./landing-checkout.ts"
import { commitOf, refOf, tipOf } from "./repository.ts"
import { moveTarget } from "./target.ts"
import { deleteRef } from "./worktree.ts"

const racesMax = 10
const theirsMax = 20
const filesAskedMax = 200

/** Must run in the repository's lane of landings. */
export async function land(context: Context, common: string, job: TryLanding, runChecks: CheckRunner, signal: AbortSignal): Promise<LandingOutcome> {
  const keptBy = `refs/fleet/landing/${job.landing.replace(/[^A-Za-z0-9_-]+/g, "-")}`
  try {
    for (let race = 0; race < racesMax; race++) {
      signal.throwIfAborted()
      const outcome = await attempt(context, common, job, keptBy, runChecks, signal)
      if (outcome !== "lost-race") return outcome
    }
    return {
      how: "held",
      fault: fault(
        "target-races",
        `${job.target} moves faster than work can land on it`,
        `it moved ${racesMax} times while this was tried`,
        "it is tried again",
      ),
    }
  } finally {
    await letGo(context, common, keptBy)
  }
}

async function attempt(
  context: Context,
  common: string,
  job: TryLanding,
  keptBy: string,
  runChecks: CheckRunner,
  signal: AbortSignal,
): Promise<LandingOutcome | "lost-race"> {
  const tip = await tipOf(context.git, common, job.target)
  if (tip === null)
    throw new FaultError(
      fault(
        "unknown-target",
        `there is no branch ${job.target} in ${job.repository}`,
        "work lands on a branch that exists",
        `make it: git -C '${job.repository}' branch ${job.target}`,
      ),
    )
  const merged = await mergeAll(context, common, job, tip, signal)
  if ("how" in merged) return merged
  if (merged.commit === tip) return alreadyThere(context, common, job.items, tip)
  await context.repositories.run(common, () => insist(context.git, common, ["update-ref", keptBy, merged.commit], sharedLocks(common, keptBy)))
  const checks = isProved(job, merged.tree) ? [] : await check(context, common, job, merged.commit, runChecks, signal)
  if (checks.some((result) => !result.passed)) return { how: "checks-failed", checks }
  signal.throwIfAborted()
  const move = await context.repositories.run(common, () => moveTarget(context, common, job.target, tip, merged.commit))
  switch (move.how) {
    case "moved":
      return { how: "landed", commit: merged.commit, tree: merged.tree, checks }
    case "lost-race":
      return "lost-race"
    case "held":
      return move
  }
}

interface Merged {
  readonly commit: string
  readonly tree: string
}

/** One merge commit for each item that the target does not contain yet. */
async function mergeAll(context: Context, common: string, job: TryLanding, tip: string, signal: AbortSignal): Promise<Merged | LandingOutcome> {
  const { git } = context
  let commit = tip
  let tree = (await git.read(common, ["rev-parse", `${tip}^{tree}`])).trim()
  for (const item of job.items) {
    if ((await commitOf(git, common, item.head)) === null)
      throw new FaultError(
        fault(
          "work-missing",
          `the commit ${item.head} of ${item.task} is not in ${job.repository}`,
          "its branch was deleted and its objects removed",
          "run the task again",
        ),
      )
    if (await git.holds(common, ["merge-base", "--is-ancestor", item.head, commit], signal)) continue
    const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", commit, item.head]
    const result = await git.run(common, args, { signal })
    if (result.code !== 0 && result.code !== 1) throw gitFailed(common, args, result)
    const [written = "", ...files] = entries(result.stdout)
    if (result.code === 1) return { how: "conflict", task: item.task, target: tip, files, theirs: await theirsOf(context, common, commit, item.head, files) }
    tree = written
    commit = (await git.read(common, ["commit-tree", tree, "-p", commit, "-p", item.head], { stdin: item.message, signal })).trim()
  }
  return job.message === null || commit === tip ? { commit, tree } : { commit: await bringTogether(context, common, job.message, tree, tip, commit), tree }
}

/** The target gains one commit, with its old tip as first parent: `git revert -m 1` takes all of the items back. */
async function bringTogether({ git }: Context, common: string, message: string, tree: string, tip: string, chain: string): Promise<string> {
  return (await git.read(common, ["commit-tree", tree, "-p", tip, "-p", chain], { stdin: message })).trim()
}

/** What the target gained in those files since the work began: short id and subject of each commit. */
async function theirsOf(context: Context, common: string, ours: string, head: string, files: readonly string[]): Promise<readonly string[]> {
  const range = ["log", "--no-merges", "--format=%h %s", `--max-count=${theirsMax}`, `${head}..${ours}`, "--", ...files.slice(0, filesAskedMax)]
  return (await context.git.read(common, range, { environment: { GIT_LITERAL_PATHSPECS: "1" } })).split("\n").filter((line) => line !== "")
}

/** The commit of the target that brought the work there: asked again after a crash, a landing names the same one. */
async function alreadyThere(context: Context, common: string, items: readonly LandingItem[], tip: string): Promise<LandingOutcome> {
  const { git } = context
  const head = items.at(-1)?.head ?? tip
  // Along the target's own history: the oldest of its commits that holds the work.
  const commit = (await firstToHold(git, common, head, tip)) ?? head
  return { how: "landed", commit, tree: (await git.read(common, ["rev-parse", `${commit}^{tree}`])).trim(), checks: [] }
}

/** The oldest commit of the target's own line that holds the work. Whatever comes after one that does holds it too, so it is searched for by halves. */
async function firstToHold(git: Git, common: string, head: string, tip: string): Promise<string | undefined> {
  const line = (await git.read(common, ["rev-list", "--first-parent", tip, `^${head}`])).split("\n").filter((commit) => commit !== "")
  let holds = 0
  for (let lacks = line.length; holds < lacks;) {
    const middle = (holds + lacks) >> 1
    if (await git.holds(common, ["merge-base", "--is-ancestor", head, line[middle] ?? tip])) holds = middle + 1
    else lacks = middle
  }
  return line[holds - 1]
}

function isProved(job: TryLanding, tree: string): boolean {
  const [item, ...others] = job.items
  if (job.commands.length === 0) return true
  return item !== undefined && others.length === 0 && item.provedTree === tree && job.commands.every((command) => item.proved.includes(command))
}

async function check(
  context: Context,
  common: string,
  job: TryLanding,
  commit: string,
  runChecks: CheckRunner,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const directory = await landingCheckout(context, common, job, commit, signal)
  return runChecks(directory)
}

async function letGo(context: Context, common: string, ref: string): Promise<void> {
  const commit = await commitOf(context.git, common, ref)
  if (commit !== null) await context.repositories.run(common, () => deleteRef(context, common, refOf(ref), commit))
}
