/** The landing queue: one item at a time for each target, in the order of proof. An item is one task's work, or that of several that land in one merge. */
import { id, type LandingId, type TaskId } from "../ids.ts"
import { afterFailure } from "../attempt/close.ts"
import { releaseWorkspace } from "../attempt/start.ts"
import type { Failure } from "../attempt/failure.ts"
import { openApproval, withdrawApprovals } from "../approval/open.ts"
import { openApprovals } from "../approval/apply.ts"
import type { Fault } from "../fault.ts"
import { reportHandoff } from "../discovery/decide.ts"
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf } from "../project/state.ts"
import type { CheckResult, LandingOutcome } from "../worker/job-result.ts"
import { landingJob } from "./job.ts"
import { firstOf, inLanding, type Landing, type LandingEvent } from "./landing.ts"

const heldRetryMs = 5_000

/** `tasks` land together. Each of them is proved. */
export function queueLanding(draft: Draft, tasks: readonly TaskId[], wave: number | null = null): LandingId {
  const [task] = tasks
  const attempt = task === undefined ? undefined : taskOf(draft.state, task).attempts.at(-1)
  if (task === undefined || attempt === undefined) throw new Error(`${task ?? "nothing"} has no attempt to land`)
  // Another set with the same first task is another landing: what is asked of a worker twice must have two names.
  const landing = id<"landing">(tasks.length === 1 ? attempt.id : `${attempt.id}+${draft.state.counters.landings + 1}`)
  draft.emit({ type: "landing.queued", landing, task, attempt: attempt.id, tasks, wave })
  return landing
}

function putInQueue(draft: Draft, landing: Landing): void {
  const task = taskOf(draft.state, firstOf(landing))
  const { attempt } = inLanding(task)
  draft.emit({ type: "landing.queued", landing: landing.id, task: task.id, attempt: attempt.id, tasks: landing.tasks, wave: landing.wave })
}

/** Hands the first of each target's queue to the worker that holds its branch. */
export function tryLandings(draft: Draft): void {
  const byTarget = new Map<string, Landing>()
  for (const landing of draft.state.landings.values()) {
    const queue = `${runOf(draft.state, runOfLanding(draft, landing)).commonDirectory}\0${landing.target}`
    const first = byTarget.get(queue)
    // A person may take a day to answer: meanwhile others land.
    if (landing.status.name !== "asked" && (first === undefined || landing.number < first.number)) byTarget.set(queue, landing)
  }
  for (const landing of byTarget.values()) if (landing.status.name === "queued") start(draft, landing)
}

/** What a worker says of a landing that it tried. */
export function landed(draft: Draft, of: LandingId, tries: number, outcome: LandingOutcome): void {
  const landing = draft.state.landings.get(of)
  if (landing === undefined || landing.status.name !== "trying" || landing.tries !== tries) return
  switch (outcome.how) {
    case "held":
      return hold(draft, landing, outcome.fault)
    case "landed":
      return allLanded(draft, landing, outcome.commit, outcome.checks)
    case "conflict": {
      const failure: Failure = { kind: "conflict", target: outcome.target, files: outcome.files, theirs: outcome.theirs }
      return withoutOne(draft, landing, outcome.task, failure)
    }
    case "checks-failed":
      return landing.tasks.length > 1 ? part(draft, landing) : over(draft, landing, { kind: "landing-checks", target: landing.target, checks: outcome.checks })
  }
}

/** The landing could not be tried at all. It waits and is tried again; a person is told why. */
export function hold(draft: Draft, landing: Landing, fault: Fault): void {
  const task = firstOf(landing)
  if (runOf(draft.state, runOfLanding(draft, landing)).status.name === "stopping") {
    end(draft, landing, "withdrawn")
    cancelled(draft, landing)
    return
  }
  draft.emit({ type: "landing.held", landing: landing.id, task, fault, retryAt: draft.now + heldRetryMs })
  if (!openApprovals(draft.state, task).some((approval) => approval.about.kind === "landing"))
    openApproval(
      draft,
      task,
      { kind: "landing" },
      `${fault.what}: ${fault.why}`,
      `${fault.fix}. It is tried again by itself every few seconds; approve to try now, deny to give the task up.`,
    )
}

export function releaseHeld(draft: Draft, of: LandingId): void {
  const landing = draft.state.landings.get(of)
  if (landing?.status.name === "held") start(draft, landing)
  // At the end of the queue: what landed while a person was asked, or is tried this moment, came first.
  if (landing?.status.name === "asked") putInQueue(draft, landing)
}

/** Nobody wants it any more: it leaves the queue. `then` is done with each of its tasks. */
export function withdrawLanding(draft: Draft, of: LandingId, then: (task: TaskId) => void): void {
  const landing = draft.state.landings.get(of)
  if (landing === undefined) return
  draft.emit({ type: "landing.ended", landing: of, task: firstOf(landing), how: "withdrawn" })
  for (const task of landing.tasks) then(task)
}

function allLanded(draft: Draft, landing: Landing, commit: string, checks: readonly CheckResult[]): void {
  end(draft, landing, "landed")
  for (const task of landing.tasks) {
    const { proof } = inLanding(taskOf(draft.state, task))
    draft.emit({ type: "task.done", task, proof: { ...proof, checks: [...proof.checks, ...checks] }, landed: { commit } })
    if (proof.handoff !== null) reportHandoff(draft, taskOf(draft.state, task), proof.handoff)
    releaseWorkspace(draft, task, true)
  }
}

/** One of them does not merge: the others land without it, and it goes back to its author. */
function withoutOne(draft: Draft, landing: Landing, task: TaskId, failure: Failure): void {
  const others = landing.tasks.filter((other) => other !== task)
  if (others.length === landing.tasks.length) throw new Error(`${task} does not merge, and is no part of landing ${landing.id}`)
  end(draft, landing, "conflict", task)
  if (cancelled(draft, landing)) return
  afterFailure(draft, task, failure)
  if (others.length > 0) queueLanding(draft, others, landing.wave)
}

/** Together they fail a check. In two halves it shows which of them does. */
function part(draft: Draft, landing: Landing): void {
  const { tasks, wave } = landing
  const middle = Math.ceil(tasks.length / 2)
  end(draft, landing, "parted")
  if (cancelled(draft, landing)) return
  for (const half of [tasks.slice(0, middle), tasks.slice(middle)]) queueLanding(draft, half, wave)
}

function over(draft: Draft, landing: Landing, failure: Failure): void {
  end(draft, landing, "checks-failed")
  if (cancelled(draft, landing)) return
  for (const task of landing.tasks) afterFailure(draft, task, failure)
}

/** A landing that was tried when the run was stopped is let to its end; nothing is tried again after it. */
function cancelled(draft: Draft, landing: Landing): boolean {
  if (runOf(draft.state, runOfLanding(draft, landing)).status.name !== "stopping") return false
  for (const task of landing.tasks) draft.emit({ type: "task.cancelled", task })
  return true
}

function end(draft: Draft, landing: Landing, how: (LandingEvent & { type: "landing.ended" })["how"], task: TaskId = firstOf(landing)): void {
  for (const of of landing.tasks) withdrawApprovals(draft, of, "it was tried again")
  draft.emit({ type: "landing.ended", landing: landing.id, task, how })
}

function start(draft: Draft, landing: Landing): void {
  const tasks = landing.tasks.map((task) => taskOf(draft.state, task))
  const worker = tasks[0]?.workspace?.worker
  if (worker === undefined) throw new Error(`${landing.id} is in the queue but has nothing to land`)
  draft.emit({ type: "landing.started", landing: landing.id, task: firstOf(landing) })
  draft.ask(worker, landingJob(runOf(draft.state, runOfLanding(draft, landing)), landing, tasks))
}

const runOfLanding = (draft: Draft, landing: Landing) => taskOf(draft.state, firstOf(landing)).run
