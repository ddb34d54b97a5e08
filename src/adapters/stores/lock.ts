/** A lock that one process holds on a path, for a repository for example. The kernel's, by way of SQLite: gone with the process, however it ends. */
import { fault, FaultError } from "../../domain/fault.ts"
import { holderOf, openPrivate, problemOf, unreadableFault } from "./database.ts"

/** Takes the lock or rejects at once with a `FaultError`. The file stays, empty, when the lock is given back: removing it would be a race. */
export async function holdLock(path: string): Promise<AsyncDisposable> {
  let database
  try {
    database = openPrivate(path)
    database.exec("BEGIN EXCLUSIVE")
  } catch (error) {
    database?.close()
    throw lockFault(path, error)
  }
  const held = database
  return {
    [Symbol.asyncDispose]: async () => {
      if (held.isOpen) held.close()
    },
  }
}

function lockFault(path: string, error: unknown): unknown {
  const problem = problemOf(error)
  if (problem === null) return error
  if (problem !== "busy") return new FaultError(unreadableFault(path, error), { cause: error })
  const holder = holderOf(path)
  const why = holder === null ? `${path} is locked` : `process ${holder} holds ${path}`
  return new FaultError(fault("repository-locked", "another Fleet works on this repository", why, "wait until it is done, or stop it: fleet hub stop"))
}
