/**
 * Reads a plain Markdown checklist. Items run in file order; `[P]` or `(P)` relaxes it, and `(depends_on: x)` replaces it. Nested items
 * and text are part of their parent's prompt. An item's id is its `(id: x)`, its number (`1.2`), or made from its text.
 */
import type { Plan } from "../../domain/plan/plan.ts"
import { readTaskList, type ListItem } from "./list-items.ts"
import { planFromEntries, type Entry } from "./lists.ts"
import { readMarks } from "./marks.ts"
import type { Reading } from "./reading.ts"

export function readChecklist(reading: Reading, text: string): Plan | null {
  const { title, items } = readTaskList(text, () => false)
  return planFromEntries(reading, title, items.map(entryOf), false)
}

const numbered = /^\**(\d{1,4}(?:\.\d{1,4})*)[.)]?\**\s+/

function entryOf(item: ListItem): Entry {
  const marked = readMarks(item.text.replace(numbered, ""))
  const title = marked.title.replace(/^\*\*(.*?)\*\*/, "$1").replaceAll("`", "")
  return {
    item,
    key: numbered.exec(item.text)?.[1] ?? null,
    title,
    work: marked.work,
    parallel: marked.parallel,
    group: marked.story ?? item.heading,
    pairs: marked.pairs,
    tags: item.checkpoint === null ? {} : { Checkpoint: item.checkpoint },
  }
}
