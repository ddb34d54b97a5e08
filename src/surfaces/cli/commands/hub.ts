/** `fleet hub start|stop|status`. */
import { setTimeout as delay } from "node:timers/promises"
import { fault, FaultError } from "../../../domain/fault.ts"
import type { HubView, WorkerView } from "../../../protocol/views.ts"
import { processFacts } from "../../../runtime/processes.ts"
import { HubClient } from "../client.ts"
import type { CliContext } from "../context.ts"
import { exitCodes, type ExitCode } from "../exit-codes.ts"
import type { Invocation } from "../invocation.ts"
import { outputOf, type Output } from "../output.ts"
import { ensureHub, hubLogOf, hubNow } from "../start-hub.ts"
import { counted, oneLine, roughly } from "../text.ts"

const stopLimitMs = 30_000
const lookAgainMs = 50

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
  const hub = await hubNow(context.home)
  if (hub !== null) {
    await askToStop(new HubClient(context.home), !invocation.flag("keepWorker"))
    await untilGone(context, hub.pid)
  }
  if (invocation.json) output.json({ stopped: hub !== null, pid: hub?.pid ?? null })
  else output.line(hub === null ? "no hub was running" : `stopped: pid ${hub.pid}`)
  return exitCodes.done
}

/** Stopped means that the process was looked for and not found, not that it promised to go. */
async function untilGone(context: CliContext, pid: number): Promise<void> {
  const limitAt = performance.now() + stopLimitMs
  while (isAlive(pid)) {
    if (performance.now() > limitAt) {
      const why = `process ${pid} is still there after ${stopLimitMs / 1000} s`
      throw new FaultError(fault("hub-stays", "the hub did not end", why, `read ${hubLogOf(context.home)}; as a last resort: kill ${pid}`))
    }
    await delay(lookAgainMs)
  }
}

/** A zombie is gone, though it still takes signals. */
function isAlive(pid: number): boolean {
  if (process.platform === "linux") return processFacts(pid) !== null
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** A hub that ends at once may be gone before its answer is out. Whether it is gone is looked at next. */
async function askToStop(client: HubClient, worker: boolean): Promise<void> {
  try {
    await client.stopHub(worker)
  } catch (error) {
    if (!(error instanceof FaultError && error.fault.code === "hub-silent")) throw error
  }
}

export async function hubStatus(invocation: Invocation): Promise<ExitCode> {
  const output = outputOf(invocation.context)
  const hub = await new HubClient(invocation.context.home).hub()
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
