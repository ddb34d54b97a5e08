/** `fleet hub start|stop|status`. */
import type { HubView, WorkerView } from "../../../protocol/views.ts"
import { hubOf } from "../client.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { ensureHub, hubLogOf } from "../start-hub.ts"
import { stopHub } from "../stop-hub.ts"
import { counted, oneLine, roughly } from "../text.ts"

export async function hubStart(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const { hub, started } = await ensureHub(invocation.context)
  if (invocation.json) output.json({ ...hub, started })
  else output.line(`${started ? "started" : "it runs already"}: ${hubLine(hub, invocation.context.now())}`)
  return exitCodes.done
}

export async function hubStop(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const output = outputOf(context)
  const pid = await stopHub(context, !invocation.flag("keepWorker"))
  if (invocation.json) output.json({ stopped: pid !== null, pid })
  else output.line(pid === null ? "no hub was running" : `stopped: pid ${pid}`)
  return exitCodes.done
}

export async function hubStatus(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const hub = await hubOf(invocation.context).hub()
  if (invocation.json) output.json(hub)
  else for (const line of hubLines(hub, output, invocation.context.now())) output.line(line)
  return exitCodes.done
}

function hubLines(hub: HubView, output: Output, now: number): string[] {
  const label = (text: string): string => output.paint("dim", text.padEnd(8))
  return [
    hubLine(hub, now),
    `${label("home")}${oneLine(hub.home)}`,
    `${label("log")}${oneLine(hubLogOf(hub.home))}`,
    `${label("runs")}${hub.runs.active} active of ${hub.runs.total}`,
    `${label("inbox")}${hub.needsYou === 0 ? "nothing waits for you" : `${counted(hub.needsYou, "question waits", "questions wait")} for you: fleet inbox`}`,
    ...hub.workers.flatMap((worker) => [`${label("worker")}${workerLine(worker)}`, `${label("agents")}${worker.agents.map(oneLine).join(", ")}`]),
    ...(hub.workers.length === 0 ? [`${label("worker")}none: nothing can run until one connects`] : []),
  ]
}

export function hubLine(hub: HubView, now: number): string {
  const port = hub.port === null ? "" : `, http://127.0.0.1:${hub.port}`
  return `hub ${oneLine(hub.version)}, pid ${hub.pid}, up ${roughly(now - hub.startedAt)}${port}`
}

export function workerLine(worker: WorkerView): string {
  if (!worker.connected) return `${oneLine(worker.id)} is away`
  return `${oneLine(worker.id)}, pid ${worker.pid ?? "unknown"}, ${worker.busy} of ${counted(worker.slots, "slot")} busy`
}
