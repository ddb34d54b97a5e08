/** What a task changed: in its workspace while it has one, in the commit that brought it once it has landed. */
import { fault, FaultError } from "../../domain/fault.ts"
import { workspaceId } from "../../domain/ids.ts"
import { runOf } from "../../domain/project/state.ts"
import type { Task } from "../../domain/task/task.ts"
import type { FileChange } from "../../domain/worker/job.ts"
import type { Hub } from "../../engine/hub.ts"

export interface TaskDiff {
  readonly files: readonly FileChange[]
  readonly patch: string
  /** The patch is longer than what is here. */
  readonly cut: boolean
}

const patchBytesMax = 2 * 1024 * 1024
const workerWaitMs = 1_000

export async function diffOf(hub: Hub, task: Task): Promise<TaskDiff> {
  const run = runOf(hub.state, task.run)
  if (task.state.name === "done") {
    const { landed } = task.state
    if (landed === null) return { files: [], patch: "", cut: false }
    const answer = await hub.workers.ask(await hub.anyWorker(workerWaitMs), {
      ask: "landed",
      repository: run.repository,
      commit: landed.commit,
      bytesMax: patchBytesMax,
    })
    if (answer.ask !== "landed") throw new Error(`asked for a landed commit, answered ${answer.ask}`)
    return { files: answer.files, patch: answer.patch, cut: answer.cut }
  }
  if (task.workspace === null)
    throw new FaultError(fault("no-workspace", `task ${task.id} has no workspace`, "it has not started yet", `fleet status ${task.run} says what it waits for`))
  const of = { workspace: workspaceId(task.run, task.key), target: run.target }
  const [changes, patch] = await Promise.all([
    hub.workers.ask(task.workspace.worker, { ask: "changes", ...of }),
    hub.workers.ask(task.workspace.worker, { ask: "patch", ...of, bytesMax: patchBytesMax }),
  ])
  if (changes.ask !== "changes" || patch.ask !== "patch") throw new Error("asked for changes, answered something else")
  return { files: changes.files, patch: patch.patch, cut: patch.cut }
}
