/** Everything that is wrong with a plan, each with the place, the reason and the fix. An `error` means that nothing of it may start. */
import { overlappingPairs } from "../scope/trie.ts"
import { parseScope, scopeText } from "../scope/normalise.ts"
import { cycles } from "./cycles.ts"
import { didYouMean } from "./did-you-mean.ts"
import { dependants, startOrder } from "./graph.ts"
import type { Plan, PlanFault, PlanTask } from "./plan.ts"
import type { TaskKey } from "../ids.ts"

export const planLimits = { tasks: 2_000, promptChars: 200_000, scopesOfTask: 200, needs: 200_000, faults: 200, cycles: 20, pairs: 100_000 }

/** Errors first, then warnings, each in the order of the plan. At most 200, the last of which then says how many more there are. */
export function checkPlan(plan: Plan): PlanFault[] {
  const whole = wholeFaults(plan)
  // Too large to look into: the rest would take its time for nothing.
  if (whole.some((found) => found.code === "plan-too-large")) return whole
  const errors = [...whole, ...keyFaults(plan), ...plan.tasks.flatMap((task) => taskFaults(plan, task)), ...needFaults(plan), ...cycleFaults(plan)]
  const warnings = [...plan.tasks.flatMap((task) => taskWarnings(plan, task)), ...(errors.length === 0 ? overlapWarnings(plan) : [])]
  return cut([...errors, ...warnings], plan)
}

/** A task's key is part of branch names and paths. */
export function isTaskKey(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text) && !text.includes("..") && !text.endsWith(".") && !/\.lock$/i.test(text)
}

type Told = Pick<PlanFault, "severity" | "code" | "what" | "why" | "fix">
const at = (plan: Plan, line: number | null, told: Told): PlanFault => ({ ...told, file: plan.source.file, line })
const error = (plan: Plan, task: PlanTask | null, code: string, what: string, why: string, fix: string): PlanFault =>
  at(plan, task?.line ?? null, { severity: "error", code, what, why, fix })
const warning = (plan: Plan, task: PlanTask | null, code: string, what: string, why: string, fix: string): PlanFault =>
  at(plan, task?.line ?? null, { severity: "warning", code, what, why, fix })

/** How messages name a key, whatever it holds. */
const named = (key: string): string => JSON.stringify(key.length > 80 ? `${key.slice(0, 80)}…` : key)

function wholeFaults(plan: Plan): PlanFault[] {
  const faults: PlanFault[] = []
  const add = (code: string, what: string, why: string, fix: string): unknown => faults.push(error(plan, null, code, what, why, fix))
  if (plan.tasks.length === 0) add("no-tasks", "the plan has no tasks", "there is nothing to run", "add a task")
  if (plan.tasks.length > planLimits.tasks)
    add("plan-too-large", `the plan has ${plan.tasks.length} tasks`, `the limit is ${planLimits.tasks}`, "split it into several plans")
  const needs = plan.tasks.reduce((sum, task) => sum + task.after.length, 0)
  if (needs > planLimits.needs)
    add("plan-too-large", `the tasks need each other in ${needs} ways`, `the limit is ${planLimits.needs}`, "put a task between large groups of tasks")
  for (const text of [plan.setup, ...plan.checks]) {
    if (text !== null && text.trim() === "")
      add("empty-command", "a setup or check command is empty", "it would prove nothing", "remove it, or write the command")
    if (text?.includes("\0")) add("nul", "a setup or check command holds a NUL character", "no program can be given one", "remove it")
  }
  return faults
}

function keyFaults(plan: Plan): PlanFault[] {
  const seen = new Map<string, PlanTask>()
  const faults: PlanFault[] = []
  for (const task of plan.tasks) {
    const first = seen.get(task.key.toLowerCase())
    if (first === undefined) seen.set(task.key.toLowerCase(), task)
    else
      faults.push(
        error(
          plan,
          task,
          "duplicate-id",
          `two tasks have the id ${named(task.key)}`,
          first.key === task.key
            ? place("the first one is", first)
            : `${place(`${named(first.key)} is`, first)}, and branch names do not always tell upper from lower case`,
          "give one of them another id",
        ),
      )
    if (!isTaskKey(task.key))
      faults.push(
        error(
          plan,
          task,
          "invalid-id",
          `${named(task.key)} cannot be a task's id`,
          "ids are up to 64 letters, digits, dots, dashes and underscores, start with a letter or digit, and do not end in . or .lock, because they become branch names",
          "write a short id like api or T012",
        ),
      )
  }
  return faults
}

const place = (what: string, task: PlanTask): string => (task.line === null ? `${what} earlier in the plan` : `${what} in line ${task.line}`)

function taskFaults(plan: Plan, task: PlanTask): PlanFault[] {
  const faults: PlanFault[] = []
  const add = (code: string, what: string, why: string, fix: string): unknown => faults.push(error(plan, task, code, what, why, fix))
  const who = `task ${named(task.key)}`
  if (task.prompt.trim() === "") add("empty-prompt", `${who} has no prompt`, "an agent would have nothing to do", "write what is to be done")
  if (task.prompt.length > planLimits.promptChars)
    add(
      "prompt-too-long",
      `${who} has a prompt of ${task.prompt.length} characters`,
      `the limit is ${planLimits.promptChars}`,
      "put the material into a file and name the file",
    )
  if (task.prompt.includes("\0")) add("nul", `the prompt of ${who} holds a NUL character`, "no agent can be given one", "remove it")
  if (task.scope.length > planLimits.scopesOfTask)
    add("too-many-scopes", `${who} has ${task.scope.length} scopes`, `the limit is ${planLimits.scopesOfTask}`, "name directories instead of files")
  for (const scope of task.scope.slice(0, planLimits.scopesOfTask)) {
    const parsed = parseScope(scopeText(scope))
    if (!parsed.ok) add(parsed.fault.code, `${who}: ${parsed.fault.what}`, parsed.fault.why, parsed.fault.fix)
  }
  if (task.checks.some((check) => check.trim() === "" || check.includes("\0")))
    add("empty-command", `${who} has a check that is empty or holds a NUL character`, "it would prove nothing", "remove it, or write the command")
  for (const [name, value] of numbers(task))
    if (value !== null && (!Number.isFinite(value) || value < 0))
      add("negative-number", `${who}: ${name} is ${value}`, "it cannot be less than nothing", `write a number of 0 or more, or leave ${name} out`)
  if (task.timeoutMinutes === 0) add("no-time", `${who} has a timeout of 0 minutes`, "it would end before it begins", "write at least 1, or leave it out")
  if (task.retries !== null && (!Number.isInteger(task.retries) || task.retries > 100))
    add("invalid-retries", `${who}: retries is ${task.retries}`, "it is a whole number of at most 100", "write a small whole number like 1")
  if (!Number.isFinite(task.priority))
    add("invalid-priority", `${who}: priority is ${task.priority}`, "it has to be a number", "leave it out, or write a number")
  return faults
}

const numbers = (task: PlanTask): [string, number | null][] => [
  ["estimate", task.estimateMinutes],
  ["timeout", task.timeoutMinutes],
  ["retries", task.retries],
]

function needFaults(plan: Plan): PlanFault[] {
  const known = new Set<string>(plan.tasks.map((task) => task.key))
  const wrong = plan.tasks.flatMap((task) => task.after.filter((need) => !known.has(need.key)).map((need) => ({ task, key: need.key })))
  return wrong.slice(0, planLimits.faults + 1).map(({ task, key }) => {
    const meant = didYouMean(
      key,
      [...known].filter((one) => one !== task.key),
    )
    return error(
      plan,
      task,
      "unknown-id",
      `task ${named(task.key)} needs ${named(key)}, which is not there`,
      "no task of this plan has that id",
      meant === null ? `add the task, or remove ${named(key)} from what ${named(task.key)} comes after` : `did you mean ${named(meant)}?`,
    )
  })
}

function cycleFaults(plan: Plan): PlanFault[] {
  return cycles(plan.tasks, planLimits.cycles).map((cycle) => {
    const [first] = cycle
    const names = [...cycle, first].map((task) => task?.key ?? "")
    const shown = names.length > 30 ? [...names.slice(0, 28), `… ${names.length - 29} more …`, names.at(-1)] : names
    return error(
      plan,
      first ?? null,
      "cycle",
      cycle.length === 1 ? `task ${named(names[0] ?? "")} needs itself` : `tasks need each other in a circle: ${shown.join(" → ")}`,
      "each would wait for the other for ever (→ means: comes after)",
      cycle.length === 1 ? "remove it from what the task comes after" : "remove one of these edges",
    )
  })
}

/** Tags that Fleet itself writes or gives to the agent as part of the prompt. */
const knownTags = new Set(["skill", "phase", "checkpoint", "row"])

function taskWarnings(plan: Plan, task: PlanTask): PlanFault[] {
  const faults: PlanFault[] = []
  const unknown = Object.keys(task.tags).filter((tag) => !knownTags.has(tag.toLowerCase()))
  if (unknown.length > 0)
    faults.push(
      warning(
        plan,
        task,
        "unknown-tag",
        `task ${named(task.key)} has ${unknown.length === 1 ? "a tag" : "tags"} that Fleet does not know: ${unknown.slice(0, 10).map(named).join(", ")}`,
        "kept as written, and given no meaning",
        "nothing to do, unless you meant a field that Fleet knows",
      ),
    )
  if (!task.ticked && task.scope.length === 0 && task.type !== "research" && plan.tasks.length > 1)
    faults.push(
      warning(
        plan,
        task,
        "no-scope",
        `task ${named(task.key)} has no scope`,
        "it runs beside anything, so two agents may change the same file and one of them has to repair the conflict",
        "name the paths that it writes",
      ),
    )
  return faults
}

function overlapWarnings(plan: Plan): PlanFault[] {
  const sorted = startOrder(plan)
  const reachable = new Map<TaskKey, Set<TaskKey>>()
  const behind = (task: PlanTask): Set<TaskKey> => {
    const known = reachable.get(task.key) ?? dependants(plan, task.key)
    reachable.set(task.key, known)
    return known
  }
  const holdings = plan.tasks.filter((task) => !task.ticked).flatMap((owner) => owner.scope.map((scope) => ({ scope, owner })))
  const told = new Set<string>()
  const faults: PlanFault[] = []
  let looked = 0
  for (const [left, right] of overlappingPairs(holdings)) {
    if (++looked > planLimits.pairs || faults.length > planLimits.faults) break
    const [first, second] = [left.owner, right.owner].toSorted(sorted)
    const pair = `${first?.key}\n${second?.key}`
    if (first === undefined || second === undefined || told.has(pair) || behind(first).has(second.key) || behind(second).has(first.key)) continue
    told.add(pair)
    faults.push(
      warning(
        plan,
        second,
        "overlap",
        `tasks ${named(first.key)} and ${named(second.key)} both write ${overlapText(left.scope.pattern, right.scope.pattern)}`,
        "neither comes after the other, so they run one at a time, in an order that Fleet chooses",
        `narrow one of the scopes, or let ${named(second.key)} come after ${named(first.key)}`,
      ),
    )
  }
  return faults
}

/** What two scopes have in common, for a sentence. */
export const overlapText = (a: string, b: string): string => (a === b ? a : `where ${a} and ${b} overlap`)

function cut(faults: PlanFault[], plan: Plan): PlanFault[] {
  if (faults.length <= planLimits.faults) return faults
  const left = faults.length - planLimits.faults + 1
  return [
    ...faults.slice(0, planLimits.faults - 1),
    warning(plan, null, "more-faults", `${left} or more further faults are not shown`, `the limit is ${planLimits.faults}`, "mend these first"),
  ]
}
