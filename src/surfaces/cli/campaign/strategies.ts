/** From `--strategy "label: text"` to the plan of a speculative campaign: one task each, all from the same commit and in the same files. */
import { fault, FaultError } from "../../../domain/fault.ts"
import { id } from "../../../domain/ids.ts"
import { plainTask } from "../../../domain/plan/plain-task.ts"
import type { Plan, PlanTask } from "../../../domain/plan/plan.ts"
import { parseScope } from "../../../domain/scope/normalise.ts"
import type { Scope } from "../../../domain/scope/scope.ts"

export interface GivenStrategies {
  readonly direction: string
  /** `label: text` each. */
  readonly strategies: readonly string[]
  /** Where all of them write; nothing: anywhere. */
  readonly scopes: readonly string[]
}

const titleCharsMax = 200

/** The direction is the same for all of them, so it stands above each one's own way, and whole among the rules. */
export function strategyPlan({ direction, strategies, scopes }: GivenStrategies): Plan {
  const scope = (scopes.length === 0 ? ["**"] : scopes).map(scopeOf)
  return {
    version: 1,
    goal: direction.replaceAll(/\s+/g, " ").slice(0, titleCharsMax),
    guardrails: [`Others try other ways to the same end at the same time, and one of you is picked. The end is: ${direction}`],
    checks: [],
    setup: null,
    tasks: strategies.map((text) => taskOf(text, direction, scope)),
    source: { format: "inline", file: null },
  }
}

function taskOf(text: string, direction: string, scope: readonly Scope[]): PlanTask {
  const [, label = "", way = ""] = /^\s*([^\s:]+)\s*:\s*([\s\S]*\S)\s*$/.exec(text) ?? []
  if (label === "")
    throw new FaultError(
      fault(
        "strategy-form",
        `${JSON.stringify(text.slice(0, titleCharsMax))} is no strategy`,
        "it has no label before a colon",
        'write it as --strategy "class-based: a class that gets its parts from a container"',
      ),
    )
  return {
    ...plainTask,
    key: id(label),
    title: `${direction.replaceAll(/\s+/g, " ").slice(0, titleCharsMax)}: ${label}`,
    prompt: way,
    scope,
    retries: 0,
  }
}

function scopeOf(text: string): Scope {
  const parsed = parseScope(text)
  if (parsed.ok) return parsed.scope
  throw new FaultError(parsed.fault)
}
