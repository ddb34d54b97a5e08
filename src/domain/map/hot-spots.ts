/** Where the work is now: files by the commits that touched them, each worth half of what it was after 30 days. */
import type { Commit } from "./map.ts"

export interface HotSpot {
  readonly path: string
  /** Sum over its commits; 1 for one commit at the time of the newest. */
  readonly heat: number
  readonly commits: number
}

const halfLifeMs = 30 * 24 * 3_600_000
/** A commit that touches more than this (a format, a move) says nothing about where the work is. */
const filesOfCommitMax = 100

/** The hottest first. Ages count from the newest commit, so that a repository at rest has hot spots too. Only paths that `exists` knows. */
export function hotSpots(commits: readonly Commit[], exists: (path: string) => boolean): HotSpot[] {
  const newest = commits.reduce((latest, { at }) => Math.max(latest, at), 0)
  const found = new Map<string, HotSpot>()
  for (const { at, files } of commits) {
    if (files.length > filesOfCommitMax) continue
    const worth = 2 ** (-(newest - at) / halfLifeMs)
    for (const path of files) {
      const before = found.get(path)
      found.set(path, { path, heat: (before?.heat ?? 0) + worth, commits: (before?.commits ?? 0) + 1 })
    }
  }
  return [...found.values()].filter(({ path }) => exists(path)).toSorted((a, b) => b.heat - a.heat || (a.path < b.path ? -1 : 1))
}
