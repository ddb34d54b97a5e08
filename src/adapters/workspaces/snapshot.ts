/** Looks at everything in a checkout through a copy of its index, so that the agent's own index is neither touched nor locked. */
import { randomUUID } from "node:crypto"
import { copyFile, mkdir, readdir, stat, utimes } from "node:fs/promises"
import { join } from "node:path"
import type { Git } from "./git.ts"
import { entries } from "./git.ts"
import { removeTree } from "./removal.ts"

/**
 * Stages all of a checkout (untracked files included, ignored ones and embedded repositories not) into a copy of its index and hands over
 * the environment that selects it. `here`: only what is in this folder of the checkout.
 */
export async function withEverythingStaged<T>(
  git: Git,
  home: string,
  directory: string,
  work: (environment: Readonly<Record<string, string>>) => Promise<T>,
  signal?: AbortSignal,
  here = false,
): Promise<T> {
  const folder = join(home, "temporary", `${process.pid}.${randomUUID()}`)
  await mkdir(folder, { recursive: true })
  try {
    const index = join(folder, "index")
    await copyIndex(join(await gitDirectoryOf(git, directory), "index"), index)
    const environment = { GIT_INDEX_FILE: index, GIT_OPTIONAL_LOCKS: "0" }
    await git.read(directory, stageAll(await embeddedIn(git, directory), here ? "." : ":/"), { environment, signal })
    return await work(environment)
  } finally {
    await removeTree(folder)
  }
}

/**
 * A file that changed in the instant in which the index was written, without changing its size, is told from an unchanged one only by the index being no younger than the file.
 * So the copy must not be younger than the original: it is given its time, in whole seconds.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(from)
    await copyFile(from, to)
    const seconds = Math.floor(mtimeMs / 1_000)
    await utimes(to, seconds, seconds)
  } catch (error) {
    // A repository without commits may have none yet.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
  }
}

/** Removes what killed processes left of their looks. Those of living ones stay: a person's command can open the home of a running worker. */
export async function removeLeftCopies(home: string): Promise<void> {
  const folder = join(home, "temporary")
  for (const name of await readdir(folder).catch(() => [])) if (!isAlive(Number.parseInt(name, 10))) await removeTree(join(folder, name))
}

/** Arguments that stage everything in `area` but the repositories inside. */
export function stageAll(embedded: readonly string[], area: ":/" | "." = ":/"): string[] {
  const without = embedded.map((path) => `:(exclude,literal)${path.replace(/\/$/, "")}`)
  return embedded.length === 0 && area === ":/" ? ["add", "-A"] : ["add", "-A", "--", area, ...without]
}

/** Repositories that somebody made inside the checkout (by `git init` or `git clone`), which `add -A` would swallow as links to nowhere. */
export async function embeddedIn(git: Git, directory: string): Promise<readonly string[]> {
  const untracked = entries(await git.read(directory, ["ls-files", "-z", "--others", "--exclude-standard"]))
  return untracked.filter((path) => path.endsWith("/"))
}

/** Paths of links to other repositories in the index: submodules, and embedded repositories that somebody added. */
export async function linksIn(git: Git, directory: string): Promise<readonly string[]> {
  const staged = entries(await git.read(directory, ["ls-files", "-z", "--stage"]))
  return staged.filter((entry) => entry.startsWith("160000 ")).map((entry) => entry.slice(entry.indexOf("\t") + 1))
}

export async function gitDirectoryOf(git: Git, directory: string): Promise<string> {
  return (await git.read(directory, ["rev-parse", "--absolute-git-dir"])).replace(/\n$/, "")
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}
