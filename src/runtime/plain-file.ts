/**
 * Reads files that anybody may have put where they are: plain ones only, up to a limit, and without waiting. A pipe or a device would never end; a
 * link is somebody else's file, and is refused unless the caller says that it is followed. Nothing here rejects for what stands there.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs"
import { open, type FileHandle } from "node:fs/promises"

export type Links = "refused" | "followed"

export interface Unread {
  readonly ok: false
  /** As the end of a sentence about the file: `it is not a plain file`. */
  readonly why: string
}
export type PlainText = { readonly ok: true; readonly text: string } | Unread
/** The handle is the caller's to close; `size` in bytes, as it was when it was opened. */
export type OpenedFile = { readonly ok: true; readonly handle: FileHandle; readonly size: number } | Unread

/** Null: there is no such file. What is added to it while it is read is left out. */
export async function readPlain(file: string, bytesMax: number, links: Links = "refused"): Promise<PlainText | null> {
  const opened = await openPlain(file, bytesMax, links)
  if (opened?.ok !== true) return opened
  try {
    await using handle = opened.handle
    const bytes = Buffer.alloc(opened.size)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read) read = (await handle.read(bytes, length, bytes.length - length, length)).bytesRead
    return { ok: true, text: bytes.toString("utf8", 0, length) }
  } catch (error) {
    return unopened(error)
  }
}

/** As `readPlain`, without waiting for the pool of threads: several times as fast for thousands of small files. */
export function readPlainNow(file: string, bytesMax: number): PlainText | null {
  let opened: number | null = null
  try {
    opened = openSync(file, flagsFor("refused"))
    const found = fstatSync(opened)
    const why = whyNot(found, bytesMax)
    if (why !== null) return { ok: false, why }
    const bytes = Buffer.alloc(found.size)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read) read = readSync(opened, bytes, length, bytes.length - length, length)
    return { ok: true, text: bytes.toString("utf8", 0, length) }
  } catch (error) {
    return unopened(error)
  } finally {
    if (opened !== null) closeSync(opened)
  }
}

/** For one that is read in parts. Null: there is no such file. */
export async function openPlain(file: string, bytesMax: number, links: Links = "refused"): Promise<OpenedFile | null> {
  try {
    await using opened = new AsyncDisposableStack()
    const handle = opened.use(await open(file, flagsFor(links)))
    const found = await handle.stat()
    const why = whyNot(found, bytesMax)
    if (why !== null) return { ok: false, why }
    opened.move()
    return { ok: true, handle, size: found.size }
  } catch (error) {
    return unopened(error)
  }
}

function flagsFor(links: Links): number {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants
  return O_RDONLY | O_NONBLOCK | (links === "refused" ? O_NOFOLLOW : 0)
}

function whyNot(found: Stats, bytesMax: number): string | null {
  if (!found.isFile()) return "it is not a plain file"
  return found.size > bytesMax ? `it is larger than ${bytesMax / 1024} KiB` : null
}

function unopened(error: unknown): Unread | null {
  const { code } = error as NodeJS.ErrnoException
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return null
    case "ELOOP":
    case "EMLINK":
      return { ok: false, why: "it is a symlink, which is not followed here" }
    case "ENXIO":
      return { ok: false, why: "it is not a plain file" }
    case undefined:
      return { ok: false, why: `it cannot be opened (${String(error)})` }
  }
  return { ok: false, why: `it cannot be opened (${code})` }
}
