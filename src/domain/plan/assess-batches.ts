/** Puts tasks into batches that run one after the other: within a batch nothing overlaps and nothing needs each other. */
import type { PairTable } from "./assess-pairs.ts"
import { compare, named, type Touched } from "./assess-touched.ts"
import type { AssessedBatch } from "./assessment.ts"

/** `tasks` are sorted by key and have no cycle. Every task is in exactly one batch. */
export function batchesOf(tasks: readonly Touched[], pairs: PairTable, concurrency: number): AssessedBatch[] {
  const inOrder = [...tasks.keys()].sort(startOrder(tasks, pairs))
  const place = new Map<number, number>()
  const batches: number[][] = []
  while (place.size < tasks.length) {
    const done = new Set([...place.keys()].map((at) => tasks[at]?.key ?? ""))
    const batch: number[] = []
    for (const at of inOrder) {
      if (batch.length === concurrency) break
      if (place.has(at) || tasks[at]?.after.some((key) => !done.has(key))) continue
      if (batch.every((other) => pairs.overlap(at, other) === "none")) batch.push(at)
    }
    if (batch.length === 0) throw new Error("the tasks need each other in a circle, which was to be refused before")
    for (const at of batch) place.set(at, batches.length)
    batches.push(batch)
  }
  return batches.map((batch, number) => ({
    tasks: batch.sort((a, b) => a - b).map((at) => ({ key: tasks[at]?.key ?? "", title: tasks[at]?.title ?? "", waits: waitsOf(at, number) })),
  }))

  function waitsOf(at: number, number: number): string[] {
    if (number === 0) return []
    const after = tasks[at]?.after ?? []
    const waits = after.map((key) => `it needs ${named(tasks.find((task) => task.key === key)?.title ?? key)}`)
    for (const [other, task] of tasks.entries())
      if (place.get(other) === number - 1 && !after.includes(task.key) && pairs.overlap(at, other) !== "none")
        waits.push(`it ${pairs.overlap(at, other) === "definite" ? "overlaps" : "may overlap"} with ${named(task.title)}: ${pairs.reasons(at, other)[0] ?? ""}`)
    return waits.length === 0 ? [`no more than ${concurrency} run at once`] : waits
  }
}

/** What more depends on goes first, then what is harder to place, then by key. */
function startOrder(tasks: readonly Touched[], pairs: PairTable): (a: number, b: number) => number {
  const place = new Map(tasks.map((task, at) => [task.key, at]))
  const behind = tasks.map(() => 0)
  for (const task of tasks) for (const need of task.needs) behind[place.get(need) ?? 0] = (behind[place.get(need) ?? 0] ?? 0) + 1
  const meets = tasks.map((_, at) => tasks.filter((_other, other) => other !== at && pairs.overlap(at, other) !== "none").length)
  return (a, b) => (behind[b] ?? 0) - (behind[a] ?? 0) || (meets[b] ?? 0) - (meets[a] ?? 0) || compare(tasks[a]?.key ?? "", tasks[b]?.key ?? "")
}
