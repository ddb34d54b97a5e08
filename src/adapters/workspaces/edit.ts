/** A person's own edit of a workspace's files. Whole or not at all, and never outside: `confine.ts`. */
import { randomUUID } from "node:crypto"
import { constants } from "node:fs"
import { lstat, mkdir, open, rename, rm, unlink } from "node:fs/promises"
import { fault, FaultError } from "../../domain/fault.ts"
import type { FileEdit } from "../../protocol/worker.ts"
import { denied, type Folder, type Inside, lastOf, missing, openFolder, openParent, parsePath, refused } from "./confine.ts"
import { fileBytesMax, tooBig } from "./files.ts"

export async function edit(root: string, wanted: FileEdit): Promise<void> {
  const path = parsePath(wanted.path)
  try {
    switch (wanted.kind) {
      case "write":
        return await write(root, path, wanted.content)
      case "directory":
        await makeFolders(root, path)
        return
      case "delete":
        return await remove(root, path)
      case "rename":
        return await move(root, path, parsePath(wanted.to))
    }
  } catch (error) {
    throw error instanceof FaultError ? error : refused(wanted.path, error as NodeJS.ErrnoException)
  }
}

/** Beside the file and then in its place, so that nobody ever reads half of it. */
async function write(root: string, path: Inside, content: string): Promise<void> {
  const bytes = Buffer.byteLength(content)
  if (bytes > fileBytesMax) throw tooBig(path.join("/"), bytes)
  await makeFolders(root, path.slice(0, -1))
  await using folder = await openParent(root, path)
  const target = folder.entry(lastOf(path))
  const before = await lookAt(folder, path)
  if (before !== null && !before.isFile()) throw denied(path.join("/"), before.isSymbolicLink() ? "it is a link" : "it is no plain file")
  const temporary = folder.entry(`.fleet-${randomUUID()}.tmp`)
  try {
    const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o666)
    try {
      await handle.writeFile(content)
      if (before !== null) await handle.chmod(before.mode & 0o777)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function remove(root: string, path: Inside): Promise<void> {
  await using folder = await openParent(root, path)
  const found = await lookAt(folder, path)
  if (found === null) throw missing(path.join("/"), "it was looked for and not found")
  if (found.isSymbolicLink()) throw denied(path.join("/"), "it is a link")
  if (found.isDirectory()) await rm(folder.entry(lastOf(path)), { recursive: true })
  else await unlink(folder.entry(lastOf(path)))
}

async function move(root: string, from: Inside, to: Inside): Promise<void> {
  await using source = await openParent(root, from)
  const found = await lookAt(source, from)
  if (found === null) throw missing(from.join("/"), "it was looked for and not found")
  if (found.isSymbolicLink()) throw denied(from.join("/"), "it is a link")
  if (isBelow(to, from)) throw denied(to.join("/"), "it is inside of what is to be moved")
  await makeFolders(root, to.slice(0, -1))
  await using target = await openParent(root, to)
  if ((await lookAt(target, to)) !== null) throw inTheWay(to.join("/"))
  await rename(source.entry(lastOf(from)), target.entry(lastOf(to)))
}

/** Makes what is missing, each in a folder that was looked at. */
async function makeFolders(root: string, names: readonly string[]): Promise<void> {
  for (let depth = 0; depth < names.length; depth++) {
    await using folder = await openFolder(root, names.slice(0, depth))
    await mkdir(folder.entry(names[depth] ?? "")).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error
    })
  }
  const last = await openFolder(root, names).catch((error: unknown) => {
    if (error instanceof FaultError && error.fault.code === "path-missing") throw inTheWay(names.join("/"))
    throw error
  })
  await last[Symbol.asyncDispose]()
}

async function lookAt(folder: Folder, path: Inside) {
  return lstat(folder.entry(lastOf(path))).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw error
  })
}

const isBelow = (path: Inside, above: Inside): boolean => above.every((name, index) => path[index] === name)

const inTheWay = (path: string): FaultError =>
  new FaultError(
    fault("path-exists", `${JSON.stringify(path.slice(0, 200))} is there already`, "nothing is written over it", "delete it first, or choose another name"),
  )
