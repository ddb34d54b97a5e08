/** `fleet inbox`: what waits for a person, and what waits behind it. */
import type { ApprovalView } from "../../../protocol/views.ts"
import type { CallbackView } from "../../../protocol/session-views.ts"
import { hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import { answersOf, askerOf } from "../live/display.ts"
import type { Invocation } from "../invocation.ts"
import { shortId } from "./session/shown.ts"
import { outputOf, type Output } from "../output.ts"
import { counted, oneLine, roughly } from "../text.ts"

const detailLinesMax = 12

export async function inbox(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const client = hubOf(invocation.context)
  const [approvals, all] = await Promise.all([client.approvals(), client.callbacks()])
  const callbacks = all.filter(({ status }) => status !== "delivered" && status !== "dropped")
  const now = invocation.context.now()
  if (invocation.json) output.json({ items: approvals, callbacks })
  else if (approvals.length === 0 && callbacks.length === 0) output.line("Nothing waits for you.")
  else {
    for (const approval of approvals) for (const line of approvalLines(approval, output, now)) output.line(line)
    for (const callback of callbacks) output.line(callbackLine(callback, output, now))
  }
  return exitCodes.done
}

function callbackLine({ id, from, to, turn, how, reason, at }: CallbackView, { paint }: Output, now: number): string {
  const news = how === "completed" ? "completed" : "failed"
  return `${id}  ${paint("bold", `session ${shortId(to)}`)} is to be told that turn ${turn} of ${shortId(from)} ${news}: ${reason ?? ""}  ${paint("dim", `for ${roughly(now - at)}`)}`
}

function approvalLines(approval: ApprovalView, { paint, signs }: Output, now: number): string[] {
  const holds = approval.holds.map(oneLine).join(", ")
  return [
    `${paint("yellow", `${signs.needsYou} ${approval.kind}`)}  ${paint("bold", oneLine(askerOf(approval)))}  ${paint("dim", `for ${roughly(now - approval.since)}`)}`,
    `  ${oneLine(approval.question)}`,
    ...detailLines(approval).map((line) => paint("dim", `    ${line}`)),
    ...(holds === "" ? [] : [`  behind it: ${counted(approval.holds.length, "task")} (${holds})`]),
    `  ${answersOf(approval).map(oneLine).join("   or   ")}${approval.kind === "pick" ? "" : ' --note "why"'}`,
    "",
  ]
}

function detailLines(approval: ApprovalView): string[] {
  if (approval.detail === "" || approval.detail === approval.question) return []
  const lines = approval.detail.split("\n").map(oneLine)
  return lines.length <= detailLinesMax ? lines : [...lines.slice(0, detailLinesMax), `and ${lines.length - detailLinesMax} more lines`]
}
