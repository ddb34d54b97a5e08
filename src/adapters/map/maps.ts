/** The worker's port of maps. It never writes into a checkout: what is new in a workspace counts as an agent's work. */
import { FaultError } from "../../domain/fault.ts"
import { overviewText } from "../../domain/map/overview-text.ts"
import { sliceText } from "../../domain/map/slice-text.ts"
import { slice } from "../../domain/map/slice.ts"
import { Lane } from "../../runtime/lane.ts"
import type { RepositoryMaps } from "../../worker/ports/map.ts"
import { complexityChange } from "./complexity.ts"
import { openGit } from "./git.ts"
import { readMap, type ReadMap } from "./read.ts"

export interface MapsOptions {
  /** Where indexes are kept; made when it is missing. */
  readonly cacheDirectory: string
  /** What git runs in; `GIT_*` is taken out of it. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Epoch milliseconds. */
  readonly now?: () => number
}

export function openMaps({ cacheDirectory, environment, now = Date.now }: MapsOptions): RepositoryMaps {
  const git = openGit(environment)
  const lane = new Lane()
  const elapsedMs = (): number => performance.now()
  const read = (root: string, withHistory: boolean): Promise<ReadMap> =>
    // Agents of one wave start together: the first makes the index, and the others find it.
    lane.run(() => readMap(root, { git, cacheDirectory, keep: "never", withHistory, now, elapsedMs }))
  return {
    overview: async (root) => overviewText((await read(root, true)).map),
    slice: async (root, keywords, filesMax) => {
      const found = await read(root, false).catch(nullOfFault)
      return found === null ? null : sliceText(slice(found.map, keywords, filesMax), keywords)
    },
    complexity: (directory, base, head) => complexityChange(git, directory, base, head).catch(nullOfFault),
  }
}

function nullOfFault(error: unknown): null {
  if (error instanceof FaultError) return null
  throw error
}
