/** What all readers share: collecting faults with their places, and turning what was written into the plan's internal form. */
import type { z } from "zod"
import { id } from "../../domain/ids.ts"
import { didYouMean } from "../../domain/plan/did-you-mean.ts"
import type { Need, Plan, PlanFault, PlanSource, PlanTask } from "../../domain/plan/plan.ts"
import { parseScope } from "../../domain/scope/normalise.ts"
import type { Scope } from "../../domain/scope/scope.ts"
import { defaultsSchema, taskSchema, type WrittenDefaults, type WrittenTask } from "./schema.ts"
import { slug } from "../../domain/plan/slug.ts"

export class Reading {
  readonly source: PlanSource
  readonly faults: PlanFault[] = []
  constructor(source: PlanSource) {
    this.source = source
  }
  error(line: number | null, code: string, what: string, why: string, fix: string): void {
    this.faults.push({ severity: "error", code, what, why, fix, file: this.source.file, line })
  }
  warn(line: number | null, code: string, what: string, why: string, fix: string): void {
    this.faults.push({ severity: "warning", code, what, why, fix, file: this.source.file, line })
  }
  get failed(): boolean {
    return this.faults.some((found) => found.severity === "error")
  }
  plan(of: Partial<Omit<Plan, "version" | "source" | "tasks">>, tasks: readonly PlanTask[]): Plan {
    return {
      version: 1,
      goal: of.goal ?? goalFrom(this.source.file),
      guardrails: of.guardrails ?? [],
      checks: of.checks ?? [],
      setup: of.setup ?? null,
      tasks,
      source: this.source,
    }
  }
}

/** A task with what its schema does not hold. */
export interface Written {
  readonly task: WrittenTask
  readonly line: number | null
  /** Edges that the reader inferred. */
  readonly inferred: readonly Need[]
  /** Scopes that the reader inferred, for a task that names none. */
  readonly inferredScope: readonly Scope[]
}

/** Gives each task its id and brings it into the internal form. `lineOf` finds the place of a field. */
export function tasksFrom(reading: Reading, written: readonly Written[], defaults: WrittenDefaults): PlanTask[] {
  const taken = new Set(written.flatMap(({ task }) => (task.id === undefined ? [] : [String(task.id).toLowerCase()])))
  return written.map((one) =>
    taskFrom(reading, one, defaults, one.task.id === undefined ? slug(one.task.title ?? one.task.prompt ?? "", taken) : String(one.task.id)),
  )
}

function taskFrom(reading: Reading, { task, line, inferred, inferredScope }: Written, defaults: WrittenDefaults, key: string): PlanTask {
  const title = task.title ?? firstLine(task.prompt ?? "") ?? key
  const scopes = task.scope ?? (inferredScope.length > 0 ? undefined : defaults.scope)
  return {
    key: id(key),
    title,
    prompt: task.prompt ?? task.title ?? "",
    after: [...asList(task.after).map((need): Need => ({ key: id(String(need)), reason: "declared" })), ...inferred],
    scope: scopes === undefined ? inferredScope : scopesFrom(reading, asList(scopes), line, key),
    agent: task.agent ?? defaults.agent ?? null,
    model: task.model ?? defaults.model ?? null,
    type: task.type ?? defaults.type ?? "build",
    role: task.role ?? defaults.role ?? null,
    group: task.group ?? defaults.group ?? null,
    domain: task.domain ?? defaults.domain ?? null,
    effort: task.effort ?? defaults.effort ?? null,
    checks: asList(task.checks ?? defaults.checks),
    estimateMinutes: minutesFrom(task.estimate),
    timeoutMinutes: minutesFrom(task.timeout ?? defaults.timeout),
    retries: task.retries ?? defaults.retries ?? null,
    gate: task.gate ?? defaults.gate ?? "none",
    priority: task.priority ?? defaults.priority ?? 0,
    tags: task.tags ?? {},
    ticked: task.done ?? false,
    line,
  }
}

/** Parses what a text dialect put together field by field; null, with faults, when it has the wrong shape. */
export function parseTask(
  reading: Reading,
  raw: Readonly<Record<string, unknown>>,
  line: number | null,
  lineOf: (field: string) => number | null,
): WrittenTask | null {
  const parsed = taskSchema.safeParse(raw)
  if (parsed.success) return parsed.data
  shapeFaults(reading, parsed.error, (path) => lineOf(String(path[0] ?? "")) ?? line)
  return null
}

/** Says what is wrong with a shape, where, and what was probably meant, from top to bottom. */
export function shapeFaults(reading: Reading, wrong: z.ZodError, lineOf: (path: readonly PropertyKey[], key: string | null) => number | null): void {
  const found = wrong.issues.slice(0, 100).flatMap((issue): { line: number | null; told: [string, string, string, string] }[] => {
    if (issue.code !== "unrecognized_keys") {
      const what = `${pathText(issue.path) || "the plan"} is not well formed`
      return [{ line: lineOf(issue.path, null), told: ["wrong-shape", what, issue.message, "write it as docs/reference/plan.md shows"] }]
    }
    const known = issue.path.length === 0 ? planKeys : issue.path[0] === "defaults" ? defaultKeys : taskKeys
    return issue.keys.slice(0, 20).map((key) => ({
      line: lineOf(issue.path, key),
      told: ["unknown-key", `unknown key ${JSON.stringify(key)}${inside(issue.path)}`, "keys that nobody reads hide mistakes", suggestion(key, known)],
    }))
  })
  for (const { line, told } of found.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))) reading.error(line, ...told)
}

export const asList = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])

export const firstLine = (text: string): string | null => {
  const line = text
    .split("\n")
    .find((each) => each.trim() !== "")
    ?.trim()
  return line === undefined ? null : line.length > 120 ? `${line.slice(0, 119)}…` : line
}

export function scopesFrom(reading: Reading, texts: readonly string[], line: number | null, key: string): Scope[] {
  return texts.flatMap((text) => {
    const parsed = parseScope(text)
    if (parsed.ok) return [parsed.scope]
    reading.error(line, parsed.fault.code, `task ${JSON.stringify(key)}: ${parsed.fault.what}`, parsed.fault.why, parsed.fault.fix)
    return []
  })
}

function minutesFrom(written: number | string | undefined): number | null {
  if (written === undefined || typeof written === "number") return written ?? null
  const amount = Number.parseFloat(written)
  if (written.endsWith("h")) return amount * 60
  return written.endsWith("s") ? amount / 60 : amount
}

const planKeys = ["version", "goal", "setup", "guardrails", "checks", "defaults", "tasks"]
const taskKeys = Object.keys(taskSchema.shape)
const defaultKeys = Object.keys(defaultsSchema.shape)

/** Names that other formats give to the same things. */
const synonyms = new Map(
  Object.entries({
    touches: "scope",
    files: "scope",
    paths: "scope",
    depends_on: "after",
    dependson: "after",
    depends: "after",
    dependencies: "after",
    needs: "after",
    verify: "checks",
    tests: "checks",
    check: "checks",
    name: "title",
    key: "id",
    description: "prompt",
    instructions: "prompt",
    details: "prompt",
    timeoutminutes: "timeout",
    estimateminutes: "estimate",
    ticked: "done",
    approval: "gate",
  }),
)

function suggestion(key: string, known: readonly string[]): string {
  const meant = synonyms.get(key.toLowerCase()) ?? didYouMean(key, known)
  return meant !== null && known.includes(meant) ? `did you mean ${JSON.stringify(meant)}?` : `remove it; known are ${known.join(", ")}`
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.map((part, at) => (typeof part === "number" ? `[${part}]` : `${at === 0 ? "" : "."}${String(part)}`)).join("")
const inside = (path: readonly PropertyKey[]): string => (path.length === 0 ? "" : ` in ${pathText(path)}`)

function goalFrom(file: string | null): string {
  const name = file?.split(/[\\/]/).findLast((part) => part !== "")
  return name === undefined || name === "" ? "Plan" : name.replace(/\.[^.]+$/, "")
}
