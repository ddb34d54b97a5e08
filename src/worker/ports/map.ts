/** Maps of repositories, as the worker needs them: for the planner that splits a direction, for each agent that starts, and to compare rivals. */
export interface RepositoryMaps {
  /** For the planner: languages, modules, ownership, hot spots; at most 6,000 characters. Rejects with a `FaultError` when `root` is in no repository. */
  overview(root: string): Promise<string>
  /** The `=== MAP SLICE ===` block of the files that the keywords are about (C.1.26). Null where there is no map to be had, or nothing in it was found: to be left out silently. */
  slice(root: string, keywords: readonly string[], filesMax: number): Promise<string | null>
  /** Summed over the files that differ between two commits; null where it is not known. */
  complexity(directory: string, base: string, head: string): Promise<{ readonly before: number; readonly after: number } | null>
}
