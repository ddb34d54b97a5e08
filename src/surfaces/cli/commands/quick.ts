/** `fleet quick "t1; t2"`: independent tasks at once, in one wave, with no record but of the person's answer, and of the work only with `--record` (C.1.112 to C.1.127). */
import { FaultError } from "../../../domain/fault.ts"
import type { Plan } from "../../../domain/plan/plan.ts"
import { splitQuick, type Sequenced } from "../../../domain/plan/quick.ts"
import { directoryOf, hubFor, noteLines, orderOf, refusedBy, repositoryOf, startCampaign, tellRefused } from "../campaign/order.ts"
import { quickConsent, type QuickConsent } from "../campaign/quick-consent.ts"
import { quickPlan, sayOrder } from "../campaign/quick-plan.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf } from "../output.ts"
import { oneLine } from "../text.ts"

export async function quick(invocation: Invocation): Promise<ExitCode> {
  const split = splitQuick(invocation.args.join("; "))
  if (!split.ok) throw new FaultError(split.fault)
  if (!invocation.flag("dryRun")) await repositoryOf(invocation)
  return runQuick(invocation, split.tasks, (titles) => quickConsent(invocation, directoryOf(invocation), titles))
}

/** `consentFor`: is asked when the tasks are in order, with the titles of those that can work at the same time; null: they did not answer. */
export async function runQuick(
  invocation: Invocation,
  tasks: readonly string[],
  consentFor: (titles: readonly string[]) => Promise<QuickConsent | null>,
): Promise<ExitCode> {
  const ordered = quickPlan(tasks)
  if (!ordered.ok) return tellRefused(invocation, refusedBy("the tasks have errors", ordered.faults))
  if (!invocation.json) noteLines(invocation.context, ordered.sequenced.map(sayOrder))
  if (invocation.flag("dryRun")) return dryRun(invocation, ordered)
  const consent = await consentFor(ordered.beside)
  if (consent === null) {
    outputOf(invocation.context).note("Nothing was started.")
    return exitCodes.cancelled
  }
  // What they agreed to just now is not asked again; what they agreed to for always is weighed by the gate.
  const more = { ...(consent.answered ? { confirmed: "yes" as const } : {}), ...(consent.parallel ? {} : { slots: 1 }) }
  return startCampaign(
    invocation,
    await hubFor(invocation),
    orderOf(invocation, { mode: "quick", plan: ordered.plan, direction: ordered.plan.goal, waveSize: null, ...more }),
  )
}

function dryRun({ context, json }: Invocation, { plan, sequenced }: Sequenced): ExitCode {
  const output = outputOf(context)
  if (json) output.json({ ok: true, tasks: plan.tasks.map(({ key, title, after, scope }) => ({ key, title, after, scope })), sequenced })
  else {
    for (const line of linesOf(plan)) output.line(line)
    output.note("Nothing was started.")
  }
  return exitCodes.done
}

const linesOf = ({ tasks }: Plan): string[] =>
  tasks.map(({ key, title, after }) => `${oneLine(key)}  ${oneLine(title)}${after.length === 0 ? "" : ` (after ${after.map((need) => need.key).join(", ")})`}`)
