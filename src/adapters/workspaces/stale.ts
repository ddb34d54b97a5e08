/** Locks that a killed git left in a workspace. A stale lock names no process, so whether anyone holds it is looked up in /proc. */
import { readdir, readFile, readlink, rm } from "node:fs/promises"
import { join, sep } from "node:path"
import type { Place } from "./journal.ts"
import { checkoutLocks, exists } from "./lane.ts"
import { refOf } from "./repository.ts"

/** Removes those locks that nobody holds. To be called when the checkout's agent is dead: where there is no /proc, that is all we go by. */
export async function removeStaleLocks(checkout: string, locks: readonly string[]): Promise<void> {
  const left = (await Promise.all(locks.map(async (lock) => ((await exists(lock)) ? [lock] : [])))).flat()
  if (left.length === 0 || (await gitWorksIn(checkout, left))) return
  await Promise.all(left.map((lock) => rm(lock, { force: true })))
}

/** The locks that an agent's git takes on its own checkout and branch. */
export const locksOf = (place: Place, gitDirectory: string): string[] => [...checkoutLocks(gitDirectory), join(place.common, `${refOf(place.branch)}.lock`)]

async function gitWorksIn(path: string, locks: readonly string[]): Promise<boolean> {
  const processes = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name))
  return (await Promise.all(processes.map((pid) => holds(join("/proc", pid), path, locks)))).includes(true)
}

async function holds(process: string, path: string, locks: readonly string[]): Promise<boolean> {
  const name = await readFile(join(process, "comm"), "utf8").catch(() => "")
  const directory = await readlink(join(process, "cwd")).catch(() => "")
  if (name.startsWith("git") && (directory === path || directory.startsWith(path + sep))) return true
  const descriptors = await readdir(join(process, "fd")).catch(() => [])
  const open = await Promise.all(descriptors.map((fd) => readlink(join(process, "fd", fd)).catch(() => "")))
  return open.some((file) => locks.includes(file))
}
