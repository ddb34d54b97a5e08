/** Changing what a task is, before it began: its scope, what it needs, or that it is left out. */
import { fault, type Fault } from "../fault.ts"
import { taskId, type RunId, type TaskId, type TaskKey } from "../ids.ts"
import { didYouMean } from "../plan/did-you-mean.ts"
import type { Need } from "../plan/plan.ts"
import type { Command } from "../project/command.ts"
import type { Draft } from "../project/draft.ts"
import { unknownThing } from "../project/refusals.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import { isStrategy } from "../run/campaign.ts"
import { passGateAgain } from "../run/gate-again.ts"
import { cannotStop, stopOne } from "./decide.ts"
import type { Task } from "./task.ts"

export function changeTask(draft: Draft, command: Command & { type: "task.change" }): Fault | null {
  const task = draft.state.tasks.get(command.task)
  if (task === undefined) return unknownThing("task", command.task)
  if (task.state.name !== "pending" || task.attempts.length > 0)
    return fault(
      "task-begun",
      `task ${task.id} cannot be changed`,
      `it has begun: it is ${task.state.name}`,
      "change what has not begun, or stop it and add a task with the new scope",
    )
  const after = command.after === null ? task.plan.after : command.after.map((key): Need => ({ key, reason: "declared" }))
  const wrong = unknownNeed(draft.state, task, after) ?? ordered(draft.state, task, after) ?? circle(draft.state, task, after)
  if (wrong !== null) return wrong
  draft.emit({ type: "task.changed", task: task.id, scope: command.scope ?? task.plan.scope, after: wanted(draft.state, task.run, after) })
  passGateAgain(draft, task.id, command.scope ?? [])
  return null
}

/** What is left of some needs when nobody waits for what is skipped. */
export const wanted = (state: State, run: RunId, needs: readonly Need[]): readonly Need[] =>
  needs.filter((need) => taskOf(state, taskId(run, need.key)).skipped !== true)

/** Stopped, and those that needed it need it no more. */
export function skipTask(draft: Draft, id: TaskId): Fault | null {
  const refused = cannotStop(draft, id)
  if (refused !== null) return refused
  draft.emit({ type: "task.skipped", task: id })
  stopOne(draft, id)
  const { dependants, key } = taskOf(draft.state, id)
  for (const other of dependants) {
    const { plan } = taskOf(draft.state, other)
    draft.emit({ type: "task.changed", task: other, scope: plan.scope, after: plan.after.filter((need) => need.key !== key) })
  }
  passGateAgain(draft, id, [])
  return null
}

function unknownNeed(state: State, task: Task, after: readonly Need[]): Fault | null {
  const known = runOf(state, task.run).tasks.map((id) => taskOf(state, id).key as string)
  const missing = after.find((need) => !known.includes(need.key))
  if (missing === undefined) return null
  const meant = didYouMean(missing.key, known)
  return fault(
    "unknown-id",
    `task ${task.key} needs ${missing.key}, which is not there`,
    "no task of this run has that id",
    meant === null ? "name one that is there" : `did you mean ${meant}?`,
  )
}

/** A strategy that waits for another would wait for ever: only one of them lands. */
function ordered(state: State, task: Task, after: readonly Need[]): Fault | null {
  if (after.length === 0 || !isStrategy(runOf(state, task.run), task)) return null
  return fault("ordered", `strategy ${task.key} cannot come after another`, "all of them start from the same commit, at once", "remove what it needs")
}

function circle(state: State, task: Task, after: readonly Need[]): Fault | null {
  const seen = new Set<TaskKey>()
  const open = after.map((need) => need.key)
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (key === task.key) return fault("cycle", `task ${task.key} would need itself`, "what it is to come after comes after it", "remove one of these edges")
    if (seen.has(key)) continue
    seen.add(key)
    open.push(...taskOf(state, taskId(task.run, key)).plan.after.map((need) => need.key))
  }
  return null
}
