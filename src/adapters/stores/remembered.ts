/** `remembered.db` in Fleet's home: what outlives the hub and is no event. One process holds it at a time; one that is damaged is put aside, because all of it can be done without. */
import { existsSync, renameSync } from "node:fs"
import type { DatabaseSync, StatementSync } from "node:sqlite"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import { answersCharsMax, keysMax, rememberedMs, type Begun, type Cursor, type KeptAnswer, type Remembered } from "../../engine/ports/remembered.ts"
import { fullFault, openPrivate, problemOf, unreadableFault } from "./database.ts"

/** Looking at all of it costs more than a little too much on the disk. */
const pruneEvery = 64
const walBytesMax = 4 * 1024 * 1024

const tables = `
  CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, hash TEXT NOT NULL, at INTEGER NOT NULL, begun INTEGER NOT NULL,
    how TEXT NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL, chars INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS answers_begun ON answers (begun, chars);
  CREATE TABLE IF NOT EXISTS cursors (
    name TEXT PRIMARY KEY, after INTEGER NOT NULL, failing_since INTEGER, tries INTEGER NOT NULL
  ) STRICT;
  UPDATE answers SET how = 'lost' WHERE how = 'running';
`

/** `noticed` hears of a file that had to be put aside. Rejects with a `FaultError` when the place cannot be used at all. */
export async function openRemembered(path: string, noticed: (fault: Fault) => void): Promise<Remembered> {
  try {
    return new SqliteRemembered(openDatabase(path), path)
  } catch (error) {
    if (problemOf(error) !== "damaged") throw rememberedError(path, error)
    const aside = putAside(path)
    noticed(
      fault(
        "remembered-damaged",
        `${path} was damaged`,
        `it was put aside as ${aside}`,
        "nothing is lost but repetition: webhooks may be told again what they know",
      ),
    )
    return new SqliteRemembered(openDatabase(path), path)
  }
}

function openDatabase(path: string): DatabaseSync {
  const database = openPrivate(path)
  try {
    database.exec(`PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=${walBytesMax}`)
    database.exec(`BEGIN IMMEDIATE; ${tables} COMMIT`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function putAside(path: string): string {
  const aside = `${path}.damaged-${new Date().toISOString().replaceAll(":", "")}`
  for (const suffix of ["", "-wal", "-shm"]) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  return aside
}

class SqliteRemembered implements Remembered {
  readonly #database: DatabaseSync
  readonly #path: string
  readonly #statements: Statements
  #untilPrune = 0

  constructor(database: DatabaseSync, path: string) {
    this.#database = database
    this.#path = path
    this.#statements = prepare(database)
  }

  async begin(key: string, hash: string, at: number): Promise<Begun> {
    return this.#guarded(() => {
      const row = this.#statements.find.get(key, at - rememberedMs)
      if (row === undefined) {
        if (--this.#untilPrune < 0) this.#prune(at)
        this.#statements.begin.run(key, hash, at)
        return { how: "fresh" }
      }
      if (row["hash"] !== hash) return { how: "other" }
      if (row["how"] !== "answered") return { how: row["how"] === "lost" ? "lost" : "running" }
      return { how: "same", answer: answerOf(row) }
    })
  }

  async finish(key: string, { status, headers, body }: KeptAnswer, _at: number): Promise<void> {
    this.#guarded(() => void this.#statements.finish.run(status, JSON.stringify(headers), body, body.length, key))
  }

  async forget(key: string): Promise<void> {
    this.#guarded(() => void this.#statements.forget.run(key))
  }

  async cursor(name: string): Promise<Cursor | null> {
    return this.#guarded(() => {
      const row = this.#statements.cursor.get(name)
      if (row === undefined) return null
      return { after: Number(row["after"]), failingSince: row["failing_since"] === null ? null : Number(row["failing_since"]), tries: Number(row["tries"]) }
    })
  }

  async moveCursor(name: string, { after, failingSince, tries }: Cursor): Promise<void> {
    this.#guarded(() => void this.#statements.moveCursor.run(name, after, failingSince, tries))
  }

  async dropCursor(name: string): Promise<void> {
    this.#guarded(() => void this.#statements.dropCursor.run(name))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }

  #prune(at: number): void {
    this.#untilPrune = pruneEvery
    this.#statements.dropOld.run(at - rememberedMs)
    this.#statements.dropMany.run(keysMax - pruneEvery, answersCharsMax)
  }

  #guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw rememberedError(this.#path, error)
    }
  }
}

function answerOf(row: Record<string, unknown>): KeptAnswer {
  return { status: Number(row["status"]), headers: JSON.parse(String(row["headers"])) as Record<string, string>, body: String(row["body"]) }
}

type Statements = Readonly<Record<"find" | "begin" | "finish" | "forget" | "dropOld" | "dropMany" | "cursor" | "moveCursor" | "dropCursor", StatementSync>>

/** `begun` grows with every key, so that the newest are known even of one millisecond. */
function prepare(database: DatabaseSync): Statements {
  return {
    find: database.prepare("SELECT * FROM answers WHERE key = ? AND at > ?"),
    begin: database.prepare(
      "INSERT OR REPLACE INTO answers SELECT ?, ?, ?, coalesce(max(begun), 0) + 1, 'running', 0, '{}', '', 0 FROM (SELECT max(begun) AS begun FROM answers)",
    ),
    finish: database.prepare("UPDATE answers SET how = 'answered', status = ?, headers = ?, body = ?, chars = ? WHERE key = ?"),
    forget: database.prepare("DELETE FROM answers WHERE key = ?"),
    dropOld: database.prepare("DELETE FROM answers WHERE at <= ?"),
    dropMany: database.prepare(
      `DELETE FROM answers WHERE key IN (
         SELECT key FROM (SELECT key, row_number() OVER newest AS place, sum(chars) OVER newest AS total FROM answers WINDOW newest AS (ORDER BY begun DESC))
         WHERE place > ? OR total > ?)`,
    ),
    cursor: database.prepare("SELECT * FROM cursors WHERE name = ?"),
    moveCursor: database.prepare("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?)"),
    dropCursor: database.prepare("DELETE FROM cursors WHERE name = ?"),
  }
}

function rememberedError(path: string, error: unknown): unknown {
  switch (problemOf(error)) {
    case null:
      return error
    case "full":
      return new FaultError(fullFault(path), { cause: error })
    case "busy":
    case "damaged":
    case "unreadable":
    case "other":
      return new FaultError(unreadableFault(path, error), { cause: error })
  }
}
