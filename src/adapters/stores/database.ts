/**
 * Opens SQLite files that one process holds alone, and says in words what SQLite reports. The lock is the kernel's, on the open file:
 * SIGKILL releases it, so it is never stale. Nobody may open such a file by other means in the same process while it is held:
 * closing any descriptor of a file drops the locks that the process has on it.
 */
import { chmodSync, closeSync, copyFileSync, existsSync, mkdirSync, openSync, readFileSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"

/** Two that start at the same instant both see the other's first step; this lets one of them win. */
const busyMs = 250

/** Only the owner may read what agents were told. Directories that are there already keep their mode. */
export function openPrivate(path: string): DatabaseSync {
  makeDirectory(dirname(path))
  // Made by us before SQLite does, for the mode; `wx` opens nothing when the file is there, see above.
  if (existsSync(path)) chmodSync(path, 0o600)
  else createEmpty(path)
  return new DatabaseSync(path, { timeout: busyMs })
}

/** Not Node's own `recursive`: it never returns where a file system answers ENOENT to every mkdir, as /proc does (Node 24.21). */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "EEXIST") return
    if (code !== "ENOENT" || existsSync(dirname(path))) throw error
    makeDirectory(dirname(path))
    makeDirectory(path)
  }
}

function createEmpty(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
  }
}

export type SqliteProblem = "busy" | "full" | "damaged" | "unreadable" | "other"

/** What kind of trouble an error of SQLite or of the file system is; null when it is neither, so a bug. */
export function problemOf(error: unknown): SqliteProblem | null {
  if (!(error instanceof Error)) return null
  const { errcode, code } = error as Error & { errcode?: number; code?: string }
  if (code === "ENOSPC" || code === "EDQUOT") return "full"
  if (code !== undefined && errcode === undefined) return /^E(ACCES|PERM|ROFS|NOTDIR|ISDIR|NOENT|IO)$/.test(code) ? "unreadable" : null
  if (errcode === undefined) return null
  return problemOfCode(errcode & 0xff)
}

function problemOfCode(primary: number): SqliteProblem {
  if (primary === 5 || primary === 6) return "busy"
  if (primary === 13) return "full"
  if (primary === 11 || primary === 26) return "damaged"
  // PERM, READONLY, IOERR, CANTOPEN
  return [3, 8, 10, 14].includes(primary) ? "unreadable" : "other"
}

export function fullFault(path: string): Fault {
  const fix = `make room on the disk that holds ${dirname(path)}; nothing has to be started again`
  return fault("store-full", "the state could not be written", `there is no room left for ${path}; what is in it is whole`, fix)
}

export function unreadableFault(path: string, error: unknown): Fault {
  const why = error instanceof Error ? error.message : String(error)
  return fault("store-unusable", `${path} cannot be used`, why, `check who owns ${dirname(path)}, its mode and its disk: ls -la ${dirname(path)}`)
}

/** Puts a copy of a damaged database aside and says where. The original is left as it is; the same damage is copied once. */
export function damagedFault(path: string, why: string): FaultError {
  const copy = `${path}.damaged-${statSync(path).mtime.toISOString().replaceAll(":", "")}`
  for (const suffix of ["", "-wal"]) {
    if (existsSync(copy + suffix) || !existsSync(path + suffix) || statSync(path + suffix).size === 0) continue
    copyFileSync(path + suffix, copy + suffix)
  }
  const fix = `keep the copy at ${copy}. Try: sqlite3 ${copy} .recover | sqlite3 ${path}.recovered ; or start empty: mv ${path} ${path}.old`
  return new FaultError(fault("store-damaged", `${path} is damaged`, `${why}. A copy was put aside at ${copy}; nothing was overwritten`, fix))
}

/** The process that holds a lock on `path`, as the kernel knows it; null where that cannot be said. */
export function holderOf(path: string): number | null {
  try {
    const inode = `:${statSync(path).ino}`
    const line = readFileSync("/proc/locks", "utf8")
      .split("\n")
      .find((each) => each.split(/\s+/).some((field) => field.endsWith(inode)))
    const pid = Number(line?.trim().split(/\s+/)[4])
    return Number.isInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}
