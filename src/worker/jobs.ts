/** Takes jobs and sees that each key is done once. Doing it is `perform.ts`; what comes of it is a report. */
import type { JobKey } from "../domain/ids.ts"
import type { Job } from "../domain/worker/job.ts"
import type { JobResult, Report } from "../domain/worker/job-result.ts"
import { failureOf } from "./failure.ts"

export interface JobsOptions {
  readonly perform: (job: Job) => Promise<JobResult>
  /** Queues a report and gives its sequence. */
  readonly report: (report: Report) => number
  /** Sequence up to which the hub has the reports. */
  readonly acknowledged: () => number
}

/** Results that are kept to be told again, should the hub ask for a job that it had an answer for. */
const rememberedMax = 10_000
const rememberedCharsMax = 64 * 1024

export class Jobs {
  readonly #options: JobsOptions
  readonly #running = new Map<JobKey, Promise<void>>()
  readonly #finished = new Map<JobKey, { report: Report; sequence: number }>()
  #closed = false

  constructor(options: JobsOptions) {
    this.#options = options
  }

  take(job: Job): void {
    if (this.#closed || this.#running.has(job.key)) return
    const finished = this.#finished.get(job.key)
    if (finished !== undefined && !this.#worthAnotherTry(finished)) return this.#again(finished)
    this.#running.set(job.key, this.#do(job))
  }

  get running(): number {
    return this.#running.size
  }

  /** Takes no more, and resolves when what runs has ended. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#running.values())
  }

  async #do(job: Job): Promise<void> {
    const report = await this.#reportOf(job)
    this.#running.delete(job.key)
    this.#remember(job.key, report, this.#options.report(report))
  }

  async #reportOf(job: Job): Promise<Report> {
    try {
      return { type: "job.done", job: job.key, result: await this.#options.perform(job) }
    } catch (error) {
      return { type: "job.failed", job: job.key, ...failureOf(error) }
    }
  }

  /** A job that failed for the moment left nothing behind: asking for it anew means to try it anew. */
  #worthAnotherTry({ report, sequence }: { report: Report; sequence: number }): boolean {
    return report.type === "job.failed" && report.transient && sequence <= this.#options.acknowledged()
  }

  /** A report that the hub does not have yet is on its way already. */
  #again(finished: { report: Report; sequence: number }): void {
    if (finished.sequence > this.#options.acknowledged()) return
    finished.sequence = this.#options.report(finished.report)
  }

  #remember(key: JobKey, report: Report, sequence: number): void {
    this.#finished.set(key, { report: slim(report), sequence })
    const [oldest] = this.#finished.keys()
    if (this.#finished.size > rememberedMax && oldest !== undefined) this.#finished.delete(oldest)
  }
}

/** Of long texts the end is remembered: that is where a handoff is. */
function slim(report: Report): Report {
  if (report.type !== "job.done" || report.result.kind !== "session.turn") return report
  const { outcome } = report.result
  if (outcome.text.length <= rememberedCharsMax) return report
  return { ...report, result: { ...report.result, outcome: { ...outcome, text: outcome.text.slice(-rememberedCharsMax) } } }
}
