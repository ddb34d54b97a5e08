/**
 * Reads Spec Kit's tasks.md: `- [ ] T012 [P] [US1] Create src/models/user.ts (depends on T010)`. Level-2 headings (`## Phase N: …`) are
 * barriers. Within a phase tasks run in file order; `[P]` relaxes it, and a task that says what it depends on is ordered by that alone.
 * Paths that a task names are its write scopes. `[USn]` is its group; `[Agent: x]` and the like are fields; other `[Key: value]` are tags.
 */
import type { Plan } from "../../domain/plan/plan.ts"
import type { Pair } from "./fields.ts"
import { readTaskList, type ListItem } from "./list-items.ts"
import { planFromEntries, type Entry } from "./lists.ts"
import { readMarks } from "./marks.ts"
import { fieldOf } from "./fields.ts"
import type { Reading } from "./reading.ts"

export const speckitItem = /^\**(T\d{1,6}[a-z]?(?:[._-]\d+)?)\b\**[:.]?\s*/

export function readSpeckit(reading: Reading, text: string): Plan | null {
  const { title, items } = readTaskList(text, (line) => speckitItem.test(line))
  const keys = new Set(items.flatMap((item) => speckitItem.exec(item.text)?.[1] ?? []))
  return planFromEntries(
    reading,
    title?.replace(/^tasks?:\s*/i, "") ?? null,
    items.map((item) => entryOf(item, keys)),
    true,
  )
}

function entryOf(item: ListItem, keys: ReadonlySet<string>): Entry {
  const key = speckitItem.exec(item.text)?.[1] ?? null
  const marked = readMarks(item.text.replace(speckitItem, ""))
  return {
    item,
    key,
    title: marked.title,
    work: [key, marked.work].filter((part) => part !== null && part !== "").join(" "),
    parallel: marked.parallel,
    group: marked.story ?? item.section.heading,
    pairs: marked.pairs.map((pair) => (fieldOf(pair.name) === "after" ? idsOnly(pair, keys) : pair)),
    tags: {
      ...(item.section.heading === null ? {} : { Phase: item.section.heading }),
      ...(item.checkpoint === null ? {} : { Checkpoint: item.checkpoint }),
    },
  }
}

/** `(depends on T012, T013 and the models)` and `(depends on T012-T015)` are prose around ids. */
function idsOnly({ name, value }: Pair, keys: ReadonlySet<string>): Pair {
  const ranged = value.replace(/\bT(\d+)\s*(?:-|–|—|to|through|\.\.)\s*T?(\d+)\b/gi, (whole, from: string, to: string) => {
    const [first, last] = [Number(from), Number(to)]
    if (last < first || last - first > 2_000) return whole
    const all = Array.from({ length: last - first + 1 }, (_, at) => `T${String(first + at).padStart(from.length, "0")}`)
    // Gaps in the numbering are no missing tasks, but the ends are meant.
    return all.filter((key, at) => keys.has(key) || at === 0 || at === all.length - 1).join(" ")
  })
  const ids = ranged.match(/\bT\d+[a-z]?(?:[._-]\d+)?\b/g)
  return { name, value: ids === null ? value : ids.join(" ") }
}
