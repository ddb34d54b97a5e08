/**
 * Says which of several tasks may run beside each other, in which batches, and whether to hand them to several agents at all, from what
 * they are likely to touch. In doubt one waits for the other. Starts nothing; a plan's own scopes are the scheduler's work.
 */
import { FaultError } from "../fault.ts"
import { batchesOf } from "./assess-batches.ts"
import { compareTasks } from "./assess-overlap.ts"
import type { PairTable } from "./assess-pairs.ts"
import { tellDecision } from "./assess-tell.ts"
import { assessFault, named, touchedOf, type Touched } from "./assess-touched.ts"
import type { AssessedBatch, Assessment, AssessRequest, Overlap, PairAssessment, Strategy } from "./assessment.ts"

/** Throws a `FaultError` for keys that are there twice or not at all, circles, paths outside of the repository, and too much. */
export function assess(request: AssessRequest): Assessment {
  const wrong = assessFault(request)
  if (wrong !== null) throw new FaultError(wrong)
  const tasks = touchedOf(request)
  const { pairs, boundaries } = compareTasks(tasks, request.repository)
  const batches = batchesOf(tasks, pairs, request.concurrency)
  const { orchestrate, why } = decision(tasks, pairs, batches, request.concurrency)
  const tell = tellDecision({ orchestrate, why, batches })
  return { orchestrate, why, concurrency: request.concurrency, pairs: assessPairs(tasks, pairs), boundaries, batches, tell }
}

function decision(tasks: readonly Touched[], pairs: PairTable, batches: readonly AssessedBatch[], concurrency: number): { orchestrate: boolean; why: string } {
  const beside = batches.reduce((most, batch) => Math.max(most, batch.tasks.length), 0)
  if (tasks.length === 0) return { orchestrate: false, why: "there is nothing to do" }
  if (tasks.length === 1) return { orchestrate: false, why: "there is only one task" }
  if (beside > 1) return { orchestrate: true, why: `up to ${beside} of the ${tasks.length} tasks can run side by side` }
  if (concurrency === 1) return { orchestrate: false, why: "only one may run at once" }
  const overlapping = tasks.every((_, a) => tasks.every((_other, b) => a === b || pairs.overlap(a, b) !== "none"))
  return { orchestrate: false, why: overlapping ? "all of them touch the same files or may do so" : "each of them overlaps with another or comes after it" }
}

function assessPairs(tasks: readonly Touched[], pairs: PairTable): PairAssessment[] {
  return tasks.flatMap((a, at) =>
    tasks.slice(at + 1).map((b, offset) => {
      const overlap = pairs.overlap(at, at + 1 + offset)
      const first = b.needs.has(a.key) ? a : a.needs.has(b.key) ? b : null
      const reasons = pairs.reasons(at, at + 1 + offset)
      const other = first === null ? disjoint : `${named((first === a ? b : a).title)} needs ${named(first.title)}`
      const strategy = strategyOf(overlap, first !== null)
      return { a: a.key, b: b.key, overlap, strategy, reasons: reasons.length === 0 ? [other] : reasons, first: first?.key ?? null }
    }),
  )
}

const disjoint = "they touch different files in different directories"

function strategyOf(overlap: Overlap, ordered: boolean): Strategy {
  if (ordered) return "sequential-only"
  switch (overlap) {
    case "none":
      return "parallel-worktree"
    case "possible":
      return "sequential-or-careful"
    case "definite":
      return "sequential-only"
  }
}
