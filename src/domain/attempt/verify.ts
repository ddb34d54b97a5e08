/** From the end of a turn to proof or failure: what Fleet itself sees decides, not what the agent says. */
import { id, workspaceId, type TaskId } from "../ids.ts"
import { openApproval } from "../approval/open.ts"
import { parseHandoff, type Handoff } from "../handoff/handoff.ts"
import { queueLanding } from "../landing/decide.ts"
import { reportHandoff } from "../discovery/decide.ts"
import type { Draft } from "../project/draft.ts"
import type { Run } from "../run/run.ts"
import { isPlanner, isStrategy } from "../run/campaign.ts"
import { goesInWaves } from "../run/wave.ts"
import { runOf, taskOf, type State } from "../project/state.ts"
import { escapePattern } from "../scope/literal.ts"
import { outside, overlaps } from "../scope/overlap.ts"
import { scopesOf, type Task } from "../task/task.ts"
import type { CheckResult, Collected } from "../worker/job-result.ts"
import { attemptOf } from "./apply.ts"
import { measure } from "./measure.ts"
import { askForPlan } from "./planned.ts"
import { endAttempt } from "./close.ts"
import type { Failure } from "./failure.ts"
import { releaseWorkspace } from "./start.ts"

/** The agent rests and all that it started has ended: Fleet looks at what is there. */
export function collect(draft: Draft, of: TaskId): void {
  const task = taskOf(draft.state, of)
  const attempt = attemptOf(task)
  draft.ask(attempt.worker, {
    kind: "workspace.collect",
    key: id(`collect:${attempt.id}`),
    workspace: workspaceId(task.run, task.key),
    target: runOf(draft.state, task.run).target,
    message: `${task.plan.title}\n\nLeft uncommitted by ${attempt.agent}; committed by Fleet.\n\nFleet-Run: ${task.run}\nFleet-Task: ${task.key}\n`,
    agent: attempt.agent,
    conflicted: attempt.conflicted,
  })
}

/** Fleet has looked at the workspace. `text` is the end of what the agent said in its turn. */
export function weigh(draft: Draft, of: TaskId, collected: Collected, text: string): void {
  const task = taskOf(draft.state, of)
  const handoff = parseHandoff(text)
  const missing = missingFrom(task, collected, handoff)
  if (missing !== null) {
    endAttempt(draft, of, { how: "failed", failure: missing })
    return
  }
  if (isPlanner(runOf(draft.state, task.run), task)) {
    askForPlan(draft, of, collected, handoff, text)
    return
  }
  const files = outOfScope(task, collected, runOf(draft.state, task.run))
  const ask = files.length > 0 && (runOf(draft.state, task.run).settings.widening === "ask" || heldByOthers(draft.state, task, files))
  draft.emit({ type: "attempt.collected", task: of, collected, handoff, outside: ask ? files : [] })
  if (ask) {
    openApproval(
      draft,
      of,
      { kind: "scope", paths: files.map(escapePattern) },
      `"${task.key}" changed ${files.length} ${files.length === 1 ? "file" : "files"} outside its scope: widen it?`,
      files.join("\n"),
    )
    return
  }
  if (files.length > 0) draft.emit({ type: "scope.widened", task: of, paths: files.map(escapePattern), by: "policy" })
  startChecks(draft, of)
}

/** Everything of the proof but the checks is there. */
export function startChecks(draft: Draft, of: TaskId): void {
  const task = taskOf(draft.state, of)
  const attempt = attemptOf(task)
  if (attempt.phase.name === "widening") {
    const { collected, handoff } = attempt.phase
    draft.emit({ type: "attempt.collected", task: of, collected, handoff, outside: [] })
  }
  const { phase } = attemptOf(taskOf(draft.state, of))
  if (phase.name !== "checking") throw new Error(`${of} cannot be checked: it is ${phase.name}`)
  if (task.plan.checks.length === 0) prove(draft, of, [])
  else
    draft.ask(attempt.worker, {
      kind: "checks.run",
      key: id(`check:${attempt.id}`),
      session: id(attempt.id),
      workspace: workspaceId(task.run, task.key),
      commit: phase.collected.head,
      commands: task.plan.checks,
      timeoutMs: runOf(draft.state, task.run).settings.checkTimeoutMs,
    })
}

export function prove(draft: Draft, of: TaskId, checks: readonly CheckResult[]): void {
  const task = taskOf(draft.state, of)
  const attempt = attemptOf(task)
  if (attempt.phase.name !== "checking") return
  if (isStrategy(runOf(draft.state, task.run), task)) {
    measure(draft, of, checks)
    return
  }
  if (checks.some((check) => !check.passed)) {
    endAttempt(draft, of, { how: "failed", failure: { kind: "checks", checks } })
    return
  }
  const { collected, handoff } = attempt.phase
  const proof = { attempt: attempt.id, collected, checks, handoff, measures: null }
  draft.emit({ type: "attempt.ended", task: of, end: { how: "proved", proof } })
  if (collected.commits > 0) {
    // A wave's work lands together, when all of it is there.
    if (goesInWaves(runOf(draft.state, task.run))) draft.emit({ type: "task.proved", task: of })
    else queueLanding(draft, [of])
  } else {
    draft.emit({ type: "task.done", task: of, proof, landed: null })
    if (handoff !== null) reportHandoff(draft, taskOf(draft.state, of), handoff)
    releaseWorkspace(draft, of, true)
  }
}

function missingFrom(task: Task, collected: Collected, handoff: Handoff | null): Failure | null {
  if (collected.unresolved.length > 0) return { kind: "unresolved", files: collected.unresolved }
  if (handoff?.status === "failed" || handoff?.status === "blocked")
    return { kind: "handoff", status: handoff.status, text: handoff.items.slice(0, 5).join("; ") }
  if (collected.commits === 0 && task.plan.type !== "research") return { kind: "no-commit" }
  return null
}

/** A task that declares no write scope claims nothing and may write anywhere. */
function outOfScope(task: Task, collected: Collected, rule: Run): string[] {
  const scopes = scopesOf(task)
  if (!scopes.some((scope) => scope.access === "write")) return []
  return outside(scopes, [...new Set(collected.files.flatMap((file) => (file.from === null ? [file.path] : [file.path, file.from])))], rule)
}

function heldByOthers(state: State, task: Task, files: readonly string[]): boolean {
  const wanted = files.map((file) => ({ pattern: escapePattern(file), access: "write" as const }))
  const run = runOf(state, task.run)
  return state.claims.some((other) => {
    if (other === task.id || runOf(state, taskOf(state, other).run).commonDirectory !== run.commonDirectory) return false
    return scopesOf(taskOf(state, other)).some((held) => wanted.some((scope) => overlaps(held, scope, run)))
  })
}
