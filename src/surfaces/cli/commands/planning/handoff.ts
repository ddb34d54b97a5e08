/** `fleet planning handoff`: the original's parse-handoff (C.3), with no letter lost where nothing closes the block (C.4.1). */
import { parseHandoff } from "../../../../domain/handoff/handoff.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { jsonText, outputOf } from "../../output.ts"
import { agentOutput } from "./agent-output.ts"

export async function planningHandoff(invocation: Invocation): Promise<ExitCode> {
  const handoff = parseHandoff(await agentOutput(invocation.context, invocation.arg(0) ?? invocation.text("input")))
  const said = handoff === null ? { found: false, items: [], raw: "" } : { found: true, items: handoff.items, raw: handoff.raw }
  outputOf(invocation.context).line(jsonText(said, 2))
  return exitCodes.done
}
