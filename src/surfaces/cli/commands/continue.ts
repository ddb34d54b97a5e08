/** `fleet continue`: picks up a run that was stopped or interrupted. */
import { hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { followRun, progressModeOf } from "../live/follow-run.ts"
import { findRun, newestRun } from "../names.ts"
import { outputOf } from "../output.ts"
import { ensureHub } from "../start-hub.ts"

export async function continueRun(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const output = outputOf(context)
  await ensureHub(context)
  const client = hubOf(context)
  const run = await client.continueRun(await findRun(client, invocation.arg(0) ?? newestRun))
  if (!invocation.flag("detach")) return followRun(context, run.id, progressModeOf(invocation.text("progress"), invocation.json, context))
  if (invocation.json) output.json(run)
  else output.line(run.id)
  return exitCodes.done
}
