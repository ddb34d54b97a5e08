/** The hub: one project's loop, the workers that are connected, and what surfaces may ask. Every surface goes through here. */
import { fault, FaultError } from "../domain/fault.ts"
import { id, taskId, type BootId, type ProjectId, type RunId, type SessionId, type TaskId, type WorkerId } from "../domain/ids.ts"
import type { Command } from "../domain/project/command.ts"
import type { Action } from "../domain/project/draft.ts"
import type { Event } from "../domain/project/events.ts"
import { unknownThing } from "../domain/project/refusals.ts"
import type { State } from "../domain/project/state.ts"
import type { RunSettings } from "../domain/run/run.ts"
import type { Progress, SequencedReport, Hello } from "../protocol/worker.ts"
import { Broadcast } from "../runtime/broadcast.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Directories } from "./ports/directories.ts"
import type { Places } from "./ports/places.ts"
import { Loop } from "./loop.ts"
import { Repositories } from "./repositories.ts"
import type { SessionSettings } from "./sessions.ts"
import type { Store, Stored } from "./ports/store.ts"
import type { Workers, WorkersListener } from "./ports/workers.ts"

export interface HubParts {
  readonly project: ProjectId
  readonly store: Store<Event, Action>
  readonly clock: Clock
  /** Opens the door to workers, once the hub is ready to hear them. */
  readonly openWorkers: (listener: WorkersListener) => Promise<Workers>
  /** Keeps other hubs away from a repository for as long as it is held. Rejects with a `FaultError` when another holds it. */
  readonly holdRepository: (commonDirectory: string) => Promise<AsyncDisposable>
  readonly settings: Omit<RunSettings, "agent">
  /** Agent of runs that name none; null: the first that is there. */
  readonly agent: string | null
  /** For plans that name no setup command. */
  readonly setup: string | null
  readonly sessions: SessionSettings
  /** Directories that sessions may work below, and what people call their workspaces. */
  readonly places: Places
  readonly directories: Directories
  /** What an agent finds in its environment, whatever it works for: how to reach this hub, and its session's own token. */
  readonly agentEnvironment: (session: SessionId) => Readonly<Record<string, string>>
  readonly complain: (error: unknown) => void
}

export class Hub implements AsyncDisposable {
  readonly published = new Broadcast<Stored<Event>>()
  /** Something that only views show has changed: what a session is doing. */
  readonly stirred = new Broadcast<SessionId>()
  readonly live = new Map<SessionId, Progress>()
  /** What was found of dead instances and stands in no session file yet, by the common directory of their repository. */
  readonly orphanWarnings = new Map<string, readonly string[]>()
  /** What was wrong with the claims of a repository when they were looked at last, so that it is said once and not with every look. */
  readonly claimNotices = new Map<string, ReadonlySet<string>>()
  readonly parts: HubParts
  readonly repositories: Repositories
  #loop: Loop | null = null
  #workers: Workers | null = null

  private constructor(parts: HubParts) {
    this.parts = parts
    this.repositories = new Repositories({ hold: parts.holdRepository, inUse: () => this.#repositoriesInUse(), complain: parts.complain })
  }

  static async open(parts: HubParts): Promise<Hub> {
    const hub = new Hub(parts)
    const { project, store, clock, complain } = parts
    hub.#loop = await Loop.open({ project, store, clock, complain, published: hub.published, perform: (action) => hub.#perform(action) })
    hub.published.subscribe((stored) => hub.#afterEvent(stored.event))
    await hub.repositories.holdAll()
    hub.#workers = await parts.openWorkers(hub.#listener())
    return hub
  }

  get state(): State {
    return this.#started().state
  }
  get version(): number {
    return this.#started().version
  }
  get workers(): Workers {
    if (this.#workers === null) throw new Error("the hub has no door to workers yet")
    return this.#workers
  }

  send(command: Command): Promise<void> {
    return this.#started().send(command)
  }

  /** Events after a number, for those who were away. */
  history(after: number, limit: number): Promise<readonly Stored<Event>[]> {
    return this.parts.store.read(this.parts.project, after, limit)
  }

  /** A connected worker to ask about the machine; waits a while for the first one to come. */
  async anyWorker(waitMs: number): Promise<WorkerId> {
    const connected = (): WorkerId | undefined => [...this.state.workers.values()].find((worker) => worker.status.name === "connected")?.id
    const now = connected()
    if (now !== undefined) return now
    const { promise, resolve, reject } = Promise.withResolvers<WorkerId>()
    using _heard = this.published.subscribe(() => {
      const worker = connected()
      if (worker !== undefined) resolve(worker)
    })
    using _limit = this.parts.clock.after(waitMs, () =>
      reject(
        new FaultError(
          fault(
            "no-worker",
            "no worker is connected",
            `none came within ${Math.round(waitMs / 1_000)} s`,
            "fleet worker start; its log is worker.log in Fleet's home",
          ),
        ),
      ),
    )
    return await promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#workers?.[Symbol.asyncDispose]()
    await this.#loop?.[Symbol.asyncDispose]()
    await this.repositories[Symbol.asyncDispose]()
    await this.parts.store[Symbol.asyncDispose]()
  }

  #started(): Loop {
    if (this.#loop === null) throw new Error("the hub has not read its project yet")
    return this.#loop
  }

  /** Not connected: it is sent when the worker says hello. */
  #perform({ worker, job }: Action): void {
    const whole = job.kind === "session.open" ? { ...job, environment: { ...job.environment, ...this.parts.agentEnvironment(job.session) } } : job
    this.#workers?.send(worker, whole)
  }

  #afterEvent(event: Event): void {
    if (event.type === "session.ended" || event.type === "session.removed" || event.type === "session.failed") {
      this.live.delete(event.session)
      this.repositories.releaseIdle()
    }
    if (event.type !== "run.settled") return
    for (const session of this.live.keys()) if (session.startsWith(`${event.run}.`)) this.live.delete(session)
    this.repositories.releaseIdle()
  }

  #repositoriesInUse(): string[] {
    const runs = [...this.state.runs.values()].filter((run) => run.status.name !== "settled").map((run) => run.commonDirectory)
    const sessions = [...this.state.sessions.values()].filter(({ phase, wanted }) => phase.name !== "ended" && wanted.strategy !== "existing")
    return [...runs, ...sessions.map(({ wanted }) => wanted.commonDirectory).filter((directory) => directory !== null)]
  }

  #listener(): WorkersListener {
    return {
      connected: async (hello: Hello) => {
        const { worker, boot, pid, slots, labels, agents } = hello
        await this.send({ type: "worker.join", worker, offer: { boot, pid, slots, labels, agents } })
        for (const { job } of this.#started().openActions(worker)) this.#perform({ worker, job })
        return this.state.workers.get(worker)?.heard ?? 0
      },
      disconnected: (worker: WorkerId, boot: BootId) => this.send({ type: "worker.leave", worker, boot }),
      reported: (worker: WorkerId, boot: BootId, { sequence, report }: SequencedReport) => this.send({ type: "worker.report", worker, boot, sequence, report }),
      progressed: (_worker: WorkerId, progress: Progress) => {
        this.live.set(progress.session, progress)
        this.stirred.send(progress.session)
      },
    }
  }
}

/** The task that a run and a key name, or a `FaultError`. */
export function findTask(state: State, run: RunId, key: string): TaskId {
  const task = taskId(run, id(key))
  if (!state.tasks.has(task)) throw new FaultError(unknownThing("task", task))
  return task
}
