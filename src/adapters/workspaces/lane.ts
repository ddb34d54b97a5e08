/** One serial lane for each repository, for git that writes refs, worktree entries or shared configuration; with retries while a lock is held. */
import { access } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import type { Git, GitOptions, GitRun } from "./git.ts"
import { gitFailed } from "./git.ts"

const backoffMs = [20, 40, 80, 160, 320, 640, 1_280]
/** Failures without a lock in sight are tried this often again: the lock may have gone by the time we looked. */
const blindRetries = 2
/** What git dies with, lock contention included; its other exit codes are answers. */
const diedCode = 128

/** Runs a command that writes, again while it dies and one of `locks` exists. */
export async function persist(git: Git, directory: string, args: readonly string[], locks: readonly string[], options: GitOptions = {}): Promise<GitRun> {
  let result = await git.run(directory, args, options)
  for (const [attempt, waitMs] of backoffMs.entries()) {
    if (result.code < diedCode) return result
    if (attempt >= blindRetries && !(await anyExists(locks))) return result
    await delay(waitMs + Math.random() * waitMs, undefined, { signal: options.signal })
    result = await git.run(directory, args, options)
  }
  return result
}

/** The same for a command that must succeed. */
export async function insist(git: Git, directory: string, args: readonly string[], locks: readonly string[], options: GitOptions = {}): Promise<string> {
  const result = await persist(git, directory, args, locks, options)
  if (result.code !== 0) throw gitFailed(directory, args, result)
  return result.stdout
}

/** Locks of the repository as a whole, and that of one ref. */
export const sharedLocks = (common: string, ref?: string): string[] => [
  join(common, "config.lock"),
  join(common, "packed-refs.lock"),
  ...(ref === undefined ? [] : [join(common, `${ref}.lock`)]),
]

/** Locks of one checkout's own git directory. */
export const checkoutLocks = (gitDirectory: string): string[] => [join(gitDirectory, "index.lock"), join(gitDirectory, "HEAD.lock")]

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function anyExists(paths: readonly string[]): Promise<boolean> {
  return (await Promise.all(paths.map(exists))).includes(true)
}
