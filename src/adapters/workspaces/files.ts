/** The files of a workspace as a person sees them: the tree, and one file's text. */
import { constants } from "node:fs"
import { lstat, open, readdir } from "node:fs/promises"
import { isUtf8 } from "node:buffer"
import { fault, FaultError } from "../../domain/fault.ts"
import type { FileContent, TreeEntry } from "../../protocol/worker.ts"
import { denied, type Folder, lastOf, missing, openFolder, openParent, parsePath, refused } from "./confine.ts"
import { sentChars } from "./texts.ts"

const depthMax = 10
const entriesMax = 5_000
const charsMax = 4 << 20
/** Of a file that is read or written whole. */
export const fileBytesMax = 2 << 20
const leftOut = new Set([".git", "node_modules", ".venv", "venv", "Pods", "__pycache__", ".next"])

/** Level by level, so that what is cut is what lies deepest. */
export async function tree(root: string): Promise<{ entries: readonly TreeEntry[]; cut: boolean }> {
  const entries: TreeEntry[] = []
  let chars = 0
  let level: string[][] = [[]]
  for (let depth = 1; level.length > 0; depth++) {
    const next: string[][] = []
    for (const names of level) {
      for (const entry of await listed(root, names)) {
        chars += sentChars(entry.path)
        if (entries.length >= entriesMax || chars > charsMax) return { entries: sorted(entries), cut: true }
        entries.push(entry)
        if (entry.type === "directory") next.push(entry.path.split("/"))
      }
    }
    if (depth === depthMax) return { entries: sorted(entries), cut: next.length > 0 }
    level = next
  }
  return { entries: sorted(entries), cut: false }
}

export async function file(root: string, path: string): Promise<FileContent> {
  const inside = parsePath(path)
  await using folder = await openParent(root, inside)
  const bytes = await readInside(folder, lastOf(inside), path)
  const text = isUtf8(bytes) && !bytes.includes(0)
  return { path: inside.join("/"), content: text ? bytes.toString("utf8") : null, size: bytes.length }
}

/** Not waiting for anything: what is no plain file could keep us for ever. */
async function readInside(folder: Folder, name: string, path: string): Promise<Buffer> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await open(folder.entry(name), flags).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENXIO" ? denied(path, "it is no plain file") : refused(path, error)
  })
  try {
    const found = await handle.stat()
    if (found.isDirectory()) throw missing(path, "it is a folder, not a file")
    if (!found.isFile()) throw denied(path, "it is no plain file")
    if (found.size > fileBytesMax) throw tooBig(path, found.size)
    const bytes = Buffer.alloc(fileBytesMax + 1)
    let length = 0
    // It may grow while it is read.
    for (let read = -1; read !== 0 && length < bytes.length; length += read) read = (await handle.read(bytes, length, bytes.length - length, length)).bytesRead
    if (length > fileBytesMax) throw tooBig(path, length)
    return bytes.subarray(0, length)
  } finally {
    await handle.close()
  }
}

export const tooBig = (path: string, bytes: number): FaultError =>
  new FaultError(
    fault("file-too-big", `${path} is too big to be shown or written here`, `it has ${bytes} bytes, at most ${fileBytesMax} are allowed`, "use another way"),
  )

/** A folder that goes away, or turns into a link, while all are looked at has no entries. */
async function listed(root: string, names: readonly string[]): Promise<readonly TreeEntry[]> {
  try {
    await using folder = await openFolder(root, names)
    const found = await readdir(folder.entry("."), { withFileTypes: true })
    const shown = found.filter((each) => (each.isDirectory() || each.isFile()) && !leftOut.has(each.name)).slice(0, entriesMax + 1)
    return await Promise.all(
      shown.map(async (each) => {
        const path = [...names, each.name].join("/")
        if (each.isDirectory()) return { path, type: "directory" as const, size: 0 }
        const size = await lstat(folder.entry(each.name)).then(
          (stats) => stats.size,
          () => 0,
        )
        return { path, type: "file" as const, size }
      }),
    )
  } catch (error) {
    if (error instanceof FaultError) return []
    throw error
  }
}

const sorted = (entries: readonly TreeEntry[]): readonly TreeEntry[] => entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))
