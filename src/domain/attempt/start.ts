/** The steps of an attempt up to its turn: workspace, session, prompt. Each follows from the report of the one before. */
import { attemptId, id, sessionOf, workspaceId, type TaskId, type WorkerId } from "../ids.ts"
import { findingsFor } from "../discovery/relay.ts"
import { agentKind, kindEffort } from "../gate/tokens.ts"
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf } from "../project/state.ts"
import { agentText } from "../session-file/agent-type.ts"
import { instanceId } from "../planning/instance-id.ts"
import { scopeText } from "../scope/normalise.ts"
import { placeInWaves } from "../run/wave.ts"
import { branchOf, campaignSlugs, isPlanner, isStrategy } from "../run/campaign.ts"
import { timeoutMs, type Run } from "../run/run.ts"
import { scopesOf, type Task } from "../task/task.ts"
import type { InstanceClaim, TurnContext } from "../worker/job.ts"
import type { Opened, Prepared } from "../worker/job-result.ts"
import { attemptOf } from "./apply.ts"
import { composePrompt } from "./prompt.ts"

/** Only for a task that is pending and that nothing holds back. */
export function startAttempt(draft: Draft, of: TaskId, worker: WorkerId): void {
  const task = taskOf(draft.state, of)
  if (task.state.name !== "pending") throw new Error(`${of} cannot start: it is ${task.state.name}`)
  const run = runOf(draft.state, task.run)
  const { reason, feedback, simplified = false } = task.state.next
  const number = (task.attempts.at(-1)?.number ?? 0) + 1
  const attempt = attemptId(task.run, task.key, number)
  const agent = task.plan.agent ?? run.settings.agent
  draft.emit({
    type: "attempt.started",
    task: of,
    attempt,
    number,
    worker,
    agent,
    reason,
    feedback,
    simplified,
    deadlineAt: draft.now + timeoutMs(run, task.plan),
  })
  draft.ask(worker, {
    kind: "workspace.prepare",
    key: id(`prepare:${attempt}`),
    workspace: workspaceId(task.run, task.key),
    strategy: run.settings.workspace,
    repository: run.repository,
    branch: branchOf(run, task),
    base: (isStrategy(run, task) ? run.campaign?.base : null) ?? run.target,
    path: null,
    branchThere: "refuse",
    merge: reason === "repair" ? run.target : null,
    setup: run.setup,
    instance: instanceOf(draft, run, task),
  })
}

export function openSession(draft: Draft, of: TaskId, prepared: Prepared): void {
  draft.emit({ type: "attempt.prepared", task: of, prepared })
  const task = taskOf(draft.state, of)
  const attempt = attemptOf(task)
  const run = runOf(draft.state, task.run)
  draft.ask(attempt.worker, {
    kind: "session.open",
    key: id(`open:${attempt.id}`),
    session: sessionOf(attempt.id),
    workspace: workspaceId(task.run, task.key),
    agent: attempt.agent,
    model: task.plan.model,
    effort: effortOf(run, task),
    resume: resumable(task, attempt.agent),
    environment: { FLEET_RUN: task.run, FLEET_TASK: task.key, FLEET_ATTEMPT: String(attempt.number) },
  })
}

export function sendPrompt(draft: Draft, of: TaskId, opened: Opened): void {
  draft.emit({ type: "session.opened", task: of, opened })
  const task = taskOf(draft.state, of)
  const run = runOf(draft.state, task.run)
  const attempt = attemptOf(task)
  draft.ask(attempt.worker, {
    kind: "session.turn",
    key: id(`turn:${attempt.id}`),
    session: sessionOf(attempt.id),
    prompt: composePrompt(run, task, attempt, opened.resumed, findingsFor(draft.state, task)),
    attachments: [],
    model: null,
    mode: null,
    stallMs: run.settings.stallMs,
    context: contextOf(run, task),
  })
}

/** The plan's own; else, in a campaign, what its kind of agent is given (C.1.66). */
const effortOf = (run: Run, { plan }: Task): string | null => plan.effort ?? (run.campaign === null ? null : kindEffort[agentKind(plan)])

/** Of a campaign that keeps a record: the others are known to nobody but Fleet. */
function instanceOf(draft: Draft, run: Run, task: Task): InstanceClaim | null {
  const place = run.campaign?.record === true ? placeInWaves(run, task.id) : null
  if (run.campaign === null || place === null) return null
  return {
    instanceId: instanceId(run.campaign.slug, place.wave, place.index),
    type: agentText(task),
    scope: scopesOf(task).map(scopeText),
    description: task.plan.title,
    claimedAt: new Date(draft.now).toISOString(),
    ours: campaignSlugs(draft.state.runs.values(), run.commonDirectory),
  }
}

/** Only a campaign's agents are told of the whole repository: what somebody planned by hand says what its tasks need. */
function contextOf(run: Run, task: Task): TurnContext | null {
  if (run.campaign === null) return null
  const planner = isPlanner(run, task)
  const words = planner ? [run.campaign.direction] : [task.plan.title, ...scopesOf(task).map(({ pattern }) => pattern)]
  return {
    workspace: workspaceId(run.id, task.key),
    repository: run.repository,
    campaign: run.campaign.slug,
    map: planner ? "overview" : "slice",
    keywords: words,
  }
}

/** Done with the checkout. `landed`: the branch goes too. `tag`: put on the branch, which stays. */
export function releaseWorkspace(draft: Draft, of: TaskId, landed: boolean, tag: string | null = null): void {
  const task = taskOf(draft.state, of)
  if (task.workspace === null) return
  draft.emit({ type: "workspace.releasing", task: of })
  draft.ask(task.workspace.worker, {
    kind: "workspace.release",
    key: id(`release:${task.run}.${task.key}:${task.attempts.length}`),
    workspace: workspaceId(task.run, task.key),
    landed,
    tag,
  })
}

/** The agent's own conversation to go on with. One that hung, or that the agent could not carry on with, is left alone. */
function resumable(task: Task, agent: string): string | null {
  const last = task.attempts.at(-1)
  if (last === undefined || last.agent !== agent) return null
  const failure = last.end.how === "failed" ? last.end.failure : null
  if (failure?.kind === "stalled" || failure?.kind === "session") return null
  return task.attempts.findLast((attempt) => attempt.agent === agent && attempt.agentSession !== null)?.agentSession ?? null
}
