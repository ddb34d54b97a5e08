/**
 * One writer at a time in `.planning/coordination/`, also among processes: whoever compares claims and writes one holds it meanwhile (C.4.4).
 * The lock is the kernel's, by way of SQLite, on a file that stays: a holder that is killed has given it back, and no two can
 * hold two files of the same name.
 */
import { lstat } from "node:fs/promises"
import path from "node:path"
import { DatabaseSync } from "node:sqlite"
import { setTimeout as delay } from "node:timers/promises"
import { fault, FaultError } from "../../domain/fault.ts"
import { Lanes } from "../../runtime/lane.ts"
import { makeParents } from "./atomic-write.ts"
import { coordinationOf } from "./coordination-files.ts"

const limitMs = 20_000
const againMs = { min: 5, max: 25 }
/** Those of one process wait in a queue, so that only one of them asks the kernel. */
const lanes = new Lanes()

/** Runs `work` while nobody else does for this project. Rejects with a `FaultError` (`coordination-locked`) when that takes more than 20 s. */
export function withCoordination<T>(root: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(coordinationOf(root), ".lock")
  return lanes.run(path.resolve(file), async () => {
    await makeParents(root, file)
    const held = await take(file)
    try {
      return await work()
    } finally {
      held.close()
    }
  })
}

async function take(file: string): Promise<DatabaseSync> {
  // SQLite would follow it.
  const there = await lstat(file).catch(() => null)
  if (there !== null && !there.isFile()) throw locked(`${file} is not a file`, "remove it")
  const endsAt = performance.now() + limitMs
  for (let waitMs = againMs.min; ; waitMs = Math.min(waitMs * 2, againMs.max)) {
    const held = tryTake(file)
    if (held !== null) return held
    if (performance.now() > endsAt)
      throw locked(`another process has been holding ${file} for ${limitMs / 1_000} seconds`, `see who it is (fuser ${file}) and end it`)
    await delay(waitMs)
  }
}

/** Null when somebody else holds it. */
function tryTake(file: string): DatabaseSync | null {
  let database
  try {
    database = new DatabaseSync(file, { timeout: 0 })
    database.exec("BEGIN EXCLUSIVE")
    return database
  } catch (error) {
    database?.close()
    const code = error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : null
    if (code === null) throw error
    if (code === busy || code === lockedTable) return null
    throw locked(`${file} cannot be used: ${error instanceof Error ? error.message : ""}`, "look at who may write there; a damaged one can be removed")
  }
}

const busy = 5
const lockedTable = 6

const locked = (why: string, fix: string): FaultError => new FaultError(fault("coordination-locked", "the claims cannot be changed now", why, fix))
