/** A unit of work in a run: what was asked, and the one state that it is in. */
import type { ApprovalId, LandingId, RunId, TaskId, TaskKey, WorkerId } from "../ids.ts"
import type { Fault } from "../fault.ts"
import type { Need, PlanTask } from "../plan/plan.ts"
import type { Usage } from "../session/turn.ts"
import type { Attempt, EndedAttempt, Proof } from "../attempt/attempt.ts"
import type { Failure } from "../attempt/failure.ts"
import type { NextAttempt } from "../attempt/retry.ts"
import type { Scope } from "../scope/scope.ts"

export interface Task {
  readonly id: TaskId
  readonly run: RunId
  readonly key: TaskKey
  /** Place in the plan. */
  readonly ordinal: number
  readonly plan: PlanTask
  readonly rankMinutes: number
  readonly dependants: readonly TaskId[]
  /** Needs that have not landed yet. */
  readonly needsLeft: number
  readonly state: TaskState
  /** Scopes that were approved on top of the plan's. */
  readonly widened: readonly Scope[]
  /** A person left it out: nobody waits for it, and what is continued goes on without it. Unknown to older snapshots. */
  readonly skipped?: boolean
  readonly gateOpen: boolean
  readonly attempts: readonly EndedAttempt[]
  readonly tries: number
  readonly repairs: number
  readonly resumes: number
  readonly hiccups: number
  readonly usage: Usage
  /** Files in which its work did not merge, each time that it did not. */
  readonly conflicts: readonly (readonly string[])[]
  /** Where its checkout is, once there is one and until it is given back. */
  readonly workspace: Checkout | null
}

export interface Checkout {
  readonly worker: WorkerId
  readonly path: string
  readonly branch: string
  readonly base: string
  /** held: in use, or kept for another attempt. releasing: the worker was asked to give it back. kept: it could not be given back. */
  readonly status: "held" | "releasing" | "kept"
}

export type TaskState =
  /** Waits for its needs, a slot, a scope, an instant: `waits.ts` says which. */
  | { readonly name: "pending"; readonly next: NextAttempt }
  | { readonly name: "gated"; readonly approval: ApprovalId; readonly next: NextAttempt }
  | { readonly name: "running"; readonly attempt: Attempt }
  /** Proved, and in the queue for the target. */
  | { readonly name: "landing"; readonly landing: LandingId; readonly proof: Proof; readonly attempt: EndedAttempt }
  /** Proved, and not in the queue yet: the rest of its wave is not, or it is one of several strategies and nobody has picked. */
  | { readonly name: "proved"; readonly proof: Proof; readonly attempt: EndedAttempt }
  /** `landed` is null when there was nothing to land: already ticked, or research without a change. */
  | { readonly name: "done"; readonly proof: Proof | null; readonly landed: { readonly commit: string } | null; readonly at: number }
  | { readonly name: "failed"; readonly failure: Failure; readonly at: number }
  | { readonly name: "cancelled"; readonly at: number }
  /** Another strategy was picked. Its branch stays, with a tag. */
  | { readonly name: "archived"; readonly proof: Proof; readonly tag: string; readonly at: number }

/** Nothing more comes of it by itself. */
export const isOver = ({ state: { name } }: Pick<Task, "state">): boolean => name === "done" || name === "failed" || name === "cancelled" || name === "archived"

/** It is left out, and as little wanted as one that was never there. */
export const isSkipped = ({ state, skipped }: Pick<Task, "state" | "skipped">): boolean => skipped === true && state.name === "cancelled"

/** Everything that it may write or says that it reads: what its claim is made of. */
export const scopesOf = (task: Task): readonly Scope[] => [...task.plan.scope, ...task.widened]

export const firstAttempt: NextAttempt = { reason: "first", feedback: null, notBefore: null, counts: "try" }

export type TaskEvent =
  /** It waits: for its wave, or to be picked. */
  | { readonly type: "task.proved"; readonly task: TaskId }
  | { readonly type: "task.archived"; readonly task: TaskId; readonly tag: string }
  /** Somebody changed what is to be done, before it began. `gate`: a person is asked before it starts. */
  | { readonly type: "task.changed"; readonly task: TaskId; readonly scope: readonly Scope[]; readonly after: readonly Need[]; readonly gate?: "human" }
  /** A person leaves it out; that it is ended follows. */
  | { readonly type: "task.skipped"; readonly task: TaskId }
  | { readonly type: "task.done"; readonly task: TaskId; readonly proof: Proof | null; readonly landed: { readonly commit: string } | null }
  | { readonly type: "task.failed"; readonly task: TaskId; readonly failure: Failure }
  | { readonly type: "task.cancelled"; readonly task: TaskId }
  /** Another attempt follows. `conflict`: the files in which its work did not merge. */
  | { readonly type: "task.requeued"; readonly task: TaskId; readonly next: NextAttempt; readonly conflict?: readonly string[] }
  /** A person asked for it: the limits start afresh. */
  | { readonly type: "task.reopened"; readonly task: TaskId; readonly next: NextAttempt }
  | { readonly type: "workspace.releasing"; readonly task: TaskId }
  /** `salvage` names the ref that holds what was on no branch. */
  | { readonly type: "workspace.released"; readonly task: TaskId; readonly salvage: string | null }
  | { readonly type: "workspace.kept"; readonly task: TaskId; readonly fault: Fault }
  | { readonly type: "scope.widened"; readonly task: TaskId; readonly paths: readonly string[]; readonly by: string }
