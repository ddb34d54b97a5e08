/** Removes checkouts and their worktree entries by looking at the file system, so that half-made ones go too. */
import { chmod, readdir, readFile, rm, rmdir } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"

/** Removes a checkout and, where it is a worktree of `common`, the entry there. */
export async function removeCheckout(common: string, path: string): Promise<void> {
  const entries = await entriesOf(common, path)
  await removeTree(path)
  await removeEntries(common, entries)
}

export async function removeEntries(common: string, entries: readonly string[]): Promise<void> {
  const folder = join(common, "worktrees")
  for (const entry of entries) await removeTree(join(folder, entry))
  // As git itself does with the last one.
  await rmdir(folder).catch(() => undefined)
}

/**
 * Names of the entries that a repository has of a checkout. Git names them after the directory, with a number behind it when the name is
 * taken: what counts is where they point. One that points nowhere was left by a git that was killed in the middle of making it.
 */
export async function entriesOf(common: string, path: string): Promise<readonly string[]> {
  const folder = join(common, "worktrees")
  const names = await readdir(folder).catch(() => [])
  const pointers = await Promise.all(names.map((name) => readFile(join(folder, name, "gitdir"), "utf8").catch(() => "")))
  return names.filter((name, index) => {
    const pointer = (pointers[index] ?? "").trimEnd()
    if (pointer !== "") return dirname(resolve(folder, name, pointer)) === path
    return name.startsWith(basename(path)) && /^\d*$/.test(name.slice(basename(path).length))
  })
}

/** Removes a directory, folders that forbid it included (Go's module cache makes such). */
export async function removeTree(path: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 5 }
  try {
    await rm(path, options)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== "EACCES" && code !== "EPERM") throw error
    await unlock(path)
    await rm(path, options)
  }
}

async function unlock(folder: string): Promise<void> {
  await chmod(folder, 0o700)
  for (const entry of await readdir(folder, { withFileTypes: true })) if (entry.isDirectory()) await unlock(join(folder, entry.name))
}
