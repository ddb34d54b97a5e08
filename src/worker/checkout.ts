/** Cheap facts about a checkout, for progress, the watchdog and checks; and taking back what checks leave in it. */
import { execFile } from "node:child_process"
import { lstat } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"

export interface Checkouts {
  /** Commit that is checked out. */
  head(directory: string): Promise<string>
  /** Paths that differ from what is committed, untracked ones included. */
  uncommitted(directory: string): Promise<readonly string[]>
  /** Paths that differ from `base`, committed or not. */
  changedSince(directory: string, base: string): Promise<readonly string[]>
  /** Takes back what differs from the commit; ignored files stay. Only for a checkout in which everything was committed before. */
  restore(directory: string): Promise<void>
  /** Git knows who commits here. */
  personKnown(directory: string): Promise<boolean>
}

const run = promisify(execFile)
const timeoutMs = 20_000
const outputBytesMax = 16 * 1024 * 1024
/** More files than these are not looked at one by one. */
const statsMax = 2_000

/** `environment` is what git itself runs in; `GIT_*` is taken out of it. */
export function gitCheckouts(environment: Readonly<Record<string, string | undefined>>): Checkouts {
  const clean = Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("GIT_")))
  const env = { ...clean, GIT_OPTIONAL_LOCKS: "0" }
  const git = async (directory: string, ...args: string[]): Promise<string> => {
    const options = { cwd: directory, env, timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: outputBytesMax } as const
    return (await run("git", ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", ...args], options)).stdout
  }
  const untracked = async (directory: string): Promise<string[]> => paths(await git(directory, "ls-files", "--others", "--exclude-standard", "-z"))
  const differing = async (directory: string, base: string): Promise<string[]> => [
    ...paths(await git(directory, "diff", "--name-only", "--no-ext-diff", "-z", base, "--")),
    ...(await untracked(directory)),
  ]
  return {
    head: async (directory) => (await git(directory, "rev-parse", "--verify", "HEAD^{commit}")).trim(),
    uncommitted: (directory) => differing(directory, "HEAD"),
    changedSince: differing,
    restore: async (directory) => {
      await git(directory, "reset", "-q", "--hard")
      await git(directory, "clean", "-fdq")
    },
    personKnown: async (directory) =>
      git(directory, "config", "--get", "user.email").then(
        (email) => email.trim() !== "",
        () => false,
      ),
  }
}

const paths = (listed: string): string[] => listed.split("\0").filter((path) => path !== "")

/** Epoch milliseconds of the newest change among `files`; null when there is none to look at. */
export async function newestChange(directory: string, files: readonly string[]): Promise<number | null> {
  if (files.length > statsMax) return null
  const times = await Promise.all(
    files.map((file) =>
      lstat(join(directory, file)).then(
        (found) => found.mtimeMs,
        () => 0,
      ),
    ),
  )
  const newest = Math.max(0, ...times)
  return newest === 0 ? null : newest
}
