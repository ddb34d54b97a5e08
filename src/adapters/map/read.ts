/** The map of a checkout: its index brought up to date and kept, and on demand its history. */
import path from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import type { Commit, OwnerRule, RepositoryMap } from "../../domain/map/map.ts"
import { buildIndex, usualLimits, type BuildLimits } from "./build.ts"
import { insistOnRepository, type Git } from "./git.ts"
import { readHistory } from "./history.ts"
import { readIndex, writeIndex } from "./index-file.ts"
import { listFiles } from "./listing.ts"
import { readOwners } from "./owners.ts"
import { forgetOldest, placeOf, type KeptInCheckout } from "./place.ts"

export interface MapReading {
  readonly git: Git
  /** Kept here where the checkout holds no index; made when it is missing. */
  readonly cacheDirectory: string
  readonly keep: KeptInCheckout
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

/** Rejects with a `FaultError` when `directory` is missing, or in no checkout (`not-a-repository`, `map-no-checkout`), git fails, or the index cannot be kept (`map-not-kept`). */
export async function readMap(directory: string, reading: MapReading): Promise<ReadMap> {
  const { git, now, elapsedMs, limits = usualLimits } = reading
  const root = await topOf(git, directory)
  const place = await placeOf(git, root, reading.cacheDirectory, reading.keep)
  const [before, listed] = await Promise.all([readIndex(place.index), listFiles(git, root)])
  const built = await buildIndex({ root, listed, before: before.files, limits, elapsedMs })
  if (built.read > 0 || before.damage !== null || built.files.length !== before.files.size)
    await keep(place.index, () => writeIndex(place.index, built.files, built.incomplete, now))
  if (place.cached) await forgetOldest(path.dirname(place.index))
  const [commits, ownerRules] = reading.withHistory ? await Promise.all([readHistory(git, root), readOwners(root)]) : none
  const files = built.files.filter(({ language }) => language !== "binary").map(({ stamp: _stamp, large: _large, ...file }) => file)
  const map = { files, commits, ownerRules, incomplete: built.incomplete }
  return { map, root, index: place.index, read: built.read, notes: [...place.notes, ...(before.damage === null ? [] : [before.damage])] }
}

const none: readonly [readonly Commit[], readonly OwnerRule[]] = [[], []]

async function topOf(git: Git, directory: string): Promise<string> {
  await insistOnRepository(git, directory)
  const top = await git.ask(directory, ["rev-parse", "--show-toplevel"])
  if (top !== null && top !== "") return top
  throw new FaultError(
    fault("map-no-checkout", `${directory} is in no checkout`, "the repository there is a bare one: it has no files to read", "name a checkout: -C <path>"),
  )
}

async function keep(index: string, write: () => Promise<void>): Promise<void> {
  await write().catch((error: NodeJS.ErrnoException) => {
    throw new FaultError(fault("map-not-kept", `the map cannot be kept at ${index}`, error.message, "make room there, or make its directory writable"), {
      cause: error,
    })
  })
}
