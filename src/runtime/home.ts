/** Makes the directory that a home is, for its owner alone; or says why it cannot be one. */
import { accessSync, constants, mkdirSync, statSync, type Stats } from "node:fs"
import path from "node:path"
import { fault, FaultError } from "../domain/fault.ts"

/** Throws a `FaultError` (`home-unusable`). What is there already is left as it is. Step by step: Node's own `recursive` never returns below /proc. */
export function makeHomeDirectory(home: string): void {
  const missing: string[] = []
  let there = home
  for (let seen = lookAt(there); seen === null; seen = lookAt(there)) {
    missing.unshift(there)
    there = path.dirname(there)
  }
  if (lookAt(there)?.isDirectory() !== true) throw unusable(home, `${there} is no directory`)
  try {
    accessSync(there, constants.W_OK | constants.X_OK)
  } catch {
    throw unusable(home, `you may not write in ${there}`)
  }
  for (const directory of missing) make(home, directory)
}

function lookAt(directory: string): Stats | null {
  try {
    return statSync(directory)
  } catch (error) {
    // A link to nowhere is there as well, and stays what it is: making it fails.
    if (directory === path.dirname(directory)) throw error
    return null
  }
}

function make(home: string, directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 })
  } catch (error) {
    // Somebody else makes the same home at the same time.
    if (lookAt(directory)?.isDirectory() === true) return
    const { code, message } = error as NodeJS.ErrnoException
    throw unusable(home, code === "ENOENT" ? `${path.dirname(directory)} takes no directories` : message, error)
  }
}

function unusable(home: string, why: string, cause?: unknown): FaultError {
  const fix = "set FLEET_HOME to a directory that you may write, or leave it out for the usual one"
  return new FaultError(fault("home-unusable", `Fleet cannot keep its state in ${home}`, why, fix), { cause })
}
