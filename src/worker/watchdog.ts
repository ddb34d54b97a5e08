/** Tells a turn that is stuck from one that works, by facts only: driver events, processor time, files. Ends nothing itself. */
import type { Clock } from "../runtime/clock.ts"

/** What the world shows of a session, asked anew each time. Null: cannot be known here, counts as no sign of life. */
export interface Facts {
  /** Processor time so far of everything that carries the session's mark. */
  cpuMs(): Promise<number | null>
  /** Epoch milliseconds of the newest change among the workspace's changed files. */
  newestChangeMs(): Promise<number | null>
}

export interface WatchdogOptions {
  readonly clock: Clock
  readonly facts: Facts
  readonly stallMs: number
  /** Called once, at most. */
  readonly onStall: (silentMs: number) => void
}

/** An idle agent ticks a little: less than this part of the time that passed is no work. */
const idleCpuShare = 0.03
const looksPerStall = 4

export class Watchdog implements Disposable {
  readonly #options: WatchdogOptions
  #aliveAt: number
  #lookedAt: number
  #cpuMs: number | null = null
  /** Permissions that the agent waits for: a person's time is not the agent's silence. */
  #pauses = 0
  #timer: Disposable | null = null
  #ended = false

  constructor(options: WatchdogOptions) {
    this.#options = options
    this.#aliveAt = options.clock.now()
    this.#lookedAt = this.#aliveAt
    this.#plan()
  }

  /** The driver told something. */
  heard(): void {
    this.#aliveAt = this.#options.clock.now()
  }

  pause(): void {
    this.#pauses++
  }

  resume(): void {
    this.#pauses = Math.max(0, this.#pauses - 1)
    this.heard()
  }

  [Symbol.dispose](): void {
    this.#ended = true
    this.#timer?.[Symbol.dispose]()
  }

  #plan(): void {
    const { clock, stallMs } = this.#options
    this.#timer = clock.after(Math.max(1, Math.ceil(stallMs / looksPerStall)), () => void this.look())
  }

  /** Looks once, and plans the next look. Public so that a test can wait for it. */
  async look(): Promise<void> {
    const { clock, stallMs, onStall } = this.#options
    const now = clock.now()
    // Asking what a session used costs a walk through all processes: not while it talks.
    if (this.#pauses === 0 && now - this.#aliveAt >= stallMs / looksPerStall) await this.#ask(now)
    if (this.#ended) return
    if (this.#pauses > 0) this.#aliveAt = clock.now()
    const silentMs = clock.now() - this.#aliveAt
    if (silentMs < stallMs) return this.#plan()
    this.#ended = true
    onStall(silentMs)
  }

  async #ask(now: number): Promise<void> {
    const { facts } = this.#options
    const [cpuMs, changedAt] = await Promise.all([facts.cpuMs().catch(() => null), facts.newestChangeMs().catch(() => null)])
    const used = cpuMs === null || this.#cpuMs === null ? 0 : cpuMs - this.#cpuMs
    if (used > (now - this.#lookedAt) * idleCpuShare) this.#aliveAt = Math.max(this.#aliveAt, now)
    if (changedAt !== null && changedAt <= now) this.#aliveAt = Math.max(this.#aliveAt, changedAt)
    if (cpuMs !== null) this.#cpuMs = cpuMs
    this.#lookedAt = now
  }
}
