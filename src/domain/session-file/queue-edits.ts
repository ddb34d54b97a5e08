/**
 * What a person, or another tool, changed in a session file since Fleet wrote it: commands where a queue may be edited, a refusal with its
 * reason for everything else. Whether a row's state still allows the edit is not decided here.
 */
import { parseScope } from "../scope/normalise.ts"
import { refusal, type QueueEdit } from "./queue-edit.ts"
import { resultEdits } from "./result-edits.ts"
import { flattened } from "./flatten.ts"
import type { QueueRow, SessionFile } from "./session-file.ts"
import { statusMeaning } from "./status-meaning.ts"

/** `written`: as Fleet wrote it last; `found`: as it is read now. `rest`, unknown columns and Pending Propagation are the person's own. */
export function editsOf(written: SessionFile, found: SessionFile): QueueEdit[] {
  const [before, now] = [flattened(written), flattened(found)]
  const known = new Map(before.queue.map((row) => [row.number, row]))
  const edits = now.queue.flatMap((row) => {
    const old = known.get(row.number)
    return old === undefined ? addedRow(before, now, row) : changedRow(now, old, row)
  })
  return [...edits, ...removedRows(before, now), ...resultEdits(before, now)]
}

function addedRow(before: SessionFile, now: SessionFile, row: QueueRow): QueueEdit[] {
  const old = renumbered(before, now, row)
  if (old !== undefined)
    return [
      refusal(
        row.number,
        "row-renumbered",
        `row ${old.number} was given the number ${row.number}`,
        "other rows, and what has been done, name it by its number",
        `give it the number ${old.number} again; the order of the rows may be changed`,
      ),
    ]
  const meaning = statusMeaning(row.status)
  const wrong = [...wrongScope(row), ...wrongDeps(now, row)]
  if (meaning !== "runnable" && meaning !== "skipped") wrong.push(statusRefusal(row, null))
  return wrong.length > 0 ? wrong : [{ kind: "add", row }]
}

/** A row that is gone, and is there again under another number. */
const renumbered = (before: SessionFile, now: SessionFile, row: QueueRow): QueueRow | undefined =>
  before.queue.find((old) => old.campaign === row.campaign && !now.queue.some((other) => other.number === old.number))

function removedRows(before: SessionFile, now: SessionFile): QueueEdit[] {
  const there = new Set(now.queue.map((row) => row.number))
  const renamed = new Set(now.queue.flatMap((row) => (before.queue.some((old) => old.number === row.number) ? [] : [row.campaign])))
  return before.queue
    .filter((row) => !there.has(row.number) && !renamed.has(row.campaign))
    .map((row) =>
      refusal(
        row.number,
        "row-removed",
        `row ${row.number} (${row.campaign}) was removed`,
        "it may have run already, and a line that is gone does not say whether you meant it",
        "set its Status to skip; Fleet writes the row again",
      ),
    )
}

function changedRow(now: SessionFile, old: QueueRow, row: QueueRow): QueueEdit[] {
  const edits: QueueEdit[] = fixedCells(old, row)
  if (old.scope.join("\0") !== row.scope.join("\0")) edits.push(...orElse(wrongScope(row), { kind: "scope", number: row.number, scope: row.scope }))
  if (!sameDeps(old, row)) edits.push(...orElse(wrongDeps(now, row), { kind: "deps", number: row.number, deps: row.deps }))
  const [was, is] = [statusMeaning(old.status), statusMeaning(row.status)]
  if (old.status === row.status || (was === is && is !== "unknown")) return edits
  if (is === "skipped") return [...edits, { kind: "skip", number: row.number }]
  if (is === "runnable") return [...edits, { kind: "requeue", number: row.number }]
  return [...edits, statusRefusal(row, old)]
}

const orElse = (wrong: readonly QueueEdit[], edit: QueueEdit): readonly QueueEdit[] => (wrong.length > 0 ? wrong : [edit])

const sameDeps = (a: QueueRow, b: QueueRow): boolean => a.deps.toSorted(byNumber).join() === b.deps.toSorted(byNumber).join()
const byNumber = (a: number, b: number): number => a - b

/** Cells that say what a row is, or what Fleet found out. */
function fixedCells(old: QueueRow, row: QueueRow): QueueEdit[] {
  const changed = (["campaign", "agent", "wave", "branch", "evidence"] as const).filter((cell) => old[cell] !== row[cell])
  return changed.map((cell) => {
    const { why, fix } = fixed[cell]
    return refusal(row.number, `${cell}-changed`, `the ${cell} of row ${row.number} was changed from ${shown(old[cell])} to ${shown(row[cell])}`, why, fix)
  })
}

const shown = (value: string | number | null): string => (value === null || value === "" ? "nothing" : JSON.stringify(value))

const another = "add a row for the new work, and set the Status of this one to skip"
const written = "nothing to do: Fleet writes it again"
const fixed = {
  campaign: { why: "the name says what the row's agents were told to do", fix: another },
  agent: { why: "the kind of agent decided how the row was begun", fix: another },
  wave: { why: "Fleet makes the waves, from what depends on what and whose scopes overlap", fix: "change Deps or Scope: the wave follows" },
  branch: { why: "it says where the work is", fix: written },
  evidence: { why: "it says what Fleet saw", fix: written },
} as const

function statusRefusal(row: QueueRow, old: QueueRow | null): QueueEdit {
  const what = old === null ? `row ${row.number} was added as ${shown(row.status)}` : `row ${row.number} was set to ${shown(row.status)}`
  if (statusMeaning(row.status) === "success")
    return refusal(
      row.number,
      "status-not-proved",
      what,
      "nobody proves it: Fleet marks a row complete when its commit has landed",
      "set it to skip if it needs no work, or to pending",
    )
  return refusal(row.number, "status-not-yours", what, "it says what Fleet sees", "set it to skip, or to pending to have it done (again)")
}

function wrongScope(row: QueueRow): QueueEdit[] {
  return row.scope.flatMap((text) => {
    const parsed = parseScope(text.replace(/^`([^`]*)`/, "$1"))
    if (parsed.ok) return []
    const { code, what, why, fix } = parsed.fault
    return [refusal(row.number, code, `row ${row.number}: ${what}`, why, fix)]
  })
}

function wrongDeps({ queue }: SessionFile, row: QueueRow): QueueEdit[] {
  const byNumber = new Map(queue.map((one) => [one.number, one]))
  const missing = row.deps.find((number) => !byNumber.has(number))
  if (missing !== undefined)
    return [
      refusal(
        row.number,
        "unknown-row",
        `row ${row.number} is to depend on row ${missing}, which is not there`,
        "it would wait for ever",
        "name rows of the queue, like 1,2, or none",
      ),
    ]
  if (!reaches(byNumber, row, row.number)) return []
  return [
    refusal(
      row.number,
      "cycle",
      `row ${row.number} would depend on itself, through others`,
      "each would wait for the other for ever",
      "remove one of the Deps",
    ),
  ]
}

function reaches(byNumber: ReadonlyMap<number, QueueRow>, from: QueueRow, to: number): boolean {
  const seen = new Set(from.deps)
  for (const number of seen) for (const dep of byNumber.get(number)?.deps ?? []) seen.add(dep)
  return seen.has(to)
}
