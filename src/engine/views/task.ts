/** A task as surfaces show it. */
import type { Attempt, EndedAttempt } from "../../domain/attempt/attempt.ts"
import { sayFailure } from "../../domain/attempt/failure.ts"
import { sessionOf, workspaceId, type LandingId, type SessionId } from "../../domain/ids.ts"
import { runOf, type State } from "../../domain/project/state.ts"
import { addUsage } from "../../domain/session/turn.ts"
import { scopeText } from "../../domain/scope/normalise.ts"
import { scopesOf, type Task } from "../../domain/task/task.ts"
import type { AttemptView, ProofView, TaskStatusName, TaskView } from "../../protocol/views.ts"
import type { Progress } from "../../protocol/worker.ts"
import { sayTask } from "./reason.ts"

/** What is known of working sessions beyond the state: the latest that workers said. */
export type Live = ReadonlyMap<SessionId, Progress>

export function viewTask(state: State, task: Task, live: Live, now: number): TaskView {
  const run = runOf(state, task.run)
  const running = task.state.name === "running" ? task.state.attempt : null
  const progress = running === null ? undefined : live.get(sessionOf(running.id))
  const proof = "proof" in task.state ? task.state.proof : null
  const last = task.attempts.at(-1)
  const status = statusOf(state, task)
  const reason = sayTask(state, task, now)
  return {
    id: task.id,
    key: task.key,
    title: task.plan.title,
    group: task.plan.group,
    status,
    reason: status === "working" && progress !== undefined && progress.activity !== "" ? progress.activity : reason,
    agent: running?.agent ?? task.plan.agent ?? run.settings.agent,
    after: task.plan.after.map((need) => need.key),
    scope: scopesOf(task).map(scopeText),
    checks: task.plan.checks,
    attempt: running?.number ?? last?.number ?? 0,
    // Repairs and resumptions are attempts too, beyond those that retries allow.
    attemptsMax: Math.max((task.plan.retries ?? run.settings.retries) + 1, running?.number ?? last?.number ?? 0),
    startedAt: running?.startedAt ?? task.attempts[0]?.startedAt ?? null,
    elapsedMs: elapsed(task, now),
    usage: running !== null && progress !== undefined && running.phase.name === "working" ? addUsage(task.usage, progress.usage) : task.usage,
    files: proof?.collected.files.length ?? progress?.files ?? null,
    branch: task.workspace?.branch ?? null,
    workspace: task.workspace === null ? null : workspaceId(task.run, task.key),
    session: running?.id ?? last?.id ?? null,
    landed: task.state.name === "done" ? (task.state.landed?.commit ?? null) : null,
    proof: proof === null ? null : viewProof(proof),
    attempts: attemptsOf(task),
  }
}

export function statusOf(state: State, task: Task): TaskStatusName {
  switch (task.state.name) {
    case "pending":
      return "queued"
    case "gated":
      return "needs-you"
    case "running":
      return ofAttempt(state, task, task.state.attempt)
    case "landing":
      return landingStatus(state, task.state.landing)
    case "proved":
      return "proved"
    case "archived":
      return "archived"
    case "done":
      return "done"
    case "failed":
      return "failed"
    case "cancelled":
      return "cancelled"
  }
}

function landingStatus(state: State, landing: LandingId): TaskStatusName {
  const name = state.landings.get(landing)?.status.name
  return name === "held" || name === "asked" ? "needs-you" : "landing"
}

function ofAttempt(state: State, task: Task, attempt: Attempt): TaskStatusName {
  if (state.workers.get(attempt.worker)?.status.name !== "connected") return "unknown"
  if ([...state.approvals.values()].some((approval) => approval.task === task.id && approval.answer === null)) return "needs-you"
  switch (attempt.phase.name) {
    case "preparing":
    case "opening":
    case "prompting":
      return "starting"
    case "working":
      return "working"
    case "closing":
      return attempt.phase.then.name === "collect" ? "verifying" : "working"
    case "collecting":
    case "widening":
    case "checking":
    case "measuring":
    case "reading":
      return "verifying"
  }
}

/** Time that attempts took, and the running one so far; null before the first. */
function elapsed(task: Task, now: number): number | null {
  if (task.attempts.length === 0 && task.state.name !== "running") return null
  const over = task.attempts.reduce((sum, attempt) => sum + attempt.endedAt - attempt.startedAt, 0)
  return task.state.name === "running" ? over + now - task.state.attempt.startedAt : over
}

function viewProof(proof: NonNullable<(Task["state"] & { name: "done" })["proof"]>): ProofView {
  const { collected, checks, handoff } = proof
  return {
    head: collected.head,
    commits: collected.commits,
    committedByFleet: collected.committedByFleet,
    files: collected.files,
    checks,
    handoff: handoff?.raw ?? null,
  }
}

function attemptsOf(task: Task): AttemptView[] {
  const over = task.attempts.map((attempt): AttemptView => ({
    number: attempt.number,
    agent: attempt.agent,
    session: attempt.id,
    agentSession: attempt.agentSession,
    reason: attempt.reason,
    startedAt: attempt.startedAt,
    endedAt: attempt.endedAt,
    outcome: sayEnd(attempt),
    usage: attempt.usage,
  }))
  if (task.state.name !== "running") return over
  const { number, agent, id, agentSession, reason, startedAt, usage } = task.state.attempt
  return [...over, { number, agent, session: id, agentSession, reason, startedAt, endedAt: null, outcome: null, usage }]
}

function sayEnd(attempt: EndedAttempt): string {
  switch (attempt.end.how) {
    case "proved":
      return "proved"
    case "cancelled":
      return "stopped"
    case "failed":
      return sayFailure(attempt.end.failure)
  }
}
