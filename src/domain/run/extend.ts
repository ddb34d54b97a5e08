/** What a person adds to a run while it goes on, and whether its waves go on by themselves. */
import { fault, type Fault } from "../fault.ts"
import { taskId, type RunId } from "../ids.ts"
import { checkPlan, planLimits } from "../plan/check.ts"
import type { PlanTask } from "../plan/plan.ts"
import type { Draft } from "../project/draft.ts"
import { unknownThing } from "../project/refusals.ts"
import { taskOf } from "../project/state.ts"
import { wanted } from "../task/change.ts"
import { unknownAgent } from "../worker/offered.ts"
import { isSpeculative } from "./campaign.ts"
import { passGateAgain } from "./gate-again.ts"
import type { Run } from "./run.ts"

/** Its needs may be tasks that are there already. */
export function extendRun(draft: Draft, of: RunId, task: PlanTask): Fault | null {
  const run = draft.state.runs.get(of)
  if (run === undefined) return unknownThing("run", of)
  if (run.status.name !== "running")
    return fault(
      "run-over",
      `nothing can be added to run ${of}`,
      `it is ${run.status.name === "settled" ? run.status.outcome : run.status.name}`,
      "fleet run starts another",
    )
  if (run.tasks.length >= planLimits.tasks)
    return fault("plan-too-large", `nothing can be added to run ${of}`, `it has ${planLimits.tasks} tasks`, "start another run")
  if (isPlanned(run)) return fault("plan-pending", `nothing can be added to run ${of} yet`, "its plan is still being made", "add it when the plan is there")
  if (isSpeculative(run) && task.after.length > 0)
    return fault("ordered", `strategy ${task.key} cannot come after another`, "all of them start from the same commit, at once", "remove what it needs")
  const unknown = unknownAgent(draft.state, [task.agent ?? run.settings.agent])
  if (unknown !== null) return unknown
  const whole = [...run.tasks.map((id) => taskOf(draft.state, id).plan), task]
  const wrong = checkPlan(asPlan(run, whole)).find(({ severity }) => severity === "error")
  if (wrong !== undefined) return fault(wrong.code, wrong.what, wrong.why, wrong.fix)
  // Added alone, and then tied to what is there: the others must learn who waits for them.
  draft.emit({ type: "run.extended", run: of, tasks: [{ plan: { ...task, after: [] }, rankMinutes: 0 }] })
  const id = taskId(of, task.key)
  const after = wanted(draft.state, of, task.after)
  if (after.length > 0) draft.emit({ type: "task.changed", task: id, scope: task.scope, after })
  passGateAgain(draft, id, task.scope)
  return null
}

/** An agent is making its plan. */
const isPlanned = ({ campaign, criticism }: Run): boolean => campaign !== null && campaign.planner !== null && criticism === null

export function setAutoContinue(draft: Draft, of: RunId, on: boolean): Fault | null {
  const run = draft.state.runs.get(of)
  if (run === undefined) return unknownThing("run", of)
  if (run.autoContinue !== on) draft.emit({ type: "run.auto-continue", run: of, on })
  return null
}

const asPlan = ({ goal, guardrails, checks, setup }: Run, tasks: readonly PlanTask[]) =>
  ({ version: 1, goal, guardrails, checks, setup, tasks, source: { format: "inline", file: null } }) as const
