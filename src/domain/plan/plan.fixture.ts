/** Plans in few words, for tests. */
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
    title: name,
    prompt: `Do ${name}`,
    after: after.map((need) => ({ key: key(need), reason: "declared" })),
    scope: scope.map((text) => {
      const parsed = parseScope(text)
      return parsed.ok ? parsed.scope : { pattern: text, access: "write" }
    }),
    agent: null,
    model: null,
    type: "build",
    role: null,
    group: null,
    domain: null,
    effort: null,
    checks: [],
    estimateMinutes: null,
    timeoutMinutes: null,
    retries: null,
    gate: "none",
    priority: 0,
    tags: {},
    ticked: false,
    line: at + 1,
    ...rest,
  }
}
