/** What events about tasks change. */
import { taskId, type TaskId } from "../ids.ts"
import { taskOf, type State } from "../project/state.ts"
import { backoffTimer, refreshReady, withTask, withTimer } from "../project/tables.ts"
import type { NextAttempt } from "../attempt/retry.ts"
import type { Task, TaskEvent } from "./task.ts"

export function applyTask(state: State, event: TaskEvent, at: number): State {
  switch (event.type) {
    case "task.proved":
      return withTask(state, event.task, proved)
    case "task.archived":
      return archived(state, event.task, event.tag, at)
    case "task.changed":
      return changed(state, event)
    case "task.skipped":
      return withTask(state, event.task, (task) => ({ ...task, skipped: true }))
    case "task.done":
      return unblock(over(state, event.task, { name: "done", proof: event.proof, landed: event.landed, at }), event.task)
    case "task.failed":
      return over(state, event.task, { name: "failed", failure: event.failure, at })
    case "task.cancelled":
      return over(state, event.task, { name: "cancelled", at })
    case "task.requeued":
      return pending(
        withTask(state, event.task, (task) => withConflict(counted(task, event.next), event.conflict)),
        event.task,
        event.next,
      )
    case "task.reopened":
      return pending(
        withTask(state, event.task, (task) => ({ ...task, skipped: false, tries: 0, repairs: 0, resumes: 0, hiccups: 0 })),
        event.task,
        event.next,
      )
    case "workspace.releasing":
    case "workspace.kept": {
      const status = event.type === "workspace.kept" ? "kept" : "releasing"
      return withTask(state, event.task, (task) => ({ ...task, workspace: task.workspace === null ? null : { ...task.workspace, status } }))
    }
    case "workspace.released":
      return withTask(state, event.task, (task) => ({ ...task, workspace: null }))
    case "scope.widened":
      return withTask(state, event.task, (task) => ({
        ...task,
        widened: [...task.widened, ...event.paths.map((pattern) => ({ pattern, access: "write" as const }))],
      }))
  }
}

function over(state: State, id: TaskId, to: Task["state"]): State {
  const ended = withTimer(
    withTask(state, id, (task) => ({ ...task, state: to })),
    backoffTimer(id),
    null,
  )
  return { ...ended, claims: ended.claims.delete(id), active: ended.active.delete(id), ready: ended.ready.delete(id) }
}

/** A task of an older snapshot knows of none. */
const withConflict = (task: Task, files: readonly string[] | undefined): Task =>
  files === undefined ? task : { ...task, conflicts: [...(task.conflicts ?? []), files] }

function proved(task: Task): Task {
  const attempt = task.attempts.at(-1)
  if (attempt?.end.how !== "proved") throw new Error(`${task.id} is not proved`)
  return { ...task, state: { name: "proved", attempt, proof: attempt.end.proof } }
}

function archived(state: State, id: TaskId, tag: string, at: number): State {
  const { state: is } = taskOf(state, id)
  if (is.name !== "proved") throw new Error(`${id} cannot be archived: it is ${is.name}`)
  return over(state, id, { name: "archived", proof: is.proof, tag, at })
}

/** Its dependants are counted by those that need it, so a changed list of needs changes the counts of both. */
function changed(state: State, { task: id, scope, after, gate }: TaskEvent & { type: "task.changed" }): State {
  const { run, plan } = taskOf(state, id)
  const before = plan.after.map((need) => taskId(run, need.key))
  const now = after.map((need) => taskId(run, need.key))
  const link = (so: State, needed: TaskId, on: boolean): State =>
    withTask(so, needed, (task) => ({ ...task, dependants: on ? [...task.dependants, id] : task.dependants.filter((other) => other !== id) }))
  const unlinked = before.filter((needed) => !now.includes(needed)).reduce((so, needed) => link(so, needed, false), state)
  const linked = now.filter((needed) => !before.includes(needed)).reduce((so, needed) => link(so, needed, true), unlinked)
  const needsLeft = now.filter((needed) => taskOf(linked, needed).state.name !== "done").length
  const asked = gate === undefined ? {} : { gate }
  return refreshReady(
    withTask(linked, id, (task) => ({ ...task, plan: { ...task.plan, scope, after, ...asked }, needsLeft, gateOpen: gate === undefined && task.gateOpen })),
    id,
  )
}

function unblock(state: State, id: TaskId): State {
  return taskOf(state, id).dependants.reduce(
    (so, dependant) =>
      refreshReady(
        withTask(so, dependant, (task) => ({ ...task, needsLeft: task.needsLeft - 1 })),
        dependant,
      ),
    state,
  )
}

function pending(state: State, id: TaskId, next: NextAttempt): State {
  const waiting = withTask(state, id, (task) => ({ ...task, state: { name: "pending", next } }))
  return refreshReady({ ...withTimer(waiting, backoffTimer(id), next.notBefore), active: waiting.active.delete(id) }, id)
}

function counted(task: Task, next: NextAttempt): Task {
  switch (next.counts) {
    case "try":
      return { ...task, tries: task.tries + 1 }
    case "repair":
      return { ...task, repairs: task.repairs + 1 }
    case "resume":
      return { ...task, resumes: task.resumes + 1 }
    case "hiccup":
      return { ...task, hiccups: task.hiccups + 1 }
  }
}
