/** Whether a task gets another attempt after a failure, when, and what that attempt is for. The only place with these rules. */
import type { Task } from "../task/task.ts"
import type { AgentError } from "../session/turn.ts"
import type { AttemptReason } from "./attempt.ts"
import { tellAgent, type Failure } from "./failure.ts"

export type Verdict = { readonly again: true; readonly next: NextAttempt } | { readonly again: false }

export interface NextAttempt {
  readonly reason: AttemptReason
  readonly feedback: string | null
  /** Not before this instant. */
  readonly notBefore: number | null
  /** Which of the task's limits it uses up. */
  readonly counts: "try" | "repair" | "resume" | "hiccup"
}

/** Conflicts and failed merges that go back to the author. */
const repairsMax = 5
/** Cut-offs that are nobody's fault: a killed worker, a dropped stream. */
const resumesMax = 30
/** Of the agent's process, one after the other: a kill is chance, the fifth in a row is its habit. The first of them are followed at once. */
const deathsMax = 5
const deathsAtOnce = 2
/** Rate limits, overload, network: the provider's troubles, not the task's. */
const hiccupsMax = 20
const backoffMs = { first: 2_000, max: 5 * 60_000 }

export function judge(failure: Failure, task: Task, retriesMax: number, now: number): Verdict {
  const next = (reason: AttemptReason, counts: NextAttempt["counts"], notBefore: number | null = null): Verdict => ({
    again: true,
    next: { reason, counts, notBefore, feedback: tellAgent(failure) },
  })
  const retry = (): Verdict => (task.tries < retriesMax ? next("retry", "try") : { again: false })
  switch (failure.kind) {
    case "denied":
      return { again: false }
    case "agent":
      return judgeAgent(failure.error, task, retriesMax, now, next)
    case "workspace":
    case "session":
      return failure.transient && task.tries < retriesMax ? next("resume", "try", now + backoff(task.tries)) : { again: false }
    case "lost":
    case "interrupted":
      return task.resumes < resumesMax ? next("resume", "resume") : { again: false }
    case "died": {
      const deaths = deathsInARow(task)
      if (deaths >= deathsMax) return { again: false }
      return next("resume", "resume", deaths <= deathsAtOnce ? null : now + backoff(deaths - deathsAtOnce - 1))
    }
    case "conflict":
    case "landing-checks":
      return task.repairs < repairsMax ? next("repair", "repair") : { again: false }
    case "timeout":
    case "stalled":
    case "no-commit":
    case "unresolved":
    case "out-of-scope":
    case "checks":
    case "handoff":
      return retry()
  }
}

function judgeAgent(
  error: AgentError,
  task: Task,
  retriesMax: number,
  now: number,
  next: (reason: AttemptReason, counts: NextAttempt["counts"], notBefore: number) => Verdict,
): Verdict {
  switch (error.class) {
    case "auth":
    case "refused":
      return { again: false }
    case "rate-limit":
    case "overload":
    case "network":
      return task.hiccups < hiccupsMax ? next("resume", "hiccup", error.resetAt ?? now + backoff(task.hiccups)) : { again: false }
    case "bug":
      return task.tries < retriesMax ? next("resume", "try", now + backoff(task.tries)) : { again: false }
  }
}

/** The attempt that is judged is the last of those that ended. */
function deathsInARow({ attempts }: Task): number {
  const other = attempts.findLastIndex((attempt) => attempt.end.how !== "failed" || attempt.end.failure.kind !== "died")
  return attempts.length - 1 - other
}

function backoff(times: number): number {
  return Math.min(backoffMs.first * 2 ** times, backoffMs.max)
}
