/** Keeps one reaper (`main/reaper.ts`) beside this worker: starts it, starts it again when it dies, and lets it sweep once more at the end. */
import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { endMarked } from "../runtime/marked.ts"

export interface ReaperSpec {
  /** Value of `FLEET_WORKER` in the environment of everything that this worker starts. */
  readonly boot: string
  /** Path of the Node binary. */
  readonly node: string
  /** Path of the reaper's program. */
  readonly entry: string
  /** The reaper's environment. The mark is taken out, or it would end itself. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

export interface Reaper extends AsyncDisposable {
  /** Undefined while none runs. */
  readonly pid: number | undefined
}

/** Small heaps: it sleeps all its life. */
const nodeFlags = ["--max-old-space-size=32", "--max-semi-space-size=1", "--v8-pool-size=0"]
const restartDelayMs = { first: 100, most: 30_000 }
const lastSweepGraceMs = 1_000

export function startReaper(spec: ReaperSpec): Reaper {
  let current: ChildProcess | null = null
  let restart: NodeJS.Timeout | null = null
  let disposed: Promise<void> | null = null
  let restartMs = restartDelayMs.first
  const start = (): void => {
    restart = null
    const reaper = spawnReaper(spec)
    current = reaper
    const died = (): void => {
      if (current !== reaper || disposed !== null) return
      current = null
      restart = setTimeout(start, restartMs).unref()
      restartMs = Math.min(restartMs * 2, restartDelayMs.most)
    }
    reaper.once("exit", died)
    reaper.once("error", died)
  }
  start()
  return {
    get pid() {
      return current?.pid
    },
    [Symbol.asyncDispose]: () => (disposed ??= lastSweep(spec, current, restart)),
  }
}

function spawnReaper({ boot, node, entry, environment }: ReaperSpec): ChildProcess {
  const { FLEET_WORKER: _mark, ...env } = environment
  const reaper = spawn(node, [...nodeFlags, entry, boot], { cwd: "/", env, detached: true, stdio: ["pipe", "ignore", "ignore"] })
  reaper.stdin?.on("error", () => undefined)
  // It must not keep a worker alive that has nothing else to do.
  reaper.unref()
  const pipe: unknown = reaper.stdin
  if (pipe !== null && typeof pipe === "object" && "unref" in pipe && typeof pipe.unref === "function") pipe.unref()
  return reaper
}

async function lastSweep({ boot }: ReaperSpec, reaper: ChildProcess | null, restart: NodeJS.Timeout | null): Promise<void> {
  if (restart !== null) clearTimeout(restart)
  if (reaper !== null && reaper.exitCode === null && reaper.signalCode === null && reaper.pid !== undefined) {
    reaper.ref()
    const gone = once(reaper, "exit")
    reaper.stdin?.end()
    await gone
  }
  // Ours to do when the reaper could not: it was killed, or never started.
  if (reaper?.exitCode !== 0) await endMarked({ name: "FLEET_WORKER", value: boot, graceMs: lastSweepGraceMs })
}
