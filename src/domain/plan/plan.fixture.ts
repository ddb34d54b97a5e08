/** Plans in few words, for tests. */
import { plainTask } from "./plain-task.ts"
import { id, type TaskKey } from "../ids.ts"
import { parseScope } from "../scope/normalise.ts"
import type { Plan, PlanTask } from "./plan.ts"

export type TaskWords = Partial<Omit<PlanTask, "key" | "after" | "scope">> & {
  readonly key: string
  readonly after?: readonly string[]
  readonly scope?: readonly string[]
}

export function planOf(...tasks: readonly TaskWords[]): Plan {
  return {
    version: 1,
    goal: "Try it",
    guardrails: [],
    checks: [],
    setup: null,
    tasks: tasks.map(taskOf),
    source: { format: "yaml", file: "plan.yaml" },
  }
}

export const key = (text: string): TaskKey => id(text)

/** A task in few words; `at` is its place, from which its line follows. */
export function taskOf({ key: name, after = [], scope = [], ...rest }: TaskWords, at: number): PlanTask {
  return {
    key: key(name),
    ...plainTask,
    title: name,
    prompt: `Do ${name}`,
    after: after.map((need) => ({ key: key(need), reason: "declared" })),
    scope: scope.map((text) => {
      const parsed = parseScope(text)
      return parsed.ok ? parsed.scope : { pattern: text, access: "write" }
    }),
    line: at + 1,
    ...rest,
  }
}
