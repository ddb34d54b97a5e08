/** `fleet compare` and `fleet pick`: strategies side by side, and the one that lands (C.1.105 to C.1.110). */
import { fault, FaultError } from "../../../domain/fault.ts"
import { hubOf } from "../client.ts"
import { comparisonLines } from "../campaign/comparison-lines.ts"
import { directoryOf, followStarted } from "../campaign/order.ts"
import { speculativeRun } from "../campaign/speculative-run.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf } from "../output.ts"
import { oneLine } from "../text.ts"

export async function compare(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const client = hubOf(invocation.context)
  const run = await speculativeRun(client, invocation.arg(0), directoryOf(invocation))
  const comparison = await client.comparison(run)
  if (invocation.json) output.json({ run, ...comparison })
  else {
    for (const line of comparisonLines(comparison, output)) output.line(line)
    const ready = comparison.strategies.filter(({ status }) => status === "ready")
    if (comparison.winner === null && ready.length > 0) output.note(`pick one: fleet pick ${ready.map(({ key }) => oneLine(key)).join("|")} --run ${run}`)
  }
  return exitCodes.done
}

export async function pick(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const strategy = invocation.arg(0)
  if ((strategy === null) !== invocation.flag("none"))
    throw new FaultError(
      fault(
        "usage",
        "which strategy?",
        strategy === null ? "none is named" : "one is named, and --none says none",
        "fleet compare shows them; fleet pick <strategy>, or fleet pick --none",
      ),
    )
  const client = hubOf(context)
  const run = await client.pick(await speculativeRun(client, invocation.text("run"), directoryOf(invocation)), strategy)
  if (!invocation.json)
    outputOf(context).note(
      strategy === null ? "None of them lands; what was proved is kept on its branch, with a tag." : `${oneLine(strategy)} was picked: it lands now.`,
    )
  return followStarted(invocation, run)
}
