/** What the engine needs of a database: an event stream per project, with the actions that its events call for. Adapters: `adapters/stores/*`. */
import type { ProjectId } from "../../domain/ids.ts"

/** `Event` and `Action` are opaque here: plain JSON values. */
export interface Store<Event, Action> extends AsyncDisposable {
  /** Newest snapshot (state as plain JSON), the events after it, in order, and the actions that are still open, oldest first. */
  load(project: ProjectId): Promise<Loaded<Event, Action>>
  /**
   * Writes all of it or nothing. `expectedVersion` is the number of the stream's last event; another writer's events since
   * then make it reject with `VersionConflict`. Resolves to the new version.
   */
  commit(project: ProjectId, expectedVersion: number, commit: Commit<Event, Action>): Promise<number>
  saveSnapshot(project: ProjectId, version: number, state: unknown): Promise<void>
  /** Events with a number greater than `after`, at most `limit`. */
  read(project: ProjectId, after: number, limit: number): Promise<readonly Stored<Event>[]>
}

export interface Commit<Event, Action> {
  /** Epoch milliseconds, the same for all events of the commit. */
  readonly at: number
  readonly events: readonly Event[]
  /** New actions. One whose key is already open is left as it is. */
  readonly opens: readonly Keyed<Action>[]
  /** Keys of actions that are done with. Unknown keys are ignored. */
  readonly settles: readonly string[]
}
export interface Keyed<Action> {
  readonly key: string
  readonly action: Action
}
export interface Stored<Event> {
  /** 1-based, without gaps in a project. */
  readonly number: number
  readonly at: number
  readonly event: Event
}
export interface Loaded<Event, Action> {
  readonly snapshot: { readonly version: number; readonly state: unknown } | null
  readonly events: readonly Stored<Event>[]
  readonly open: readonly Keyed<Action>[]
}

export class VersionConflict extends Error {
  constructor(expected: number, actual: number) {
    super(`the stream is at ${actual}, not at ${expected}`)
    this.name = "VersionConflict"
  }
}
