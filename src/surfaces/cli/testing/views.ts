/** Canned views for the tests of the CLI. */
import { noUsage } from "../../../domain/session/turn.ts"
import type { ApprovalView, HubView, RunView, TaskCounts, TaskStatusName, TaskView } from "../../../protocol/views.ts"
import type { SessionView } from "../../../protocol/session-views.ts"

export const startedAt = Date.UTC(2026, 10, 20, 12, 0, 0)

export function taskView(key: string, status: TaskStatusName, more: Partial<TaskView> = {}): TaskView {
  const begun = status !== "queued"
  const over = status === "done" || status === "failed" || status === "cancelled"
  const attempt = {
    number: 1,
    agent: "codex",
    session: `sso-7k2f.${key}.1`,
    agentSession: null,
    reason: "first",
    startedAt: startedAt + 1_000,
    endedAt: over ? startedAt + 43_000 : null,
    outcome: over ? status : null,
    usage: { ...noUsage, inputTokens: 1_200, outputTokens: 300 },
  }
  return {
    id: `sso-7k2f/${key}`,
    key,
    title: `Do ${key}`,
    group: null,
    status,
    reason: "",
    agent: "codex",
    after: [],
    scope: [],
    checks: [],
    attempt: begun ? 1 : 0,
    attemptsMax: 3,
    startedAt: begun ? attempt.startedAt : null,
    elapsedMs: begun ? 42_000 : null,
    usage: begun ? attempt.usage : noUsage,
    files: begun ? 3 : null,
    branch: begun ? `fleet/sso-7k2f/${key}` : null,
    workspace: null,
    session: begun ? attempt.session : null,
    landed: status === "done" ? "0123456789abcdef0123456789abcdef01234567" : null,
    proof: null,
    attempts: begun ? [attempt] : [],
    ...more,
  }
}

export function runView(tasks: readonly TaskView[], more: Partial<RunView> = {}): RunView {
  return {
    id: "sso-7k2f",
    goal: "Add SSO login",
    repository: "/home/me/app",
    target: "main",
    status: "running",
    reason: null,
    startedAt,
    endedAt: null,
    counts: countsOf(tasks),
    usage: tasks.reduce((sum, task) => ({ ...sum, inputTokens: sum.inputTokens + task.usage.inputTokens + task.usage.outputTokens }), noUsage),
    workMs: 0,
    lowerBoundMs: null,
    tasks,
    approvals: [],
    waves: [],
    campaign: null,
    ...more,
  }
}

function countsOf(tasks: readonly TaskView[]): TaskCounts {
  const of = (...names: TaskStatusName[]): number => tasks.filter((task) => names.includes(task.status)).length
  return {
    total: tasks.length,
    done: of("done"),
    working: of("working", "starting", "verifying", "proved", "landing", "unknown"),
    queued: of("queued"),
    needsYou: of("needs-you"),
    failed: of("failed"),
    cancelled: of("cancelled"),
    archived: of("archived"),
  }
}

export function approvalView(id: string, task: string, more: Partial<ApprovalView> = {}): ApprovalView {
  return {
    id,
    run: "sso-7k2f",
    task,
    session: `sso-7k2f.${task}.1`,
    kind: "permission",
    question: "run rm -rf build",
    detail: "",
    since: startedAt + 20_000,
    holds: [],
    answer: null,
    ...more,
  }
}

export function sessionView(id: string, more: Partial<SessionView> = {}): SessionView {
  return {
    id,
    title: "Look around",
    status: "idle",
    reason: "waits for a prompt",
    agent: "codex",
    model: null,
    agentSession: null,
    instance: "i-1",
    task: null,
    parent: null,
    notify: null,
    children: [],
    worker: "local",
    workspace: "w-1",
    strategy: "worktree",
    source: "/home/me/app",
    directory: "/home/me/app-worktrees/look",
    branch: "look",
    base: null,
    released: false,
    salvage: null,
    waiting: 0,
    turns: 0,
    lastTurn: null,
    usage: noUsage,
    createdAt: startedAt,
    changedAt: startedAt,
    endedAt: null,
    ...more,
  }
}

export function hubView(home: string, more: Partial<HubView> = {}): HubView {
  return { version: "0.1.0", pid: process.pid, startedAt, home, port: null, runs: { active: 1, total: 1 }, needsYou: 0, workers: [], ...more }
}
