/** `fleet watch`: follows a run live. */
import { hubOf } from "../client.ts"
import type { ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { followRun, progressModeOf } from "../live/follow-run.ts"
import { findRun, newestRun } from "../names.ts"

export async function watch(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const run = await findRun(hubOf(context), invocation.arg(0) ?? newestRun)
  return followRun(context, run, progressModeOf(invocation.text("progress"), invocation.json, context))
}
