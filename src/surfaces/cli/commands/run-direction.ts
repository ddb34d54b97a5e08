/** `fleet run "<direction>"` and `fleet run <spec>`: an agent makes the plan, the person agrees to it, and it runs in waves; or less than that, where less will do. */
import { plannerPrompt } from "../../../domain/plan/planner-prompt.ts"
import { wayOf, type Way } from "../campaign/way.ts"
import { hubFor, orderOf, repositoryOf, startCampaign } from "../campaign/order.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf } from "../output.ts"
import { plainLines } from "../text.ts"
import { runQuick } from "./quick.ts"

export async function runDirection(invocation: Invocation, direction: string, spec: string | null): Promise<ExitCode> {
  if (!invocation.flag("dryRun")) await repositoryOf(invocation)
  // A specification says more than the words that go with it.
  const way: Way = spec === null ? await wayOf(invocation, direction) : { to: "campaign" }
  switch (way.to) {
    case "nothing":
      return exitCodes.cancelled
    case "quick":
      return runQuick(invocation, way.tasks, async () => way.consent)
    case "campaign":
      if (invocation.flag("dryRun")) return dryRun(invocation, direction, spec)
      return startCampaign(invocation, await hubFor(invocation), orderOf(invocation, { direction, spec }))
  }
}

/** Starts nothing, a hub neither: the work order is known without one, but for what others hold. */
function dryRun({ context, json }: Invocation, direction: string, spec: string | null): ExitCode {
  const output = outputOf(context)
  const prompt = plannerPrompt({ direction, spec, claims: [] })
  if (json) output.json({ ok: true, direction, spec: spec !== null, prompt })
  else {
    for (const line of plainLines(prompt)) output.line(line)
    output.note(
      "This is what an agent would be asked, with the map of the repository, its instructions, momentum and the claims of others in front. Nothing was started.",
    )
  }
  return exitCodes.done
}
