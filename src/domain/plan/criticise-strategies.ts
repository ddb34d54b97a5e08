/** What is weak in the rival strategies of a speculative campaign, each of them a task: the same goal and files, by really different ways (C.1.101). */
import { scopeText } from "../scope/normalise.ts"
import { checkPlan } from "./check.ts"
import { Criticism, named } from "./criticise.ts"
import type { Plan, PlanFault, PlanTask } from "./plan.ts"
import { vagueness } from "./vague.ts"

export const strategyLimits = { min: 2, max: 8, labelChars: 40, similarityMax: 0.7 }

/** All that is wrong with strategies, as a plan and as rivals. That they write the same files is what they are there for. `count`: how many were asked for. */
export const checkStrategies = (plan: Plan, count: number): PlanFault[] => [
  ...checkPlan(plan).filter(({ code }) => code !== "overlap"),
  ...criticiseStrategies(plan, count),
]

/** `count`: how many were asked for. In the order of the plan. */
export function criticiseStrategies(plan: Plan, count: number): PlanFault[] {
  const criticism = new Criticism(plan)
  number(criticism, plan, count)
  for (const task of plan.tasks) {
    if (!isLabel(task.key))
      criticism.error(
        task,
        "label",
        `${named(task)} cannot be the label of a strategy`,
        "it becomes part of a branch's name",
        "use two or three words of lower-case letters and digits with - between them: class-based",
      )
    if (task.after.length > 0)
      criticism.error(task, "ordered", `${named(task)} comes after another strategy`, "all of them start from the same commit, at once", "remove `after`")
    const vague = vagueness({ ...task, title: "" })
    if (vague !== null)
      criticism.error(
        task,
        "vague",
        `${named(task)} says not how it goes about it`,
        vague,
        "say which way it takes, and what it does differently from the others",
      )
  }
  scopes(criticism, plan.tasks)
  likeness(criticism, plan.tasks)
  return criticism.sorted()
}

/** Fits into `speculative/<slug>/<label>`. */
export const isLabel = (text: string): boolean => text.length <= strategyLimits.labelChars && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)

function number(criticism: Criticism, { tasks }: Plan, count: number): void {
  const { min, max } = strategyLimits
  if (count < min || count > max)
    criticism.error(
      null,
      "strategies-count",
      `${count} strategies cannot be compared`,
      `there are ${min} at least and ${max} at most`,
      `ask for ${min} to ${max}`,
    )
  if (tasks.length !== count)
    criticism.error(
      null,
      "strategies-count",
      `there are ${tasks.length} strategies`,
      `${count} were asked for`,
      tasks.length > count ? "keep the most different ones" : "think of further ways",
    )
}

function scopes(criticism: Criticism, tasks: readonly PlanTask[]): void {
  const [first, ...rest] = tasks
  if (first === undefined) return
  if (first.scope.length === 0)
    criticism.error(
      first,
      "no-scope",
      `${named(first)} has no scope`,
      "all strategies change the same files, so they can be compared",
      "list the paths under `scope`, the same for all",
    )
  const text = (task: PlanTask): string => task.scope.map(scopeText).toSorted().join(", ")
  for (const task of rest)
    if (text(task) !== text(first))
      criticism.error(
        task,
        "other-scope",
        `${named(task)} has another scope than ${named(first)}`,
        `${text(task) || "nothing"} is not ${text(first) || "nothing"}; rivals change the same files towards the same end`,
        "give all strategies the same scope",
      )
}

function likeness(criticism: Criticism, tasks: readonly PlanTask[]): void {
  const bags = tasks.map((task) => wordsOf(task.prompt))
  for (const [at, task] of tasks.entries())
    for (const [before, other] of tasks.slice(0, at).entries()) {
      const alike = similarity(bags[before] ?? new Set(), bags[at] ?? new Set())
      if (alike <= strategyLimits.similarityMax) continue
      const why = `${Math.round(alike * 100)} % of their words are the same; a matter of style is no other strategy`
      criticism.error(task, "alike", `${named(other)} and ${named(task)} are the same strategy`, why, "replace one by a way that is structurally different")
    }
}

/** Shared words over all words, 0 to 1. Two that say nothing are the same. */
export function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const all = a.union(b).size
  return all === 0 ? 1 : a.intersection(b).size / all
}

const wordsOf = (text: string): Set<string> =>
  new Set(
    text
      .slice(0, 20_000)
      .toLowerCase()
      .split(/[^\p{L}\p{N}_]+/u)
      .filter((word) => word.length > 2 && !fillers.has(word)),
  )
const fillers = new Set("the and for with that this into from use using should must its are not all one each will can".split(" "))
