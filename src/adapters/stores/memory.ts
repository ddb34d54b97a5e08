/** The store that forgets: for tests of the engine. Values pass through JSON, as they do in a real one. */
import type { ProjectId } from "../../domain/ids.ts"
import { VersionConflict, type Commit, type Loaded, type Store, type Stored } from "../../engine/ports/store.ts"

interface Stream<Event, Action> {
  readonly events: Stored<Event>[]
  readonly open: Map<string, Action>
  snapshot: { readonly version: number; readonly state: unknown } | null
}

export class MemoryStore<Event, Action> implements Store<Event, Action> {
  readonly #streams = new Map<ProjectId, Stream<Event, Action>>()

  async load(project: ProjectId): Promise<Loaded<Event, Action>> {
    const { snapshot, events, open } = this.#stream(project)
    return copy({ snapshot, events: events.slice(snapshot?.version ?? 0), open: [...open].map(([key, action]) => ({ key, action })) })
  }

  async commit(project: ProjectId, expectedVersion: number, commit: Commit<Event, Action>): Promise<number> {
    const { events, open } = this.#stream(project)
    if (events.length !== expectedVersion) throw new VersionConflict(expectedVersion, events.length)
    const { at, settles, ...added } = copy(commit)
    for (const event of added.events) events.push({ number: events.length + 1, at, event })
    for (const key of settles) open.delete(key)
    for (const { key, action } of added.opens) if (!open.has(key)) open.set(key, action)
    return events.length
  }

  async saveSnapshot(project: ProjectId, version: number, state: unknown): Promise<void> {
    const stream = this.#stream(project)
    if (version > stream.events.length) throw new Error(`a snapshot of version ${version} of a stream that is at ${stream.events.length}`)
    if (version >= (stream.snapshot?.version ?? 0)) stream.snapshot = copy({ version, state })
  }

  async read(project: ProjectId, after: number, limit: number): Promise<readonly Stored<Event>[]> {
    return copy(this.#stream(project).events.slice(after, after + limit))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#streams.clear()
  }

  #stream(project: ProjectId): Stream<Event, Action> {
    const stream = this.#streams.get(project) ?? { events: [], open: new Map<string, Action>(), snapshot: null }
    this.#streams.set(project, stream)
    return stream
  }
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
