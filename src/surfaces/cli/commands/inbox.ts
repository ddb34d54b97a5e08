/** `fleet inbox`: what waits for a person, and what waits behind it. */
import type { ApprovalView } from "../../../protocol/views.ts"
import { HubClient } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import { askerOf } from "../live/display.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { counted, oneLine, roughly } from "../text.ts"

const detailLinesMax = 12

export async function inbox(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const approvals = await new HubClient(invocation.context.home).approvals()
  if (invocation.json) output.list(approvals)
  else if (approvals.length === 0) output.line("Nothing waits for you.")
  else for (const approval of approvals) for (const line of approvalLines(approval, output, invocation.context.now())) output.line(line)
  return exitCodes.done
}

function approvalLines(approval: ApprovalView, { paint, signs }: Output, now: number): string[] {
  const holds = approval.holds.map(oneLine).join(", ")
  return [
    `${paint("yellow", `${signs.needsYou} ${approval.kind}`)}  ${paint("bold", oneLine(askerOf(approval)))}  ${paint("dim", `for ${roughly(now - approval.since)}`)}`,
    `  ${oneLine(approval.question)}`,
    ...detailLines(approval).map((line) => paint("dim", `    ${line}`)),
    ...(holds === "" ? [] : [`  behind it: ${counted(approval.holds.length, "task")} (${holds})`]),
    `  fleet approve ${oneLine(approval.id)}   or   fleet deny ${oneLine(approval.id)} --note "why"`,
    "",
  ]
}

function detailLines(approval: ApprovalView): string[] {
  if (approval.detail === "" || approval.detail === approval.question) return []
  const lines = approval.detail.split("\n").map(oneLine)
  return lines.length <= detailLinesMax ? lines : [...lines.slice(0, detailLinesMax), `and ${lines.length - detailLinesMax} more lines`]
}
