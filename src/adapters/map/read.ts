/** The map of a checkout: its index brought up to date and kept, and on demand its history. */
import { createHash } from "node:crypto"
import { constants } from "node:fs"
import { lstat, open, readdir, rm, stat } from "node:fs/promises"
import path from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import type { Commit, OwnerRule, RepositoryMap } from "../../domain/map/map.ts"
import { readOwnerRules } from "../../domain/map/ownership.ts"
import { buildIndex, usualLimits, type BuildLimits } from "./build.ts"
import type { Git } from "./git.ts"
import { readHistory } from "./history.ts"
import { readIndex, writeIndex } from "./index-file.ts"
import { listFiles } from "./listing.ts"

export interface MapReading {
  readonly git: Git
  /** Kept here where the checkout holds no index; made when it is missing. */
  readonly cacheDirectory: string
  /**
   * Where an index may be kept in the checkout itself, as `.planning/map/index.json`: `never`, where `.planning` is there (`planned`), or
   * `always`.
   */
  readonly keep: "never" | "planned" | "always"
  readonly withHistory: boolean
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly elapsedMs: () => number
  readonly limits?: BuildLimits
}
export interface ReadMap {
  readonly map: RepositoryMap
  /** Top of the checkout. */
  readonly root: string
  /** Where the index is kept. */
  readonly index: string
  /** How many files were read again. */
  readonly read: number
  /** What a person should know: an index that was damaged, a place that could not be used. */
  readonly notes: readonly string[]
}

const placeInCheckout = [".planning", "map", "index.json"] as const
const cachedMax = 50
const ownersBytesMax = 256 * 1024
const ownersPlaces = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]

/** Rejects with a `FaultError` when `directory` is in no checkout (`map-no-checkout`), git fails, or the index cannot be kept (`map-not-kept`). */
export async function readMap(directory: string, reading: MapReading): Promise<ReadMap> {
  const { git, now, elapsedMs, limits = usualLimits } = reading
  const root = await topOf(git, directory)
  const place = await placeOf(root, reading)
  const [before, listed] = await Promise.all([readIndex(place.index, now), listFiles(git, root)])
  const built = await buildIndex({ root, listed, before: before.files, limits, elapsedMs })
  if (built.read > 0 || before.damage !== null || built.files.length !== before.files.size)
    await keep(place.index, () => writeIndex(place.index, built.files, built.incomplete, now))
  if (place.cached) await forgetOldest(path.dirname(place.index))
  const [commits, ownerRules] = reading.withHistory ? await Promise.all([readHistory(git, root), ownerRulesOf(root)]) : none
  const files = built.files.filter(({ language }) => language !== "binary").map(({ stamp: _stamp, large: _large, ...file }) => file)
  const map = { files, commits, ownerRules, incomplete: built.incomplete }
  return { map, root, index: place.index, read: built.read, notes: [...place.notes, ...(before.damage === null ? [] : [before.damage])] }
}

const none: readonly [readonly Commit[], readonly OwnerRule[]] = [[], []]

async function topOf(git: Git, directory: string): Promise<string> {
  const there = await stat(directory).catch(() => null)
  const top = there?.isDirectory() === true ? await git.ask(directory, ["rev-parse", "--show-toplevel"]) : null
  if (top !== null && top !== "") return top
  const why = there === null ? "it was looked for and not found" : "git knows of none there"
  throw new FaultError(fault("map-no-checkout", `${directory} is in no checkout of a git repository`, why, "name one: -C <path>, or make it one: git init"))
}

interface Place {
  readonly index: string
  readonly cached: boolean
  readonly notes: readonly string[]
}

async function placeOf(root: string, { git, cacheDirectory, keep: wanted }: MapReading): Promise<Place> {
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

async function keep(index: string, write: () => Promise<void>): Promise<void> {
  await write().catch((error: NodeJS.ErrnoException) => {
    throw new FaultError(fault("map-not-kept", `the map cannot be kept at ${index}`, error.message, "make room there, or make its directory writable"), {
      cause: error,
    })
  })
}

/** Of many repositories, the least lately written ones go: an index can be made again at any time. */
async function forgetOldest(directory: string): Promise<void> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith(".json"))
  if (names.length <= cachedMax) return
  const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(path.join(directory, name)).catch(() => null))?.mtimeMs ?? 0 })))
  for (const { name } of aged.toSorted((a, b) => b.at - a.at).slice(cachedMax)) await rm(path.join(directory, name), { force: true })
}

async function ownerRulesOf(root: string): Promise<OwnerRule[]> {
  for (const place of ownersPlaces) {
    const handle = await open(path.join(root, place), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null)
    if (handle === null) continue
    await using opened = handle
    const found = await opened.stat()
    if (found.isFile() && found.size <= ownersBytesMax) return readOwnerRules(await opened.readFile("utf8"))
  }
  return []
}
