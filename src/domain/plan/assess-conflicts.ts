/** After the work: which files more than one child has changed, and what to do about each. Looks at names only; a merge in memory says more. */
import type { FileChange } from "../worker/job-result.ts"
import { boundaryOf } from "./assess-boundary.ts"
import { compare, named } from "./assess-touched.ts"

export interface ChildChanges {
  readonly key: string
  readonly files: readonly FileChange[]
}
export interface ConflictReport {
  /** No file was changed by more than one. */
  readonly clear: boolean
  /** Sorted by path. */
  readonly conflicts: readonly FileConflict[]
  /** To be said to the user as it stands. */
  readonly tell: string
}
export interface FileConflict {
  readonly path: string
  readonly children: readonly { readonly key: string; readonly status: FileChange["status"] }[]
  readonly resolution: Resolution
  /** What to do, in one sentence. */
  readonly advice: string
}
/**
 * same: they all removed it, nothing to do. merge: by hand, with both diffs at hand. rerun: one of them once more, from what the other has
 * made. regenerate: the file is made by a tool; take one side and let the tool make it again.
 */
export type Resolution = "same" | "merge" | "rerun" | "regenerate"

export const conflictLimits = { children: 200, filesOfChild: 10_000, pathsTold: 10 }

/** The same for every order of the children and of their files. Keys are unique. A rename counts for both of its paths. */
export function conflicts(children: readonly ChildChanges[]): ConflictReport {
  const changed = new Map<string, Map<string, FileChange["status"]>>()
  const add = (path: string, key: string, status: FileChange["status"]): void => {
    const held = changed.get(path)
    if (held === undefined) changed.set(path, new Map([[key, status]]))
    // A path that is left by one rename and taken by another change is changed once.
    else if (!held.has(key) || status !== "deleted") held.set(key, status)
  }
  for (const { key, files } of children)
    for (const file of files) {
      add(file.path, key, file.status)
      if (file.status === "renamed" && file.from !== null) add(file.from, key, "deleted")
    }
  const found = [...changed]
    .filter(([, by]) => by.size > 1)
    .map(([path, by]) => fileConflict(path, by))
    .sort((a, b) => compare(a.path, b.path))
  return { clear: found.every((conflict) => conflict.resolution === "same"), conflicts: found, tell: tellConflicts(found, children.length) }
}

function fileConflict(path: string, by: ReadonlyMap<string, FileChange["status"]>): FileConflict {
  const children = [...by].map(([key, status]) => ({ key, status })).sort((a, b) => compare(a.key, b.key))
  const resolution = resolutionOf(
    path,
    children.map((child) => child.status),
  )
  return { path, children, resolution, advice: adviceOf(resolution, children.map((child) => named(child.key)).join(" and ")) }
}

function resolutionOf(path: string, statuses: readonly FileChange["status"][]): Resolution {
  if (statuses.every((status) => status === "deleted")) return "same"
  if (boundaryOf(path)?.kind === "lock") return "regenerate"
  return statuses.every((status) => status === "modified") ? "merge" : "rerun"
}

function adviceOf(resolution: Resolution, who: string): string {
  switch (resolution) {
    case "same":
      return `${who} all removed it: nothing is to be done`
    case "merge":
      return `read the diffs of ${who}; merge them by hand when they change different parts, else run one of them again from what the other has made`
    case "rerun":
      return `${who} added, renamed or removed it differently, which does not merge: keep one, and run the other again from there`
    case "regenerate":
      return `keep one side, and let the package manager make it again after both are merged`
  }
}

function tellConflicts(found: readonly FileConflict[], children: number): string {
  const open = found.filter((conflict) => conflict.resolution !== "same")
  if (open.length === 0) return `None of the ${children} children changed a file that another one changed.`
  const shown = open
    .slice(0, conflictLimits.pathsTold)
    .map((conflict) => `${conflict.path} (${conflict.children.map((child) => named(child.key)).join(", ")}): ${conflict.advice}`)
  const left = open.length - shown.length
  return `${open.length} ${open.length === 1 ? "file was" : "files were"} changed by more than one child. ${[...shown, ...(left > 0 ? [`and ${left} more`] : [])].join(". ")}.`
}
