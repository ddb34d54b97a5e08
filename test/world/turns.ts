/** Tasks at work in an imaginary world: what a test does not decide about goes well by itself. Turns and landings wait for the test. */
import type { Approval } from "../../src/domain/approval/approval.ts"
import type { Fault } from "../../src/domain/fault.ts"
import { id } from "../../src/domain/ids.ts"
import { noUsage, type TurnOutcome } from "../../src/domain/session/turn.ts"
import type { Job, RunTurn, TryLanding } from "../../src/domain/worker/job.ts"
import type { JobResult, LandingOutcome } from "../../src/domain/worker/job-result.ts"
import { World } from "./world.ts"

export function worldOf(slots = 8): World {
  const of = new World()
  of.join(slots)
  return of
}

/** Keys of the tasks whose agents work. */
export const working = (of: World): string[] => turns(of).map(keyOf).toSorted()

/** Answers everything but turns and landings. */
export function goOn(of: World): void {
  for (let next = first(of); next !== undefined; next = first(of)) of.succeed(next)
}

/** The agent's turn ends, well when nothing else is said, and what follows goes well up to the next turn or landing. */
export function endTurn(of: World, key: string, how: Partial<TurnOutcome> = {}): void {
  const job = turnOf(of, key)
  of.report({ type: "turn.started", job: job.key, session: job.session })
  const outcome = { how: "completed", text: "", usage: noUsage, ...how } as TurnOutcome
  finish(of, job, { kind: "session.turn", outcome })
}

/** The job ends with that result, and the rest goes on. */
export function finish(of: World, job: Job, result: JobResult): void {
  of.report({ type: "job.done", job: job.key, result })
  goOn(of)
}

/** Hangs until its time is over. */
export function timeOut(of: World, key: string): void {
  const job = turnOf(of, key)
  of.report({ type: "turn.started", job: job.key, session: job.session })
  const task = of.task(key)
  if (task.state.name !== "running" || task.state.attempt.deadline.name !== "at") throw new Error(`${key} has no deadline`)
  of.now = task.state.attempt.deadline.instant
  of.tell({ type: "tick" })
  goOn(of)
}

/** What is tried this moment: the keys of each landing. */
export const landing = (of: World): string[][] => landingJobs(of).map(({ items }) => items.map(({ task }) => task.slice(task.indexOf("/") + 1)))

export const landingJobs = (of: World): TryLanding[] =>
  [...of.open.values()].map((action) => action.job).filter((job): job is TryLanding => job.kind === "landing.try")

/** The landing that is tried comes to this. */
export function landed(of: World, outcome: LandingOutcome = { how: "landed", commit: "merged", tree: "tree", checks: [] }): void {
  const [job] = landingJobs(of)
  if (job === undefined) throw new Error("nothing lands")
  finish(of, job, { kind: "landing.try", landing: outcome })
}

export const conflict = (of: World, key: string): LandingOutcome => ({ how: "conflict", task: of.task(key).id, target: "main", files: ["x.ts"], theirs: [] })

export const failedChecks: LandingOutcome = {
  how: "checks-failed",
  checks: [{ command: "npm test", passed: false, exitCode: 1, timedOut: false, output: "no", elapsedMs: 1 }],
}

/** Questions that nobody has answered. */
export const asked = (of: World): Approval[] => [...of.state.approvals.values()].filter((approval) => approval.answer === null)

/** Answers the one question that is open. */
export function answer(of: World, allow: boolean, note: string | null = null): Fault | null {
  const [question, ...others] = asked(of)
  if (question === undefined || others.length > 0) throw new Error(`${others.length + (question === undefined ? 0 : 1)} questions are open`)
  const refused = of.tell({ type: "approval.answer", approval: question.id, allow, by: "me", note })
  goOn(of)
  return refused
}

/** Every task by its key, and what it is. */
export const states = (of: World): Record<string, string> => Object.fromEntries([...of.state.tasks.values()].map((task) => [task.key, task.state.name]))

export const theRun = (of: World, name = "run-aaaa") => {
  const run = of.state.runs.get(id<"run">(name))
  if (run === undefined) throw new Error(`no run ${name}`)
  return run
}

export function turnOf(of: World, key: string): RunTurn {
  const job = turns(of).find((one) => keyOf(one) === key)
  if (job === undefined) throw new Error(`${key} has no turn`)
  return job
}

const turns = (of: World): RunTurn[] => [...of.open.values()].map((action) => action.job).filter((job): job is RunTurn => job.kind === "session.turn")
const keyOf = (job: RunTurn): string => job.session.split(".")[1] ?? ""
const first = (of: World): Job | undefined =>
  [...of.open.values()].map((action) => action.job).find((job) => job.kind !== "session.turn" && job.kind !== "landing.try")
