/**
 * One writer at a time for a file that is read, changed and replaced. The lock is the kernel's, on a small file beside it, by way of SQLite:
 * however its holder ends, it is free again. The small file is removed by its holder, so nothing is left in a person's checkout.
 */
import { constants, open, realpath, rm, stat } from "node:fs/promises"
import path from "node:path"
import { DatabaseSync } from "node:sqlite"
import { setTimeout as delay } from "node:timers/promises"
import { fault, FaultError, type Fault } from "../../domain/fault.ts"
import { Lanes } from "../../runtime/lane.ts"

const waitMs = 15
const limitMs = 15_000
/** In one process they wait for each other in a queue, not by asking the kernel again and again. */
const lanes = new Lanes()

/** Runs `work` while nobody else does for the same file, whose directory is there. Rejects with a `FaultError` (`file-locked`) when it stays locked too long. */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = path.join(await realpath(path.dirname(file)), `.${path.basename(file)}.lock`)
  return lanes.run(lock, async () => {
    const held = await take(lock)
    try {
      return await work()
    } finally {
      // While it is held: whoever opened it before sees that it is gone, and takes a new one.
      await rm(lock, { force: true })
      held.close()
    }
  })
}

async function take(lock: string): Promise<DatabaseSync> {
  const endsAt = performance.now() + limitMs
  while (performance.now() < endsAt) {
    const held = await tryTake(lock)
    if (held !== null) return held
    await delay(waitMs)
  }
  const why = `another process has been holding ${lock} for ${limitMs / 1_000} seconds`
  throw new FaultError(fault("file-locked", `${path.basename(lock)} could not be taken`, why, `see who holds it (fuser ${lock}), end it, and try again`))
}

/** Null when somebody else holds it, or when the file that was locked is not the one that is there now. */
async function tryTake(lock: string): Promise<DatabaseSync | null> {
  // Closing it again drops no lock of ours: the lane lets nobody else in this process be here.
  await touch(lock)
  const before = await identity(lock)
  const database = new DatabaseSync(lock, { timeout: 0 })
  try {
    database.exec("BEGIN EXCLUSIVE")
    // Looked at before it was opened, too: one that was removed in between would be locked by us alone.
    if (before !== null && (await identity(lock)) === before) return database
  } catch (error) {
    database.close()
    if (isBusy(error)) return null
    throw error
  }
  database.close()
  return null
}

/** SQLite would follow a symlink, and wait for a pipe. */
async function touch(lock: string): Promise<void> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
  await using handle = await open(lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ELOOP" || error.code === "EMLINK" ? new FaultError(noPlainFile(lock)) : error
  })
  if (!(await handle.stat()).isFile()) throw new FaultError(noPlainFile(lock))
}

const noPlainFile = (lock: string): Fault => fault("file-locked", `${path.basename(lock)} could not be taken`, "it is not a plain file", `remove ${lock}`)

/** With the time of its birth, because inode numbers are given away again. */
const identity = (file: string): Promise<string | null> =>
  stat(file, { bigint: true }).then(
    ({ ino, birthtimeNs }) => `${ino}:${birthtimeNs}`,
    () => null,
  )

function isBusy(error: unknown): boolean {
  const errcode = error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : null
  return errcode === 5 || errcode === 6
}
