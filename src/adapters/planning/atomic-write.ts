/** Files of a project that others read at any moment: they see the old text or the new one, and nothing else is ever written over. */
import { randomUUID } from "node:crypto"
import { mkdir, open, realpath, rename, rm } from "node:fs/promises"
import path from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"
import { copyAside, type Aside } from "../../runtime/aside.ts"

/**
 * Makes the directories that are missing below `root`, and replaces the file as a whole. A file that is a symlink is replaced, what it leads to is
 * left alone. Rejects with a `FaultError` (`leaves-project`) when a directory on the way leads out of `root`.
 */
export async function writeInside(root: string, file: string, text: string): Promise<void> {
  await makeParents(root, file)
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
export async function keepCopy(root: string, file: string, why: Aside = "unreadable"): Promise<string> {
  await makeParents(root, file)
  return copyAside(file, why)
}

/** The directories above a file, each really inside of `root`. */
export async function makeParents(root: string, file: string): Promise<void> {
  await mkdir(root, { recursive: true })
  const real = await realpath(root)
  let at = path.resolve(root)
  for (const part of path.relative(root, path.dirname(file)).split(path.sep)) {
    if (part === "") continue
    at = path.join(at, part)
    // Looked at before it is made: `mkdir` with `recursive` would go through a link.
    const found = await realpathOrMake(at)
    if (found !== real && !found.startsWith(real + path.sep)) throw leaves(at, found)
  }
}

async function realpathOrMake(directory: string): Promise<string> {
  await mkdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error
  })
  return realpath(directory)
}

const leaves = (directory: string, to: string): FaultError =>
  new FaultError(
    fault("leaves-project", `nothing is written or removed in ${directory}`, `it leads out of the project, to ${to}`, "replace the symlink by a directory"),
  )
