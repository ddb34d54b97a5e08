/** The tasks of quick mode as a plan: what overlaps goes one after the other (C.1.119), and the person is asked about what is left beside each other (C.1.123). */
import { checkPlan } from "../../../domain/plan/check.ts"
import type { PlanFault } from "../../../domain/plan/plan.ts"
import { sequenceOverlaps, type Sequenced } from "../../../domain/plan/quick.ts"
import { streamsOf } from "../../../domain/plan/streams.ts"
import { readInline } from "../../../protocol/plans/inline.ts"
import { mentionedIn } from "./mentioned.ts"
import { hasError } from "./order.ts"

export type QuickPlan =
  | (Sequenced & {
      readonly ok: true
      /** Titles of those that can work at the same time; fewer than two when each waits for another. */
      readonly beside: readonly string[]
    })
  | { readonly ok: false; readonly faults: readonly PlanFault[] }

export function quickPlan(tasks: readonly string[]): QuickPlan {
  const { plan, faults } = readInline(tasks)
  if (plan === null || hasError(faults)) return { ok: false, faults }
  const ordered = sequenceOverlaps(plan, { mentioned: mentionedIn(plan) })
  const wrong = checkPlan(ordered.plan)
  return hasError(wrong) ? { ok: false, faults: wrong } : { ok: true, ...ordered, beside: streamsOf(ordered.plan).map(({ title }) => title) }
}

export const sayOrder = ({ task, after, why }: Sequenced["sequenced"][number]): string => `${task} waits for ${after}: ${why}`
