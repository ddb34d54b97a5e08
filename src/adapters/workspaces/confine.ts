/**
 * Keeps what a person does with a workspace's files inside of it. A path is parsed first; then its folder is opened without following a
 * link, and looked at again through the open handle, so that a link put there in between is noticed; what is done is done in that folder.
 */
import { constants } from "node:fs"
import { lstat, open, readlink, realpath, type FileHandle } from "node:fs/promises"
import { join } from "node:path"
import { fault, FaultError } from "../../domain/fault.ts"

/** Names of one path, from the top of the workspace down. Never empty. */
export type Inside = readonly [string, ...string[]]

export interface Folder extends AsyncDisposable {
  readonly handle: FileHandle
  /** Path of an entry of this very folder, wherever it may have been moved to. */
  entry(name: string): string
}

const pathBytesMax = 4_000
const nameBytesMax = 255

export function parsePath(path: string): Inside {
  if (path.includes("\0")) throw denied(path, "it holds a NUL")
  if (path.startsWith("/")) throw denied(path, "it is absolute")
  const names = path.split("/").filter((name) => name !== "" && name !== ".")
  const [first, ...rest] = names
  if (first === undefined) throw denied(path, "it is the workspace itself")
  if (names.includes("..")) throw denied(path, "it leads upwards")
  if (names.some(isGits)) throw denied(path, "it is git's own")
  if (Buffer.byteLength(path) > pathBytesMax || names.some((name) => Buffer.byteLength(name) > nameBytesMax)) throw denied(path, "it is too long")
  return [first, ...rest]
}

/** Opens a folder of the workspace; none of `names` may be a link. */
export async function openFolder(root: string, names: readonly string[]): Promise<Folder> {
  const real = await realpath(root)
  const path = join(real, ...names)
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch(async (error: NodeJS.ErrnoException) => {
    throw await whyNot(real, names, error)
  })
  const close = { [Symbol.asyncDispose]: () => handle.close() }
  try {
    const through = `/proc/self/fd/${handle.fd}`
    const opened = await readlink(through).catch(() => null)
    if (opened === null) {
      // No /proc here: the path is looked at again instead, and used as it is.
      if ((await realpath(path)) !== path) throw denied(names.join("/"), "a link is in its way")
      return { handle, entry: (name) => join(path, name), ...close }
    }
    if (opened !== path) throw denied(names.join("/"), "a link is in its way")
    return { handle, entry: (name) => `${through}/${name}`, ...close }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** The folder that holds the last of the names. */
export function openParent(root: string, path: Inside): Promise<Folder> {
  return openFolder(root, path.slice(0, -1))
}

export const lastOf = (path: Inside): string => path.at(-1) ?? path[0]

export const denied = (path: string, why: string): FaultError =>
  new FaultError(fault("path-denied", `${JSON.stringify(path.slice(0, 200))} cannot be used`, why, "name a file inside the workspace, relative to it"))

export const missing = (path: string, why: string): FaultError =>
  new FaultError(fault("path-missing", `there is no ${JSON.stringify(path.slice(0, 200))} in the workspace`, why, "see what there is"))

/** What the file system says against something, as a fault. */
export function refused(path: string, error: NodeJS.ErrnoException): Error {
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
      return missing(path, "it was looked for and not found")
    case "ELOOP":
      return denied(path, "a link is in its way")
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENAMETOOLONG":
    case "EINVAL":
      return denied(path, `the file system does not allow it (${error.code})`)
    case undefined:
      return error
  }
  return error
}

/** Also as other file systems spell it: in other case, with marks that cannot be seen, with dots behind it. */
function isGits(name: string): boolean {
  const plain = name.replaceAll(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, "").replace(/[. ]+$/, "")
  return /^(?:\.git|git~1)$/i.test(plain)
}

/** A link among the folders is told from a folder that is not there. */
async function whyNot(root: string, names: readonly string[], error: NodeJS.ErrnoException): Promise<Error> {
  const path = names.join("/")
  for (let depth = 1; depth <= names.length; depth++) {
    const found = await lstat(join(root, ...names.slice(0, depth))).catch(() => null)
    if (found === null) return missing(path, "it was looked for and not found")
    if (found.isSymbolicLink()) return denied(path, "a link is in its way")
    if (!found.isDirectory()) return missing(path, `${names[depth - 1]} is no folder`)
  }
  return refused(path, error)
}
