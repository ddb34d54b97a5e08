/** The sessions of this worker, and the jobs that are about them. One session's jobs are done in order; an answer, a message, an interrupt and a close do not wait for the turn they are about. */
import { FaultError, fault, type Fault } from "../domain/fault.ts"
import type { SessionId, WorkspaceId } from "../domain/ids.ts"
import type { AnswerPermission, CloseSession, InterruptTurn, OpenSession, RunTurn, SteerSession } from "../domain/worker/job.ts"
import type { Closed, Opened } from "../domain/worker/job-result.ts"
import type { Steering, TurnOutcome } from "../domain/session/turn.ts"
import { Lanes } from "../runtime/lane.ts"
import type { WorkerParts } from "./parts.ts"
import { promptAgain, Session } from "./session.ts"
import { withContext } from "./turn-context.ts"

export class Sessions {
  readonly #parts: WorkerParts
  readonly #live = new Map<SessionId, Session>()
  readonly #lanes = new Lanes()
  /** Turns that were asked for and wait for their session's lane; resolved when they have begun, or could not. */
  readonly #coming = new Map<SessionId, Promise<void>>()
  /** Commit that each workspace started from, as far as this life prepared it; null: it has none. */
  readonly bases = new Map<WorkspaceId, string | null>()

  constructor(parts: WorkerParts) {
    this.#parts = parts
  }

  find(session: SessionId): Session | undefined {
    return this.#live.get(session)
  }

  open(job: OpenSession, signal: AbortSignal): Promise<Opened> {
    return this.#lanes.run(job.session, async () => {
      const earlier = this.#live.get(job.session)
      if (earlier !== undefined && !earlier.ended) throw new FaultError(alreadyOpen(job.session))
      await earlier?.close()
      const directory = await this.#parts.workspaces.locate(job.workspace)
      const base = await this.#baseOf(job.workspace, directory)
      if (signal.aborted) throw new FaultError(workerCloses)
      const session = new Session(this.#parts, job, { directory, base })
      this.#live.set(job.session, session)
      try {
        return await session.open()
      } catch (error) {
        this.#live.delete(job.session)
        throw error
      }
    })
  }

  async turn(job: RunTurn): Promise<TurnOutcome> {
    const begun = Promise.withResolvers<void>()
    this.#coming.set(job.session, begun.promise)
    // Not in the lane: a session may be closed meanwhile.
    const whole = job.context === null ? job : await withContext(job, job.context, this.#parts)
    return this.#lanes.run(job.session, () => {
      const session = this.#live.get(job.session)
      const turn = session === undefined ? Promise.reject(new FaultError(unknown(job.session))) : session.turn(whole)
      if (this.#coming.get(job.session) === begun.promise) this.#coming.delete(job.session)
      begun.resolve()
      return turn
    })
  }

  /** An interrupt that comes close behind its turn waits until that has begun, so that it is not lost on it. */
  async interrupt(job: InterruptTurn): Promise<boolean> {
    if (this.#live.get(job.session)?.working !== true) await this.#coming.get(job.session)
    return (await this.#live.get(job.session)?.interruptTurn()) ?? false
  }

  async steer(job: SteerSession): Promise<Steering> {
    return (await this.#live.get(job.session)?.steer(job)) ?? "over"
  }

  async answer(job: AnswerPermission): Promise<boolean> {
    return (await this.#live.get(job.session)?.answer(job)) ?? false
  }

  /** Also of a session that is not known: whatever carries its mark is ended all the same. */
  async close(job: CloseSession): Promise<Closed> {
    const interrupted = this.#live.get(job.session)?.interrupt()
    const swept = await this.#lanes.run(job.session, async () => {
      const session = this.#live.get(job.session)
      if (session === undefined) return this.#parts.processes.end(job.session)
      const count = await session.close()
      this.#live.delete(job.session)
      return count
    })
    await interrupted
    return { swept }
  }

  async closeAll(): Promise<void> {
    await Promise.all(
      [...this.#live].map(async ([name, session]) => {
        await session.close().catch(() => undefined)
        if (this.#live.get(name) === session) this.#live.delete(name)
      }),
    )
  }

  async #baseOf(workspace: WorkspaceId, directory: string): Promise<string | null> {
    const known = this.bases.get(workspace)
    return known === undefined ? this.#parts.checkouts.head(directory).catch(() => null) : known
  }
}

const alreadyOpen = (session: SessionId): Fault => fault("session.already-open", `Session ${session} was not opened`, "it is open already", "Close it first.")

const unknown = (session: SessionId): Fault => fault("session.unknown", `Session ${session} takes no prompt`, "this worker does not hold it", promptAgain)

export const workerCloses = fault("worker.closing", "A job was not done", "the worker is about to end", "Start a worker: fleet worker start")
