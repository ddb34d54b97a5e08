/** Changed files in the three kinds that callbacks and the Fleet API know. A rename is one file that went and one that came. */
import type { FileChange } from "../worker/job-result.ts"

export interface ChangedFile {
  readonly kind: "added" | "deleted" | "modified"
  readonly path: string
}

export function filesOf(changes: readonly FileChange[]): readonly ChangedFile[] {
  return changes.flatMap(({ path, status, from }): ChangedFile[] => {
    if (status !== "renamed") return [{ kind: status, path }]
    const came: ChangedFile = { kind: "added", path }
    return from === null ? [came] : [{ kind: "deleted", path: from }, came]
  })
}
