/** Keeps `.planning/momentum.json` new while sessions write discoveries (C.1.18): one watcher for a project, until nothing was written for two hours. */
import { existsSync, watch } from "node:fs"
import type { Clock } from "../../runtime/clock.ts"
import { Lane } from "../../runtime/lane.ts"
import { discoveriesDirectory, discoveryFiles } from "./discoveries.ts"
import { synthesiseMomentum } from "./momentum.ts"
import { becomeWatcher, isStillWatcher, stopBeingWatcher } from "./watcher-pid.ts"

export interface WatchOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** A line of what happens; nobody may be there to read it. */
  readonly tell: (line: string) => void
  /** Called when it watches, and has looked once. */
  readonly onWatching?: () => void
  readonly idleMs?: number
}

export type WatchEnd = "stopped" | "idle" | "replaced" | "already-running"

/** Discoveries come in groups: what comes within this is synthesised once. With the synthesis itself well below the 500 ms of the contract. */
export const gatherMs = 100
export const idleLimitMs = 2 * 60 * 60 * 1_000

/** Resolves when it has ended and its pid file is gone. */
export async function watchDiscoveries(root: string, options: WatchOptions): Promise<WatchEnd> {
  // The project may be gone by the time that a watcher of it begins, and is not made again.
  if (!existsSync(root)) return "replaced"
  if (!(await becomeWatcher(root))) return "already-running"
  try {
    return await new Watch(root, options).ended()
  } finally {
    await stopBeingWatcher(root)
  }
}

class Watch {
  readonly #root: string
  readonly #options: WatchOptions
  readonly #lane = new Lane()
  readonly #end = Promise.withResolvers<WatchEnd>()
  #gathering: Disposable | null = null
  #idle: Disposable | null = null

  constructor(root: string, options: WatchOptions) {
    this.#root = root
    this.#options = options
  }

  async ended(): Promise<WatchEnd> {
    const stop = (): void => this.#end.resolve("stopped")
    const { signal } = this.#options
    signal.addEventListener("abort", stop)
    if (signal.aborted) stop()
    const watcher = watch(discoveriesDirectory(this.#root), (_kind, name) => this.#changed(name))
    watcher.on("error", () => this.#end.resolve("replaced"))
    try {
      this.#begin()
      return await this.#end.promise
    } finally {
      signal.removeEventListener("abort", stop)
      watcher.close()
      this.#gathering?.[Symbol.dispose]()
      this.#idle?.[Symbol.dispose]()
      await this.#lane.idle()
    }
  }

  /** What was written before it watched counts as well. */
  #begin(): void {
    this.#restIdle()
    void this.#lane.run(async () => {
      if ((await discoveryFiles(this.#root)).length > 0) await this.#synthesise()
      this.#options.onWatching?.()
    })
  }

  #changed(name: string | null): void {
    if (name === null || name === ".watcher.pid") void this.#lane.run(() => this.#lookWhetherReplaced())
    if (name !== null && (!name.endsWith(".jsonl") || name.startsWith("."))) return
    this.#restIdle()
    // Not put off by what comes later: a steady flow must not keep it from ever being done.
    this.#gathering ??= this.#options.clock.after(gatherMs, () => {
      this.#gathering = null
      void this.#lane.run(() => this.#synthesise())
    })
  }

  async #synthesise(): Promise<void> {
    try {
      const { momentum, told } = await synthesiseMomentum(this.#root, this.#options.clock.now())
      for (const line of told) this.#options.tell(line)
      this.#options.tell(`momentum.json: ${momentum.discovery_count} discoveries`)
    } catch (error) {
      // The next discovery is another chance, and a watcher that died would not take it.
      this.#options.tell(`momentum.json could not be made: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  async #lookWhetherReplaced(): Promise<void> {
    if (!(await isStillWatcher(this.#root))) this.#end.resolve("replaced")
  }

  #restIdle(): void {
    this.#idle?.[Symbol.dispose]()
    this.#idle = this.#options.clock.after(this.#options.idleMs ?? idleLimitMs, () => this.#end.resolve("idle"))
  }
}
