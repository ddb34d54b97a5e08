/** Makes a plan of a campaign's queue: of a session that goes on from its file alone, and of a spec that has such a table. */
import { fault } from "../fault.ts"
import { id, type TaskKey } from "../ids.ts"
import type { Need, Plan, PlanFault, PlanSource, PlanTask } from "../plan/plan.ts"
import { plainTask } from "../plan/plain-task.ts"
import { slug } from "../plan/slug.ts"
import { parseScope } from "../scope/normalise.ts"
import type { Scope } from "../scope/scope.ts"
import { agentType } from "./agent-type.ts"
import { rowCommit } from "./row-results.ts"
import { rowPrompt } from "./row-prompt.ts"
import { rowTag } from "./row-numbers.ts"
import type { QueueRow, SessionFile } from "./session-file.ts"
import { isSuccess, statusMeaning } from "./status-meaning.ts"

export interface SessionPlan {
  /** Null when there are errors. Cycles are found by `checkPlan`. */
  readonly plan: Plan | null
  readonly faults: readonly PlanFault[]
  /** The task of each row; none for one that is skipped. */
  readonly keys: ReadonlyMap<number, TaskKey>
  /** For each ticked task the commit that the file names. Nobody has looked whether it is there. */
  readonly commits: ReadonlyMap<TaskKey, string | null>
}

/** `lines`: where the rows stand, for the faults. A skipped row is no task, and nobody waits for it. */
export function planFromSession(file: SessionFile, source: PlanSource, lines: ReadonlyMap<number, number> = new Map()): SessionPlan {
  const rows = file.queue.filter((row) => statusMeaning(row.status) !== "skipped")
  const taken = new Set<string>()
  const keys = new Map(rows.map((row) => [row.number, id<"task key">(slug(row.campaign, taken))]))
  const faults: PlanFault[] = []
  const error = (row: QueueRow | null, told: Pick<PlanFault, "code" | "what" | "why" | "fix">): unknown =>
    faults.push({ severity: "error", ...told, file: source.file, line: row === null ? null : (lines.get(row.number) ?? null) })
  if (rows.length === 0) error(null, noRows(file))
  const tasks = rows.map((row) => taskOf(file, row, keys, lines, (told) => error(row, told)))
  const commits = new Map(rows.flatMap((row) => keyed(keys, row, isSuccess(row.status) ? [rowCommit(file, row)] : [])))
  return { plan: faults.length > 0 ? null : planOf(file, source, tasks), faults, keys, commits }
}

const keyed = <T>(keys: ReadonlyMap<number, TaskKey>, row: QueueRow, values: readonly T[]): [TaskKey, T][] => {
  const key = keys.get(row.number)
  return key === undefined ? [] : values.map((value) => [key, value])
}

type Told = Pick<PlanFault, "code" | "what" | "why" | "fix">

const noRows = ({ queue }: SessionFile): Told =>
  fault(
    "no-tasks",
    "the queue has nothing to do",
    queue.length === 0 ? "it has no rows" : "all its rows are skipped",
    "add a row under `| # | Campaign | Scope | Deps | Status | Wave | Agent |`",
  )

const planOf = (file: SessionFile, source: PlanSource, tasks: readonly PlanTask[]): Plan => ({
  version: 1,
  goal: [file.direction, file.name, "Campaign"].find((text) => text !== "")?.slice(0, 1_000) ?? "",
  guardrails: file.rules,
  checks: file.checks,
  setup: file.setup,
  tasks,
  source,
})

function taskOf(
  file: SessionFile,
  row: QueueRow,
  keys: ReadonlyMap<number, TaskKey>,
  lines: ReadonlyMap<number, number>,
  error: (told: Told) => unknown,
): PlanTask {
  return {
    ...plainTask,
    key: keys.get(row.number) ?? id(`row-${row.number}`),
    title: row.campaign,
    prompt: rowPrompt(file, row),
    after: needsOf(file, row, keys, error),
    scope: scopesOf(row, error),
    checks: file.orders.find((order) => order.row === row.number)?.checks ?? [],
    type: agentType(row.agent),
    // The column names what kind of agent is wanted, not one of the registry.
    role: row.agent === "" ? null : row.agent,
    ticked: isSuccess(row.status),
    tags: { [rowTag]: String(row.number) },
    line: lines.get(row.number) ?? null,
  }
}

function needsOf({ queue }: SessionFile, row: QueueRow, keys: ReadonlyMap<number, TaskKey>, error: (told: Told) => unknown): Need[] {
  return row.deps.flatMap((number): Need[] => {
    const key = keys.get(number)
    if (key !== undefined) return [{ key, reason: "declared" }]
    if (!queue.some((other) => other.number === number))
      error(
        fault(
          "unknown-row",
          `row ${row.number} depends on row ${number}, which is not there`,
          "no row of the queue has that number",
          `add the row, or remove ${number} from its Deps`,
        ),
      )
    return []
  })
}

/** People write paths in backticks. */
function scopesOf(row: QueueRow, error: (told: Told) => unknown): Scope[] {
  return row.scope.flatMap((text) => {
    const parsed = parseScope(text.replace(/^`([^`]*)`/, "$1"))
    if (parsed.ok) return [parsed.scope]
    error({ ...parsed.fault, what: `row ${row.number}: ${parsed.fault.what}` })
    return []
  })
}
