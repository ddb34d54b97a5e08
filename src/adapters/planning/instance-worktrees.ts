/** Which checkouts of a repository belong to which instance: each carries its id in `.fleet-instance-id` (C.1.86). Git is only asked. */
import { execFile } from "node:child_process"
import { lstat } from "node:fs/promises"
import path from "node:path"
import { readPlain } from "../../runtime/plain-file.ts"

/** The whole environment that git gets, but for what would aim it elsewhere. */
export type Environment = Readonly<Record<string, string | undefined>>

const limitMs = 20_000
const outputBytesMax = 16 * 1024 * 1024
const idBytesMax = 256
const changesMax = 2_000

export interface InstanceWorktree {
  readonly directory: string
  /** When something in it changed last, in milliseconds: a commit, or a file that differs from it. Null when nobody knows. */
  readonly changedAt: number | null
}

/** By instance id; null when git could not be asked, for example where there is no repository. */
export async function instanceWorktrees(root: string, environment: Environment): Promise<ReadonlyMap<string, InstanceWorktree> | null> {
  const listed = await git(root, ["worktree", "list", "--porcelain", "-z"], environment)
  if (listed === null) return null
  const directories = listed.split("\0").flatMap((line) => (line.startsWith("worktree ") ? [line.slice("worktree ".length)] : []))
  const found = new Map<string, InstanceWorktree>()
  for (const directory of directories) {
    const id = await idIn(directory)
    if (id !== null) found.set(id, { directory, changedAt: await changedAt(directory, environment) })
  }
  return found
}

async function changedAt(directory: string, environment: Environment): Promise<number | null> {
  const [status, committed, marker] = await Promise.all([
    git(directory, ["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames"], environment),
    git(directory, ["log", "-1", "--format=%ct"], environment),
    timeOf(path.join(directory, ".fleet-instance-id")),
  ])
  const changed = (status ?? "").split("\0").filter((entry) => entry !== "")
  const times = await Promise.all(changed.slice(0, changesMax).map((entry) => timeOf(path.join(directory, entry.slice(3)))))
  // A branch that was just made has an old commit, but its marker is new.
  const all = [...times, marker, committed === null || committed === "" ? null : Number(committed) * 1_000].filter((time) => time !== null)
  return all.length === 0 ? null : Math.max(...all)
}

async function idIn(directory: string): Promise<string | null> {
  const found = await readPlain(path.join(directory, ".fleet-instance-id"), idBytesMax)
  return found?.ok === true ? found.text.trim() || null : null
}

const timeOf = (file: string): Promise<number | null> =>
  lstat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  )

/** What it prints; null when it fails, whatever the reason. Takes no optional locks, so it never disturbs an agent. */
function git(directory: string, args: readonly string[], environment: Environment): Promise<string | null> {
  const own = Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("GIT_")))
  const env = { ...own, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" }
  const options = { cwd: directory, env, timeout: limitMs, killSignal: "SIGKILL" as const, maxBuffer: outputBytesMax }
  return new Promise((resolve) => {
    execFile("git", ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", ...args], options, (error, stdout) => {
      resolve(error === null ? stdout : null)
    })
  })
}
