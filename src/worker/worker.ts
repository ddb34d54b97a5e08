/** The worker as one value: its link to the hub, its jobs and its sessions, begun together and ended in order. */
import type { Fault } from "../domain/fault.ts"
import type { Report } from "../domain/worker/job-result.ts"
import type { Wire, WireListener } from "../protocol/frames.ts"
import type { Hello, Progress } from "../protocol/worker.ts"
import { Jobs } from "./jobs.ts"
import { Link } from "./link.ts"
import { Outbox } from "./outbox.ts"
import type { WorkerParts } from "./parts.ts"
import { Performance } from "./perform.ts"
import { answerQuery } from "./queries.ts"

export interface WorkerOptions {
  readonly hello: Hello
  readonly dial: (listener: WireListener) => Promise<Wire>
  readonly noticed: (notice: Fault) => void
  /** The hub says that everything is to end. */
  readonly onShutdown: () => void
  /** The hub has lost what this life told it. What goes on here is unknown to everybody, so it has to end, and a new life to begin. */
  readonly onForgotten: () => void
  /** Without a hub for this long, and with nothing to do, there is nothing to be here for. Sessions that rest go to sleep with it: each can be opened again. */
  readonly aloneMs: number
  /** The same for a hub that never came: a hub that starts a worker may die before it sees it, and the next starts one of its own. */
  readonly firstHubMs: number
  readonly onAlone: () => void
  /** `report` and `progress` are the worker's own. */
  readonly parts: Omit<WorkerParts, "report" | "progress">
}

const lookEveryMs = 10_000

export class Worker implements AsyncDisposable {
  readonly #options: WorkerOptions
  readonly #ending = new AbortController()
  readonly #outbox = new Outbox()
  readonly #performance: Performance
  readonly #jobs: Jobs
  readonly #link: Link
  #disposed: Promise<void> | null = null
  #look: Disposable

  constructor(options: WorkerOptions) {
    this.#options = options
    const { hello, dial, noticed, onShutdown, onForgotten } = options
    const { clock } = options.parts
    const report = (what: Report): number => this.#link.report(what)
    const parts: WorkerParts = { ...options.parts, report, progress: (progress: Progress) => this.#link.progress(progress) }
    this.#performance = new Performance(parts, this.#ending.signal)
    this.#jobs = new Jobs({ perform: (job) => this.#performance.perform(job), report, acknowledged: () => this.#outbox.acknowledged })
    this.#link = new Link(
      { hello, clock, outbox: this.#outbox, dial, noticed },
      {
        job: (job) => this.#jobs.take(job),
        query: (query) => answerQuery(query, parts, this.#performance.sessions),
        shutdown: onShutdown,
        forgotten: onForgotten,
      },
    )
    this.#look = clock.after(lookEveryMs, () => this.#lookAround())
  }

  /** Ends every agent, and with them every job; then the link, the drivers and the workspaces. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#end()
    return this.#disposed
  }

  async #end(): Promise<void> {
    this.#look[Symbol.dispose]()
    this.#ending.abort()
    const jobs = this.#jobs.close()
    await this.#performance.sessions.closeAll()
    await jobs
    this.#link[Symbol.dispose]()
    await this.#options.parts.agents[Symbol.asyncDispose]()
    await this.#options.parts.workspaces[Symbol.asyncDispose]()
  }

  #lookAround(): void {
    const { clock } = this.#options.parts
    const { aloneMs, firstHubMs } = this.#options
    const alone = clock.now() - this.#link.hubSeenAt >= (this.#link.everWelcome ? aloneMs : firstHubMs)
    if (alone && this.#jobs.running === 0) this.#options.onAlone()
    this.#look = clock.after(lookEveryMs, () => this.#lookAround())
  }
}
