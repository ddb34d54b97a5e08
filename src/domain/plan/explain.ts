/** Says for each task what it waits for and why, one sentence each: its edges, the tasks that it may not run beside, slots, and people. */
import type { TaskKey } from "../ids.ts"
import { scopeText } from "../scope/normalise.ts"
import { overlapText } from "./check.ts"
import { forecast, type Forecast } from "./forecast.ts"
import { criticalPath, needed, order, ranks, startOrder } from "./graph.ts"
import type { Need, Plan, PlanTask } from "./plan.ts"

export interface PlannedTask {
  readonly key: string
  readonly title: string
  /** Empty when the task leaves it to the run. */
  readonly agent: string
  readonly scope: readonly string[]
  readonly waits: readonly string[]
  /** Minutes from its start to the end of the plan. */
  readonly rankMinutes: number
}

const sentencesMax = 50

/** In the order in which the tasks start when the estimates hold. Needs a plan without errors. */
export function explainPlan(plan: Plan, slots: number): PlannedTask[] {
  const foreseen = forecast(plan, slots)
  const rank = ranks(plan)
  const context: Context = {
    foreseen,
    rank,
    inOrder: startOrder(plan),
    needs: needsOf(plan),
    critical: new Set(criticalPath(plan)),
    byKey: new Map(plan.tasks.map((task) => [task.key, task])),
    slots,
  }
  const starts = (task: PlanTask): number => foreseen.of.get(task.key)?.startMinute ?? 0
  return order(plan)
    .toSorted((a, b) => starts(a) - starts(b))
    .map((task) => ({
      key: task.key,
      title: task.title,
      agent: task.agent ?? "",
      scope: task.scope.map(scopeText),
      waits: short(task.ticked ? ["nothing to do: it is ticked in the plan"] : waitsOf(context, task)),
      rankMinutes: rank.get(task.key) ?? 0,
    }))
}

interface Context {
  readonly foreseen: Forecast
  readonly rank: ReadonlyMap<TaskKey, number>
  readonly inOrder: (a: PlanTask, b: PlanTask) => number
  /** Everything that a task needs, directly or through others. */
  readonly needs: (key: TaskKey) => ReadonlySet<TaskKey>
  readonly critical: ReadonlySet<TaskKey>
  readonly byKey: ReadonlyMap<TaskKey, PlanTask>
  readonly slots: number
}

function needsOf(plan: Plan): Context["needs"] {
  const known = new Map<TaskKey, ReadonlySet<TaskKey>>()
  return (key) => {
    const needs = known.get(key) ?? needed(plan, key)
    known.set(key, needs)
    return needs
  }
}

function waitsOf(context: Context, task: PlanTask): string[] {
  const waits = task.after.map((need) => `after "${need.key}": ${edgeReason(context, task, need)}`)
  waits.push(...serialisations(context, task))
  if (task.gate === "human") waits.push("waits for a person: someone must approve before it starts (gate: human)")
  if (context.foreseen.of.get(task.key)?.heldBySlots === true)
    waits.push(
      context.slots <= 1
        ? "waits for the only slot: what has more work behind it starts first"
        : `waits for one of ${context.slots} slots: more tasks are ready together, and what has more work behind it starts first`,
    )
  return waits
}

function edgeReason(context: Context, task: PlanTask, need: Need): string {
  switch (need.reason) {
    case "declared":
      return "declared"
    case "phase": {
      const [ours, theirs] = [phaseOf(task), phaseOf(context.byKey.get(need.key))]
      return ours === null || theirs === null ? "phase barrier" : `phase barrier (${ours} starts when ${theirs} has landed)`
    }
    case "order":
      return "file order (not both are marked as parallel)"
  }
}

/** `Phase 3: User Story 1` is `Phase 3`. */
function phaseOf(task: PlanTask | undefined): string | null {
  const heading = task?.tags["Phase"] ?? task?.group ?? null
  return heading === null ? null : (/^phase\s+[\w.]+/i.exec(heading)?.[0] ?? heading)
}

/** Only those that go first: the other of each pair does not wait. */
function serialisations(context: Context, task: PlanTask): string[] {
  const beside = context.foreseen.conflicts.get(task.key)
  if (beside === undefined) return []
  const before = context.needs(task.key)
  const sentences: string[] = []
  for (const [key, [ours, theirs]] of beside) {
    const other = context.byKey.get(key)
    if (other === undefined || before.has(key) || context.needs(key).has(task.key) || !goesFirst(context, other, task)) continue
    sentences.push(
      `serialised with "${key}": both write ${overlapText(ours.pattern, theirs.pattern)}; "${key}" goes first because ${firstReason(context, other, task)}`,
    )
    if (sentences.length > sentencesMax) break
  }
  return sentences
}

function goesFirst({ inOrder, foreseen }: Context, a: PlanTask, b: PlanTask): boolean {
  const [first, second] = [foreseen.of.get(a.key)?.startMinute ?? 0, foreseen.of.get(b.key)?.startMinute ?? 0]
  return first === second ? inOrder(a, b) < 0 : first < second
}

function firstReason(context: Context, first: PlanTask, second: PlanTask): string {
  const { foreseen, rank, critical } = context
  const [ready, readyOther] = [foreseen.of.get(first.key)?.readyMinute ?? 0, foreseen.of.get(second.key)?.readyMinute ?? 0]
  const [behind, behindOther] = [rank.get(first.key) ?? 0, rank.get(second.key) ?? 0]
  if (ready < readyOther) return "what it needs is there earlier"
  if (context.inOrder(first, second) > 0) return `another scope keeps "${second.key}" waiting longer`
  if (critical.has(first.key) && !critical.has(second.key)) return "it is on the critical path"
  if (behind !== behindOther) return `more work waits behind it (${minutes(behind)} against ${minutes(behindOther)})`
  if (first.priority !== second.priority) return "its priority is higher"
  return "it comes first in the plan"
}

const minutes = (count: number): string => `${Math.round(count * 10) / 10} min`

function short(sentences: string[]): string[] {
  if (sentences.length <= sentencesMax) return sentences
  return [...sentences.slice(0, sentencesMax - 1), `and ${sentences.length - sentencesMax + 1} more of the kind`]
}
