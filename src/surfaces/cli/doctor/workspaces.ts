/** Looks for checkouts in Fleet's home that no run owns any more. What is removed is salvaged before. */
import { readdir, rmdir } from "node:fs/promises"
import path from "node:path"
import { checkoutsOf } from "../../../adapters/workspaces/context.ts"
import { Journal } from "../../../adapters/workspaces/journal.ts"
import { openWorkspaces } from "../../../adapters/workspaces/workspaces.ts"
import { id } from "../../../domain/ids.ts"
import type { RunView } from "../../../protocol/views.ts"
import type { CliContext } from "../context.ts"
import { counted, oneLine, shellWord } from "../text.ts"
import { workerRuns } from "./processes.ts"
import { failed, fine, warning, type Finding } from "./finding.ts"

/** `runs` is null when no hub says which there are; then nobody can know what is stale. */
export async function checkWorkspaces(context: CliContext, runs: readonly RunView[] | null, running: boolean): Promise<Finding[]> {
  const journal = new Journal(context.home)
  const kept = (await journal.all()).filter((record) => record.state !== "released")
  const lost = await withoutRecord(context, new Set([...kept, ...(await journal.pooled())].map((record) => record.path)))
  const stale = runs === null ? [] : kept.filter((record) => !runs.some((run) => record.workspace.startsWith(`${run.id}.`)))
  const unknown =
    runs === null && kept.length > 0
      ? warning("workspaces", `${counted(kept.length, "workspace")}; whose they are only the hub knows`, "fleet hub start && fleet doctor")
      : null
  if (stale.length === 0 && lost.length === 0) return [unknown ?? fine("workspaces", counted(kept.length, "workspace"))]
  return [
    ...(unknown === null ? [] : [unknown]),
    ...stale.map((record) => staleFinding(context, record.workspace, record.path, running)),
    ...lost.map(lostFinding),
  ]
}

function staleFinding(context: CliContext, workspace: string, checkout: string, running: boolean): Finding {
  const release = async (): Promise<string> => {
    if (await workerRuns(context)) return `left ${workspace} alone: a worker has started meanwhile`
    await using workspaces = await openWorkspaces({ home: context.home, environment: context.env })
    const { salvage } = await workspaces.release(id(workspace), false)
    return salvage === null ? `released ${workspace}; nothing was lost` : `released ${workspace}; its work is in ${salvage}`
  }
  const what = `${oneLine(workspace)} belongs to no run: ${oneLine(checkout)}`
  // Two must not work on one home's checkouts at the same time.
  if (running) return failed("workspaces", what, "when its runs are over: fleet hub stop, fleet hub start, and fleet doctor --fix")
  return failed("workspaces", what, "fleet doctor --fix", release)
}

/** Landing checkouts have no record: they are made anew and reset whenever they are needed. */
async function withoutRecord(context: CliContext, known: ReadonlySet<string>): Promise<string[]> {
  const folder = checkoutsOf(context.home)
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => !name.startsWith("landing-"))
    .map((name) => path.join(folder, name))
    .filter((checkout) => !known.has(checkout))
}

/** Only an empty directory is removed: nobody knows what is in another one. */
function lostFinding(checkout: string): Finding {
  return warning("workspaces", `${oneLine(checkout)} is in no record`, `look into it, then: rm -r ${shellWord(checkout)}`, async () =>
    rmdir(checkout).then(
      () => `removed ${checkout}, which was empty`,
      () => `left ${checkout} alone: it is not empty`,
    ),
  )
}
