/** What a task changed: in its workspace while it has one, in the commit that brought it once it has landed. What a session changed: in its directory. */
import { fault, FaultError } from "../../domain/fault.ts"
import { id, workspaceId, type WorkspaceId } from "../../domain/ids.ts"
import { runOf } from "../../domain/project/state.ts"
import type { Task } from "../../domain/task/task.ts"
import type { FileChange } from "../../domain/worker/job-result.ts"
import type { Hub } from "../../engine/hub.ts"
import type { SessionView } from "../../protocol/session-views.ts"
import type { FileDiff } from "../../protocol/worker.ts"

export interface TaskDiff {
  readonly files: FileChange[]
  readonly patch: string
  /** The patch is longer than what is here. */
  readonly cut: boolean
}
export interface SessionDiff extends TaskDiff {
  readonly files: FileDiff[]
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
    return { files: [...answer.files], patch: answer.patch, cut: answer.cut }
  }
  if (task.workspace === null)
    throw new FaultError(fault("no-workspace", `task ${task.id} has no workspace`, "it has not started yet", `fleet status ${task.run} says what it waits for`))
  const of = { workspace: workspaceId(task.run, task.key), target: run.target }
  const [changes, patch] = await Promise.all([
    hub.workers.ask(task.workspace.worker, { ask: "changes", ...of }),
    hub.workers.ask(task.workspace.worker, { ask: "patch", ...of, bytesMax: patchBytesMax }),
  ])
  if (changes.ask !== "changes" || patch.ask !== "patch") throw new Error("asked for changes, answered something else")
  return { files: [...changes.files], patch: patch.patch, cut: patch.cut }
}

/** What a session has changed since it began, as it is in its directory now. */
export async function sessionDiff(hub: Hub, session: SessionView, texts: boolean): Promise<SessionDiff> {
  const { base, worker } = session
  mustBeThere(session)
  if (base === null)
    throw new FaultError(
      fault(
        "no-workspace",
        `session ${session.id} has nothing to compare`,
        "its directory is in no repository, or is not made yet",
        session.branch === null ? "look at the directory itself" : `git log ${session.branch}`,
      ),
    )
  const workspace: WorkspaceId = id(session.workspace)
  const [diffs, patch] = await Promise.all([
    hub.workers.ask(id(worker), { ask: "diffs", workspace, from: base, to: null }),
    hub.workers.ask(id(worker), { ask: "patch", workspace, target: base, bytesMax: patchBytesMax }),
  ])
  if (diffs.ask !== "diffs" || patch.ask !== "patch") throw new Error("asked for diffs, answered something else")
  const files = texts ? diffs.diffs : diffs.diffs.map((file) => ({ ...file, before: null, after: null }))
  return { files: [...files], patch: patch.patch, cut: diffs.cut || patch.cut }
}

/** Refuses where the checkout was given back, and says where what it held is now. */
export function mustBeThere({ id: session, released, salvage, branch, source }: SessionView): void {
  if (!released) return
  const kept = salvage === null ? "what was committed is on its branch" : `what was not committed is kept as ${salvage}`
  const at = salvage === null ? (branch === null ? null : `git log ${branch}`) : `git show ${salvage}`
  const fix = at === null ? `resume it: fleet session resume ${session}` : `look at it in ${source}: ${at}; or resume it: fleet session resume ${session}`
  throw new FaultError(fault("session-released", `session ${session} has nothing to compare`, `its checkout was given back; ${kept}`, fix))
}
