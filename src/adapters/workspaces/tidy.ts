/** Empties a repository of what Fleet keeps there for speed: idle and landing checkouts, and whatever a crash left without an owner. */
import { readdir, readFile } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import type { Context } from "./context.ts"
import { checkoutsOf } from "./context.ts"
import { removeCheckout } from "./removal.ts"

/** Must run in the repository's lane, with no landing under way. Returns how many checkouts were removed. */
export async function tidy(context: Context, common: string): Promise<number> {
  const home = checkoutsOf(context.home)
  const owned = new Set((await context.journal.all()).filter((record) => record.state !== "released").map((record) => record.path))
  const pooled = (await context.journal.pooled()).filter((record) => record.common === common).map((record) => record.path)
  const ours = (await worktreesOf(common)).filter((path) => dirname(path) === home)
  const unowned = [...new Set([...pooled, ...ours])].filter((path) => !owned.has(path))
  for (const path of unowned) {
    await context.journal.dropPooled(basename(path))
    await removeCheckout(common, path)
  }
  return unowned.length
}

/** Paths by the repository's own entries, also of worktrees whose directory is gone. */
async function worktreesOf(common: string): Promise<string[]> {
  const folder = join(common, "worktrees")
  const names = await readdir(folder).catch(() => [])
  const pointers = await Promise.all(names.map((name) => readFile(join(folder, name, "gitdir"), "utf8").catch(() => null)))
  return names.flatMap((name, index) => {
    const pointer = pointers[index] ?? null
    return pointer === null ? [] : [dirname(resolve(folder, name, pointer.trimEnd()))]
  })
}
