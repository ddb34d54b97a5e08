/** The worker process: takes its lock, ends what an earlier life left, and serves a hub until it is told to end. */
import { randomUUID } from "node:crypto"
import { availableParallelism, homedir } from "node:os"
import path from "node:path"
import { parseArgs } from "node:util"
import { readConfig } from "../adapters/files/config.ts"
import { holdLock } from "../adapters/stores/lock.ts"
import { FaultError, fault, type Fault } from "../domain/fault.ts"
import { id } from "../domain/ids.ts"
import { protocolVersion, type Hello } from "../protocol/worker.ts"
import { systemClock } from "../runtime/clock.ts"
import { makeHomeDirectory } from "../runtime/home.ts"
import { endMarked } from "../runtime/marked.ts"
import { dialSocket } from "../worker/dial.ts"
import { startReaper } from "../worker/reaper.ts"
import { Worker } from "../worker/worker.ts"
import { sibling } from "./entry.ts"
import { homeIdOf, localWorker, workerLock } from "./names.ts"
import { fleetPaths } from "./paths.ts"
import { fleetVersion } from "./version.ts"
import { workerParts } from "./worker-parts.ts"

const sweepGraceMs = 1_000
/** Ending in order takes this long at most; after it the reaper ends the rest. */
const endsMs = 30_000
const aloneMinutesDefault = 60
const slotsMin = 4

const { values } = parseArgs({
  options: {
    home: { type: "string" },
    name: { type: "string", default: localWorker },
    slots: { type: "string" },
    hub: { type: "string" },
    /** Of the hub that starts it, which may be dead by now. */
    "first-hub-within-seconds": { type: "string" },
  },
})
const paths = fleetPaths(process.env, homedir(), process.cwd())
const home = path.resolve(values.home ?? paths.home)
const { name } = values
const log = (text: string): void => void process.stderr.write(`${new Date().toISOString()} worker ${process.pid}: ${text}\n`)
const noticed = (notice: Fault): void => log(`${notice.what}: ${notice.why}. ${notice.fix}`)
const complain = (error: unknown): void =>
  error instanceof FaultError ? noticed(error.fault) : log(error instanceof Error ? (error.stack ?? error.message) : String(error))

// Whoever read our log may be gone: that is no reason to end.
process.stderr.on("error", () => undefined)
// The log may lie on a disk that is full: what cannot be said there must not end the process.
process.stderr.on("error", () => undefined)
process.on("unhandledRejection", complain)
main().catch((error: unknown) => {
  complain(error)
  process.exit(error instanceof FaultError ? 2 : 1)
})

async function main(): Promise<void> {
  makeHomeDirectory(home)
  const lock = await lockWorker()
  const config = await readConfig(paths.config)
  const boot = id<"boot">(randomUUID())
  const homeId = homeIdOf(home, name)
  await endEarlierLives(homeId)
  const reaper = startReaper({ boot, node: process.execPath, entry: sibling("reaper"), environment: process.env })
  const parts = await workerParts({ home, boot, homeId, environment: process.env, config, clock: systemClock })
  const hello: Hello = {
    protocol: protocolVersion,
    worker: id(name),
    boot,
    pid: process.pid,
    version: fleetVersion(),
    slots: slotsOf(config.defaults.slots),
    labels: [`os:${process.platform}`, `arch:${process.arch}`],
    agents: parts.agents.offered,
  }
  let ending = false
  const end = (why: string): void => {
    if (ending) return
    ending = true
    log(`ends: ${why}`)
    setTimeout(() => process.exit(1), endsMs)
    void endInOrder([worker, reaper, lock])
  }
  const aloneMs = minutes("FLEET_WORKER_ALONE_MINUTES", aloneMinutesDefault) * 60_000
  const firstHub = values["first-hub-within-seconds"]
  const socket = values.hub ?? path.join(home, "worker.sock")
  const worker = new Worker({
    hello,
    dial: (listener) => dialSocket(socket, listener),
    noticed,
    onShutdown: () => end("the hub says so"),
    onForgotten: () => end("the hub does not remember it"),
    aloneMs,
    firstHubMs: firstHub === undefined ? aloneMs : Number(firstHub) * 1_000,
    onAlone: () => end("no hub is there, and there is nothing to do"),
    parts,
  })
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => end(signal))
  // Nothing else keeps a process alive whose hub is away.
  setInterval(() => undefined, 2 ** 30)
  log(`${name}, ${hello.slots} slots, serves ${socket}`)
}

async function endInOrder(held: readonly AsyncDisposable[]): Promise<void> {
  try {
    for (const one of held) await one[Symbol.asyncDispose]()
    process.exit(0)
  } catch (error) {
    complain(error)
    process.exit(1)
  }
}

async function lockWorker(): Promise<AsyncDisposable> {
  try {
    return await holdLock(workerLock(home, name))
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === "repository-locked") throw new FaultError(runsAlready(error.fault.why), { cause: error })
    throw error
  }
}

/** Agents outlive a worker that was killed only until its reaper or the next worker finds them. */
async function endEarlierLives(homeId: string): Promise<void> {
  const { ended, survivors } = await endMarked({ name: "FLEET_HOME_ID", value: homeId, graceMs: sweepGraceMs })
  if (ended > 0) log(`ended ${ended} processes that an earlier worker left`)
  if (survivors.length > 0) log(`could not end processes ${survivors.join(", ")}, which an earlier worker left`)
}

function slotsOf(configured: number | undefined): number {
  const given = Number(values.slots ?? process.env["FLEET_SLOTS"] ?? configured ?? Math.max(slotsMin, availableParallelism()))
  if (Number.isInteger(given) && given >= 1 && given <= 1_000) return given
  throw new FaultError(
    fault("worker.slots", "The worker was not started", "slots must be a whole number from 1 to 1000", "Start it with `--slots 8`, for example."),
  )
}

function minutes(variable: string, otherwise: number): number {
  const given = Number(process.env[variable] ?? otherwise)
  return Number.isFinite(given) && given > 0 ? given : otherwise
}

const runsAlready = (why: string): Fault =>
  fault("worker.running", `The worker ${name} was not started`, `it runs already: ${why}`, "Use that one, or give this one another `--name`.")
