/** `fleet continue`: picks up a run that was stopped or interrupted, or a campaign from its session file. */
import path from "node:path"
import { FaultError } from "../../../domain/fault.ts"
import type { RunView } from "../../../protocol/views.ts"
import { directoryOf, followStarted } from "../campaign/order.ts"
import { sessionFileNamed } from "../campaign/session-choice.ts"
import { hubOf, type HubClient } from "../client.ts"
import type { ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { findRun } from "../names.ts"
import { ensureHub } from "../start-hub.ts"
import { continueFile } from "./continue-file.ts"

export async function continueRun(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const name = invocation.arg(0)
  const named = name === null ? null : await sessionFileNamed(name, context.cwd)
  if (named !== null) return continueFile(invocation, named)
  await ensureHub(context)
  const client = hubOf(context)
  const run = name === null ? await stoppedHere(client, directoryOf(invocation)) : await runNamed(client, name)
  // What is no run is the name of a campaign; without one it is the newest campaign that is not completed.
  if (run === null) return continueFile(invocation, { slug: name, file: null })
  return followStarted(invocation, await client.continueRun(run))
}

/** Null: no run has that name. One of several is not guessed. */
async function runNamed(client: HubClient, name: string): Promise<string | null> {
  try {
    return await findRun(client, name)
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "not-found" && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return null
    throw error
  }
}

/** The newest run of this repository, when there is something of it to go on with. */
async function stoppedHere(client: HubClient, directory: string): Promise<string | null> {
  const here = (await client.runs()).filter((run) => isWithin(run.repository, directory)).toSorted((a, b) => b.startedAt - a.startedAt)
  const [newest] = here
  return newest !== undefined && canContinue(newest) ? newest.id : null
}

const canContinue = ({ status, tasks }: RunView): boolean => status !== "done" && tasks.some((task) => task.status === "cancelled")

function isWithin(repository: string, directory: string): boolean {
  const way = path.relative(repository, directory)
  return way === "" || (!way.startsWith("..") && !path.isAbsolute(way))
}
