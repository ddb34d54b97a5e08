/**
 * Reads tasks given as arguments: `"Add the schema (id: db)" "Add the API (id: api) (depends_on: db) (scope: src/api)"`. They run beside
 * each other unless `depends_on` says otherwise. `[Skill: x]` and other `[Key: value]` tags are kept, and stay visible to the agent.
 */
import type { Plan, PlanFault } from "../../domain/plan/plan.ts"
import { checkPlan } from "../../domain/plan/check.ts"
import { fieldsFrom } from "./fields.ts"
import { readMarks } from "./marks.ts"
import { firstLine, parseTask, Reading, tasksFrom, type Written } from "./reading.ts"

export function readInline(texts: readonly string[]): { readonly plan: Plan | null; readonly faults: readonly PlanFault[] } {
  const reading = new Reading({ format: "inline", file: null })
  const written = texts.flatMap((text): Written[] => {
    const marked = readMarks(text)
    const raw = fieldsFrom(marked.pairs)
    const title = firstLine(marked.title)
    const task = parseTask(
      reading,
      { ...(title === null ? {} : { title }), prompt: marked.work, ...(marked.story === null ? {} : { group: marked.story }), ...raw },
      null,
      () => null,
    )
    return task === null ? [] : [{ task, line: null, inferred: [], inferredScope: [] }]
  })
  if (reading.failed) return { plan: null, faults: reading.faults }
  const tasks = tasksFrom(reading, written, {})
  const plan = reading.plan({ goal: goalOf(tasks.map((task) => task.title)) }, tasks)
  return { plan, faults: [...reading.faults, ...checkPlan(plan)] }
}

const goalOf = (titles: readonly string[]): string => (titles.length < 2 ? (titles[0] ?? "Plan") : `${titles[0]} and ${titles.length - 1} more`)
