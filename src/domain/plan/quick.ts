/** Quick mode: splits `"t1; t2; t3"` into sentences, and puts tasks that may touch the same files one after the other (C.1.112, C.1.119). */
import { fault, type Fault } from "../fault.ts"
import type { TaskKey } from "../ids.ts"
import { assess } from "./assess.ts"
import { assessFault } from "./assess-touched.ts"
import { assessLimits, type Assessment } from "./assessment.ts"
import { dependants, order } from "./graph.ts"
import type { Plan, PlanTask } from "./plan.ts"

export const quickLimits = { tasksMin: 2, tasksMax: 20, charsMax: 20_000 }

export type SplitTasks = { readonly ok: true; readonly tasks: readonly string[] } | { readonly ok: false; readonly fault: Fault }

/** At each `;` that is not inside quotes, backticks or parentheses. What is opened and never closed holds nothing together. */
export function splitQuick(text: string): SplitTasks {
  const { tasksMin, tasksMax, charsMax } = quickLimits
  if (text.length > charsMax)
    return refuse(
      "quick-too-long",
      "so long a text is no list of quick tasks",
      `it has ${text.length} characters; the limit is ${charsMax}`,
      "write a plan file",
    )
  const tasks = parts(text)
    .map((part) => part.trim())
    .filter((part) => part !== "")
  if (tasks.length < tasksMin) {
    const [what, why] = tasks.length === 0 ? ["there are no tasks", "nothing is written"] : ["there is only one task", "one task has nothing to run beside"]
    return refuse("quick-too-few", what, why, 'write two or more with ; between them: fleet quick "fix the login; update the README"')
  }
  if (tasks.length > tasksMax)
    return refuse("quick-too-many", `there are ${tasks.length} tasks`, `quick mode takes ${tasksMax} at most`, "write a plan file, or run them in several goes")
  return { ok: true, tasks }
}

export interface Sequenced {
  readonly plan: Plan
  /** Each edge that was added, with its reason in a sentence; nothing is ever put in order silently. */
  readonly sequenced: readonly { readonly task: TaskKey; readonly after: TaskKey; readonly why: string }[]
}

export interface Knowledge {
  /** Somebody compared the tasks with the files of the repository, by their keys: whatever is possible there counts as an overlap. */
  readonly assessment?: Assessment
  /** Paths that a task's words name, for one that names no scope. */
  readonly mentioned?: ReadonlyMap<TaskKey, readonly string[]>
}

/**
 * Tasks that surely touch the same file, or would both change the same lock file, migrations or the like, get an edge between them, in the
 * order of the plan as far as its own edges allow. A task of which nobody knows what it touches runs beside all others: when that was
 * wrong, its landing says so.
 */
export function sequenceOverlaps(plan: Plan, { assessment, mentioned }: Knowledge = {}): Sequenced {
  const reasons = assessment === undefined ? overlapsOf(plan, mentioned ?? new Map()) : reasonsOf(assessment, () => true)
  const sequenced: { task: TaskKey; after: TaskKey; why: string }[] = []
  let ordered = plan
  const sorted = order(plan).filter((task) => !task.ticked)
  for (const [at, later] of sorted.entries())
    // The nearest first: what it comes after anyhow needs no edge of its own.
    for (const earlier of sorted.slice(0, at).toReversed()) {
      const why = reasons.get(pairKey(earlier.key, later.key))
      if (why === undefined || dependants(ordered, earlier.key).has(later.key)) continue
      sequenced.push({ task: later.key, after: earlier.key, why })
      ordered = withNeed(ordered, later.key, earlier.key)
    }
  return { plan: ordered, sequenced }
}

const refuse = (code: string, what: string, why: string, fix: string): SplitTasks => ({ ok: false, fault: fault(code, what, why, fix) })

function parts(text: string): string[] {
  const found: string[] = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === ";") {
      found.push(text.slice(start, at))
      start = at + 1
    } else at = endOf(text, at) ?? at
  }
  return [...found, text.slice(start)]
}

/** Where what opens here closes; null when nothing does. */
function endOf(text: string, at: number): number | null {
  const char = text[at]
  if (char === '"' || char === "`") return closing(text, at, (other) => text[other] === char)
  // An apostrophe within a word quotes nothing, and one that closes does not stand before a letter.
  if (char === "'" && !/[\p{L}\p{N}]/u.test(text[at - 1] ?? ""))
    return closing(text, at, (other) => text[other] === "'" && !/[\p{L}\p{N}]/u.test(text[other + 1] ?? ""))
  if (char === "“") return closing(text, at, (other) => text[other] === "”")
  if (char !== "(") return null
  let depth = 0
  for (let other = at; other < text.length; other++) {
    if (text[other] === "(") depth++
    if (text[other] === ")" && --depth === 0) return other
  }
  return null
}

function closing(text: string, at: number, closes: (other: number) => boolean): number | null {
  for (let other = at + 1; other < text.length; other++) if (closes(other) && text[other - 1] !== "\\") return other
  return null
}

const pairKey = (a: string, b: string): string => [a, b].sort().join("\n")

function overlapsOf(plan: Plan, mentioned: ReadonlyMap<TaskKey, readonly string[]>): Map<string, string> {
  const open = plan.tasks.filter((task) => !task.ticked).map((task) => ({ task, files: filesOf(task, mentioned.get(task.key) ?? []) }))
  const known = open.filter(({ files }) => files.length > 0)
  const request = { tasks: known.map(({ task, files }) => ({ key: task.key, title: task.title, files, after: [] })), repository: [], concurrency: 1 }
  // A plan that is too large to be compared pair by pair still has its scopes, which the scheduler never runs against each other.
  if (assessFault(request) !== null) return new Map()
  const assessment = assess(request)
  const bound = new Map<string, string>()
  for (const { what, kind, tasks } of assessment.boundaries)
    if (kind !== "barrel" && kind !== "types") for (const a of tasks) for (const b of tasks) if (a < b) bound.set(pairKey(a, b), `both would change ${what}`)
  return new Map([...bound, ...reasonsOf(assessment, (overlap) => overlap === "definite")])
}

const filesOf = (task: PlanTask, mentioned: readonly string[]): readonly string[] =>
  (task.scope.length > 0 ? task.scope.filter((scope) => scope.access === "write").map((scope) => scope.pattern) : mentioned).slice(0, assessLimits.filesOfTask)

function reasonsOf({ pairs }: Assessment, counts: (overlap: "possible" | "definite") => boolean): Map<string, string> {
  return new Map(
    pairs.flatMap(({ a, b, overlap, reasons }) => (overlap === "none" || !counts(overlap) ? [] : [[pairKey(a, b), reasons[0] ?? "they overlap"] as const])),
  )
}

const withNeed = (plan: Plan, key: TaskKey, need: TaskKey): Plan => ({
  ...plan,
  tasks: plan.tasks.map((task) => (task.key === key ? { ...task, after: [...task.after, { key: need, reason: "order" as const }] } : task)),
})
