/** What of a session file is in no state: it is kept as it stands there. */
import type { FileKeeps } from "../../domain/session-file/of-run.ts"
import { statusMeaning } from "../../domain/session-file/status-meaning.ts"
import type { SessionFile } from "../../domain/session-file/session-file.ts"

export function keepsOf(file: SessionFile, before: FileKeeps): Partial<FileKeeps> {
  const skipped = file.queue.filter(({ status }) => statusMeaning(status) === "skipped")
  const numbers = new Set(skipped.map(({ number }) => number))
  return {
    columns: file.columns,
    rest: file.rest,
    pendingPropagation: file.pendingPropagation,
    more: new Map(file.queue.flatMap(({ number, more }) => (more.length === 0 ? [] : [[number, more] as const]))),
    kept: file.notes.kept,
    warnings: [...new Set([...before.warnings, ...file.notes.warnings])],
    refusedEdits: file.notes.refusedEdits,
    skipped: [...skipped, ...before.skipped.filter(({ number }) => !numbers.has(number))],
    skippedOrders: [...file.orders.filter(({ row }) => numbers.has(row)), ...before.skippedOrders.filter(({ row }) => !numbers.has(row))],
  }
}
