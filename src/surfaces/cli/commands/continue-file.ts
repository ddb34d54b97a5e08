/** A campaign that goes on from its session file: nothing but the file is needed (C.1.7). */
import { FaultError } from "../../../domain/fault.ts"
import type { ContinueCampaign } from "../../../protocol/api/schemas/continue-campaign.ts"
import { directoryOf, followStarted, hubFor, orRefused, tellRefused, tellSaid, waveSizeOf } from "../campaign/order.ts"
import { PlanRefused, type HubClient } from "../client.ts"
import { canAsk } from "../context.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { confirm } from "../live/follow-run.ts"
import { outputOf } from "../output.ts"

/** `file` null: the hub takes that of the slug, or the newest that is not completed. */
export async function continueFile(invocation: Invocation, chosen: { readonly slug: string | null; readonly file: string | null }): Promise<ExitCode> {
  const client = await hubFor(invocation)
  const order: ContinueCampaign = {
    ...chosen,
    directory: directoryOf(invocation),
    target: invocation.text("target"),
    agent: invocation.text("agent"),
    slots: invocation.number("slots"),
    waveSize: waveSizeOf(invocation),
    confirmMerges: invocation.flag("confirmMerges"),
    confirmed: invocation.flag("yes") ? "unless-red" : "no",
    anyway: invocation.flag("yes"),
  }
  const continued = await orRefused(agreed(invocation, client, order))
  if (continued instanceof PlanRefused) return tellRefused(invocation, continued)
  if (continued === null) {
    outputOf(invocation.context).note("Nothing was started.")
    return exitCodes.cancelled
  }
  tellSaid(invocation, continued.said)
  return followStarted(invocation, continued.run)
}

/** A campaign whose file says `Auto-continue: false` goes on when the person says so. Null: they said no. */
async function agreed(invocation: Invocation, client: HubClient, order: ContinueCampaign) {
  try {
    return await client.continueCampaign(order)
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== "auto-continue-off" || !canAsk(invocation.context) || invocation.json) throw error
    if (!(await confirm(invocation.context, `${error.fault.what}: ${error.fault.why}. Go on with it?`))) return null
    return client.continueCampaign({ ...order, anyway: true })
  }
}
