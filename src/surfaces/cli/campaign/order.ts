/** What the options of a command say of a campaign, and how it is started and followed. */
import path from "node:path"
import { insistOnRepository, openGit } from "../../../adapters/map/git.ts"
import type { PlanFault } from "../../../domain/plan/plan.ts"
import type { StartCampaign } from "../../../protocol/campaign-views.ts"
import { schemaVersion, type RunView } from "../../../protocol/views.ts"
import { hubOf, PlanRefused, type HubClient } from "../client.ts"
import type { CliContext } from "../context.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import { planFaultLines } from "../fault-text.ts"
import type { Invocation } from "../invocation.ts"
import { followRun, progressModeOf } from "../live/follow-run.ts"
import { jsonText, outputOf, paintFor } from "../output.ts"
import { ensureHub } from "../start-hub.ts"
import { oneLine } from "../text.ts"

/** C.1.22 */
const waveSizeDefault = 3

export const directoryOf = (invocation: Invocation): string => path.resolve(invocation.context.cwd, invocation.text("directory") ?? ".")

/** Before anybody is asked anything, or told what is about to happen, where nothing can. Resolves to the directory. */
export async function repositoryOf(invocation: Invocation): Promise<string> {
  const directory = directoryOf(invocation)
  await insistOnRepository(openGit(invocation.context.env), directory)
  return directory
}

/** Null with `--continuous`: no waves. */
export const waveSizeOf = (invocation: Invocation): number | null => (invocation.flag("continuous") ? null : (invocation.number("waves") ?? waveSizeDefault))

/** `more`: what the command itself knows better than its options. */
export function orderOf(invocation: Invocation, more: Partial<StartCampaign>): StartCampaign {
  return {
    mode: "standard",
    direction: "",
    spec: null,
    plan: null,
    strategies: null,
    directory: directoryOf(invocation),
    checks: invocation.texts("check"),
    record: invocation.flag("record") ? true : null,
    target: invocation.text("target"),
    agent: invocation.text("agent"),
    slots: invocation.number("slots"),
    waveSize: waveSizeOf(invocation),
    confirmMerges: invocation.flag("confirmMerges"),
    benchmark: null,
    pickBest: false,
    confirmed: invocation.flag("yes") ? "unless-red" : "no",
    ...more,
  }
}

export async function hubFor({ context, json }: Invocation): Promise<HubClient> {
  const { started } = await ensureHub(context)
  if (started && !json) outputOf(context).note("started the hub")
  return hubOf(context)
}

/** Starts it and follows it to its end; a plan with errors is told as one of a file is. */
export async function startCampaign(invocation: Invocation, client: HubClient, order: StartCampaign): Promise<ExitCode> {
  const run = await orRefused(client.startCampaign(order))
  if (run instanceof PlanRefused) return tellRefused(invocation, run)
  tellSaid(invocation, run.said)
  return followStarted(invocation, run)
}

export async function orRefused<Value>(asked: Promise<Value>): Promise<Value | PlanRefused> {
  return asked.catch((error: unknown) => {
    if (error instanceof PlanRefused) return error
    throw error
  })
}

export function tellRefused({ context, json }: Invocation, refused: PlanRefused): ExitCode {
  const say = (text: string): void => void context.stderr.write(`${text}\n`)
  if (json) say(jsonText({ schema_version: schemaVersion, ...refused.fault, faults: refused.faults }))
  else for (const line of [...planFaultLines(refused.faults, paintFor(context, context.stderr)), "Nothing was started."]) say(line)
  return exitCodes.badInput
}

/** What of the project could not be read, and what did not hold: before anything else is told of the run. */
export function tellSaid(invocation: Invocation, said: readonly string[]): void {
  if (said.length === 0) return
  // With --detach the one object that is printed has them.
  if (!invocation.json) noteLines(invocation.context, said)
  else if (!invocation.flag("detach")) outputOf(invocation.context).json({ type: "notices", said })
}

export const hasError = (faults: readonly PlanFault[]): boolean => faults.some(({ severity }) => severity === "error")

/** `what`: has the errors. */
export function refusedBy(what: string, faults: readonly PlanFault[]): PlanRefused {
  const [first] = faults.filter(({ severity }) => severity === "error")
  return new PlanRefused({ code: "plan-refused", what, why: first?.what ?? "", fix: first?.fix ?? "" }, faults)
}

export function followStarted(invocation: Invocation, run: RunView): ExitCode | Promise<ExitCode> {
  const { context } = invocation
  if (!invocation.flag("detach")) return followRun(context, run.id, progressModeOf(invocation.text("progress"), invocation.json, context))
  const output = outputOf(context)
  if (invocation.json) output.json(run)
  else {
    output.line(run.id)
    output.note(`follow it: fleet watch ${run.id}`)
  }
  return exitCodes.done
}

export function noteLines(context: CliContext, lines: readonly string[]): void {
  for (const line of lines) outputOf(context).note(oneLine(line))
}
