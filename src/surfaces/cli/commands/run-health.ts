/** `fleet run` with nothing: looks at the health of the repository, shows what is to be done, and does it when the person agrees (C.1.8). */
import { findingLines, queueLines } from "../campaign/health-lines.ts"
import { hubFor, orderOf, repositoryOf, startCampaign } from "../campaign/order.ts"
import type { Diagnosis } from "../client.ts"
import { canAsk } from "../context.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { confirm } from "../live/follow-run.ts"
import { outputOf } from "../output.ts"

export async function runHealth(invocation: Invocation): Promise<ExitCode> {
  const { context, json } = invocation
  const output = outputOf(context)
  const directory = await repositoryOf(invocation)
  const client = await hubFor(invocation)
  if (!json) output.note("Looking at the repository: its own type check, tests, linter and audit run now. This can take minutes.")
  const diagnosis = await client.diagnose(directory)
  show(invocation, diagnosis)
  if (diagnosis.plan === null) return exitCodes.done
  if (invocation.flag("dryRun")) {
    if (!json) output.note("Nothing was started.")
    return exitCodes.done
  }
  const agreed = await agree(invocation)
  if (agreed === null) return notStarted(invocation)
  if (!agreed) {
    output.note("Nothing was started.")
    return exitCodes.cancelled
  }
  const { plan } = diagnosis
  // Who said yes saw the queue itself; who said so beforehand did not.
  const confirmed = invocation.flag("yes") ? "unless-red" : "yes"
  return startCampaign(invocation, client, orderOf(invocation, { plan, direction: plan.goal, confirmed }))
}

function show({ context, json }: Invocation, diagnosis: Diagnosis): void {
  const output = outputOf(context)
  if (json) output.json({ type: "diagnosis", ...diagnosis })
  else {
    for (const line of [...findingLines(diagnosis, output), ""]) output.line(line)
    if (diagnosis.plan !== null) for (const line of [...queueLines(diagnosis, output), ""]) output.line(line)
    else
      output.line(diagnosis.unknown.length === 0 ? "Nothing is to be done." : "Nothing was found that an agent could mend; what is unknown was not looked at.")
  }
}

/** Null: there is nobody to ask. */
async function agree(invocation: Invocation): Promise<boolean | null> {
  if (invocation.flag("yes")) return true
  return canAsk(invocation.context) && !invocation.json ? confirm(invocation.context, "Run it?") : null
}

function notStarted({ context, json }: Invocation): ExitCode {
  if (!json) outputOf(context).note("Nothing was started: nobody is here to agree. Start it: fleet run --yes")
  return exitCodes.needsPerson
}
