/** Locks that a killed git left in a workspace. A stale lock names no process, so whether anyone holds it is looked up in /proc. */
import { readdir, readFile, readlink, rm } from "node:fs/promises"
import { join, sep } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import type { Place } from "./journal.ts"
import { checkoutLocks, exists } from "./lane.ts"
import { refOf } from "./repository.ts"

const quietMaxMs = 10_000
const lookMs = 25

/** Removes those locks that nobody holds. To be called when the checkout's agent is dead: where there is no /proc, that is all we go by. */
export async function removeStaleLocks(checkout: string, locks: readonly string[]): Promise<void> {
  const left = (await Promise.all(locks.map(async (lock) => ((await exists(lock)) ? [lock] : [])))).flat()
  if (left.length === 0 || (await gitWorksIn(checkout, left))) return
  await Promise.all(left.map((lock) => rm(lock, { force: true })))
}

/** The locks that an agent's git takes on its own checkout and branch. */
export const locksOf = (place: Place, gitDirectory: string): string[] => [...checkoutLocks(gitDirectory), join(place.common, `${refOf(place.branch)}.lock`)]

/**
 * Waits for git that a killed worker started in or for a checkout: it goes on by itself, and would write into what is being
 * removed. Gives up after a while; a git that hangs must not hold up the workspace for ever.
 */
export async function untilQuiet(checkout: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < quietMaxMs && (await gitWorksIn(checkout, [])); waitedMs += lookMs) await delay(lookMs)
}

async function gitWorksIn(path: string, locks: readonly string[]): Promise<boolean> {
  const processes = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  return (await Promise.all(processes.map((pid) => worksIn(join("/proc", pid), path, locks)))).includes(true)
}

/** A git that runs inside the checkout or was told its path, or any process that holds one of the locks open. */
async function worksIn(running: string, path: string, locks: readonly string[]): Promise<boolean> {
  const name = await readFile(join(running, "comm"), "utf8").catch(() => "")
  if (name.startsWith("git")) {
    const directory = await readlink(join(running, "cwd")).catch(() => "")
    const args = (await readFile(join(running, "cmdline"), "utf8").catch(() => "")).split("\0")
    if (directory === path || directory.startsWith(path + sep) || args.includes(path)) return true
  }
  if (locks.length === 0) return false
  const descriptors = await readdir(join(running, "fd")).catch(() => [])
  const open = await Promise.all(descriptors.map((fd) => readlink(join(running, "fd", fd)).catch(() => "")))
  return open.some((file) => locks.includes(file))
}
