/** Adds a line to a file that others add to at the same time, and that one of them may have died over. */
import { constants } from "node:fs"
import { open, type FileHandle } from "node:fs/promises"
import { fault, FaultError } from "../../domain/fault.ts"
import { makeParents } from "./atomic-write.ts"

/** In one write, so that lines of several writers do not mix. Rejects with a `FaultError` (`is-symlink`, `no-plain-file`) when something else stands in the file's place. */
export async function appendLine(root: string, file: string, line: string): Promise<void> {
  await withAppended(root, file, (handle) => appendTo(handle, line))
}

/** Opens a file that may be added to and read; makes it and its directories below `root`. */
export async function withAppended<T>(root: string, file: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  await makeParents(root, file)
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
  await using handle = await open(file, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o644).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ELOOP" && error.code !== "EMLINK") throw error
    throw new FaultError(fault("is-symlink", `nothing is added to ${file}`, "it is a symlink, and may lead out of the project", "replace it by a file"))
  })
  if (!(await handle.stat()).isFile()) {
    const why = "it is a pipe or a device, and what is written there is lost"
    throw new FaultError(fault("no-plain-file", `nothing is added to ${file}`, why, "replace it by a file"))
  }
  return await work(handle)
}

/** A half line that somebody left is ended first: what comes after it must not be lost with it. */
export async function appendTo(handle: FileHandle, line: string): Promise<void> {
  const { size } = await handle.stat()
  const last = Buffer.alloc(1)
  if (size > 0) await handle.read(last, 0, 1, size - 1)
  const isHalf = size > 0 && last[0] !== newline
  await handle.appendFile(`${isHalf ? "\n" : ""}${line}\n`)
}

/** Enough for some hundred lines: a projection that is tried again begins with its last lines. */
const endBytes = 128 * 1024

/** The last lines, the first of them perhaps not whole. */
export async function endOf(handle: FileHandle, bytesMax = endBytes): Promise<string> {
  const { size } = await handle.stat()
  const length = Math.min(size, bytesMax)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
  return buffer.subarray(0, bytesRead).toString("utf8")
}

const newline = 10
