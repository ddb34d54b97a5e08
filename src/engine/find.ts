/** What a person means by a name: a run, a task, a session; by id, prefix, key, branch, or `@last`. */
import { fault, FaultError } from "../domain/fault.ts"
import type { RunId } from "../domain/ids.ts"
import type { State } from "../domain/project/state.ts"
import type { Run } from "../domain/run/run.ts"
import type { Task } from "../domain/task/task.ts"

export interface FoundName {
  readonly run: string
  readonly key: string | null
  readonly session: string | null
}

export function find(state: State, name: string): FoundName {
  const exact = state.runs.find((run) => run.id === name)
  const task = exact === undefined ? taskNamed(state, name) : null
  if (task !== null) return { run: task.run, key: task.key, session: sessionNamed(task, name) }
  const run = exact ?? runNamed(state, name)
  if (run !== null) return { run: run.id, key: null, session: null }
  throw new FaultError(
    fault("not-found", `nothing is called "${name}"`, closestOfAll(state, name), "fleet status lists runs and tasks, fleet session list the sessions"),
  )
}

/** The run that an id, a unique prefix or `@last` names. Rejects what names none, or several. */
export function findRun(state: State, name: string): RunId {
  const run = runNamed(state, name)
  if (run === null)
    throw new FaultError(
      fault(
        "unknown-run",
        `there is no run ${name}`,
        closest([...state.runs.keys()], name, state.runs.size === 0 ? "there is no run here" : "no run has that name"),
        "fleet status lists them",
      ),
    )
  return run.id
}

function runNamed(state: State, name: string): Run | null {
  const newestFirst = [...state.runs.values()].sort((a, b) => b.startedAt - a.startedAt)
  if (name === "@last") return newestFirst[0] ?? null
  const exact = newestFirst.find((run) => run.id === name)
  if (exact !== undefined) return exact
  return only(
    newestFirst.filter((run) => run.id.startsWith(name)),
    name,
    (run) => run.id,
  )
}

/** A key names the task of the newest run that has it. */
function taskNamed(state: State, name: string): Task | null {
  const tasks = [...state.tasks.values()]
  const exact = tasks.find(
    (task) =>
      task.id === name ||
      task.workspace?.branch === name ||
      task.attempts.some((attempt) => attempt.id === name) ||
      (task.state.name === "running" && task.state.attempt.id === name),
  )
  if (exact !== undefined) return exact
  const [run, key] = name.includes("/") ? [runNamed(state, name.slice(0, name.indexOf("/"))), name.slice(name.indexOf("/") + 1)] : [null, name]
  const startedAt = (task: Task): number => state.runs.get(task.run)?.startedAt ?? 0
  const keyed = tasks.filter((task) => task.key === key && (run === null || task.run === run.id)).sort((a, b) => startedAt(b) - startedAt(a))
  return keyed[0] ?? null
}

function sessionNamed(task: Task, name: string): string | null {
  if (task.attempts.some((attempt) => attempt.id === name)) return name
  return (task.state.name === "running" ? task.state.attempt.id : task.attempts.at(-1)?.id) ?? null
}

function only<T>(found: readonly T[], name: string, label: (one: T) => string): T | null {
  if (found.length > 1)
    throw new FaultError(fault("ambiguous", `"${name}" could be ${found.length} things`, found.slice(0, 5).map(label).join(", "), "write more of the name"))
  return found[0] ?? null
}

function closestOfAll(state: State, name: string): string {
  const known = [...state.runs.keys(), ...new Set([...state.tasks.values()].map((task) => task.key as string))]
  const nothing = known.length === 0 && state.sessions.size === 0 ? "there is no run and no session here" : "no run, task, branch or session has that name"
  return closest(known, name, nothing)
}

function closest(known: readonly string[], name: string, none: string): string {
  const alike = known.filter((one) => one.includes(name) || name.includes(one)).slice(0, 5)
  return alike.length > 0 ? `did you mean ${alike.join(", ")}?` : none
}
