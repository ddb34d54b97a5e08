/** Asks the person at the terminal what a held run waits for: whether it begins, whether it goes on, which strategy lands. */
import { FaultError } from "../../../domain/fault.ts"
import type { ApprovalView, RunView } from "../../../protocol/views.ts"
import { columnsOfStream } from "../columns.ts"
import { hubOf, type HubClient } from "../client.ts"
import type { CliContext } from "../context.ts"
import { faultLines } from "../fault-text.ts"
import { openApprovals } from "../live/display.ts"
import { outputOf, paintFor } from "../output.ts"
import type { PlanTextOptions } from "../plan-text.ts"
import { oneLine, plainLines } from "../text.ts"
import { askLine } from "./ask.ts"
import { comparisonLines, type ComparisonOptions } from "./comparison-lines.ts"
import { campaignPlanLines } from "./plan-lines.ts"

/** The question that holds a whole run up; null when none does. */
export function holdOf(run: RunView): ApprovalView | null {
  const hold = run.campaign?.hold ?? openApprovals(run).find(({ kind }) => kind === "wave")?.kind ?? null
  if (run.status !== "running" || hold === null) return null
  return openApprovals(run).find(({ kind }) => kind === hold) ?? null
}

/** What the person has to see before they answer. On stderr: the result is what comes of the run. */
export async function showHold(context: CliContext, run: RunView, { kind, question, detail }: ApprovalView): Promise<void> {
  const options = textOptions(context)
  const lines =
    kind === "start"
      ? campaignPlanLines(run, options)
      : kind === "pick"
        ? comparisonLines(await hubOf(context).comparison(run.id), options)
        : [options.paint("yellow", oneLine(question)), ...plainLines(detail).map((line) => `  ${line}`)]
  for (const line of ["", ...lines, ""]) context.stderr.write(`${line}\n`)
}

/** `left`: they did not answer, and the run waits. */
export async function askHold(context: CliContext, run: RunView, approval: ApprovalView): Promise<"answered" | "left"> {
  await showHold(context, run, approval)
  for (;;) {
    const said = await askLine(context, questionOf(approval))
    if (said === null || said.trim() === "") return "left"
    const told = await answer(hubOf(context), run, approval, said.trim()).catch((error: unknown) => {
      if (error instanceof FaultError) return error
      throw error
    })
    if (!(told instanceof FaultError)) return "answered"
    // Somebody else was faster: there is nothing left to ask.
    if (told.fault.code === "approval-answered" || told.fault.code === "picked-already") return "answered"
    for (const line of faultLines(told.fault, paintFor(context, context.stderr))) context.stderr.write(`${line}\n`)
  }
}

function questionOf({ kind }: ApprovalView): string {
  switch (kind) {
    case "pick":
      return "Which one lands? [a number or a label; none = no one; Enter = later] "
    case "wave":
      return "Go on with the next wave? [y = yes; n = stop the run; Enter = later] "
    case "start":
    case "permission":
    case "scope":
    case "gate":
    case "landing":
      return "Start it? [y = yes; n = no, or say why not; Enter = later] "
  }
}

async function answer(client: HubClient, run: RunView, approval: ApprovalView, said: string): Promise<void> {
  if (approval.kind === "pick") return void (await client.pick(run.id, strategyOf(await client.comparison(run.id), said)))
  const allow = /^y(es)?$/i.test(said)
  const note = allow || /^no?$/i.test(said) ? null : said
  await client.answer(approval.id, allow, note)
}

/** The number is that of its row. What is no number is taken for a label, and refused by the hub when it is none. */
function strategyOf({ strategies }: { readonly strategies: readonly { readonly key: string }[] }, said: string): string | null {
  if (/^none$/i.test(said)) return null
  return /^\d+$/.test(said) ? (strategies[Number(said) - 1]?.key ?? said) : said
}

const textOptions = (context: CliContext): PlanTextOptions & ComparisonOptions => ({
  isTerminal: context.stderr.isTTY === true,
  columns: columnsOfStream(context.stderr),
  paint: paintFor(context, context.stderr),
  signs: outputOf(context).signs,
})
