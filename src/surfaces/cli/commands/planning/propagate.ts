/** `fleet planning propagate`: what `npm run propagate` was to do (C.1.47, C.4.8). */
import { campaignResultOf } from "../../../../adapters/planning/campaign-result.ts"
import { propagateKnowledge, type Propagation } from "../../../../adapters/planning/knowledge.ts"
import { fault, FaultError } from "../../../../domain/fault.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { oneLine } from "../../text.ts"
import { projectRootOf } from "./project-root.ts"

export async function planningPropagate(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const slug = invocation.text("campaign")
  if (slug === null || slug.trim() === "")
    throw new FaultError(fault("campaign-missing", "which campaign?", "--campaign was not given", "fleet planning propagate --campaign <slug>"))
  const root = projectRootOf(invocation.context)
  const campaign = await campaignResultOf(root, slug)
  if (campaign === null)
    throw new FaultError(
      fault(
        "unknown-campaign",
        `nothing is known of the campaign ${oneLine(slug)}`,
        `no session or campaign file in ${root}/.planning is named for it, and no discovery is of it`,
        "name a campaign that is there: ls .planning/fleet .planning/campaigns",
      ),
    )
  const done = await propagateKnowledge(root, campaign, invocation.context.now())
  if (invocation.json) output.json(done)
  else for (const line of lines(done)) output.line(line)
  return done.pending.length > 0 ? exitCodes.failed : exitCodes.done
}

const lines = ({ written, already, pending }: Propagation): readonly string[] => [
  ...written.map((file) => `Propagated: ${file}`),
  ...already.map((file) => `There already: ${file}`),
  ...pending.map(({ file, why }) => `Pending: ${file ?? "all"}: ${oneLine(why)}`),
]
