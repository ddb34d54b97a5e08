/** Checks of Fleet's own processes: hub, worker, agents, what was left behind without a parent, and sockets that nobody serves. */
import { existsSync } from "node:fs"
import { rm } from "node:fs/promises"
import net from "node:net"
import path from "node:path"
import { holdLock } from "../../../adapters/stores/lock.ts"
import { FaultError } from "../../../domain/fault.ts"
import type { HubView } from "../../../protocol/views.ts"
import { endMarked, findMarked } from "../../../runtime/marked.ts"
import { probeAgents } from "../agent-probe.ts"
import type { CliContext } from "../context.ts"
import { counted, oneLine, shellWord } from "../text.ts"
import { failed, fine, warning, type Finding } from "./finding.ts"

const graceMs = 3_000
const workerStartsMs = 10_000

export function checkHub(hub: HubView | null, { version }: CliContext): Finding {
  if (hub === null) return fine("hub", "does not run; `fleet run` starts it")
  if (hub.version === version) return fine("hub", `${hub.version}, pid ${hub.pid}`)
  return failed("hub", `the hub is version ${oneLine(hub.version)}, this is ${version}`, "fleet hub stop --keep-worker && fleet hub start")
}

export function checkWorker(hub: HubView | null, running: boolean, now: number): Finding {
  if (hub === null) return running ? warning("worker", "runs, and waits for a hub", "fleet hub start") : fine("worker", "does not run; the hub starts it")
  const connected = hub.workers.filter((worker) => worker.connected)
  if (connected.length === 0 && now - hub.startedAt < workerStartsMs) return warning("worker", "is being started", "fleet doctor, in a moment")
  if (connected.length === 0)
    return failed("worker", "none is connected: nothing can run", "read worker.log in Fleet's home, then: fleet hub stop && fleet hub start")
  return fine("worker", connected.map((worker) => `${oneLine(worker.id)} with ${counted(worker.slots, "slot")}`).join(", "))
}

/** Whether this home's worker lives: it holds its lock as long as it does. */
export async function workerRuns({ home }: CliContext): Promise<boolean> {
  const lock = path.join(home, "worker-local.lock")
  if (!existsSync(lock)) return false
  try {
    await using _free = await holdLock(lock)
    return false
  } catch (error) {
    if (error instanceof FaultError) return true
    throw error
  }
}

export async function checkAgents(context: CliContext): Promise<Finding[]> {
  const found = (await probeAgents(context)).filter((report) => report.program !== null)
  const real = found
    .filter((report) => report.canStart && report.name !== "scripted")
    .map((report) => `${report.name} ${report.version ?? ""}`.trim() + (report.login === "unknown" ? " (no sign of a login: see fleet agents)" : ""))
  const none = warning("agents", "only the scripted agent is here, which does no work of its own", "see which there are and how to install them: fleet agents")
  return [
    real.length === 0 ? none : fine("agents", real.join(", ")),
    ...found.filter((report) => !report.canStart).map((report) => failed("agents", `${report.name} does not start: ${report.problem ?? ""}`, report.install)),
  ]
}

/** What agents have started ends with the worker. If something of it lives without one, it was not found when it should have been. */
export async function checkOrphans(context: CliContext, running: boolean): Promise<Finding> {
  const { homeId } = context
  if (running) return fine("orphans", "the worker looks after its own")
  const orphans = await findMarked("FLEET_HOME_ID", homeId)
  if (orphans.length === 0) return fine("orphans", "none")
  const shown = orphans.slice(0, 5).map((process) => `${process.pid} (${oneLine(process.command).slice(0, 40)})`)
  const end = async (): Promise<string> => {
    if (await workerRuns(context)) return "a worker has started meanwhile: it ends them"
    const { ended, survivors } = await endMarked({ name: "FLEET_HOME_ID", value: homeId, graceMs })
    return survivors.length === 0 ? `ended ${counted(ended, "process", "processes")}` : `ended ${ended}; still there: ${survivors.join(", ")}`
  }
  const pids = orphans.map((process) => process.pid).join(" ")
  return failed("orphans", `${counted(orphans.length, "process", "processes")} of an earlier worker: ${shown.join(", ")}`, `kill ${pids}`, end)
}

export async function checkSockets({ home }: CliContext): Promise<Finding[]> {
  const sockets = ["hub.sock", "worker.sock"].map((name) => path.join(home, name)).filter((file) => existsSync(file))
  const refused = (await Promise.all(sockets.map(async (file) => ((await answers(file)) ? [] : [file])))).flat()
  if (refused.length === 0) return [fine("sockets", "none is left over")]
  return refused.map((file) =>
    warning("sockets", `nobody serves ${file}: a hub was killed`, `rm ${shellWord(file)}`, async () => {
      if (await answers(file)) return `${file} is served now`
      await rm(file, { force: true })
      return `removed ${file}`
    }),
  )
}

function answers(file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(file)
    socket.once("connect", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })
}
