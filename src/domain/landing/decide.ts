/** The landing queue: one item at a time for each target, in the order of proof. */
import { id, type LandingId, type TaskId } from "../ids.ts"
import { afterFailure } from "../attempt/close.ts"
import { releaseWorkspace } from "../attempt/start.ts"
import { openApproval, withdrawApprovals } from "../approval/open.ts"
import { openApprovals } from "../approval/apply.ts"
import type { Fault } from "../fault.ts"
import { reportHandoff } from "../discovery/decide.ts"
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf } from "../project/state.ts"
import type { LandingOutcome } from "../worker/job.ts"
import type { Landing } from "./landing.ts"

const heldRetryMs = 5_000

export function queueLanding(draft: Draft, task: TaskId): void {
  const attempt = taskOf(draft.state, task).attempts.at(-1)
  if (attempt === undefined) throw new Error(`${task} has no attempt to land`)
  draft.emit({ type: "landing.queued", landing: id<"landing">(attempt.id), task, attempt: attempt.id })
}

/** Hands the first of each target's queue to the worker that holds its branch. */
export function tryLandings(draft: Draft): void {
  const byTarget = new Map<string, Landing>()
  for (const landing of draft.state.landings.values()) {
    const queue = `${runOf(draft.state, taskOf(draft.state, landing.task).run).commonDirectory}\0${landing.target}`
    const first = byTarget.get(queue)
    if (first === undefined || landing.number < first.number) byTarget.set(queue, landing)
  }
  for (const landing of byTarget.values()) if (landing.status.name === "queued") start(draft, landing)
}

/** What a worker says of a landing that it tried. */
export function landed(draft: Draft, of: LandingId, tries: number, outcome: LandingOutcome): void {
  const landing = draft.state.landings.get(of)
  if (landing === undefined || landing.status.name !== "trying" || landing.tries !== tries) return
  const { task } = landing
  if (outcome.how === "held") {
    hold(draft, landing, outcome.fault)
    return
  }
  const { state } = taskOf(draft.state, task)
  if (state.name !== "landing") throw new Error(`${task} lands though it is ${state.name}`)
  withdrawApprovals(draft, task, "it was tried again")
  draft.emit({ type: "landing.ended", landing: of, task, how: outcome.how })
  switch (outcome.how) {
    case "landed":
      draft.emit({ type: "task.done", task, proof: { ...state.proof, checks: [...state.proof.checks, ...outcome.checks] }, landed: { commit: outcome.commit } })
      if (state.proof.handoff !== null) reportHandoff(draft, taskOf(draft.state, task), state.proof.handoff)
      releaseWorkspace(draft, task, true)
      return
    case "conflict":
      afterFailure(draft, task, { kind: "conflict", target: outcome.target, files: outcome.files, theirs: outcome.theirs })
      return
    case "checks-failed":
      afterFailure(draft, task, { kind: "landing-checks", target: landing.target, checks: outcome.checks })
      return
  }
}

/** The landing could not be tried at all. It waits and is tried again; a person is told why. */
export function hold(draft: Draft, landing: Landing, fault: Fault): void {
  draft.emit({ type: "landing.held", landing: landing.id, task: landing.task, fault, retryAt: draft.now + heldRetryMs })
  if (!openApprovals(draft.state, landing.task).some((approval) => approval.about.kind === "landing"))
    openApproval(
      draft,
      landing.task,
      { kind: "landing" },
      `${fault.what}: ${fault.why}`,
      `${fault.fix}. It is tried again by itself every few seconds; approve to try now, deny to give the task up.`,
    )
}

export function releaseHeld(draft: Draft, of: LandingId): void {
  const landing = draft.state.landings.get(of)
  if (landing?.status.name === "held") start(draft, landing)
}

function start(draft: Draft, landing: Landing): void {
  const task = taskOf(draft.state, landing.task)
  const run = runOf(draft.state, task.run)
  if (task.state.name !== "landing" || task.workspace === null) throw new Error(`${task.id} is in the queue but has nothing to land`)
  draft.emit({ type: "landing.started", landing: landing.id, task: task.id })
  const { collected, checks, attempt } = task.state.proof
  draft.ask(task.workspace.worker, {
    kind: "landing.try",
    key: id(`land:${landing.id}:${landing.tries + 1}`),
    landing: landing.id,
    repository: landing.repository,
    target: landing.target,
    items: [
      {
        task: task.id,
        attempt,
        head: collected.head,
        provedTree: collected.tree,
        proved: checks.map((check) => check.command),
        message: `${task.plan.title}\n\nFleet-Run: ${run.id}\nFleet-Task: ${task.key}\nFleet-Attempt: ${attempt}\n`,
      },
    ],
    // What proved the task alone must also hold once it is merged with what others landed.
    commands: [...new Set([...checks.map((check) => check.command), ...run.checks])],
    timeoutMs: run.settings.checkTimeoutMs,
    setup: run.setup,
  })
}
