/** Edges that a list's own order implies: one after the other, unless marked as parallel; and phases one after the other. */
import type { TaskKey } from "../../domain/ids.ts"
import type { Need } from "../../domain/plan/plan.ts"

export interface Ordered {
  readonly key: TaskKey
  readonly parallel: boolean
  /** What the item itself says it comes after; then its place in the file means nothing. */
  readonly declared: readonly string[] | null
  readonly section: number
}

/**
 * Within a section an unmarked item comes after all before it, and a parallel one after the last unmarked one. With `barriers` every
 * section comes after the one before it; without, the whole file is one section.
 */
export function inferNeeds(items: readonly Ordered[], barriers: boolean): Map<TaskKey, Need[]> {
  const needs = new Map<TaskKey, Need[]>(items.map((item) => [item.key, []]))
  const sections = barriers ? Map.groupBy(items, (item) => item.section) : new Map([[0, items]])
  let before: readonly TaskKey[] = []
  for (const section of sections.values()) {
    for (const [key, keys] of inFileOrder(section))
      needs.set(
        key,
        keys.map((need) => ({ key: need, reason: "order" })),
      )
    const inSection = new Set<string>(section.map((item) => item.key))
    const within = (item: Ordered): string[] =>
      [...(item.declared ?? []), ...(needs.get(item.key) ?? []).map((need) => need.key)].filter((key) => inSection.has(key))
    // Whoever has a need inside the section waits for the barrier through it.
    for (const item of section) if (within(item).length === 0) needs.get(item.key)?.push(...before.map((key): Need => ({ key, reason: "phase" })))
    const needed = new Set(section.flatMap(within))
    const ends = section.filter((item) => !needed.has(item.key))
    before = (ends.length > 0 ? ends : section).map((item) => item.key)
  }
  return needs
}

function inFileOrder(section: readonly Ordered[]): Map<TaskKey, TaskKey[]> {
  const needs = new Map<TaskKey, TaskKey[]>()
  let last: TaskKey | null = null
  let open: TaskKey[] = []
  for (const item of section) {
    if (item.declared !== null) open.push(item.key)
    else if (item.parallel) {
      needs.set(item.key, last === null ? [] : [last])
      // The one it comes after is waited for through it.
      open = [...open.filter((key) => key !== last), item.key]
    } else {
      needs.set(item.key, open)
      last = item.key
      open = [item.key]
    }
  }
  return needs
}
