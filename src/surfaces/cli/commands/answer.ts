/** `fleet approve` and `fleet deny`. */
import { hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import { askerOf } from "../live/display.ts"
import type { Invocation } from "../invocation.ts"
import { findApproval } from "../names.ts"
import { outputOf } from "../output.ts"
import { oneLine } from "../text.ts"

export const approve = (invocation: Invocation): Promise<ExitCode> => answer(invocation, true)
export const deny = (invocation: Invocation): Promise<ExitCode> => answer(invocation, false)

async function answer(invocation: Invocation, allow: boolean): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const client = hubOf(invocation.context)
  const approval = await client.answer(await findApproval(client, invocation.required(0)), allow, invocation.text("note"))
  if (invocation.json) output.json(approval)
  else output.line(`${allow ? "allowed" : "denied"}: ${oneLine(askerOf(approval))}: ${oneLine(approval.question)}`)
  return exitCodes.done
}
