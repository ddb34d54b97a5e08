/** Idle worktrees of a repository, detached and clean, that a new workspace takes over: resetting one is much faster than a new one. */
import { createHash } from "node:crypto"
import { readdir } from "node:fs/promises"
import { basename, join } from "node:path"
import type { Context } from "./context.ts"
import type { Git } from "./git.ts"
import { entries } from "./git.ts"
import type { Place, PooledRecord } from "./journal.ts"
import { insist, sharedLocks } from "./lane.ts"
import { removeTree, removeCheckout } from "./removal.ts"
import { refOf } from "./repository.ts"
import { hasSubmodules } from "./submodules.ts"
import { isWhole, refuseCheckedOut } from "./worktree.ts"

const idleMax = 8
/** Folders that setup commands fill and that are worth keeping while what they are made from is the same. */
const dependencies = ["node_modules", ".venv", "venv", "vendor", "Pods"]
const lockfiles = new Set(
  [
    "package.json package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml pnpm-workspace.yaml bun.lock bun.lockb .npmrc .nvmrc .node-version",
    "pyproject.toml poetry.lock uv.lock pdm.lock Pipfile.lock requirements.txt setup.py setup.cfg .python-version .tool-versions",
    "Gemfile Gemfile.lock composer.json composer.lock go.mod go.sum Podfile Podfile.lock",
  ].flatMap((line) => line.split(" ")),
)
/** Files of a worktree's git directory that do not carry the state of what was done in it. */
const neutral = new Set(["HEAD", "ORIG_HEAD", "commondir", "gitdir", "index", "logs"])
const noCommit = "0".repeat(40)

/** What installed dependencies depend on: the setup command, the lockfiles of a commit. Null without a setup command: then nobody vouches for them. */
export async function preparationOf(git: Git, directory: string, commit: string, setup: string | null): Promise<string | null> {
  if (setup === null) return null
  const tree = entries(await git.read(directory, ["ls-tree", "-r", "-z", "--full-tree", commit]))
  const locks = tree.filter((entry) => lockfiles.has(basename(entry.slice(entry.indexOf("\t") + 1))))
  return createHash("sha256")
    .update([setup, ...locks].join("\0"))
    .digest("hex")
}

/** Takes an idle worktree out of the pool. Must run in the repository's lane. A record that is dropped is never seen by two. */
export async function takeIdle(context: Context, common: string, preparation: string | null): Promise<PooledRecord | null> {
  const idle = (await context.journal.pooled()).filter((record) => record.common === common)
  for (const record of idle.toSorted((a, b) => Number(b.preparation === preparation) - Number(a.preparation === preparation))) {
    await context.journal.dropPooled(basename(record.path))
    if (await isWhole({ ...record, strategy: "worktree" })) return record
    await removeCheckout(common, record.path)
  }
  return null
}

/** Puts an idle worktree on the workspace's branch. Returns whether its dependencies could be kept. */
export async function fillIdle(context: Context, place: Place, idle: PooledRecord, branchMade: boolean, signal: AbortSignal): Promise<boolean> {
  const { git } = context
  const ref = refOf(place.branch)
  const locks = sharedLocks(place.common, ref)
  const keep = place.preparation !== null && place.preparation === idle.preparation
  if (branchMade) {
    await context.repositories.run(place.common, () =>
      insist(git, place.common, ["update-ref", "-m", "fleet: workspace", ref, place.base, noCommit], locks, { signal }),
    )
    await git.read(place.path, ["symbolic-ref", "HEAD", ref], { signal })
    await git.read(place.path, ["reset", "--quiet", "--hard"], { signal })
  } else
    await context.repositories.run(place.common, async () => {
      await refuseCheckedOut(git, place.common, place.branch)
      await insist(git, place.path, ["checkout", "--quiet", "--force", place.branch, "--"], locks, { signal })
    })
  await cleanCheckout(git, place.path, keep, signal)
  return keep
}

/** Removes whatever is not in the commit; dependencies stay where `keep` says so. */
export async function cleanCheckout(git: Git, path: string, keep: boolean, signal?: AbortSignal): Promise<void> {
  const exceptions = keep ? dependencies.flatMap((name) => ["-e", name]) : []
  await git.read(path, ["clean", "-ffdxq", ...exceptions], { signal })
}

/** Resets a detached checkout and makes it ready for the pool. False when it carries something that a reset does not undo. */
export async function neutralise(context: Context, common: string, path: string, preparation: string | null): Promise<boolean> {
  if (await hasSubmodules(path)) return false
  const gitDirectory = join(common, "worktrees", basename(path))
  const state = (await readdir(gitDirectory)).filter((name) => !neutral.has(name))
  // The worktree's own settings (sparse checkouts among them) change what a checkout of the same commit looks like.
  if (state.includes("config.worktree") || state.includes("info")) return false
  for (const name of state) await removeTree(join(gitDirectory, name))
  if ((await context.git.run(path, ["reset", "--quiet", "--hard"])).code !== 0) return false
  await cleanCheckout(context.git, path, preparation !== null)
  // `assume-unchanged` and `skip-worktree` hide files from the reset.
  const flags = entries(await context.git.read(path, ["ls-files", "-v", "-z"]))
  return flags.every((entry) => entry.startsWith("H "))
}

/** Adds a neutralised worktree, or removes it when enough are idle. Must run in the repository's lane. */
export async function putIdle(context: Context, record: PooledRecord): Promise<void> {
  const idle = (await context.journal.pooled()).filter((other) => other.common === record.common)
  if (idle.length >= idleMax) await removeCheckout(record.common, record.path)
  else await context.journal.addPooled(basename(record.path), record)
}
