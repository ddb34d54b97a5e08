/** From what a planner said to the tasks of its run: the plan is read, criticised in code, and sent back with its faults a bounded number of times. */
import { id, type TaskId } from "../ids.ts"
import type { Handoff } from "../handoff/handoff.ts"
import { checkPlan } from "../plan/check.ts"
import { criticisePlan, downgradable } from "../plan/criticise.ts"
import { criticiseStrategies } from "../plan/criticise-strategies.ts"
import { ranks } from "../plan/graph.ts"
import type { Plan, PlanFault, PlanTask } from "../plan/plan.ts"
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import type { Campaign } from "../run/campaign.ts"
import { passStartGate } from "../run/start-gate.ts"
import type { Collected } from "../worker/job-result.ts"
import { unknownAgent } from "../worker/offered.ts"
import { attemptOf } from "./apply.ts"
import { endAttempt } from "./close.ts"
import { planRoundsMax } from "./rounds.ts"
import { releaseWorkspace } from "./start.ts"

/** The worker reads it: the rules know no YAML. */
export function askForPlan(draft: Draft, of: TaskId, collected: Collected, handoff: Handoff | null, text: string): void {
  draft.emit({ type: "attempt.reading", task: of, collected, handoff })
  const attempt = attemptOf(taskOf(draft.state, of))
  draft.ask(attempt.worker, { kind: "plan.read", key: id(`plan:${attempt.id}`), text })
}

/**
 * A broken plan is never taken. A weak one is when its planner did not mend it in time, and then what is weak is shown. Work that cannot be divided any
 * further, says its planner by handing in one task or the same few again, is taken as it is: the gate makes less of it.
 */
export function planRead(draft: Draft, of: TaskId, plan: Plan | null, faults: readonly PlanFault[]): void {
  const task = taskOf(draft.state, of)
  const attempt = attemptOf(task)
  const { campaign, settings } = runOf(draft.state, task.run)
  if (attempt.phase.name !== "reading" || campaign === null) return
  const found = plan === null ? faults : [...faults, ...strangers(draft.state, plan, settings.agent), ...criticism(plan, campaign, taken(plan, task.key))]
  const broken = plan === null || found.some(({ severity, code }) => severity === "error" && !downgradable.has(code))
  const settled = found.every(({ code }) => code === "one-task" || (downgradable.has(code) && task.tries > 0))
  if (broken || (!settled && task.tries + 1 < planRoundsMax)) {
    endAttempt(draft, of, { how: "failed", failure: { kind: "plan", faults: found } })
    return
  }
  const { collected, handoff } = attempt.phase
  const proof = { attempt: attempt.id, collected, checks: [], handoff, measures: null }
  draft.emit({ type: "attempt.ended", task: of, end: { how: "proved", proof } })
  draft.emit({ type: "task.done", task: of, proof, landed: null })
  // What a planner changed all the same is no part of anything: it stays on its branch, where a person may look at it.
  releaseWorkspace(draft, of, collected.commits === 0)
  begin(draft, task.run, campaign, plan, found)
}

function begin(draft: Draft, run: TaskRun, campaign: Campaign, plan: Plan, criticised: readonly PlanFault[]): void {
  const rank = ranks(plan)
  const { guardrails, checks, setup } = plan
  const before = runOf(draft.state, run)
  draft.emit({
    type: "run.planned",
    run,
    terms: {
      // A plan that names no goal is called after the block that it stood in.
      goal: /^plan$/i.test(plan.goal) ? before.goal : plan.goal,
      guardrails: [...before.guardrails, ...guardrails],
      checks: [...new Set([...before.checks, ...checks])],
      setup: setup ?? before.setup,
    },
    tasks: plan.tasks.map((task) => ({ plan: asStrategy(task, campaign, before.checks), rankMinutes: rank.get(task.key) ?? 0 })),
    criticism: criticised,
  })
  passStartGate(draft, run)
}

type TaskRun = Parameters<typeof runOf>[1]

function criticism(plan: Plan, campaign: Campaign, keyTaken: readonly PlanFault[]): PlanFault[] {
  const errors = checkPlan(plan).filter(({ severity }) => severity === "error")
  const weak = campaign.strategies === null ? criticisePlan(plan) : criticiseStrategies(plan, campaign.strategies)
  return [...errors, ...keyTaken, ...weak]
}

/** Agents that no worker has. */
function strangers(state: State, plan: Plan, usual: string): PlanFault[] {
  return plan.tasks.flatMap(({ agent, line }) => {
    const unknown = unknownAgent(state, [agent ?? usual])
    return unknown === null ? [] : [{ ...unknown, severity: "error", fix: "leave `agent` out", file: null, line }]
  })
}

/** A task with the planner's own key would take its place. */
function taken(plan: Plan, planner: PlanTask["key"]): PlanFault[] {
  return plan.tasks
    .filter(({ key }) => key.toLowerCase() === planner.toLowerCase())
    .map(({ key, line }) => ({
      severity: "error",
      code: "reserved-id",
      what: `a task has the id ${JSON.stringify(key)}`,
      why: "it is that of the planner itself",
      fix: "give it another id",
      file: null,
      line,
    }))
}

/** All strategies begin at once, from the same commit, and none is tried again by itself: how each fares is what is compared. */
function asStrategy(task: PlanTask, { strategies }: Campaign, checks: readonly string[]): PlanTask {
  if (strategies === null) return task
  // What the project itself asks for is asked of each.
  return { ...task, after: [], retries: task.retries ?? 0, checks: [...new Set([...task.checks, ...checks])] }
}
