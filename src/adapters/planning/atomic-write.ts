/** Files of a project that others read at any moment: they see the old text or the new one, and nothing else is ever written over. */
import { randomUUID } from "node:crypto"
import { mkdir, open, realpath, rename, rm } from "node:fs/promises"
import path from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import { copyAside, type Aside } from "../../runtime/aside.ts"

/**
 * Makes the directories that are missing, and replaces the file as a whole. A file that is a symlink is replaced, what it leads to is left
 * alone. Rejects with a `FaultError` (`leaves-project`) when a directory on the way leads out of the project through a symlink; the project
 * is what stands above `.planning`, `.citadel`, `.claude` or `scripts`, or else the directory that the file is in.
 */
export async function writeAtomically(file: string, text: string): Promise<void> {
  await makeParents(file)
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.new`)
  try {
    const handle = await open(temporary, "wx")
    try {
      await handle.writeFile(text)
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** A copy beside a file that is about to be replaced, though nobody could understand it, or not all that it says was taken; like all that is written, inside the project. Resolves to its path. */
export async function keepCopy(file: string, why: Aside = "unreadable"): Promise<string> {
  await makeParents(file)
  return copyAside(file, why)
}

/** The directories above a file, each really inside the project. */
export async function makeParents(file: string): Promise<void> {
  const directory = path.dirname(path.resolve(file))
  const root = projectOf(directory)
  await mkdir(root, { recursive: true })
  const real = await realpath(root)
  let at = root
  for (const part of path.relative(root, directory).split(path.sep)) {
    if (part === "") continue
    at = path.join(at, part)
    // Looked at before it is made: `mkdir` with `recursive` would go through a link.
    const found = await realpathOrMake(at)
    if (found !== real && !found.startsWith(real + path.sep)) throw leaves(at, found)
  }
}

const ownFolders = new Set([".planning", ".citadel", ".claude", "scripts"])

/** The directory above the last of our own folders on the way. */
function projectOf(directory: string): string {
  const parts = directory.split(path.sep)
  const own = parts.findLastIndex((part) => ownFolders.has(part))
  return own <= 0 ? directory : parts.slice(0, own).join(path.sep) || path.sep
}

async function realpathOrMake(directory: string): Promise<string> {
  await mkdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error
  })
  return realpath(directory)
}

const leaves = (directory: string, to: string): FaultError =>
  new FaultError(fault("leaves-project", `nothing is written in ${directory}`, `it leads out of the project, to ${to}`, "replace the symlink by a directory"))
