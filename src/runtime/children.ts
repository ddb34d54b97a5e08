/**
 * Every process that Fleet starts is in one `Children` set and leads a process group of its own. Ending a child means its
 * whole group; what left the group (tool shells in sessions of their own) is found by its mark: `marked.ts`.
 */
import { spawn, type ChildProcess } from "node:child_process"
import type { Readable, Writable } from "node:stream"
import { setTimeout as delay } from "node:timers/promises"
import { processFacts } from "./processes.ts"

export interface ChildSpec {
  /** Program and arguments. Never a shell string. */
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Set when the program could not be started at all (`ENOENT`, `EACCES` …). */
  readonly failure: NodeJS.ErrnoException | null
}

export interface Child {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves once, when the process is gone; never rejects. */
  readonly exited: Promise<Exit>
  /** SIGTERM to the group, wait, SIGKILL to the group, wait. Safe to call twice. */
  end(graceMs: number): Promise<Exit>
}

const graceOnDisposeMs = 2_000

export class Children implements AsyncDisposable {
  readonly #live = new Set<Child>()

  start(spec: ChildSpec): Child {
    const [program, ...args] = spec.argv
    const process = spawn(program, args, { cwd: spec.cwd, env: spec.env, stdio: ["pipe", "pipe", "pipe"], detached: true })
    const child = wrap(process)
    this.#live.add(child)
    void child.exited.then(() => this.#live.delete(child))
    return child
  }

  get size(): number {
    return this.#live.size
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#live].map((child) => child.end(graceOnDisposeMs)))
  }
}

function wrap(process: ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable }): Child {
  // A program that closes its stdin early must not crash us with EPIPE.
  process.stdin.on("error", () => undefined)
  const exited = new Promise<Exit>((resolve) => {
    process.once("error", (failure: NodeJS.ErrnoException) => resolve({ code: null, signal: null, failure }))
    process.once("exit", (code, signal) => resolve({ code, signal, failure: null }))
  })
  let isGone = false
  void exited.then(() => (isGone = true))
  const signal = (name: NodeJS.Signals): void => {
    // A group keeps its number from being given away only while somebody is in it: a living process with our leader's pid is a stranger.
    const isStranger = isGone && process.pid !== undefined && processFacts(process.pid) !== null
    if (!isStranger) signalGroup(process.pid, name)
  }
  return {
    pid: process.pid,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    exited,
    end: async (graceMs) => {
      signal("SIGTERM")
      const exit = await Promise.race([exited, delay(graceMs, null, { ref: false })])
      // Also after a clean exit: the leader may be gone while others of its group live on.
      signal("SIGKILL")
      return exit ?? (await exited)
    },
  }
}

/** Sends a signal to a process group; a group that is gone is no error. */
export function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH" && (error as NodeJS.ErrnoException).code !== "EPERM") throw error
  }
}
