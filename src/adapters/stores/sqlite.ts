/**
 * The embedded store: one SQLite file, held by one hub at a time. Opening it is taking the hub's lock; the kernel gives it back
 * when the process ends, however it ends. Why commits do not wait for the disk: docs/decisions/0002-sqlite-durability.md.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite"
import type { ProjectId } from "../../domain/ids.ts"
import { fault, FaultError } from "../../domain/fault.ts"
import { VersionConflict, type Commit, type Loaded, type Store, type Stored } from "../../engine/ports/store.ts"
import { damagedFault, fullFault, holderOf, openPrivate, problemOf, unreadableFault } from "./database.ts"
import { prepareSchema } from "./schema.ts"

const snapshotsKept = 2
const walBytesMax = 16 * 1024 * 1024

/** Rejects with a `FaultError`: `hub-running`, `store-newer`, `store-damaged` (a copy was put aside), `store-full`, `store-unusable`. */
export async function openSqliteStore<Event, Action>(path: string): Promise<SqliteStore<Event, Action>> {
  return new SqliteStore<Event, Action>(openStoreDatabase(path), path)
}

/** The open, locked and checked database. For those who need the connection itself, as tests of a full disk do. */
export function openStoreDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | null = null
  try {
    database = openPrivate(path)
    // EXCLUSIVE comes before the first access: then WAL needs no shared memory, and the lock lasts until close.
    database.exec(`PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=${walBytesMax}`)
    database.exec("BEGIN IMMEDIATE")
    checkWhole(database, path)
    prepareSchema(database, path)
    database.exec("COMMIT")
    return database
  } catch (error) {
    const failure = storeError(path, error)
    database?.close()
    throw failure
  }
}

function checkWhole(database: DatabaseSync, path: string): void {
  const found = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"]
  if (found !== "ok") throw damagedFault(path, String(found).replaceAll("\n", " "))
}

export class SqliteStore<Event, Action> implements Store<Event, Action> {
  readonly #database: DatabaseSync
  readonly #path: string
  readonly #statements: Statements
  /** Number of the last event. True because nobody else can write; dropped when a commit fails. */
  readonly #versions = new Map<ProjectId, number>()

  constructor(database: DatabaseSync, path: string) {
    this.#database = database
    this.#path = path
    this.#statements = prepare(database)
  }

  async load(project: ProjectId): Promise<Loaded<Event, Action>> {
    return this.#guarded(() => {
      const snapshot = this.#newestSnapshot(project)
      const events = this.#read(project, snapshot?.version ?? 0, Number.MAX_SAFE_INTEGER)
      const open = this.#statements.open.all(project).map((row) => ({ key: text(row["key"]), action: this.#parse(row["body"]) as Action }))
      return { snapshot, events, open }
    })
  }

  async commit(project: ProjectId, expectedVersion: number, commit: Commit<Event, Action>): Promise<number> {
    return this.#guarded(() => {
      const actual = this.#version(project)
      if (actual !== expectedVersion) throw new VersionConflict(expectedVersion, actual)
      const version = actual + commit.events.length
      this.#transaction(() => this.#write(project, actual, commit))
      this.#versions.set(project, version)
      return version
    })
  }

  async saveSnapshot(project: ProjectId, version: number, state: unknown): Promise<void> {
    this.#guarded(() => {
      const actual = this.#version(project)
      if (version > actual) throw new Error(`a snapshot of version ${version} of a stream that is at ${actual}`)
      this.#transaction(() => {
        this.#statements.saveSnapshot.run(project, version, JSON.stringify(state))
        this.#statements.dropSnapshots.run(project, project, snapshotsKept)
      })
    })
  }

  async read(project: ProjectId, after: number, limit: number): Promise<readonly Stored<Event>[]> {
    return this.#guarded(() => this.#read(project, after, limit))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }

  #write(project: ProjectId, version: number, { at, events, opens, settles }: Commit<Event, Action>): void {
    for (const [index, event] of events.entries()) this.#statements.append.run(project, version + index + 1, at, JSON.stringify(event))
    // Settled first, so that one commit can close an action and open its successor under the same key.
    for (const key of settles) this.#statements.settle.run(project, key)
    for (const { key, action } of opens) this.#statements.openAction.run(project, key, JSON.stringify(action))
  }

  #version(project: ProjectId): number {
    const known = this.#versions.get(project)
    if (known !== undefined) return known
    const version = Number(this.#statements.version.get(project)?.["version"] ?? 0)
    this.#versions.set(project, version)
    return version
  }

  /** The newest snapshot that can be read: the one before it is kept for the case that it cannot. */
  #newestSnapshot(project: ProjectId): Loaded<Event, Action>["snapshot"] {
    for (const row of this.#statements.snapshots.all(project)) {
      try {
        return { version: Number(row["version"]), state: JSON.parse(text(row["state"])) as unknown }
      } catch {
        continue
      }
    }
    return null
  }

  #read(project: ProjectId, after: number, limit: number): Stored<Event>[] {
    return this.#statements.read.all(project, after, limit).map((row, index) => {
      const number = Number(row["number"])
      if (number !== after + index + 1) throw damagedFault(this.#path, `event ${after + index + 1} of ${project} is missing`)
      return { number, at: Number(row["at"]), event: this.#parse(row["body"]) as Event }
    })
  }

  #parse(body: unknown): unknown {
    try {
      return JSON.parse(text(body))
    } catch (error) {
      throw damagedFault(this.#path, `a row does not hold JSON (${String(error)})`)
    }
  }

  #transaction(write: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE")
    try {
      write()
      this.#database.exec("COMMIT")
    } catch (error) {
      // SQLite has rolled back by itself after some errors, a full disk among them.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK")
      this.#versions.clear()
      throw error
    }
  }

  #guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw storeError(this.#path, error)
    }
  }
}

type Statements = Readonly<
  Record<"append" | "settle" | "openAction" | "open" | "read" | "version" | "saveSnapshot" | "dropSnapshots" | "snapshots", StatementSync>
>

function prepare(database: DatabaseSync): Statements {
  return {
    append: database.prepare("INSERT INTO events (project, number, at, body) VALUES (?, ?, ?, ?)"),
    settle: database.prepare("DELETE FROM actions WHERE project = ? AND key = ?"),
    openAction: database.prepare("INSERT INTO actions (project, key, body) VALUES (?, ?, ?) ON CONFLICT (project, key) DO NOTHING"),
    open: database.prepare("SELECT key, body FROM actions WHERE project = ? ORDER BY opened"),
    read: database.prepare("SELECT number, at, body FROM events WHERE project = ? AND number > ? ORDER BY number LIMIT ?"),
    version: database.prepare("SELECT max(number) AS version FROM events WHERE project = ?"),
    saveSnapshot: database.prepare("INSERT OR REPLACE INTO snapshots (project, version, state) VALUES (?, ?, ?)"),
    dropSnapshots: database.prepare(
      "DELETE FROM snapshots WHERE project = ? AND version NOT IN (SELECT version FROM snapshots WHERE project = ? ORDER BY version DESC LIMIT ?)",
    ),
    snapshots: database.prepare("SELECT version, state FROM snapshots WHERE project = ? ORDER BY version DESC"),
  }
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("not a text column")
  return value
}

/** SQLite's errors as faults; everything else (faults, conflicts, bugs) as it is. */
function storeError(path: string, error: unknown): unknown {
  switch (problemOf(error)) {
    case null:
      return error
    case "busy": {
      const holder = holderOf(path)
      const fix = "use the one that runs (fleet hub status), or stop it: fleet hub stop"
      return new FaultError(fault("hub-running", `another hub already runs on ${path}`, holder === null ? "it is locked" : `process ${holder} holds it`, fix))
    }
    case "full":
      return new FaultError(fullFault(path), { cause: error })
    case "damaged":
      return damagedFault(path, error instanceof Error ? error.message : String(error))
    case "unreadable":
    case "other":
      return new FaultError(unreadableFault(path, error), { cause: error })
  }
}
