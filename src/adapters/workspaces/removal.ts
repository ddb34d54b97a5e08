/** Removes checkouts and their worktree entries by looking at the file system, so that half-made ones go too. */
import { chmod, readdir, rm, rmdir } from "node:fs/promises"
import { basename, join } from "node:path"

/** Removes a checkout and, where it is a worktree of `common`, the entry there. Names of our checkouts are unique, so the entry has the same name. */
export async function removeCheckout(common: string, path: string): Promise<void> {
  await removeTree(path)
  await removeTree(join(common, "worktrees", basename(path)))
  // As git itself does with the last one.
  await rmdir(join(common, "worktrees")).catch(() => undefined)
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
