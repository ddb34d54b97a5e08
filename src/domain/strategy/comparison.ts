/** Rival implementations of one direction side by side: what Fleet saw of each, computed from the state. What their agents say is marked as theirs. */
import type { Handoff } from "../handoff/handoff.ts"
import { partsOf } from "../handoff/parts.ts"
import type { TaskId, TaskKey } from "../ids.ts"
import type { Proof } from "../attempt/attempt.ts"
import { sayFailure } from "../attempt/failure.ts"
import { taskOf, type State } from "../project/state.ts"
import { branchOf, isStrategy } from "../run/campaign.ts"
import type { Run } from "../run/run.ts"
import type { Task } from "../task/task.ts"

export interface Comparison {
  readonly direction: string
  /** Commit that all of them started from; null: the target as it was when each began. */
  readonly base: string | null
  readonly strategies: readonly Strategy[]
  readonly winner: TaskKey | null
  readonly pickedAt: number | null
}

export interface Strategy {
  readonly task: TaskId
  readonly key: TaskKey
  readonly title: string
  readonly branch: string
  /** queued, needs-you, working: as its task; ready: can be picked; landing, merged: it was picked; archived: another one was; failed, stopped: nothing came of it. */
  readonly status: "queued" | "needs-you" | "working" | "ready" | "landing" | "merged" | "archived" | "failed" | "stopped"
  /** Why it failed; else null. */
  readonly why: string | null
  /** Null: none ran, or not yet. */
  readonly checks: { readonly passed: number; readonly failed: number; readonly firstFailure: string | null } | null
  readonly diff: { readonly files: number; readonly additions: number; readonly deletions: number } | null
  /** Decision points in the changed files before and after. */
  readonly complexity: { readonly before: number; readonly after: number } | null
  readonly benchmark: number | null
  readonly benchmarkFailed: string | null
  readonly tokens: number
  readonly costUsd: number | null
  /** Of the attempts that are over. */
  readonly elapsedMs: number
  /** In its agent's words, checked by nobody. */
  readonly decision: string | null
  readonly tradeoffs: string | null
  readonly tag: string | null
}

export function comparisonOf(state: State, run: Run): Comparison {
  const tasks = run.tasks.map((id) => taskOf(state, id)).filter((task) => isStrategy(run, task))
  const winner = tasks.find((task) => task.id === run.picked?.task)?.key ?? null
  return {
    direction: run.campaign?.direction ?? run.goal,
    base: run.campaign?.base ?? null,
    strategies: tasks.map((task) => strategyOf(run, task)),
    winner,
    pickedAt: run.picked?.at ?? null,
  }
}

function strategyOf(run: Run, task: Task): Strategy {
  const proof = proofOf(task)
  const said = task.attempts.at(-1)?.handoff ?? null
  return {
    task: task.id,
    key: task.key,
    title: task.plan.title,
    branch: branchOf(run, task),
    status: statusOf(task),
    why: task.state.name === "failed" ? sayFailure(task.state.failure) : null,
    checks: proof === null || proof.checks.length === 0 ? null : checksOf(proof),
    diff: proof === null ? null : diffOf(proof),
    complexity: proof?.measures?.complexity ?? null,
    benchmark: proof?.measures?.benchmark ?? null,
    benchmarkFailed: proof?.measures?.benchmarkFailed ?? null,
    tokens: task.usage.inputTokens + task.usage.outputTokens,
    costUsd: task.usage.costUsd,
    elapsedMs: task.attempts.reduce((sum, attempt) => sum + attempt.endedAt - attempt.startedAt, 0),
    decision: fieldOf(said, ["decision", "decisions", "decided", "key decision"]) ?? partsOf(said).decisions[0] ?? null,
    tradeoffs: fieldOf(said, ["tradeoffs", "tradeoff", "trade-offs", "notable tradeoffs", "risks"]),
    tag: task.state.name === "archived" ? task.state.tag : null,
  }
}

function statusOf(task: Task): Strategy["status"] {
  switch (task.state.name) {
    case "pending":
      return "queued"
    case "gated":
      return "needs-you"
    case "running":
      return "working"
    case "proved":
      return "ready"
    case "landing":
      return "landing"
    case "done":
      return "merged"
    case "archived":
      return "archived"
    case "failed":
      return "failed"
    case "cancelled":
      return "stopped"
  }
}

function proofOf({ state, attempts }: Task): Proof | null {
  if ("proof" in state && state.proof !== null) return state.proof
  const end = attempts.findLast((attempt) => attempt.end.how === "proved")?.end
  return end?.how === "proved" ? end.proof : null
}

function checksOf({ checks }: Proof): Strategy["checks"] {
  const failed = checks.filter((check) => !check.passed)
  return { passed: checks.length - failed.length, failed: failed.length, firstFailure: failed[0]?.command ?? null }
}

function diffOf({ collected: { files } }: Proof): Strategy["diff"] {
  const sum = (of: (file: (typeof files)[number]) => number | null): number => files.reduce((total, file) => total + (of(file) ?? 0), 0)
  return { files: files.length, additions: sum((file) => file.additions), deletions: sum((file) => file.deletions) }
}

/** The last of the names that it filled in. */
function fieldOf(said: Handoff | null, names: readonly string[]): string | null {
  const name = names.find((one) => said !== null && Object.hasOwn(said.fields, one))
  return name === undefined ? null : (said?.fields[name] ?? null)
}
