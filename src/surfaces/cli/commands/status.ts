/** `fleet status`: what is true now. */
import type { HubView, RunView } from "../../../protocol/views.ts"
import type { SessionView } from "../../../protocol/session-views.ts"
import { hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { campaignLines } from "../live/campaign-lines.ts"
import { closingLines } from "../live/closing.ts"
import { openApprovals, askerOf } from "../live/display.ts"
import { findRun } from "../names.ts"
import { outputOf, type Output } from "../output.ts"
import { tableLines, type Cell } from "../table.ts"
import { clockTime, counted, oneLine } from "../text.ts"
import { sessionTable } from "./session/shown.ts"
import { hubLine, workerLine } from "./hub.ts"

const runsShownMax = 20

export async function status(invocation: Invocation): Promise<ExitCode> {
  const name = invocation.arg(0)
  const client = hubOf(invocation.context)
  const output = outputOf(invocation.context)
  const now = invocation.context.now()
  if (name !== null) {
    const run = await client.run(await findRun(client, name))
    if (invocation.json) output.json(run)
    else for (const line of [...campaignLines(run, output), ...closingLines(run, { ...output, now })]) output.line(line)
    return exitCodes.done
  }
  const [hub, runs, all] = await Promise.all([client.hub(), client.runs(), client.sessions()])
  const sessions = all.filter((session) => session.task === null && session.status !== "ended")
  if (invocation.json) output.json({ hub, items: runs, sessions })
  else for (const line of overview(hub, runs, sessions, output, now)) output.line(line)
  return exitCodes.done
}

function overview(hub: HubView, runs: readonly RunView[], sessions: readonly SessionView[], output: Output, now: number): string[] {
  const asks = runs.flatMap(openApprovals)
  const shown = runs.slice(0, runsShownMax)
  const workers = hub.workers.map(workerLine).join("; ")
  return [
    output.paint("dim", hubLine(hub, now)),
    output.paint("dim", workers === "" ? "no worker: nothing can run until one connects" : `worker ${workers}`),
    "",
    ...(runs.length === 0 ? ["No runs yet. Try: fleet run plan.yaml, or: fleet demo"] : runLines(shown, output, now)),
    ...(runs.length > shown.length ? [output.paint("dim", `and ${counted(runs.length - shown.length, "older run")}: fleet status --json`)] : []),
    ...(sessions.length === 0 ? [] : ["", ...sessionTable(sessions.slice(0, runsShownMax), output, now)]),
    ...(asks.length === 0
      ? []
      : [
          "",
          ...asks.map((ask) => output.paint("yellow", `${output.signs.needsYou} ${oneLine(askerOf(ask))} asks: ${oneLine(ask.question)}`)),
          "next: fleet inbox",
        ]),
  ]
}

function runLines(runs: readonly RunView[], output: Output, now: number): string[] {
  const columns = [{ title: "run" }, { title: "state" }, { title: "tasks" }, { title: "time", align: "right" as const }, { title: "goal", grows: true }]
  return tableLines(
    columns,
    runs.map((run) => runRow(run, now)),
    output.columns,
    output.paint,
    output.signs.ellipsis,
  )
}

const tones = { running: "blue", stopping: "yellow", done: "green", failed: "red", cancelled: "dim" } as const

function runRow(run: RunView, now: number): Cell[] {
  const failed = run.counts.failed > 0 ? `, ${run.counts.failed} failed` : ""
  return [
    { text: run.id },
    { text: run.status, tone: tones[run.status] },
    { text: `${run.counts.done}/${run.counts.total} done${failed}` },
    { text: clockTime((run.endedAt ?? now) - run.startedAt) },
    { text: run.reason === null ? run.goal : `${run.goal} (${run.reason})` },
  ]
}
