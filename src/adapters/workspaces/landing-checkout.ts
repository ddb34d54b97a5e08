/** The checkout in which a repository's landings are checked: one for each repository, detached, reused, set up again when what it depends on changed. */
import { createHash } from "node:crypto"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { basename, join } from "node:path"
import type { TryLanding } from "../../domain/worker/job.ts"
import type { Context } from "./context.ts"
import { checkoutsOf } from "./context.ts"
import { copyIncluded } from "./include.ts"
import { checkoutLocks, insist, sharedLocks } from "./lane.ts"
import { cleanCheckout, preparationOf } from "./pool.ts"
import { removeCheckout } from "./removal.ts"
import { runSetup } from "./setup.ts"
import { removeStaleLocks } from "./stale.ts"
import { fillSubmodules } from "./submodules.ts"
import { isWhole } from "./worktree.ts"

export function landingPath(home: string, common: string): string {
  return join(checkoutsOf(home), `landing-${createHash("sha256").update(common).digest("hex").slice(0, 12)}`)
}

/** Brings the checkout to a commit, and returns its path. */
export async function landingCheckout(context: Context, common: string, job: TryLanding, commit: string, signal: AbortSignal): Promise<string> {
  const path = landingPath(context.home, common)
  const entry = join(common, "worktrees", basename(path))
  const preparedFor = join(entry, "fleet-prepared")
  await goTo(context, common, path, commit, signal)
  const preparation = await preparationOf(context.git, common, commit, job.setup)
  const keep = preparation !== null && (await readFile(preparedFor, "utf8").catch(() => null)) === preparation
  await cleanCheckout(context.git, path, keep, signal)
  await fillSubmodules(context, { common, path }, signal)
  await copyIncluded(context.git, job.repository, path, signal)
  if (job.setup !== null && !keep) {
    await runSetup(context, path, job.setup, signal)
    if (preparation !== null) await writeFile(preparedFor, preparation)
  }
  return path
}

async function goTo(context: Context, common: string, path: string, commit: string, signal: AbortSignal): Promise<void> {
  const { git } = context
  const entry = join(common, "worktrees", basename(path))
  if (await isWhole({ strategy: "worktree", path })) {
    await removeStaleLocks(path, checkoutLocks(entry))
    if ((await git.run(path, ["checkout", "--quiet", "--force", "--detach", commit], { signal })).code === 0) return
  }
  await mkdir(checkoutsOf(context.home), { recursive: true })
  await context.repositories.run(common, async () => {
    await removeCheckout(common, path)
    await insist(git, common, ["worktree", "add", "--quiet", "--no-checkout", "--detach", "--", path, commit], sharedLocks(common), { signal })
  })
  await git.read(path, ["reset", "--quiet", "--hard"], { signal })
}
