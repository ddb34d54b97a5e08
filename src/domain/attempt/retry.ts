/** Whether a task gets another attempt after a failure, when, and what that attempt is for. The only place with these rules. */
import type { Task } from "../task/task.ts"
import type { AgentError } from "../session/turn.ts"
import type { AttemptReason } from "./attempt.ts"
import { agentKind } from "../gate/tokens.ts"
import { tellAgent, type Failure } from "./failure.ts"
import { planRoundsMax } from "./rounds.ts"

export type Verdict = { readonly again: true; readonly next: NextAttempt } | { readonly again: false }

export interface NextAttempt {
  readonly reason: AttemptReason
  readonly feedback: string | null
  /** Not before this instant. */
  readonly notBefore: number | null
  /** With less to do, and without what may have hung. */
  readonly simplified?: boolean
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

/** What a campaign in waves makes of a timeout depends on where the task stands. */
export interface Standing {
  /** Number of the wave that the task is in, from the first of its run; null: its run does not go in waves. */
  readonly wave: number | null
  /** Others cannot go on without it. */
  readonly critical: boolean
}

export function judge(failure: Failure, task: Task, retriesMax: number, now: number, standing: Standing): Verdict {
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
      return standing.wave === null ? retry() : judgeTimeout(failure, task, standing)
    case "plan":
      return task.tries + 1 < planRoundsMax ? next("retry", "try") : { again: false }
    case "stalled":
    case "no-commit":
    case "unresolved":
    case "out-of-scope":
    case "checks":
    case "handoff":
      return retry()
  }
}

/** One hung agent must not hold a wave: only what others wait for, in the first wave, is tried once more, with less to do. What explores is left. */
function judgeTimeout(failure: Failure, task: Task, { wave, critical }: Standing): Verdict {
  const timedOutBefore = task.attempts.filter(({ end }) => end.how === "failed" && end.failure.kind === "timeout").length > 1
  if (wave !== 1 || !critical || timedOutBefore || agentKind(task.plan) === "scout") return { again: false }
  return { again: true, next: { reason: "retry", counts: "try", notBefore: null, feedback: tellAgent(failure), simplified: true } }
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
