/** What a person changed in a session file, as commands; and what cannot be taken, in words for that file. */
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import type { TaskKey } from "../../domain/ids.ts"
import { rowNumbers } from "../../domain/session-file/row-numbers.ts"
import { rowsOf } from "../../domain/session-file/of-run.ts"
import type { QueueEdit } from "../../domain/session-file/queue-edit.ts"
import { rowText } from "../../domain/session-file/render.ts"
import type { QueueRow, SessionFile } from "../../domain/session-file/session-file.ts"
import { planFromSession } from "../../domain/session-file/plan.ts"
import { statusMeaning } from "../../domain/session-file/status-meaning.ts"
import type { Command } from "../../domain/project/command.ts"
import { runOf } from "../../domain/project/state.ts"
import type { Run } from "../../domain/run/run.ts"
import { parseScope, scopeText } from "../../domain/scope/normalise.ts"
import type { Scope } from "../../domain/scope/scope.ts"
import { isOver, type Task } from "../../domain/task/task.ts"
import type { Hub } from "../hub.ts"

/** Resolves to what was refused, a line each. `found`: the file as the person left it. */
export async function takeEdits(hub: Hub, run: Run, edits: readonly QueueEdit[], found: SessionFile): Promise<string[]> {
  const refused: string[] = []
  for (const edit of inOrder(edits)) {
    if (edit.kind === "refused") refused.push(sayRefusal(edit))
    else if (!isThere(hub, run, edit))
      try {
        // Each is decided on what the one before it has made of the run.
        const command = commandOf(hub, runOf(hub.state, run.id), edit, found)
        if (command !== null) await hub.send(command)
      } catch (error) {
        if (!(error instanceof FaultError)) throw error
        refused.push(`${what(edit)}: ${sayRefusal(error.fault)}`)
      }
  }
  return refused
}

/** Rows that are added come first, each behind the added rows that it needs: what else was changed may name them. */
function inOrder(edits: readonly QueueEdit[]): QueueEdit[] {
  const added = new Map(edits.flatMap((edit) => (edit.kind === "add" ? [[edit.row.number, edit] as const] : [])))
  const ordered = new Set<QueueEdit>()
  const visit = (number: number, behind: ReadonlySet<number>): void => {
    const edit = added.get(number)
    if (edit === undefined || ordered.has(edit) || behind.has(number)) return
    for (const need of edit.row.deps) visit(need, new Set([...behind, number]))
    ordered.add(edit)
  }
  for (const number of added.keys()) visit(number, new Set())
  return [...ordered, ...edits.filter(({ kind }) => kind !== "add")]
}

/** What it asks for is so already: it was taken before, and the hub died before the file could be written anew. */
function isThere({ state }: Hub, run: Run, edit: QueueEdit): boolean {
  const numbers = [...rowNumbers(rowsOf(state, runOf(state, run.id)))]
  if (edit.kind === "add") return numbers.some(([task, number]) => number === edit.row.number && task.plan.title === edit.row.campaign)
  const task = "number" in edit ? numbers.find(([, number]) => number === edit.number)?.[0] : undefined
  if (task === undefined) return false
  switch (edit.kind) {
    case "skip":
      return task.skipped === true
    case "requeue":
      return !isOver(task) && task.skipped !== true
    case "scope":
      return isSame(task.plan.scope.map(scopeText), edit.scope.flatMap(scopeTextOf))
    case "deps": {
      const needs = numbers.flatMap(([{ key }, number]) => (edit.deps.includes(number) ? [key] : []))
      return isSame(
        task.plan.after.map(({ key }) => key),
        needs,
      )
    }
    case "direction":
    case "share":
    case "auto-continue":
    case "refused":
      return false
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.toSorted().join("\0") === b.toSorted().join("\0")

function scopeTextOf(text: string): string[] {
  const parsed = parseScope(text)
  return parsed.ok ? [scopeText(parsed.scope)] : []
}

/** Rows of the file that have become no task, as they stand there: what was refused must not be lost. Skipped ones stay in the queue. */
export function refusedRows(hub: Hub, run: Run, { queue }: SessionFile): string[] {
  const there = new Set(rowNumbers(rowsOf(hub.state, runOf(hub.state, run.id))).values())
  return queue.filter((row) => !there.has(row.number) && !isSkippedRow(row)).map((row) => `Work Queue: ${rowText(row)}`)
}

const isSkippedRow = ({ status }: QueueRow): boolean => statusMeaning(status) === "skipped"

const sayRefusal = ({ what: said, why, fix }: Fault): string => `${said}: ${why}. ${fix}`

/** Null: it is about a row that is skipped and no task; it stays in the queue as it stands. */
function commandOf(hub: Hub, run: Run, edit: Exclude<QueueEdit, { kind: "refused" }>, found: SessionFile): Command | null {
  const tasks = rowsOf(hub.state, run)
  const of = (number: number): Task => taskAt(tasks, number)
  const other = "number" in edit ? notTask(tasks, edit.number, found) : null
  if (other !== null)
    return isSkippedRow(other) || edit.kind !== "requeue" ? null : { type: "run.extend", run: run.id, task: taskFor(run, other, tasks, found) }
  switch (edit.kind) {
    case "add":
      if (isSkippedRow(edit.row)) return null
      return { type: "run.extend", run: run.id, task: taskFor(run, edit.row, tasks, found) }
    case "scope":
      return { type: "task.change", task: of(edit.number).id, scope: edit.scope.map(scopeFrom), after: null }
    case "deps":
      return { type: "task.change", task: of(edit.number).id, scope: null, after: edit.deps.map((number) => of(number).key) }
    case "skip":
      return { type: "task.skip", task: of(edit.number).id }
    case "requeue":
      return { type: "task.retry", task: of(edit.number).id }
    case "share":
      return { type: "discovery.report", session: null, task: null, commonDirectory: run.commonDirectory, text: edit.text, paths: [] }
    case "auto-continue":
      return { type: "run.auto-continue", run: run.id, on: edit.autoContinue }
    case "direction":
      throw new FaultError(
        fault("direction-fixed", "the direction stays as it was", "the tasks were made from it", "add a row, or start another campaign: fleet run"),
      )
  }
}

function what(edit: Exclude<QueueEdit, { kind: "refused" }>): string {
  if (edit.kind === "add") return `row ${edit.row.number} was not added`
  return "number" in edit ? `row ${edit.number} was not changed (${edit.kind})` : `${edit.kind} was not changed`
}

/** The row, where it is one that was skipped before the run began. */
function notTask(tasks: readonly Task[], number: number, { queue }: SessionFile): QueueRow | null {
  if ([...rowNumbers(tasks).values()].includes(number)) return null
  return queue.find((row) => row.number === number) ?? null
}

function taskAt(tasks: readonly Task[], number: number): Task {
  const found = [...rowNumbers(tasks)].find(([, row]) => row === number)
  if (found !== undefined) return found[0]
  throw new FaultError(fault("unknown-row", `there is no row ${number}`, "the queue has no row of that number", "look at the # column"))
}

function scopeFrom(text: string): Scope {
  const parsed = parseScope(text)
  if (!parsed.ok) throw new FaultError(parsed.fault)
  return parsed.scope
}

/** As the row would be read in a fresh clone, with the ids and the direction that are so here. What is wrong with other rows is not its fault. */
function taskFor({ campaign }: Run, row: QueueRow, tasks: readonly Task[], found: SessionFile) {
  const alone = {
    ...found,
    direction: campaign?.direction ?? found.direction,
    queue: found.queue.map((other) => (other.number === row.number ? row : { ...other, scope: [], deps: [] })),
  }
  const { plan, keys, faults } = planFromSession(alone, { format: "citadel", file: null })
  const planned = plan?.tasks.find((one) => one.key === keys.get(row.number))
  const [wrong] = faults
  if (planned === undefined)
    throw new FaultError(wrong ?? fault("row-unreadable", `row ${row.number} cannot be read`, "it is no task", "see fleet plan check on the file"))
  const waitsFor = row.deps.filter((number) => {
    const other = notTask(tasks, number, found)
    return other === null || !isSkippedRow(other)
  })
  const after = waitsFor.map((number) => ({ key: taskAt(tasks, number).key, reason: "declared" as const }))
  return { ...planned, key: freeKey(planned.key, tasks), after, ticked: false, line: null }
}

function freeKey(wanted: TaskKey, tasks: readonly Task[]): TaskKey {
  const taken = new Set(tasks.map(({ key }) => key.toLowerCase()))
  for (let number = 1; ; number++) {
    const key = number === 1 ? wanted : `${wanted.slice(0, 58)}-${number}`
    if (!taken.has(key.toLowerCase())) return key as TaskKey
  }
}
