/** Which tracked files of a checkout differ from what is committed, so that one can see whether a command changed any. */
import { lstat } from "node:fs/promises"
import path from "node:path"
import type { Programs } from "./programs.ts"

/** A mark for each file that differs, another one whenever it is written again. Null: not known. */
export type TrackedState = ReadonlyMap<string, string> | null

export async function trackedState(programs: Programs, root: string): Promise<TrackedState> {
  const top = (await programs.git("rev-parse", "--show-toplevel"))?.replace(/\n$/, "") ?? root
  const printed = await programs.git("status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames")
  if (printed === null) return null
  const entries = printed.split("\0").filter((entry) => entry.length > 3)
  const marks = entries.map(async (entry): Promise<[string, string]> => {
    const file = entry.slice(3)
    const found = await lstat(path.join(top, file)).catch(() => null)
    return [file, `${entry.slice(0, 2)} ${found?.mtimeMs ?? ""} ${found?.size ?? ""}`]
  })
  return new Map(await Promise.all(marks))
}

/** Files whose mark is another one now, sorted. */
export function changedSince(before: TrackedState, after: TrackedState): string[] {
  if (before === null || after === null) return []
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort()
}
