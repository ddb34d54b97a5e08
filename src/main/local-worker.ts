/** Sees that this machine's worker runs: starts it in a session of its own, so that the hub's death is not its own, and again when it died. */
import { spawn, type ChildProcess } from "node:child_process"
import { closeSync, openSync } from "node:fs"
import path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { holderOf } from "../adapters/stores/database.ts"
import { id } from "../domain/ids.ts"
import type { Hub } from "../engine/hub.ts"
import { sibling } from "./entry.ts"
import { localWorker, workerLock } from "./names.ts"

export interface LocalWorker {
  /** Looks after it no more; given a time, ends it too and waits that long for it to go. */
  end(withinMs: number | null): Promise<void>
}

/** A worker moves many short lines and keeps little: with these it takes 119 MB with 50 sessions, without 180. */
const frugal = ["--max-semi-space-size=1", "--optimize-for-size"]
/** We may be killed before it finds us. */
const firstHubSeconds = 10
const lookEveryMs = 500
const lookAgainMs = 25
/** How long a worker of an earlier hub may take to come back before another is started; the second would only find the lock taken. */
const returnMs = 3_000
/** Between starts that came to nothing. */
const pauseMs = { first: 1_000, max: 30_000 }

export function keepLocalWorker(parts: { home: string; hub: Hub; environment: NodeJS.ProcessEnv; log: (text: string) => void }): LocalWorker {
  const keeper = new Keeper(parts)
  keeper.look()
  return keeper
}

class Keeper implements LocalWorker {
  readonly #parts: Parameters<typeof keepLocalWorker>[0]
  readonly #timer: NodeJS.Timeout
  #child: ChildProcess | null = null
  #nextStartAt: number
  #pauseMs = pauseMs.first

  constructor(parts: Parameters<typeof keepLocalWorker>[0]) {
    this.#parts = parts
    const { now } = parts.hub.parts.clock
    this.#nextStartAt = now() + (this.#holder() === null ? 0 : returnMs)
    this.#timer = setInterval(() => this.look(), lookEveryMs)
  }

  look(): void {
    const now = this.#parts.hub.parts.clock.now()
    if (this.#connected()) {
      this.#pauseMs = pauseMs.first
      this.#nextStartAt = now
    } else if (this.#child === null && now >= this.#nextStartAt) this.#start(now)
  }

  async end(withinMs: number | null): Promise<void> {
    clearInterval(this.#timer)
    if (withinMs === null) return
    const { hub, log } = this.#parts
    const endsAt = hub.parts.clock.now() + withinMs
    const told = new Set<number>()
    while (this.#connected() || this.#child !== null || this.#holder() !== null) {
      if (hub.parts.clock.now() > endsAt) {
        log("the local worker has not ended yet; fleet doctor finds what it leaves")
        return
      }
      this.#tellToEnd(told)
      await delay(lookAgainMs)
    }
  }

  /** Each once. There may be two: one that a hub before this started and that has the lock, and ours, which waits for it. */
  #tellToEnd(told: Set<number>): void {
    const holder = this.#holder()
    if (this.#connected() && !told.has(holder ?? 0)) {
      told.add(holder ?? 0)
      this.#parts.hub.workers.shutdown(id(localWorker))
    }
    for (const pid of [holder, this.#child?.pid]) {
      if (pid === undefined || pid === null || told.has(pid)) continue
      told.add(pid)
      signal(pid)
    }
  }

  /** The process that holds the worker's lock, as the kernel says: no number that may be somebody else's by now. */
  #holder(): number | null {
    return holderOf(workerLock(this.#parts.home, localWorker))
  }

  #connected(): boolean {
    return this.#parts.hub.state.workers.get(id(localWorker))?.status.name === "connected"
  }

  #start(now: number): void {
    const { home, environment, log } = this.#parts
    this.#nextStartAt = now + this.#pauseMs
    this.#pauseMs = Math.min(this.#pauseMs * 2, pauseMs.max)
    const child = spawnWorker(home, environment)
    this.#child = child
    const over = (why: string): void => {
      this.#child = null
      log(`the local worker ${child.pid ?? ""} ended: ${why}`)
    }
    child.once("error", (error) => over(error.message))
    child.once("exit", (code, signal) => over(signal ?? `exit code ${code}`))
    child.unref()
    log(`started the local worker, process ${child.pid ?? "unknown"}`)
  }
}

/** It has not said hello, or has lost us: it is told as a process. */
function signal(pid: number): void {
  try {
    process.kill(pid, "SIGTERM")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
  }
}

function spawnWorker(home: string, environment: NodeJS.ProcessEnv): ChildProcess {
  const output = openSync(path.join(home, "worker.log"), "a", 0o600)
  try {
    return spawn(process.execPath, [...frugal, sibling("worker"), "--home", home, "--name", localWorker, `--first-hub-within-seconds=${firstHubSeconds}`], {
      detached: true,
      stdio: ["ignore", output, output],
      env: environment,
      cwd: "/",
    })
  } finally {
    closeSync(output)
  }
}
