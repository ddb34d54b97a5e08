/** What the live view sees of a working session: the latest facts, at most twice a second. */
import type { SessionId } from "../domain/ids.ts"
import { noUsage, type Usage } from "../domain/session/turn.ts"
import type { Progress } from "../protocol/worker.ts"
import type { Clock } from "../runtime/clock.ts"

export interface ProgressOptions {
  readonly clock: Clock
  readonly session: SessionId
  readonly send: (progress: Progress) => void
  /** Number of changed files; null when it cannot be told now. */
  readonly countFiles: () => Promise<number | null>
}

const sendEveryMs = 500
const countEveryMs = 5_000
/** A count that is slow is made seldom: it gets this part of the time at most. */
const countShare = 0.05

export class ProgressFeed implements Disposable {
  readonly #options: ProgressOptions
  #usage: Usage = noUsage
  #files: number | null = null
  #activity = ""
  #lastEventAt: number
  #sentAt = -Infinity
  #countAt = 0
  #counting: Promise<void> | null = null
  #timer: Disposable | null = null
  #ended = false

  constructor(options: ProgressOptions) {
    this.#options = options
    this.#lastEventAt = options.clock.now()
  }

  /** Another turn: what the last one used and did is not this one's. */
  begin(): void {
    this.#usage = noUsage
    this.#activity = ""
    this.#lastEventAt = this.#options.clock.now()
  }

  activity(line: string): void {
    if (line !== "") this.#activity = line
    this.#happened()
  }

  used(usage: Usage): void {
    this.#usage = usage
    this.#happened()
  }

  /** The turn is over: one last, exact word. */
  async settle(usage: Usage): Promise<void> {
    this.#usage = usage
    await this.#counting
    await this.#count()
    this.#send()
  }

  [Symbol.dispose](): void {
    this.#ended = true
    this.#timer?.[Symbol.dispose]()
  }

  #happened(): void {
    const { clock } = this.#options
    this.#lastEventAt = clock.now()
    if (clock.now() >= this.#countAt && this.#counting === null) void this.#count().then(() => this.#soon())
    this.#soon()
  }

  #soon(): void {
    if (this.#timer !== null || this.#ended) return
    const waitMs = this.#sentAt + sendEveryMs - this.#options.clock.now()
    if (waitMs <= 0) return this.#send()
    this.#timer = this.#options.clock.after(waitMs, () => this.#send())
  }

  #send(): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = null
    if (this.#ended) return
    const { session, clock, send } = this.#options
    this.#sentAt = clock.now()
    send({ session, usage: this.#usage, files: this.#files, activity: this.#activity, lastEventAt: this.#lastEventAt })
  }

  #count(): Promise<void> {
    const { clock, countFiles } = this.#options
    const began = clock.now()
    this.#countAt = Infinity
    this.#counting = countFiles()
      .catch(() => null)
      .then((files) => {
        this.#files = files ?? this.#files
        this.#counting = null
        this.#countAt = clock.now() + Math.max(countEveryMs, (clock.now() - began) / countShare)
      })
    return this.#counting
  }
}
