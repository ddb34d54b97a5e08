/** What of a session file is in no state: it is kept as it stands there. */
import type { FileKeeps } from "../../domain/planning/session-file-of.ts"
import type { SessionFile } from "../../domain/planning/session-file.ts"

export function keepsOf(file: SessionFile, before: FileKeeps): Partial<FileKeeps> {
  return {
    columns: file.columns,
    rest: file.rest,
    pendingPropagation: file.pendingPropagation,
    more: new Map(file.queue.flatMap(({ number, more }) => (more.length === 0 ? [] : [[number, more] as const]))),
    kept: file.notes.kept,
    warnings: [...new Set([...before.warnings, ...file.notes.warnings])],
    refusedEdits: file.notes.refusedEdits,
  }
}
