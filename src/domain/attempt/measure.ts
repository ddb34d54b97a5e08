/** Strategies are measured before they are compared: also one whose checks failed, because that is a part of the comparison. */
import { id, workspaceId, type TaskId } from "../ids.ts"
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf } from "../project/state.ts"
import type { CheckResult, Measures } from "../worker/job-result.ts"
import { attemptOf } from "./apply.ts"

export function measure(draft: Draft, of: TaskId, checks: readonly CheckResult[]): void {
  draft.emit({ type: "attempt.measuring", task: of, checks })
  const task = taskOf(draft.state, of)
  const attempt = attemptOf(task)
  const { phase } = attempt
  if (phase.name !== "measuring") return
  const { campaign, settings } = runOf(draft.state, task.run)
  draft.ask(attempt.worker, {
    kind: "workspace.measure",
    key: id(`measure:${attempt.id}`),
    session: id(attempt.id),
    workspace: workspaceId(task.run, task.key),
    base: phase.collected.base,
    commit: phase.collected.head,
    benchmark: campaign?.benchmark ?? null,
    timeoutMs: settings.checkTimeoutMs,
  })
}

/** It can be compared now. Measures that could not be had are said to be missing; they are no failure of the strategy. */
export function measured(draft: Draft, of: TaskId, measures: Measures): void {
  const attempt = attemptOf(taskOf(draft.state, of))
  if (attempt.phase.name !== "measuring") return
  const { collected, handoff, checks } = attempt.phase
  draft.emit({ type: "attempt.ended", task: of, end: { how: "proved", proof: { attempt: attempt.id, collected, checks, handoff, measures } } })
  draft.emit({ type: "task.proved", task: of })
}
