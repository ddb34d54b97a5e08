/** `fleet doctor`: checks that everything is in order, and mends what is not where that is safe. */
import type { HubView, RunView } from "../../../protocol/views.ts"
import { hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Finding } from "../doctor/finding.ts"
import { checkConfig, checkDisk, checkGit, checkHome, checkNode } from "../doctor/machine.ts"
import { checkAgents, checkHub, checkOrphans, checkSockets, checkWorker, workerRuns } from "../doctor/processes.ts"
import { checkWorkspaces } from "../doctor/workspaces.ts"
import { failed } from "../doctor/finding.ts"
import { FaultError } from "../../../domain/fault.ts"
import type { CliContext } from "../context.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { hubNow } from "../start-hub.ts"
import { oneLine } from "../text.ts"

type Outcome = Omit<Finding, "mend"> & { readonly mended: string | null }

export async function doctor(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const outcomes: Outcome[] = []
  // One after the other: a fix must not race with another one.
  for (const finding of await findings(invocation.context)) outcomes.push(await treat(finding, invocation.flag("fix")))
  if (invocation.json) output.list(outcomes)
  else for (const outcome of outcomes) for (const line of outcomeLines(outcome, output)) output.line(line)
  return outcomes.some((outcome) => outcome.status === "failed" && outcome.mended === null) ? exitCodes.failed : exitCodes.done
}

async function findings(context: CliContext): Promise<Finding[]> {
  const hub = await hubNow(context.home)
  const running = await workerRuns(context)
  const runs = await runsOf(hub, context)
  const checks: readonly (readonly [name: string, check: () => Finding | Promise<Finding | Finding[]>])[] = [
    ["node", checkNode],
    ["git", () => checkGit(context)],
    ["home", () => checkHome(context)],
    ["disk", () => checkDisk(context)],
    ["config", () => checkConfig(context)],
    ["hub", () => checkHub(hub, context)],
    ["worker", () => checkWorker(hub, running, context.now())],
    ["agents", () => checkAgents(context)],
    ["workspaces", () => checkWorkspaces(context, runs, running)],
    ["orphans", () => checkOrphans(context, running)],
    ["sockets", () => checkSockets(context)],
  ]
  return (await Promise.all(checks.map(([name, check]) => guarded(name, check)))).flat()
}

const runsOf = async (hub: HubView | null, context: CliContext): Promise<readonly RunView[] | null> => (hub === null ? null : hubOf(context).runs())

/** A check that itself fails is a finding: the others still count. */
async function guarded(name: string, check: () => Finding | Promise<Finding | Finding[]>): Promise<Finding | Finding[]> {
  try {
    return await check()
  } catch (error) {
    if (error instanceof FaultError) return failed(name, `${error.fault.what}: ${error.fault.why}`, error.fault.fix)
    return failed(name, `could not be checked: ${error instanceof Error ? error.message : String(error)}`, "run it again with FLEET_DEBUG=1")
  }
}

async function treat({ mend, ...finding }: Finding, fix: boolean): Promise<Outcome> {
  if (!fix || mend === null || finding.status === "ok") return { ...finding, mended: null }
  return { ...finding, mended: await mend() }
}

function outcomeLines({ name, status, detail, fix, mended }: Outcome, { paint, signs }: Output): string[] {
  const look = {
    ok: { sign: signs.done, tone: "green" },
    warning: { sign: signs.needsYou, tone: "yellow" },
    failed: { sign: signs.failed, tone: "red" },
  } as const
  const { sign, tone } = look[status]
  const line = `${paint(tone, `${sign} ${status.padEnd(8)}`)} ${name.padEnd(11)} ${oneLine(detail)}`
  if (mended !== null) return [line, `           ${paint("green", "mended:")} ${oneLine(mended)}`]
  return fix === null ? [line] : [line, `           ${paint("dim", "fix:")} ${oneLine(fix)}`]
}
