/** A run, its approvals, and the hub itself, as surfaces show them. */
import type { Approval } from "../../domain/approval/approval.ts"
import type { RunId } from "../../domain/ids.ts"
import { taskOf, type State } from "../../domain/project/state.ts"
import type { Run } from "../../domain/run/run.ts"
import { addUsage, noUsage } from "../../domain/session/turn.ts"
import type { Task } from "../../domain/task/task.ts"
import type { ApprovalView, RunStatus, RunView, TaskCounts, TaskStatusName, TaskView, WorkerView } from "../../protocol/views.ts"
import { roomIn } from "../../domain/task/waits.ts"
import { viewCampaign, viewWave } from "./campaign.ts"
import { viewTask, type Live } from "./task.ts"

export function viewRun(state: State, run: Run, live: Live, now: number): RunView {
  const tasks = run.tasks.map((id) => viewTask(state, taskOf(state, id), live, now))
  const counts = count(tasks)
  const settled = run.status.name === "settled"
  return {
    id: run.id,
    goal: run.goal,
    repository: run.repository,
    target: run.target,
    status: statusOf(run),
    reason: reasonOf(run, counts, tasks),
    startedAt: run.startedAt,
    endedAt: run.status.name === "settled" ? run.status.at : null,
    counts,
    usage: tasks.reduce((sum, task) => addUsage(sum, task.usage), noUsage),
    workMs: tasks.reduce((sum, task) => sum + (task.elapsedMs ?? 0), 0),
    lowerBoundMs: settled ? lowerBound(state, run, tasks) : null,
    tasks,
    approvals: [...state.approvals.values()]
      .filter((approval) => approval.answer === null && runOfApproval(state, approval) === run.id)
      .map((approval) => viewApproval(state, approval)),
    waves: run.waves.map((wave) => viewWave(state, wave)),
    campaign: run.campaign === null ? null : viewCampaign(state, run, run.campaign),
  }
}

export function viewApproval(state: State, approval: Approval): ApprovalView {
  const task = approval.task === null ? null : taskOf(state, approval.task)
  return {
    id: approval.id,
    run: runOfApproval(state, approval),
    task: task?.key ?? null,
    session: approval.about.kind === "permission" ? approval.about.session : null,
    kind: approval.about.kind,
    question: approval.question,
    detail: approval.detail,
    since: approval.openedAt,
    holds: task === null ? heldRun(state, approval) : behind(state, task),
    answer: approval.answer,
  }
}

const runOfApproval = (state: State, { task, about }: Approval): RunId | null => (task !== null ? taskOf(state, task).run : "run" in about ? about.run : null)

/** All of the run that has not begun. */
function heldRun(state: State, { about }: Approval): string[] {
  const run = "run" in about ? state.runs.get(about.run) : undefined
  return (run?.tasks ?? []).map((id) => taskOf(state, id)).flatMap(({ key, state: { name } }) => (name === "pending" || name === "proved" ? [key] : []))
}

export function viewWorkers(state: State): WorkerView[] {
  return [...state.workers.values()].map((worker) => ({
    id: worker.id,
    connected: worker.status.name === "connected",
    pid: worker.pid,
    slots: worker.slots,
    busy: roomIn(state).ofWorker.get(worker.id) ?? 0,
    agents: worker.agents.map((agent) => agent.name),
  }))
}

function statusOf(run: Run): RunStatus {
  return run.status.name === "settled" ? run.status.outcome : run.status.name
}

function reasonOf(run: Run, counts: TaskCounts, tasks: readonly TaskView[]): string | null {
  if (run.status.name === "stopping") return "its agents are being ended"
  if (run.status.name === "running" && run.hold !== null) return `waits for your answer: ${run.hold.approval}`
  if (run.status.name === "running") return counts.needsYou > 0 ? `${counts.needsYou} ${counts.needsYou === 1 ? "task waits" : "tasks wait"} for you` : null
  if (run.status.outcome === "done") return null
  const planner = tasks.find(({ key, status }) => key === run.campaign?.planner && status === "failed")
  if (planner !== undefined) return `no plan was made: ${planner.reason}`
  if (run.picked !== null && run.picked.task === null) return "no strategy was picked"
  const left = counts.total - counts.done - counts.archived
  return `${left} of ${counts.total} tasks did not land`
}

function count(tasks: readonly TaskView[]): TaskCounts {
  const of = (...names: TaskStatusName[]): number => tasks.filter((task) => names.includes(task.status)).length
  return {
    total: tasks.length,
    done: of("done"),
    working: of("starting", "working", "verifying", "proved", "landing", "unknown"),
    queued: of("queued"),
    needsYou: of("needs-you"),
    failed: of("failed"),
    cancelled: of("cancelled"),
    archived: of("archived"),
  }
}

/** Everything that cannot start before this task has landed. */
function behind(state: State, task: Task): string[] {
  const seen = new Set<Task["id"]>()
  const queue = [...task.dependants]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    queue.push(...taskOf(state, next).dependants)
  }
  return [...seen].map((id) => taskOf(state, id).key)
}

/** No schedule of the same attempts could have been shorter than this. */
function lowerBound(state: State, run: Run, tasks: readonly TaskView[]): number {
  const slots = [...state.workers.values()].reduce((sum, worker) => sum + worker.slots, 0)
  const limit = Math.max(1, Math.min(slots === 0 ? Infinity : slots, run.settings.slotsMax ?? Infinity))
  const byKey = new Map(tasks.map((task) => [task.key, task]))
  const known = new Map<string, number>()
  const ends = (key: string): number => {
    const before = known.get(key)
    if (before !== undefined) return before
    const task = byKey.get(key)
    const end = task === undefined ? 0 : (task.elapsedMs ?? 0) + Math.max(0, ...task.after.map(ends))
    known.set(key, end)
    return end
  }
  const critical = Math.max(0, ...tasks.map((task) => ends(task.key)))
  return Math.max(critical, tasks.reduce((sum, task) => sum + (task.elapsedMs ?? 0), 0) / limit)
}
