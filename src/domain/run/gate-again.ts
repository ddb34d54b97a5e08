/** What is added or changed while a campaign goes on is asked about like what it began with: red is confirmed by a person, whoever wrote it (C.1.132). */
import type { TaskId } from "../ids.ts"
import { sharedInfrastructure } from "../gate/shared-infrastructure.ts"
import type { Draft } from "../project/draft.ts"
import { runOf, taskOf } from "../project/state.ts"
import type { Scope } from "../scope/scope.ts"
import { freeRun } from "./hold.ts"
import { passStartGate } from "./start-gate.ts"

/** `id` was added, changed or left out; `scope` is new. Where it is still asked whether the campaign may begin, that is asked anew; later its own start is asked for. */
export function passGateAgain(draft: Draft, id: TaskId, scope: readonly Scope[]): void {
  const task = taskOf(draft.state, id)
  const run = runOf(draft.state, task.run)
  if (run.campaign === null) return
  if (run.hold?.for === "start") {
    freeRun(draft, run.id, "what it asked about was changed: it is asked anew")
    passStartGate(draft, run.id)
  } else if (run.campaign.confirmed !== "yes" && task.state.name === "pending" && whyRed(scope) !== null)
    draft.emit({ type: "task.changed", task: id, scope: task.plan.scope, after: task.plan.after, gate: "human" })
}

/** Null: nothing that everything else stands on. */
export function whyRed(scope: readonly Scope[]): string | null {
  const [place] = sharedInfrastructure(scope)
  return place === undefined ? null : `it changes shared infrastructure: ${place.scope} (${place.what})`
}
