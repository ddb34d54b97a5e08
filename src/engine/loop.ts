/**
 * The loop of one project: receive, decide, commit, publish, perform. One command after the other; what is to be done is committed
 * with what happened, sent after, and comes home as a command. Owns the state; knows nothing of workers but how to reach them.
 */
import { FaultError } from "../domain/fault.ts"
import type { ProjectId, WorkerId } from "../domain/ids.ts"
import { apply } from "../domain/project/apply.ts"
import type { Command } from "../domain/project/command.ts"
import { decide } from "../domain/project/decide.ts"
import type { Action } from "../domain/project/draft.ts"
import type { Event } from "../domain/project/events.ts"
import { emptyState, freeze, nextInstant, thaw, type State } from "../domain/project/state.ts"
import type { Broadcast } from "../runtime/broadcast.ts"
import type { Clock } from "../runtime/clock.ts"
import { Lane } from "../runtime/lane.ts"
import { VersionConflict, type Loaded, type Store, type Stored } from "./ports/store.ts"

export interface LoopParts {
  readonly project: ProjectId
  readonly store: Store<Event, Action>
  readonly clock: Clock
  readonly published: Broadcast<Stored<Event>>
  /** Sends an action that has been committed. Must not fail: what does not arrive is sent again when its worker comes back. */
  readonly perform: (action: Action) => void
  /** Told of what went wrong where nobody waits for an answer: a tick that could not be committed. */
  readonly complain: (error: unknown) => void
}

const snapshotEveryEvents = 5_000
const tickRetryMs = 1_000
const timerMaxMs = 2 ** 31 - 1

export class Loop implements AsyncDisposable {
  readonly #parts: LoopParts
  readonly #lane = new Lane()
  #state: State = emptyState
  #version = 0
  #snapshotAt = 0
  /** The outbox: committed and not yet settled. */
  #open = new Map<string, Action>()
  #timer: Disposable | null = null
  #closed = false

  /** Reads the project and takes up what the last hub left. */
  static async open(parts: LoopParts): Promise<Loop> {
    const loop = new Loop(parts)
    loop.#restore(await parts.store.load(parts.project))
    await loop.send({ type: "hub.start" })
    return loop
  }

  private constructor(parts: LoopParts) {
    this.#parts = parts
  }

  get state(): State {
    return this.#state
  }
  get version(): number {
    return this.#version
  }

  /** Resolves when it is committed. Rejects with a `FaultError` when it is refused or could not be written: then nothing has changed. */
  send(command: Command): Promise<void> {
    return this.#lane.run(() => this.#handle(command))
  }

  /** What a worker that has just come (back) must be sent, oldest first. */
  openActions(worker: WorkerId): Action[] {
    return [...this.#open.values()].filter((action) => action.worker === worker)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#timer?.[Symbol.dispose]()
    await this.#lane.idle()
  }

  async #handle(command: Command): Promise<void> {
    const now = this.#parts.clock.now()
    const decision = decide(this.#state, command, now)
    if (!decision.accepted) throw new FaultError(decision.fault)
    const { events, actions, settles } = decision
    const closes = settles.filter((key) => this.#open.has(key))
    if (events.length > 0 || closes.length > 0) {
      try {
        const opens = actions.map((action) => ({ key: action.job.key, action }))
        this.#version = await this.#parts.store.commit(this.#parts.project, this.#version, { at: now, events, opens, settles })
      } catch (error) {
        if (!(error instanceof VersionConflict)) throw error
        this.#restore(await this.#parts.store.load(this.#parts.project))
        return this.#handle(command)
      }
      this.#advance(decision.state, now, events, actions, settles)
    }
    this.#armTimer()
    await this.#maybeSnapshot()
  }

  #advance(state: State, at: number, events: readonly Event[], actions: readonly Action[], settles: readonly string[]): void {
    this.#state = state
    for (const key of settles) this.#open.delete(key)
    const fresh = actions.filter((action) => !this.#open.has(action.job.key))
    for (const action of fresh) this.#open.set(action.job.key, action)
    const first = this.#version - events.length + 1
    events.forEach((event, index) => this.#parts.published.send({ number: first + index, at, event }))
    for (const action of fresh) this.#parts.perform(action)
  }

  #restore(loaded: Loaded<Event, Action>): void {
    const base = loaded.snapshot === null ? emptyState : thaw(loaded.snapshot.state)
    this.#state = loaded.events.reduce((state, { event, at }) => apply(state, event, at), base)
    this.#snapshotAt = loaded.snapshot?.version ?? 0
    this.#version = loaded.events.at(-1)?.number ?? this.#snapshotAt
    this.#open = new Map(loaded.open.map(({ key, action }) => [key, action]))
  }

  #armTimer(delayMs = 0): void {
    this.#timer?.[Symbol.dispose]()
    const next = nextInstant(this.#state)
    if (next === null || this.#closed) return
    // A timer of Node takes 31 bits of milliseconds; a later instant is looked at again on the way.
    const waitMs = Math.min(Math.max(next - this.#parts.clock.now(), delayMs, 0), timerMaxMs)
    this.#timer = this.#parts.clock.after(waitMs, () => {
      this.send({ type: "tick" }).catch((error: unknown) => {
        this.#parts.complain(error)
        this.#armTimer(tickRetryMs)
      })
    })
  }

  async #maybeSnapshot(): Promise<void> {
    if (this.#version - this.#snapshotAt < snapshotEveryEvents) return
    this.#snapshotAt = this.#version
    // The command is committed whatever becomes of this: without the snapshot the next start only reads more events.
    await this.#parts.store.saveSnapshot(this.#parts.project, this.#version, freeze(this.#state)).catch(this.#parts.complain)
  }
}
