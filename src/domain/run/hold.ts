/** Points at which a run waits for a person, beyond what single tasks ask: whether it begins, whether it goes on, whose work is picked. Each is an ordinary approval. */
import type { RunId } from "../ids.ts"
import type { Approval } from "../approval/approval.ts"
import { openApproval } from "../approval/open.ts"
import type { Draft } from "../project/draft.ts"
import { runOf } from "../project/state.ts"
import type { RunHold } from "./run.ts"

export function holdRun(draft: Draft, run: RunId, why: RunHold["for"], question: string, detail: string): void {
  const approval = openApproval(draft, null, { kind: why, run }, question, detail)
  draft.emit({ type: "run.held", run, hold: { for: why, approval } })
}

/** Nobody is asked any more: the run was stopped, or somebody picked. */
export function freeRun(draft: Draft, of: RunId, why: string): void {
  const { hold } = runOf(draft.state, of)
  if (hold === null) return
  const approval = draft.state.approvals.get(hold.approval)
  if (approval?.answer === null) draft.emit({ type: "approval.withdrawn", approval: hold.approval, task: null, why })
  draft.emit({ type: "run.freed", run: of })
}

/** The run that an approval holds up, while it does. */
export function heldBy(draft: Draft, { id, about }: Approval): RunId | null {
  if (about.kind !== "start" && about.kind !== "wave" && about.kind !== "pick") return null
  const run = draft.state.runs.get(about.run)
  return run?.hold?.approval === id ? run.id : null
}
