/** The reports that the hub has not acknowledged yet, in order. Nothing is ever dropped: when it is full, the worker takes no more work. */
import { fault, type Fault } from "../domain/fault.ts"
import type { Report } from "../domain/worker/job-result.ts"
import { encode } from "../protocol/frames.ts"
import { parseFromWorker } from "../protocol/worker-messages.ts"
import { frameCharsMax, type FromWorker } from "../protocol/worker.ts"

export interface OutboxLimits {
  readonly reportsMax: number
  readonly charsMax: number
}
export const outboxLimits: OutboxLimits = { reportsMax: 100_000, charsMax: 256 * 1024 * 1024 }

export class Outbox {
  readonly #limits: OutboxLimits
  readonly #frames = new Map<number, string>()
  #chars = 0
  #last = 0
  #acknowledged = 0

  constructor(limits: OutboxLimits = outboxLimits) {
    this.#limits = limits
  }

  /** Resolves to the report's sequence. */
  add(report: Report, at: number): number {
    const sequence = ++this.#last
    const frame = fitting(report, sequence, at)
    this.#frames.set(sequence, frame)
    this.#chars += frame.length
    return sequence
  }

  /** Forgets the reports up to `sequence`. False when there never was such a report: the hub speaks of somebody else. */
  acknowledge(sequence: number): boolean {
    if (sequence > this.#last) return false
    for (; this.#acknowledged < sequence;) {
      const frame = this.#frames.get(++this.#acknowledged)
      this.#frames.delete(this.#acknowledged)
      this.#chars -= frame?.length ?? 0
    }
    return true
  }

  frame(sequence: number): string | undefined {
    return this.#frames.get(sequence)
  }

  get acknowledged(): number {
    return this.#acknowledged
  }

  get size(): number {
    return this.#frames.size
  }

  get full(): boolean {
    return this.#frames.size >= this.#limits.reportsMax || this.#chars >= this.#limits.charsMax
  }
}

/** A report that no frame can hold, or that the hub cannot read, would end every connection that it is sent over, for ever. */
function fitting(report: Report, sequence: number, at: number): string {
  const frame = frameOf(report, sequence, at)
  if (frame.length > frameCharsMax) return frameOf(tooLarge(report, frame.length), sequence, at)
  const read = parseFromWorker(JSON.parse(frame) as unknown)
  return read.ok ? frame : frameOf(unreadable(report, read.fault), sequence, at)
}

function frameOf(report: Report, sequence: number, at: number): string {
  return encode({ type: "report", report: { sequence, at, report } } satisfies FromWorker)
}

/** Only a job's result holds what others made; the rest is made here, and its makers see to it. */
function unreadable(report: Report, why: Fault): Report {
  if (report.type === "job.done")
    return { type: "job.failed", job: report.job, fault: { ...why, what: "The result of a job cannot be told" }, transient: false }
  throw new Error(`a ${report.type} report does not fit: ${why.why}`)
}

function tooLarge(report: Report, chars: number): Report {
  switch (report.type) {
    case "job.done":
    case "job.failed":
      return { type: "job.failed", job: report.job, fault: resultTooLarge(chars), transient: false }
    case "permission.asked":
      return {
        ...report,
        request: {
          ...report.request,
          title: report.request.title.slice(0, 1_000),
          paths: report.request.paths.slice(0, 100),
          command: report.request.command?.slice(0, 100_000) ?? null,
        },
      }
    case "session.died":
      return { ...report, message: report.message.slice(0, 10_000) }
    case "turn.started":
    case "permission.closed":
      return report
  }
}

const resultTooLarge = (chars: number) =>
  fault(
    "worker.result-too-large",
    "The result of a job cannot be told",
    `it has ${chars} characters, a message at most ${frameCharsMax}`,
    "Split the task: it changes more files than one task should.",
  )
