/** Sees that this machine's worker runs: starts it in a session of its own, so that the hub's death is not its own, and again when it died. */
import { spawn } from "node:child_process"
import { openSync, closeSync } from "node:fs"
import path from "node:path"
import { id } from "../domain/ids.ts"
import type { Hub } from "../engine/hub.ts"
import { localWorker } from "./names.ts"
import { sibling } from "./entry.ts"

export interface LocalWorker {
  /** Looks after it no more; given a time, ends it too and waits that long for it to go. */
  end(withinMs: number | null): Promise<void>
}

const lookEveryMs = 1_000

export function keepLocalWorker(parts: { home: string; hub: Hub; environment: NodeJS.ProcessEnv; log: (text: string) => void }): LocalWorker {
  const { home, hub, environment, log } = parts
  const worker = id<"worker">(localWorker)
  let starting: number | null = null
  const known = (): { connected: boolean; pid: number } | null => {
    const of = hub.state.workers.get(worker)
    return of === undefined ? null : { connected: of.status.name === "connected", pid: of.pid }
  }
  const look = (): void => {
    const is = known()
    if (is?.connected === true) starting = null
    else if (!alive(is?.pid ?? null) && !alive(starting)) {
      starting = start(home, environment)
      log(`started the local worker, process ${starting ?? "unknown"}`)
    }
  }
  look()
  const timer = setInterval(look, lookEveryMs)
  return {
    end: async (withinMs) => {
      clearInterval(timer)
      if (withinMs === null || known()?.connected !== true) return
      const gone = Promise.withResolvers<void>()
      using _heard = hub.published.subscribe(() => {
        if (known()?.connected === false) gone.resolve()
      })
      using _limit = hub.parts.clock.after(withinMs, gone.resolve)
      hub.workers.shutdown(worker)
      await gone.promise
    },
  }
}

function start(home: string, environment: NodeJS.ProcessEnv): number | null {
  const output = openSync(path.join(home, "worker.log"), "a", 0o600)
  try {
    const child = spawn(process.execPath, [sibling("worker"), "--home", home, "--name", localWorker], {
      detached: true,
      stdio: ["ignore", output, output],
      env: environment,
      cwd: "/",
    })
    child.on("error", () => undefined)
    child.unref()
    return child.pid ?? null
  } finally {
    closeSync(output)
  }
}

function alive(pid: number | null): boolean {
  if (pid === null) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
