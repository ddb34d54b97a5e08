/** Turns the items of a task list into tasks. `speckit.ts` and `checklist.ts` say what an item's line means. */
import { id, type TaskKey } from "../../domain/ids.ts"
import type { Plan } from "../../domain/plan/plan.ts"
import { parseScope } from "../../domain/scope/normalise.ts"
import type { Scope } from "../../domain/scope/scope.ts"
import { fieldOf, fieldsFrom, type Pair } from "./fields.ts"
import { inferNeeds, type Ordered } from "./file-order.ts"
import type { ListItem } from "./list-items.ts"
import { pathsIn } from "./paths.ts"
import { parseTask, tasksFrom, type Reading, type Written } from "./reading.ts"
import { slug } from "../../domain/plan/slug.ts"

/** What a dialect makes of one line. */
export interface Entry {
  readonly item: ListItem
  /** Null: made from the title. */
  readonly key: string | null
  readonly title: string
  /** First line of the prompt. */
  readonly work: string
  readonly parallel: boolean
  readonly group: string | null
  readonly pairs: readonly Pair[]
  readonly tags: Readonly<Record<string, string>>
}

export function planFromEntries(reading: Reading, title: string | null, entries: readonly Entry[], barriers: boolean): Plan | null {
  const taken = new Set(entries.flatMap((entry) => idsOf(entry).map((key) => key.toLowerCase())))
  const known = entries.flatMap((entry) => {
    const raw = fieldsFrom(entry.pairs)
    const key = typeof raw["id"] === "string" ? raw["id"] : (entry.key ?? slug(entry.title, taken))
    const task = parseTask(reading, rawTask(entry, raw, key), entry.item.line, () => entry.item.line)
    return task === null ? [] : [{ entry, task, key: id<"task key">(key) }]
  })
  if (known.length < entries.length) return null
  const needs = inferNeeds(
    known.map(({ entry, task, key }) => ordered(entry, key, task.after)),
    barriers,
  )
  const written = known.map(({ entry, task, key }): Written => ({
    task,
    line: entry.item.line,
    inferred: needs.get(key) ?? [],
    inferredScope: task.scope === undefined ? inferScope(reading, entry, key) : [],
  }))
  return reading.plan(title === null || title === "" ? {} : { goal: title.slice(0, 1_000) }, tasksFrom(reading, written, {}))
}

const idsOf = ({ key, pairs }: Entry): string[] => [
  ...(key === null ? [] : [key]),
  ...pairs.filter((pair) => fieldOf(pair.name) === "id").map((pair) => pair.value),
]

function rawTask(entry: Entry, raw: Record<string, unknown>, key: string): Record<string, unknown> {
  const written = (raw["tags"] ?? {}) as Record<string, string>
  return {
    title: entry.title === "" ? key : entry.title.slice(0, 200),
    prompt: promptOf(entry),
    ...(entry.group === null ? {} : { group: entry.group.slice(0, 200) }),
    done: entry.item.ticked,
    ...raw,
    id: key,
    tags: { ...entry.tags, ...written },
  }
}

/** The task's text, what is written under it, and where it stands. */
function promptOf({ item, work }: Entry): string {
  if (work === "" && item.body.length === 0) return ""
  const headings = [...new Set([item.section.heading, item.heading])].filter((heading) => heading !== null)
  return [work, ...item.body, ...(headings.length > 0 ? ["", `Part of: ${headings.join(", ")}`] : [])].join("\n")
}

const ordered = ({ parallel, item }: Entry, key: TaskKey, after: unknown): Ordered => ({
  key,
  parallel,
  declared: after === undefined ? null : (Array.isArray(after) ? after : [after]).map(String),
  section: item.section.number,
})

/** Paths that the task names. One outside of the repository cannot be claimed, which is told and no reason to refuse a sentence. */
function inferScope(reading: Reading, { item, work }: Entry, key: string): Scope[] {
  const scopes = new Map<string, Scope>()
  for (const path of pathsIn([work, ...item.body].join("\n"))) {
    const parsed = parseScope(path)
    if (parsed.ok) scopes.set(parsed.scope.pattern, parsed.scope)
    else
      reading.warn(
        item.line,
        "scope-not-claimed",
        `task ${JSON.stringify(key)} names ${JSON.stringify(path.slice(0, 80))}, which is not claimed`,
        parsed.fault.why,
        "write the path relative to the repository's root, or leave it if it is not to be written",
      )
  }
  return [...scopes.values()].slice(0, 200)
}
