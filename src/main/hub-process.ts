/** The hub process: opens the state, the sockets and the door to workers, and sees that the local worker runs. */
import { chmodSync, existsSync, statSync } from "node:fs"
import { homedir } from "node:os"
import path from "node:path"
import { parseArgs } from "node:util"
import { readConfig } from "../adapters/files/config.ts"
import { directoriesOf } from "../adapters/files/directories.ts"
import { openPlaces } from "../adapters/files/places.ts"
import { holdLock } from "../adapters/stores/lock.ts"
import { openRemembered } from "../adapters/stores/remembered.ts"
import { openSqliteStore } from "../adapters/stores/sqlite.ts"
import { listenForWorkers } from "../adapters/workers/socket.ts"
import { fault, FaultError } from "../domain/fault.ts"
import { id } from "../domain/ids.ts"
import type { Action } from "../domain/project/draft.ts"
import type { Event } from "../domain/project/events.ts"
import { Hub } from "../engine/hub.ts"
import { sessionLives } from "../engine/session-lives.ts"
import { systemClock } from "../runtime/clock.ts"
import { makeHomeDirectory } from "../runtime/home.ts"
import { makeApp } from "../surfaces/http/app.ts"
import { idempotent } from "../surfaces/http/idempotent.ts"
import { listen } from "../surfaces/http/listen.ts"
import { agentToken, readToken } from "../surfaces/http/token.ts"
import { keepLocalWorker } from "./local-worker.ts"
import { tellOutside } from "./outside.ts"
import { fleetPaths } from "./paths.ts"
import { rootsFrom, sessionSettingsFrom, settingsFrom, weaveSettingsFrom } from "./settings.ts"
import { fleetVersion } from "./version.ts"

const workerEndsMs = 15_000
/** How soon a hub notices that its home was deleted. */
const homeLookMs = 2_000

const { values } = parseArgs({ options: { home: { type: "string" } } })
const paths = fleetPaths(process.env, homedir(), process.cwd())
const home = path.resolve(values.home ?? paths.home)
const log = (text: string): void => void process.stderr.write(`${new Date().toISOString()} hub ${process.pid}: ${text}\n`)
const complain = (error: unknown): void =>
  log(error instanceof FaultError ? `${error.fault.what}: ${error.fault.why}` : error instanceof Error ? (error.stack ?? error.message) : String(error))

// The log may lie on a disk that is full: what cannot be said there must not end the process.
process.stderr.on("error", () => undefined)
process.on("unhandledRejection", complain)
main().catch((error: unknown) => {
  complain(error)
  process.exit(error instanceof FaultError ? 2 : 1)
})

async function main(): Promise<void> {
  const startedAt = Date.now()
  makeHome()
  const config = await readConfig(paths.config)
  // The open database is the lock: from here on no other hub serves this home.
  const store = await openSqliteStore<Event, Action>(path.join(home, "fleet.db"))
  const remembered = await openRemembered(path.join(home, "remembered.db"), (notice) => complain(new FaultError(notice)))
  const agentSecret = readToken(path.join(home, "token.agents"))
  const servers = await listen({
    socket: path.join(home, "hub.sock"),
    port: Number(process.env["FLEET_PORT"] ?? 3000),
    access: { token: readToken(path.join(home, "token")), agentSecret, api: config.api, sessionLives: (session) => sessionLives(hub.state, session) },
  })
  // A hub that cannot start leaves no door behind for others to knock at.
  const hub = await Hub.open({
    project: id("local"),
    store,
    clock: systemClock,
    openWorkers: (listener) =>
      listenForWorkers({ path: path.join(home, "worker.sock"), listener, clock: systemClock, noticed: (notice) => complain(new FaultError(notice)) }),
    holdRepository,
    settings: settingsFrom(config),
    agent: config.defaults.agent ?? null,
    setup: config.defaults.setup ?? null,
    sessions: sessionSettingsFrom(config, process.env, homedir()),
    places: await openPlaces(path.join(home, "places.json"), rootsFrom(config, process.env)),
    directories: directoriesOf(path.join(home, "attachments")),
    agentEnvironment: (session) => ({
      FLEET_HOME: home,
      FLEET_TOKEN: agentToken(agentSecret, session),
      ...(servers.port === null ? {} : { FLEET_PORT: String(servers.port) }),
    }),
    complain,
  }).catch(async (error: unknown) => {
    await servers[Symbol.asyncDispose]()
    throw error
  })
  const outside = tellOutside({ home, hub, remembered, config, environment: process.env, log, complain })
  const worker = keepLocalWorker({ home, hub, environment: process.env, log })
  let stopping = false
  const stop = async (endWorker: boolean): Promise<void> => {
    if (stopping) return
    stopping = true
    log(endWorker ? "stops, and the local worker with it" : "stops; the local worker goes on")
    await worker.end(endWorker ? workerEndsMs : null)
    await servers[Symbol.asyncDispose]()
    await outside[Symbol.asyncDispose]()
    await hub[Symbol.asyncDispose]()
    await remembered[Symbol.asyncDispose]()
    process.exit(0)
  }
  const about = () => ({ version: fleetVersion(), pid: process.pid, startedAt, home, port: servers.port })
  const weave = weaveSettingsFrom(config, process.env, { file: paths.config, personHome: homedir() })
  servers.serve(
    makeApp({
      hub,
      about,
      weave,
      before: [idempotent(remembered, systemClock, complain)],
      stop: (endWorker) => setImmediate(() => void stop(endWorker).catch(complain)),
    }),
  )
  setInterval(() => {
    if (existsSync(path.join(home, "hub.sock"))) return
    log("its socket is gone: nobody can reach it any more")
    void stop(true).catch(complain)
  }, homeLookMs).unref()
  process.once("SIGTERM", () => void stop(false).catch(complain))
  process.once("SIGINT", () => void stop(false).catch(complain))
  log(`serves ${home}${servers.port === null ? "" : ` and 127.0.0.1:${servers.port}`}`)
}

/** The lock is inside the repository, whichever home a hub has. A repository that is gone is not made again for it. */
async function holdRepository(commonDirectory: string): Promise<AsyncDisposable> {
  if (!existsSync(commonDirectory))
    throw new FaultError(
      fault("repository-gone", `there is no repository at ${commonDirectory}`, "it was there when the run began", "bring it back, or stop the run"),
    )
  return holdLock(path.join(commonDirectory, "fleet", "lock.db"))
}

/** For its owner alone. What others could read before is closed to them, and said. */
function makeHome(): void {
  makeHomeDirectory(home)
  const { mode, uid } = statSync(home)
  if ((mode & 0o077) === 0 || uid !== process.getuid?.()) return
  chmodSync(home, 0o700)
  log(`others could reach ${home}; now only you can`)
}
