/**
 * What is weak in a plan that an agent made, beyond what `check.ts` refuses in any plan: for the agent, in its words, to mend and hand in
 * again. Both send it back while there are rounds left; then what is only a `warning` is shown to the person, and an `error` is the end of it.
 */
import { oneDirectory } from "../gate/directory.ts"
import { streamsMin } from "../gate/assess.ts"
import { firstOverlap } from "../scope/overlap.ts"
import { parseScope, scopeText } from "../scope/normalise.ts"
import { estimateMinutes, needed } from "./graph.ts"
import type { Plan, PlanFault, PlanTask } from "./plan.ts"
import { independentStreams, widestStep } from "./streams.ts"
import { vagueness } from "./vague.ts"

export const criticismLimits = { faults: 50, pairs: 2_000, scopesOfTask: 12, minutesOfTask: 90 }

/** Faults that the gate answers with a downgrade, where the planner cannot or will not mend them: less is started, nothing is refused. */
export const downgradable: ReadonlySet<string> = new Set(["too-few-streams", "one-directory", "one-task"])

/** In the order of the plan, errors first. */
export function criticisePlan(plan: Plan): PlanFault[] {
  const criticism = new Criticism(plan)
  const open = plan.tasks.filter((task) => !task.ticked)
  if (open.length === 0) criticism.error(null, "no-tasks", "the plan has no task that is still to be done", "there is nothing to run", "write the tasks")
  else {
    streams(criticism, plan, open)
    for (const task of open) {
      scopes(criticism, task)
      words(criticism, task)
    }
    for (const task of open) checks(criticism, plan, task)
    overlaps(criticism, plan, open)
    bottlenecks(criticism, plan, open)
  }
  return criticism.sorted()
}

export class Criticism {
  readonly #faults: PlanFault[] = []
  readonly #plan: Plan
  constructor(plan: Plan) {
    this.#plan = plan
  }
  error(task: PlanTask | null, code: string, what: string, why: string, fix: string): void {
    this.#faults.push({ severity: "error", code, what, why, fix, file: this.#plan.source.file, line: task?.line ?? null })
  }
  warn(task: PlanTask | null, code: string, what: string, why: string, fix: string): void {
    this.#faults.push({ severity: "warning", code, what, why, fix, file: this.#plan.source.file, line: task?.line ?? null })
  }
  sorted(): PlanFault[] {
    const of = (severity: PlanFault["severity"]): PlanFault[] => this.#faults.filter((found) => found.severity === severity)
    return [...of("error"), ...of("warning")].slice(0, criticismLimits.faults)
  }
}

export const named = (task: PlanTask): string => `task ${JSON.stringify(task.key.length > 80 ? `${task.key.slice(0, 80)}…` : task.key)}`

function streams(criticism: Criticism, plan: Plan, open: readonly PlanTask[]): void {
  if (open.length === 1) {
    criticism.warn(
      null,
      "one-task",
      "the plan has only one task",
      "one agent does it, and nothing runs beside it",
      "divide it where you can; otherwise say in the goal why not",
    )
    return
  }
  const count = independentStreams(plan)
  const directory = oneDirectory(widestStep(plan).map((task) => task.scope))
  if (directory !== null)
    criticism.error(
      null,
      "one-directory",
      `all tasks that could run at the same time write in ${directory === "" ? "the root directory" : directory}`,
      "agents that work in the same directory get in each other's way",
      "divide the work along directories or modules; if it cannot be divided, hand in one task and say so in the goal",
    )
  else if (count < streamsMin.standard)
    criticism.error(
      null,
      "too-few-streams",
      `only ${count === 1 ? "1 task" : `${count} tasks`} can run at the same time`,
      `a campaign is worth its cost with ${streamsMin.standard} or more streams that need nothing of each other and write different files`,
      "divide it further, remove `after` where it is not needed, or narrow scopes that overlap; if it cannot be divided, say so in the goal",
    )
}

function scopes(criticism: Criticism, task: PlanTask): void {
  const writes = task.scope.filter((scope) => scope.access === "write")
  for (const scope of task.scope) {
    const parsed = parseScope(scope.pattern)
    if (!parsed.ok) criticism.error(task, parsed.fault.code, `${named(task)}: ${parsed.fault.what}`, parsed.fault.why, parsed.fault.fix)
  }
  if (task.type === "research") return
  if (writes.length === 0)
    criticism.error(
      task,
      "no-scope",
      `${named(task)} says not what it writes`,
      "nobody can tell which tasks it may run beside",
      "list the paths that it will write under `scope`",
    )
  if (writes.some((scope) => scope.pattern === "**"))
    criticism.error(
      task,
      "whole-repository",
      `${named(task)} writes the whole repository`,
      "nothing can run beside it",
      "name the directories or files that it really changes",
    )
  if (writes.length > criticismLimits.scopesOfTask)
    criticism.warn(
      task,
      "too-big",
      `${named(task)} writes in ${writes.length} places`,
      `more than ${criticismLimits.scopesOfTask} are seldom one piece of work`,
      "split it",
    )
}

function words(criticism: Criticism, task: PlanTask): void {
  const vague = vagueness(task)
  if (vague !== null)
    criticism.error(
      task,
      "vague",
      `${named(task)} is too vague: ${JSON.stringify(task.prompt.replace(/\s+/g, " ").slice(0, 80))}`,
      vague,
      "say what is to be changed, where (files, functions), and how one sees that it is done",
    )
  const minutes = estimateMinutes(task)
  if (minutes > criticismLimits.minutesOfTask)
    criticism.warn(
      task,
      "too-big",
      `${named(task)} is expected to take ${minutes} minutes`,
      `more than ${criticismLimits.minutesOfTask} are too much for one agent in one go`,
      "split it",
    )
}

function checks(criticism: Criticism, plan: Plan, task: PlanTask): void {
  if (task.type === "research" || task.checks.length > 0 || plan.checks.length > 0) return
  criticism.error(
    task,
    "no-checks",
    `nothing proves ${named(task)}`,
    "neither the task nor the plan names a command that passes when it is done",
    "add `checks` to the task, or to the plan for all of them, with the repository's own commands",
  )
}

/** `check.ts` only warns of these, because a person's plan may mean it; an agent was asked for scopes that do not overlap. */
function overlaps(criticism: Criticism, plan: Plan, open: readonly PlanTask[]): void {
  const behind = new Map(open.map((task) => [task.key, needed(plan, task.key)]))
  let looked = 0
  for (const [at, one] of open.entries())
    for (const other of open.slice(at + 1)) {
      if (++looked > criticismLimits.pairs) return
      if (behind.get(one.key)?.has(other.key) || behind.get(other.key)?.has(one.key)) continue
      const pair = firstOverlap(one.scope, other.scope)
      if (pair === null) continue
      criticism.error(
        other,
        "overlap",
        `${named(one)} and ${named(other)} may run together, and both write ${scopeText(pair[0])}${pair[0].pattern === pair[1].pattern ? "" : ` (${scopeText(pair[1])})`}`,
        "agents that write the same files undo each other's work",
        `merge the two, narrow one scope, or let ${named(other)} come \`after\` the other`,
      )
    }
}

function bottlenecks(criticism: Criticism, plan: Plan, open: readonly PlanTask[]): void {
  if (open.length < streamsMin.standard + 1) return
  for (const task of open) {
    const waiting = open.filter((other) => other !== task && needed(plan, other.key).has(task.key))
    if (waiting.length === open.length - 1)
      criticism.warn(
        task,
        "all-need-one",
        `every other task waits for ${named(task)}`,
        "until it has landed only one agent works",
        "keep it as small as it can be, or let those that can do without it begin at once",
      )
    const needs = open.filter((other) => other !== task && needed(plan, task.key).has(other.key))
    if (needs.length === open.length - 1 && task.type !== "research" && open.length > 6 && task.scope.length > criticismLimits.scopesOfTask / 2)
      criticism.warn(
        task,
        "needs-all",
        `${named(task)} waits for every other task and writes in many places`,
        "one agent does again what the others divided",
        "let each task finish its own part",
      )
  }
}
