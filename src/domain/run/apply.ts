/** What events about runs change. */
import { taskId, type TaskId } from "../ids.ts"
import { runOf, type State } from "../project/state.ts"
import { firstAttempt, type Task } from "../task/task.ts"
import { noUsage } from "../session/turn.ts"
import { settingsNotThen, type Run, type RunEvent } from "./run.ts"
import type { Wave } from "./wave.ts"

export function applyRun(state: State, event: RunEvent, at: number): State {
  switch (event.type) {
    case "run.submitted":
      return submitted(state, event, at)
    case "run.stopping":
      return withRun(state, event.run, { status: { name: "stopping", by: event.by } })
    case "run.resumed":
      return { ...withRun(state, event.run, { status: { name: "running" }, tidied: false }), unfinished: state.unfinished.add(event.run) }
    case "run.planned":
      return planned(state, event, at)
    case "run.gated":
      return withRun(state, event.run, { gate: event.gate, settings: { ...runOf(state, event.run).settings, waveSize: event.waveSize } })
    case "run.held":
      return withRun(state, event.run, { hold: event.hold })
    case "run.freed":
      return withRun(state, event.run, { hold: null, ...(event.wave === undefined ? {} : { waveAllowed: event.wave }) })
    case "run.auto-continue":
      return withRun(state, event.run, { autoContinue: event.on })
    case "run.extended":
      return extended(state, event, at)
    case "run.unpicked":
      return withRun(state, event.run, { picked: null })
    case "run.picked":
      return withRun(state, event.run, { hold: null, picked: { task: event.task, by: event.by, at } })
    case "wave.started": {
      const { number, tasks, moved = [] } = event
      const wave: Wave = { number, tasks, open: true, moved, gaps: [], tokens: null }
      return withRun(state, event.run, { waves: [...runOf(state, event.run).waves, wave] })
    }
    case "wave.gap":
      return withWave(state, event, (wave) => ({ ...wave, gaps: [...wave.gaps, event.task] }))
    case "wave.ended":
      return withWave(state, event, (wave) => ({ ...wave, open: false, tokens: event.tokens ?? 0 }))
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

function withWave(state: State, of: { readonly run: Run["id"]; readonly number: number }, change: (wave: Wave) => Wave): State {
  const { waves } = runOf(state, of.run)
  return withRun(state, of.run, { waves: waves.map((wave) => (wave.number === of.number ? change(wave) : wave)) })
}

function submitted(state: State, event: RunEvent & { type: "run.submitted" }, at: number): State {
  const tasks = tasksOf(event, 0, at)
  const run: Run = {
    ...event.terms,
    // Events of older versions know no campaigns.
    campaign: event.terms.campaign ?? null,
    settings: { ...settingsNotThen, ...event.terms.settings },
    id: event.run,
    tasks: tasks.map((task) => task.id),
    startedAt: at,
    status: { name: "running" },
    waves: [],
    gate: null,
    hold: null,
    autoContinue: true,
    waveAllowed: null,
    criticism: null,
    picked: null,
    tidied: false,
  }
  return withTasks({ ...state, runs: state.runs.set(run.id, run), unfinished: state.unfinished.add(run.id) }, tasks)
}

function planned(state: State, event: RunEvent & { type: "run.planned" }, at: number): State {
  const before = runOf(state, event.run).tasks
  const tasks = tasksOf(event, before.length, at)
  return withTasks(withRun(state, event.run, { ...event.terms, criticism: event.criticism, tasks: [...before, ...tasks.map((task) => task.id)] }), tasks)
}

function extended(state: State, event: RunEvent & { type: "run.extended" }, at: number): State {
  const before = runOf(state, event.run).tasks
  const tasks = tasksOf(event, before.length, at)
  return withTasks(withRun(state, event.run, { tasks: [...before, ...tasks.map((task) => task.id)] }), tasks)
}

function withTasks(state: State, tasks: readonly Task[]): State {
  return {
    ...state,
    tasks: state.tasks.withMutations((all) => tasks.forEach((task) => all.set(task.id, task))),
    ready: state.ready.union(tasks.filter((task) => task.state.name === "pending" && task.needsLeft === 0).map((task) => task.id)),
  }
}

/** `before`: how many tasks the run has already. */
function tasksOf(event: Pick<RunEvent & { type: "run.planned" }, "run" | "tasks">, before: number, at: number): Task[] {
  const ticked = new Set(event.tasks.filter((task) => task.plan.ticked).map((task) => task.plan.key))
  const dependants = new Map<string, TaskId[]>()
  for (const { plan } of event.tasks)
    for (const need of plan.after) dependants.set(need.key, [...(dependants.get(need.key) ?? []), taskId(event.run, plan.key)])
  return event.tasks.map(({ plan, rankMinutes }, ordinal): Task => ({
    id: taskId(event.run, plan.key),
    run: event.run,
    key: plan.key,
    ordinal: before + ordinal,
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
    conflicts: [],
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
    approvals: state.approvals.filterNot(({ task, about }) => (task !== null && gone.has(task)) || ("run" in about && about.run === run.id)),
  }
}
