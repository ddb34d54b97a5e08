/**
 * Asks a worker to write what belongs under a project's `.planning/`, and to read what stands there. A place that cannot be written, again and again, is tried
 * only now and then, and that is said: it must not hold up the others.
 */
import { fault, FaultError } from "../../domain/fault.ts"
import type { RunId, WorkerId } from "../../domain/ids.ts"
import type { Run } from "../../domain/run/run.ts"
import type { EditedFile, PlanningWrite, Recorded } from "../../protocol/planning/record.ts"
import type { Clock } from "../../runtime/clock.ts"
import type { Hub } from "../hub.ts"

export interface WriterParts {
  readonly hub: Hub
  readonly clock: Clock
  readonly complain: (error: unknown) => void
}

const failuresMax = 5
const restMs = 60_000

export class PlanningWriter {
  readonly #parts: WriterParts
  readonly #failed = new Map<RunId, { readonly times: number; readonly at: number }>()

  constructor(parts: WriterParts) {
    this.#parts = parts
  }

  /** Writing failed too often, and it is too soon to try again. */
  rests(id: RunId): boolean {
    const failed = this.#failed.get(id)
    return failed !== undefined && failed.times >= failuresMax && this.#parts.clock.now() - failed.at < restMs
  }

  /** Null while the place rests: nothing was written then. Rejects when it cannot be written now. */
  async record(run: Run, writes: readonly PlanningWrite[]): Promise<Recorded | null> {
    if (this.rests(run.id)) return null
    const { hub, complain } = this.#parts
    const answer = await hub.workers
      .ask(this.#worker(), { ask: "record", repository: run.repository, writes })
      .catch((error: unknown) => this.#failing(run, error))
    if (answer.ask !== "record") throw new Error(`asked to record, answered ${answer.ask}`)
    this.#failed.delete(run.id)
    for (const notice of answer.recorded.notices) complain(new FaultError(notice))
    return answer.recorded
  }

  async sessionFiles({ repository }: Run): Promise<readonly Pick<EditedFile, "slug" | "found">[]> {
    const answer = await this.#parts.hub.workers.ask(this.#worker(), { ask: "session-files", repository })
    return answer.ask === "session-files" ? answer.files : []
  }

  /** Nothing more is written for it. */
  forget(id: RunId): void {
    this.#failed.delete(id)
  }

  #failing(run: Run, error: unknown): never {
    if (isAway(error)) throw error
    const times = (this.#failed.get(run.id)?.times ?? 0) + 1
    this.#failed.set(run.id, { times, at: this.#parts.clock.now() })
    if (times === failuresMax) this.#parts.complain(new FaultError(givenUp(run, error)))
    throw error
  }

  #worker(): WorkerId {
    const worker = [...this.#parts.hub.state.workers.values()].find(({ status }) => status.name === "connected")
    if (worker === undefined) throw new FaultError(fault("worker.away", "nothing can be recorded", "no worker is connected", "it goes on when one is"))
    return worker.id
  }
}

/** Nothing is wrong with the files: no worker is there to write them. */
export const isAway = (error: unknown): boolean => error instanceof FaultError && error.fault.code.startsWith("worker.")

const givenUp = ({ repository, campaign }: Run, error: unknown) =>
  fault(
    "planning-given-up",
    `the files of campaign ${campaign?.slug ?? ""} in ${repository} cannot be written`,
    `it failed ${failuresMax} times, at last: ${error instanceof Error ? error.message : String(error)}`,
    `mend it; it is tried again every ${restMs / 1_000} seconds. What happens meanwhile will be missing from telemetry and discoveries, and no edit is taken from the session file`,
  )
