/** Makes sure that a hub runs: starts one detached and waits until its socket answers. Two CLIs may do so at once; one hub wins and both use it. */
import { spawn, type ChildProcess } from "node:child_process"
import { openSync, closeSync, renameSync, statSync } from "node:fs"
import { readFile } from "node:fs/promises"
import path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fault, FaultError } from "../../domain/fault.ts"
import type { HubView } from "../../protocol/views.ts"
import { makeHomeDirectory } from "../../runtime/home.ts"
import { HubClient } from "./client.ts"
import type { CliContext } from "./context.ts"
import { noHubCodes } from "./exit-codes.ts"

export interface Started {
  readonly hub: HubView
  /** False when it ran already, or when another CLI's hub was faster. */
  readonly started: boolean
}

const startLimitMs = 20_000
/** How long a hub that another CLI starts may need after ours has given way to it. */
const otherHubMs = 3_000
const lookAgainMs = 25
const logBytesMax = 8 * 1024 * 1024
const logTailLines = 12

export const hubLogOf = (home: string): string => path.join(home, "hub.log")

export async function ensureHub(context: CliContext): Promise<Started> {
  makeHomeDirectory(context.home)
  const running = await hubNow(context.home)
  if (running !== null) return { hub: running, started: false }
  const child = startDetached(context)
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message))
    child.once("exit", (code, signal) => resolve(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`))
  })
  const hub = await untilAnswers(context.home, exited)
  child.removeAllListeners()
  return { hub, started: hub.pid === child.pid }
}

/** The hub that answers now, or null. */
export async function hubNow(home: string): Promise<HubView | null> {
  try {
    return await new HubClient(home).hub()
  } catch (error) {
    if (error instanceof FaultError && noHubCodes.has(error.fault.code)) return null
    throw error
  }
}

function startDetached(context: CliContext): ChildProcess {
  const log = hubLogOf(context.home)
  keepLogShort(log)
  const output = openSync(log, "a", 0o600)
  try {
    const args = [context.programs.hub, "--home", context.home]
    // Its own session and a directory that stays: closing the terminal or removing the person's directory must not touch it.
    const child = spawn(context.programs.node, args, {
      cwd: context.home,
      env: hubEnvironment(context),
      detached: true,
      stdio: ["ignore", output, output],
    })
    child.unref()
    return child
  } finally {
    closeSync(output)
  }
}

const sessionMarks = ["SESSION", "WORKER", "RUN", "TASK", "ATTEMPT", "WORKSPACE", "HOME_ID", "PORT_BASE", "PORT_COUNT"].map((name) => `FLEET_${name}`)

/** Without what an agent's session adds: a hub that carries an agent's marks would be swept away with that agent. */
function hubEnvironment(context: CliContext): Record<string, string | undefined> {
  const inSession = context.env["FLEET_SESSION"] !== undefined
  const marks = new Set(inSession ? [...sessionMarks, "FLEET_PORT"] : sessionMarks)
  const own = Object.entries(context.env).filter(([name]) => !marks.has(name))
  return { ...Object.fromEntries(own), FLEET_HOME: context.home, FLEET_CONFIG: context.config }
}

async function untilAnswers(home: string, exited: Promise<string>): Promise<HubView> {
  let limitAt = performance.now() + startLimitMs
  let ended: string | null = null
  void exited.then((how) => {
    ended = how
    limitAt = Math.min(limitAt, performance.now() + otherHubMs)
  })
  while (performance.now() < limitAt) {
    const hub = await hubNow(home)
    if (hub !== null) return hub
    await delay(lookAgainMs)
  }
  throw await failedToStart(home, ended ?? `it did not answer within ${startLimitMs / 1000} s`)
}

async function failedToStart(home: string, why: string): Promise<FaultError> {
  const log = hubLogOf(home)
  const tail = (await readFile(log, "utf8").catch(() => "")).trimEnd().split("\n").slice(-logTailLines).join("\n")
  const said = tail === "" ? why : `${why}; the end of its log:\n${tail}`
  return new FaultError(fault("hub-failed", "the hub could not be started", said, `read ${log}, then run: fleet doctor`))
}

function keepLogShort(log: string): void {
  const bytes = statSync(log, { throwIfNoEntry: false })?.size ?? 0
  if (bytes > logBytesMax) renameSync(log, `${log}.1`)
}
