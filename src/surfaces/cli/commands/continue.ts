/** `fleet continue`: picks up a run that was stopped or interrupted, or a campaign from its session file. */
import { FaultError } from "../../../domain/fault.ts"
import type { RunView } from "../../../protocol/views.ts"
import { holdOf } from "../campaign/hold.ts"
import { directoryOf, followStarted } from "../campaign/order.ts"
import { sessionFileNamed, sessionNamed } from "../campaign/session-choice.ts"
import { hubOf, type HubClient } from "../client.ts"
import { canAsk } from "../context.ts"
import type { ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { progressModeOf, tellHeld } from "../live/follow-run.ts"
import { findRun, isWithin } from "../names.ts"
import { ensureHub } from "../start-hub.ts"
import { continueFile } from "./continue-file.ts"

export async function continueRun(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const name = invocation.arg(0)
  const named = name === null ? null : await sessionFileNamed(name, context.cwd)
  if (named !== null) return continueFile(invocation, named)
  await ensureHub(context)
  const client = hubOf(context)
  const here = name === null ? await newestHere(client, directoryOf(invocation)) : null
  if (here !== null && !canContinue(here) && holdOf(here) !== null) return held(invocation, here)
  // A name that stands in this repository goes before the beginning of any run's id.
  const session = name === null ? null : sessionNamed(directoryOf(invocation), name)
  const run = name === null ? (here !== null && canContinue(here) ? here : null) : await runNamed(client, name)
  // What is no run is the name of a campaign; without one it is the newest campaign of which something is left.
  if (run === null) return continueFile(invocation, { slug: session ?? name, file: null })
  if (session !== null && run.id !== session) return continueFile(invocation, { slug: session, file: null })
  // Nothing of it was stopped: what somebody has added to its file since, or wants done again, stands there.
  if (isOver(run) && !canContinue(run) && run.campaign?.sessionFile != null) return continueFile(invocation, { slug: run.campaign.slug, file: null })
  return followStarted(invocation, await client.continueRun(run.id))
}

/** Nothing of it was stopped: it goes on when somebody answers. */
function held(invocation: Invocation, run: RunView): ExitCode | Promise<ExitCode> {
  const { context, json } = invocation
  if (canAsk(context) && !json && !invocation.flag("detach")) return followStarted(invocation, run)
  return tellHeld(context, run, progressModeOf(invocation.text("progress"), json, context))
}

/** Null: no run has that name. One of several is not guessed. */
async function runNamed(client: HubClient, name: string): Promise<RunView | null> {
  try {
    return await client.run(await findRun(client, name))
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "not-found" && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return null
    throw error
  }
}

async function newestHere(client: HubClient, directory: string): Promise<RunView | null> {
  const here = (await client.runs()).filter((run) => isWithin(run.repository, directory))
  return here.toSorted((a, b) => b.startedAt - a.startedAt)[0] ?? null
}

const isOver = ({ status }: RunView): boolean => status !== "running" && status !== "stopping"

const canContinue = ({ status, tasks }: RunView): boolean => status !== "done" && tasks.some((task) => task.status === "cancelled")
