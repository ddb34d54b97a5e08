/** What events about runs change. */
import { taskId, type TaskId } from "../ids.ts"
import { runOf, type State } from "../project/state.ts"
import { firstAttempt, type Task } from "../task/task.ts"
import { noUsage } from "../session/turn.ts"
import type { Run, RunEvent } from "./run.ts"

export function applyRun(state: State, event: RunEvent, at: number): State {
  switch (event.type) {
    case "run.submitted":
      return submitted(state, event, at)
    case "run.stopping":
      return withRun(state, event.run, { status: { name: "stopping", by: event.by } })
    case "run.resumed":
      return { ...withRun(state, event.run, { status: { name: "running" }, tidied: false }), unfinished: state.unfinished.add(event.run) }
    case "wave.started":
      return withRun(state, event.run, { wave: { number: event.number, tasks: event.tasks, open: true } })
    case "wave.ended": {
      const { wave } = runOf(state, event.run)
      return withRun(state, event.run, { wave: wave === null ? null : { ...wave, open: false } })
    }
    case "run.settled":
      return withRun(state, event.run, { status: { name: "settled", outcome: event.outcome, at } })
    case "run.tidied":
      return { ...withRun(state, event.run, { tidied: true }), unfinished: state.unfinished.delete(event.run) }
    case "run.archived":
      return archived(state, runOf(state, event.run))
  }
}

function withRun(state: State, id: Run["id"], change: Partial<Run>): State {
  return { ...state, runs: state.runs.set(id, { ...runOf(state, id), ...change }) }
}

function submitted(state: State, event: RunEvent & { type: "run.submitted" }, at: number): State {
  const tasks = tasksOf(event, at)
  const run: Run = {
    ...event.terms,
    id: event.run,
    tasks: tasks.map((task) => task.id),
    startedAt: at,
    status: { name: "running" },
    wave: null,
    tidied: false,
  }
  return {
    ...state,
    runs: state.runs.set(run.id, run),
    unfinished: state.unfinished.add(run.id),
    tasks: state.tasks.withMutations((all) => tasks.forEach((task) => all.set(task.id, task))),
    ready: state.ready.union(tasks.filter((task) => task.state.name === "pending" && task.needsLeft === 0).map((task) => task.id)),
  }
}

function tasksOf(event: RunEvent & { type: "run.submitted" }, at: number): Task[] {
  const ticked = new Set(event.tasks.filter((task) => task.plan.ticked).map((task) => task.plan.key))
  const dependants = new Map<string, TaskId[]>()
  for (const { plan } of event.tasks)
    for (const need of plan.after) dependants.set(need.key, [...(dependants.get(need.key) ?? []), taskId(event.run, plan.key)])
  return event.tasks.map(({ plan, rankMinutes }, ordinal): Task => ({
    id: taskId(event.run, plan.key),
    run: event.run,
    key: plan.key,
    ordinal,
    plan,
    rankMinutes,
    dependants: dependants.get(plan.key) ?? [],
    needsLeft: plan.after.filter((need) => !ticked.has(need.key)).length,
    state: plan.ticked ? { name: "done", proof: null, landed: null, at } : { name: "pending", next: firstAttempt },
    widened: [],
    gateOpen: plan.gate === "none",
    attempts: [],
    tries: 0,
    repairs: 0,
    resumes: 0,
    hiccups: 0,
    usage: noUsage,
    workspace: null,
  }))
}

function archived(state: State, run: Run): State {
  const gone = new Set(run.tasks)
  return {
    ...state,
    runs: state.runs.delete(run.id),
    unfinished: state.unfinished.delete(run.id),
    tasks: state.tasks.deleteAll(gone),
    ready: state.ready.subtract(gone),
    approvals: state.approvals.filterNot((approval) => approval.task !== null && gone.has(approval.task)),
  }
}
