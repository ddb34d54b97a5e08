/** The queue that brings proved work onto a target branch. One item after the other for each target; what is to land together, a wave for example, is one item. */
import type { AttemptId, LandingId, TaskId } from "../ids.ts"
import type { Fault } from "../fault.ts"
import type { Task } from "../task/task.ts"

export interface Landing {
  readonly id: LandingId
  /** Grows in the project: the order of the queue. */
  readonly number: number
  /** Several: they land in one merge, or none of them does. Never empty. */
  readonly tasks: readonly TaskId[]
  /** Of a run in waves: the one whose work this is. */
  readonly wave: number | null
  readonly repository: string
  readonly target: string
  readonly status:
    | { readonly name: "queued" }
    /** A person is asked whether it may land. */
    | { readonly name: "asked" }
    | { readonly name: "trying" }
    /** The target cannot be moved now; tried again at the instant. */
    | { readonly name: "held"; readonly fault: Fault; readonly retryAt: number }
  /** How often it was handed to a worker: part of the job's key. */
  readonly tries: number
}

export function inLanding(task: Task): Task["state"] & { name: "landing" } {
  if (task.state.name !== "landing") throw new Error(`${task.id} lands though it is ${task.state.name}`)
  return task.state
}

export function firstOf({ id: landing, tasks }: Landing): TaskId {
  const [task] = tasks
  if (task === undefined) throw new Error(`landing ${landing} has no task`)
  return task
}

/** `task` is the first of `tasks`; events of older versions name no others. */
export type LandingEvent =
  | {
      readonly type: "landing.queued"
      readonly landing: LandingId
      readonly task: TaskId
      readonly attempt: AttemptId
      readonly tasks?: readonly TaskId[]
      readonly wave?: number | null
    }
  | { readonly type: "landing.asked"; readonly landing: LandingId; readonly task: TaskId }
  | { readonly type: "landing.started"; readonly landing: LandingId; readonly task: TaskId }
  | { readonly type: "landing.held"; readonly landing: LandingId; readonly task: TaskId; readonly fault: Fault; readonly retryAt: number }
  /** parted: its items go on as landings of their own, because something among them does not fit. */
  | {
      readonly type: "landing.ended"
      readonly landing: LandingId
      readonly task: TaskId
      readonly how: "landed" | "conflict" | "checks-failed" | "withdrawn" | "parted"
    }
