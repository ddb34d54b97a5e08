/** Stops the hub of a home, and sees that it is gone. */
import { setTimeout as delay } from "node:timers/promises"
import { fault, FaultError } from "../../domain/fault.ts"
import { processFacts } from "../../runtime/processes.ts"
import { HubClient, hubOf } from "./client.ts"
import type { CliContext } from "./context.ts"
import { hubLogOf, hubNow } from "./start-hub.ts"

const stopLimitMs = 30_000
const lookAgainMs = 50

/** The pid of the hub that was stopped, or null when none ran. `worker`: its local worker ends too, with its agents. */
export async function stopHub(context: CliContext, worker: boolean): Promise<number | null> {
  const hub = await hubNow(context.home)
  if (hub === null) return null
  await askToStop(hubOf(context), worker)
  await untilGone(context, hub.pid)
  return hub.pid
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
