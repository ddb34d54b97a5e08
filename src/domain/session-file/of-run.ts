/** The session file of a campaign, as its run's state has it. What people and other tools added to the file is handed in, so that it is not lost. */
import { sayFailure } from "../attempt/failure.ts"
import { taskId } from "../ids.ts"
import { partsOf } from "../handoff/parts.ts"
import { taskOf, type State } from "../project/state.ts"
import { isPlanner, isSpeculative, isWanted, type Campaign } from "../run/campaign.ts"
import { foreseenWaves } from "../run/foreseen.ts"
import type { Run } from "../run/run.ts"
import { goesInWaves, isInWave, newestWave, placesInWaves, type Wave } from "../run/wave.ts"
import { scopeText } from "../scope/normalise.ts"
import { comparisonOf, type Strategy } from "../strategy/comparison.ts"
import { isOver, isSkipped, scopesOf, type Task } from "../task/task.ts"
import { agentText } from "./agent-type.ts"
import { rowNumbers } from "./row-numbers.ts"
import { agentName } from "./row-results.ts"
import { withoutFound } from "./row-prompt.ts"
import type { AgentResult, ComparedStrategy, QueueRow, SessionFile, SpeculativeComparison, WaveResults, WorkOrder } from "./session-file.ts"

/** What is in the file and not in the state. */
export type FileKeeps = Pick<SessionFile, "columns" | "rest" | "pendingPropagation"> & {
  readonly refusedEdits: readonly string[]
  readonly warnings: readonly string[]
  readonly kept: readonly string[]
  /** Cells of columns that Fleet does not know, by row. */
  readonly more: ReadonlyMap<number, readonly string[]>
  /** Results of waves before this run: it was continued. */
  readonly wavesBefore: readonly WaveResults[]
  readonly sharedBefore: readonly string[]
  /** Rows that were skipped, with what their agents would be told: they are no tasks of this run. */
  readonly skipped: readonly QueueRow[]
  readonly skippedOrders: readonly WorkOrder[]
  /** Rows that were complete before this run, as they stood. */
  readonly complete: ReadonlyMap<number, QueueRow>
}

export const keepsNothing: FileKeeps = {
  columns: [],
  rest: [],
  pendingPropagation: [],
  refusedEdits: [],
  warnings: [],
  kept: [],
  more: new Map(),
  wavesBefore: [],
  sharedBefore: [],
  skipped: [],
  skippedOrders: [],
  complete: new Map(),
}

export function sessionFileOf(state: State, run: Run, campaign: Campaign, keeps: FileKeeps): SessionFile {
  const tasks = rowsOf(state, run)
  const rows = queueOf(run, tasks, keeps)
  return {
    name: campaign.continued?.name || run.goal,
    status: run.status.name === "running" ? (run.hold === null ? "active" : "needs-continue") : isDone(run) ? "completed" : "needs-continue",
    started: campaign.continued?.started || new Date(run.startedAt).toISOString(),
    direction: campaign.direction,
    queue: withSkipped([...rows.values()], keeps),
    columns: keeps.columns,
    waves: [...keeps.wavesBefore, ...wavesIn(state, run).map((wave) => resultsOf(state, wave, rows))],
    shared: [...new Set([...keeps.sharedBefore, ...sharedOf(state, run)])],
    notes: {
      gaps: run.waves.flatMap((wave) => wave.gaps.map((id) => gapText(taskOf(state, id), wave.number))),
      mergeConflicts: tasks.flatMap(conflictsOf),
      refusedEdits: keeps.refusedEdits,
      warnings: keeps.warnings,
      kept: keeps.kept,
    },
    orders: [...ordersOf(tasks), ...keeps.skippedOrders],
    spec: tasks.length === 0 ? (campaign.spec ?? null) : null,
    rules: run.guardrails,
    setup: run.setup,
    checks: run.checks,
    comparison: isSpeculative(run) ? comparison(state, run, campaign) : null,
    pendingPropagation: keeps.pendingPropagation,
    continuation: {
      nextWave: nextWaveOf(state, run, tasks),
      blocked: tasks.filter((task) => isBlocked(state, task)).map((task) => task.plan.title),
      contextTokens: tasks.reduce((sum, { usage }) => sum + usage.inputTokens + usage.outputTokens, 0),
      autoContinue: run.autoContinue,
    },
    rest: keeps.rest,
  }
}

/** The rows' tasks: all but the planner. */
export const rowsOf = (state: State, run: Run): Task[] => run.tasks.map((id) => taskOf(state, id)).filter((task) => !isPlanner(run, task))

const isDone = (run: Run): boolean => run.status.name === "settled" && run.status.outcome === "done"

/** Its waves. One that goes in none is one wave, of all that was begun. */
function wavesIn(state: State, run: Run): readonly Pick<Wave, "number" | "tasks">[] {
  if (goesInWaves(run)) return run.waves
  const begun = rowsOf(state, run).filter((task) => task.attempts.length > 0 || task.state.name === "running")
  return begun.length === 0 ? [] : [{ number: firstWave(run), tasks: begun.map((task) => task.id) }]
}

const firstWave = ({ campaign }: Run): number => (campaign?.wavesBefore ?? 0) + 1

/** Null: nothing is left for one. */
function nextWaveOf(state: State, run: Run, tasks: readonly Task[]): number | null {
  const left = tasks.some((task) => isWanted(run, task) && task.state.name !== "done" && task.state.name !== "archived")
  // Strategies are rivals, and without waves all that is left is begun as soon as it can be.
  if (!left || isSpeculative(run) || (!goesInWaves(run) && run.status.name !== "settled")) return null
  return (wavesIn(state, run).at(-1)?.number ?? firstWave(run) - 1) + 1
}

/** In their order. Each task finds its own and its needs' by name: there may be thousands, and this is asked again with every change. */
function queueOf(run: Run, tasks: readonly Task[], keeps: FileKeeps): ReadonlyMap<Task["id"], QueueRow> {
  const numbers = rowNumbers(tasks)
  const byKey = new Map([...numbers].map(([{ key }, number]) => [key, number]))
  const waves = wavesOf(run, tasks)
  return new Map([...numbers].map(([task, number]) => [task.id, rowOf(task, { number, numbers: byKey, wave: waves.get(task.id) ?? null }, keeps)]))
}

interface Place {
  readonly number: number
  /** Of all rows, by the keys of their tasks. */
  readonly numbers: ReadonlyMap<Task["key"], number>
  readonly wave: number | null
}

function rowOf(task: Task, { number, numbers, wave }: Place, keeps: FileKeeps): QueueRow {
  const before = task.plan.ticked && task.state.name === "done" ? keeps.complete.get(number) : undefined
  if (before !== undefined) return { ...before, more: keeps.more.get(number) ?? before.more }
  return {
    number,
    campaign: task.plan.title,
    scope: scopesOf(task).map(scopeText),
    deps: task.plan.after.flatMap(({ key }) => numbers.get(key) ?? []),
    status: statusText(task),
    wave,
    agent: agentText(task),
    branch: null,
    evidence: null,
    more: keeps.more.get(number) ?? [],
  }
}

/** Each before the first row of a higher number. */
function withSkipped(rows: readonly QueueRow[], { skipped, more }: FileKeeps): QueueRow[] {
  const all = [...rows]
  for (const row of skipped) {
    if (all.some(({ number }) => number === row.number)) continue
    const at = all.findIndex(({ number }) => number > row.number)
    all.splice(at < 0 ? all.length : at, 0, { ...row, more: more.get(row.number) ?? row.more })
  }
  return all
}

/** What others found is told anew to whoever goes on. */
const ordersOf = (tasks: readonly Task[]): WorkOrder[] =>
  [...rowNumbers(tasks)].map(([{ plan }, row]) => ({ row, prompt: withoutFound(plan.prompt), checks: plan.checks }))

/** Only what has landed is complete. */
function statusText(task: Task): string {
  const { state, attempts } = task
  switch (state.name) {
    case "pending":
    case "gated":
      return "pending"
    case "running":
    case "proved":
    case "landing":
      return "active"
    case "done":
      return "complete"
    case "failed":
      return state.failure.kind === "timeout" ? "timed out" : "failed"
    case "cancelled":
      return isSkipped(task) ? "skipped" : attempts.length === 0 ? "pending" : "stopped"
    case "archived":
      return "archived"
  }
}

/** In which each was begun last; of those that are still to come, as far as they can be foreseen. */
function wavesOf(run: Run, tasks: readonly Task[]): ReadonlyMap<Task["id"], number> {
  if (!goesInWaves(run)) return new Map(tasks.flatMap((task) => (task.plan.ticked ? [] : [[task.id, firstWave(run)] as const])))
  const next = (newestWave(run)?.number ?? firstWave(run) - 1) + 1
  const open = tasks.filter((task) => !isOver(task) && !isInWave(run, task))
  const waves = foreseenWaves(
    open.map((task) => task.plan),
    run,
  )
  const foreseen = waves.flatMap((keys, at) => keys.map((key) => [taskId(run.id, key), next + at] as const))
  return new Map([...foreseen, ...[...placesInWaves(run)].map(([id, { wave }]) => [id, wave] as const)])
}

function resultsOf(state: State, { number, tasks }: Pick<Wave, "number" | "tasks">, rows: ReadonlyMap<Task["id"], QueueRow>): WaveResults {
  const members = tasks.flatMap((id) => {
    const row = rows.get(id)
    return row === undefined ? [] : [{ task: taskOf(state, id), row }]
  })
  return { number, agents: members.map(({ task, row }) => resultOf(task, row)), merges: mergesOf(members.map(({ task }) => task)) }
}

function resultOf(task: Task, row: QueueRow): AgentResult {
  const { state } = task
  const handoff = task.attempts.findLast((attempt) => attempt.handoff !== null)?.handoff ?? null
  const parts = partsOf(handoff)
  const proof = "proof" in state ? state.proof : null
  return {
    name: agentName(row),
    row: row.number,
    status: state.name === "done" && handoff?.status === "partial" ? "partial" : row.status,
    built: joined(parts.built),
    decisions: joined(parts.decisions),
    discoveries: joined(parts.discoveries),
    files: proof?.collected.files.map((file) => file.path) ?? [],
    commit: state.name === "done" ? (state.landed?.commit ?? null) : null,
    timeout: timeoutOf(task),
    failures: state.name === "failed" ? sayFailure(state.failure) : null,
  }
}

/** The newest attempt that ran out of time (C.1.84). */
function timeoutOf({ attempts }: Task): AgentResult["timeout"] {
  const at = attempts.findLastIndex(({ end }) => end.how === "failed" && end.failure.kind === "timeout")
  const attempt = attempts[at]
  return attempt === undefined ? null : { durationMs: attempt.endedAt - attempt.startedAt, retried: at > 0 || at < attempts.length - 1 }
}

function mergesOf(tasks: readonly Task[]): string[] {
  const landed = tasks.filter(({ state }) => state.name === "done" && state.landed !== null).toSorted((a, b) => a.ordinal - b.ordinal)
  const byCommit = Map.groupBy(landed, ({ state }) => (state.name === "done" ? (state.landed?.commit ?? "") : ""))
  return [...byCommit].map(([commit, of]) => `${commit.slice(0, 12)} ${of.map((task) => task.key).join(", ")}${checksText(of)}`)
}

/** Of one merge: what passed on it, or on the same tree before (C.1.42, C.1.43). */
function checksText(merged: readonly Task[]): string {
  const proved = merged.flatMap(({ state }) => (state.name === "done" ? (state.proof?.checks ?? []) : []))
  // The last result counts: a strategy may have failed alone, and passed when it was merged.
  const last = new Map(proved.map(({ command, passed }) => [command, passed]))
  const passed = [...last].filter(([, is]) => is).map(([command]) => `\`${command}\``)
  return passed.length === 0 ? "" : ` (checks: ${passed.join(", ")} passed)`
}

const sharedMax = 200

/** What was found and reported while it went on, the newest last. */
export function sharedOf(state: State, run: Run): string[] {
  const own = new Set<string>(run.tasks)
  const from = (task: string | null): string => (task === null ? "" : `Agent ${task.slice(task.indexOf("/") + 1)}: `)
  return [...state.discoveries.values()]
    .filter(
      ({ task, commonDirectory, at }) => (task !== null && own.has(task)) || (task === null && commonDirectory === run.commonDirectory && at >= run.startedAt),
    )
    .toSorted((a, b) => a.at - b.at)
    .slice(-sharedMax)
    .map(({ task, text }) => `${from(task)}${text}`)
}

const gapText = (task: Task, wave: number): string =>
  `${scopesOf(task).map(scopeText).join(", ") || "no scope"} (${task.plan.title}): no workspace in wave ${wave}`

function conflictsOf({ plan, state, conflicts }: Task): string[] {
  const last = state.name === "failed" && state.failure.kind === "conflict" ? [`${plan.title}: ${state.failure.files.join(", ")}; not resolved`] : []
  const after = state.name === "done" ? "resolved by its author" : "goes back to its author"
  return [...(conflicts ?? []).map((files) => `${plan.title}: ${files.join(", ")}; ${after}`), ...last]
}

/** Something that it needs has failed or was stopped. */
function isBlocked(state: State, task: Task): boolean {
  return task.state.name === "pending" && task.plan.after.some(({ key }) => ["failed", "cancelled"].includes(taskOf(state, taskId(task.run, key)).state.name))
}

function comparison(state: State, run: Run, campaign: Campaign): SpeculativeComparison {
  const { direction, strategies, winner } = comparisonOf(state, run)
  return {
    direction,
    strategies: campaign.strategies ?? strategies.length,
    rows: strategies.map(comparedOf),
    // Until it has landed nobody has won.
    winner: strategies.some(({ key, status }) => key === winner && status === "merged") ? winner : null,
    merged: mergedAt(rowsOf(state, run)),
  }
}

/** Only one of them lands. */
function mergedAt(tasks: readonly Task[]): string | null {
  const at = tasks.flatMap(({ state }) => (state.name === "done" ? [state.at] : [])).at(0)
  return at === undefined ? null : new Date(at).toISOString()
}

function comparedOf({ key, branch, status, checks, why, decision, tradeoffs }: Strategy): ComparedStrategy {
  return {
    strategy: key,
    branch,
    status: status === "merged" || status === "archived" ? status : status === "failed" || status === "stopped" ? status : "active",
    typecheck: checks === null ? "none" : checks.failed === 0 ? "pass" : `fail (${checks.failed})`,
    notes: why ?? [decision, tradeoffs].filter((text) => text !== null).join("; "),
  }
}

const joined = (texts: readonly string[]): string | null => (texts.length === 0 ? null : texts.join("; "))
