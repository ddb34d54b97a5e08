/** Where the index of a checkout is kept: in the checkout itself only by its owner's leave, else in a cache that all worktrees of a repository share. */
import { createHash } from "node:crypto"
import { lstat, readdir, rm, stat } from "node:fs/promises"
import path from "node:path"
import type { Git } from "./git.ts"

/** As `.planning/map/index.json`: `never`, where `.planning` is there (`planned`), or `always`. */
export type KeptInCheckout = "never" | "planned" | "always"

const placeInCheckout = [".planning", "map", "index.json"] as const
const cachedMax = 50

export interface Place {
  readonly index: string
  readonly cached: boolean
  readonly notes: readonly string[]
}

export async function placeOf(git: Git, root: string, cacheDirectory: string, wanted: KeptInCheckout): Promise<Place> {
  const own = wanted === "never" ? null : await placeIn(root, wanted === "always")
  if (own !== null && "index" in own) return { ...own, cached: false, notes: [] }
  // All worktrees of a repository share one: its entries are of contents, whatever is checked out.
  const common = await git.ask(root, ["rev-parse", "--path-format=absolute", "--git-common-dir"])
  const name = createHash("sha256")
    .update(common ?? root)
    .digest("hex")
    .slice(0, 32)
  return { index: path.join(cacheDirectory, `${name}.json`), cached: true, notes: own === null ? [] : [own.note] }
}

/** Of many repositories, the least lately written ones go: an index can be made again at any time. */
export async function forgetOldest(directory: string): Promise<void> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith(".json"))
  if (names.length <= cachedMax) return
  const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(path.join(directory, name)).catch(() => null))?.mtimeMs ?? 0 })))
  for (const { name } of aged.toSorted((a, b) => b.at - a.at).slice(cachedMax)) await rm(path.join(directory, name), { force: true })
}

/** A link in the way may lead anywhere: nothing is written through it. */
async function placeIn(root: string, make: boolean): Promise<{ index: string } | { note: string } | null> {
  const steps = placeInCheckout.map((_, at) => path.join(root, ...placeInCheckout.slice(0, at + 1)))
  const found = await Promise.all(steps.map((step) => lstat(step).catch(() => null)))
  if (found[0] === null && !make) return null
  const last = steps.length - 1
  const wrong = steps.find((_, at) => (at === last ? found[at]?.isFile() : found[at]?.isDirectory()) === false)
  if (wrong !== undefined)
    return { note: `${wrong} is no ${wrong === steps[last] ? "file" : "directory"} of its own, so the index is kept outside of the checkout` }
  return { index: path.join(root, ...placeInCheckout) }
}
