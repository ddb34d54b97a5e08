/** The tables of the embedded store, and which version of them this Fleet reads. */
import type { DatabaseSync } from "node:sqlite"
import { fault, FaultError } from "../../domain/fault.ts"

export const schemaVersion = 1

/** `opened` orders the open actions: it grows with every one that is opened. */
const tables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE events (
    project TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (project, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE actions (
    opened INTEGER PRIMARY KEY, project TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (project, key)
  ) STRICT;
  CREATE TABLE snapshots (
    project TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (project, version)
  ) STRICT;
  INSERT INTO meta VALUES ('schema', '${schemaVersion}');
`

/** Makes the tables in a new file; refuses a file that a newer Fleet wrote. Runs inside the caller's transaction. */
export function prepareSchema(database: DatabaseSync, path: string): void {
  const known = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'meta'").get()
  if (known?.["n"] === 0) return database.exec(tables)
  const found = Number(database.prepare("SELECT value FROM meta WHERE key = 'schema'").get()?.["value"])
  if (found === schemaVersion) return
  const why = `its schema is version ${found}; this Fleet reads up to ${schemaVersion}`
  throw new FaultError(fault("store-newer", `${path} was written by another version of Fleet`, why, "use the Fleet that wrote it, or a newer one"))
}
