/** A decision in the making. Each event is applied to the draft's own state at once, so that the next rule sees it; nobody else's state changes. */
import { id, type JobKey, type WorkerId } from "../ids.ts"
import type { Job } from "../worker/job.ts"
import { apply } from "./apply.ts"
import type { Event } from "./events.ts"
import type { State } from "./state.ts"

/** A job and the worker that is to do it: what the outbox holds. */
export interface Action {
  readonly worker: WorkerId
  readonly job: Job
}

export class Draft {
  state: State
  readonly now: number
  readonly events: Event[] = []
  readonly actions: Action[] = []
  readonly settles: JobKey[] = []

  constructor(state: State, now: number) {
    this.state = state
    this.now = now
  }

  emit(event: Event): void {
    this.events.push(event)
    this.state = apply(this.state, event, this.now)
  }

  /** Asks a worker for a job; committed with the events, sent after. */
  ask(worker: WorkerId, job: Job): void {
    this.actions.push({ worker, job })
  }

  /** The job is done with, however it went: it is not sent again. */
  settle(...keys: readonly string[]): void {
    this.settles.push(...keys.map((key) => id<"job">(key)))
  }
}
