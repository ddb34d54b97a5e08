/** `fleet planning watch`: the original's momentum-watch-start and its watcher (C.1.18). */
import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { setTimeout as delay } from "node:timers/promises"
import { watchDiscoveries } from "../../../../adapters/planning/momentum-watch.ts"
import { runningWatcher } from "../../../../adapters/planning/watcher-pid.ts"
import { fault, FaultError } from "../../../../domain/fault.ts"
import { systemClock } from "../../../../runtime/clock.ts"
import type { CliContext } from "../../context.ts"
import { exitCodes, type ExitCode } from "../../exit-codes.ts"
import type { Invocation } from "../../invocation.ts"
import { outputOf } from "../../output.ts"
import { projectRootOf } from "./project-root.ts"

const startLimitMs = 20_000
const lookAgainMs = 25

export async function planningWatch(invocation: Invocation): Promise<ExitCode> {
  const { context } = invocation
  const root = projectRootOf(context)
  if (invocation.flag("foreground")) return watchHere(context, root)
  const running = await runningWatcher(root)
  if (running !== null) return sayRunning(context, running)
  const child = startDetached(context, root)
  const pid = await untilWatched(root, child)
  if (pid !== child.pid) {
    // Another was faster. Ours may not have looked yet, and would become a second one when the other ends.
    await ended(child)
    return sayRunning(context, pid)
  }
  outputOf(context).line(`Discovery watcher started (PID ${pid})`)
  return exitCodes.done
}

async function watchHere(context: CliContext, root: string): Promise<ExitCode> {
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const
  for (const signal of signals) context.signals.on(signal, stop)
  try {
    const tell = (line: string): void => void context.stderr.write(`${line}\n`)
    const end = await watchDiscoveries(root, { clock: systemClock, signal: stopping.signal, tell })
    if (end === "already-running") return sayRunning(context, (await runningWatcher(root)) ?? 0)
    return exitCodes.done
  } finally {
    for (const signal of signals) context.signals.off(signal, stop)
  }
}

function sayRunning(context: CliContext, pid: number): ExitCode {
  outputOf(context).line(`Discovery watcher already running (PID ${pid})`)
  return exitCodes.done
}

function startDetached(context: CliContext, root: string): ChildProcess {
  const { node, cli } = context.programs
  const child = spawn(node, [cli, "planning", "watch", "--foreground"], {
    cwd: root,
    env: { ...context.env, CLAUDE_PROJECT_DIR: root },
    detached: true,
    stdio: "ignore",
  })
  child.unref()
  return child
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, "exit")
  child.ref()
  child.kill("SIGTERM")
  await exited
}

/** Said to have started only when it watches. Of two that are started at once one gives way to the other. */
async function untilWatched(root: string, child: ChildProcess): Promise<number> {
  let end: string | null = null
  child.once("error", (error) => (end = error.message))
  child.once("exit", (code, signal) => (end = signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`))
  const limitAt = performance.now() + startLimitMs
  while (performance.now() < limitAt) {
    const hasEnded = end
    const running = await runningWatcher(root)
    if (running !== null) return running
    if (hasEnded !== null) break
    await delay(lookAgainMs)
  }
  const why = end ?? `it did not watch within ${startLimitMs / 1_000} s`
  throw new FaultError(fault("watcher-failed", "the discovery watcher could not be started", why, "see what it says: fleet planning watch --foreground"))
}
