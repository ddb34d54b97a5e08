/** The files of discoveries of a project, `.planning/discoveries/YYYY-MM-DD.jsonl` (C.3): added to, and read from where one left off. */
import { readdir, type FileHandle } from "node:fs/promises"
import path from "node:path"
import { readDiscoveryRecord, type DiscoveryRecord } from "../../domain/discovery/record.ts"
import type { ReadMark } from "../../protocol/planning/momentum.ts"
import { openPlain } from "../../runtime/plain-file.ts"
import { appendLine } from "./append-line.ts"
import { recordUnreadable } from "./record-file.ts"

export const discoveriesDirectory = (root: string): string => path.join(root, ".planning", "discoveries")

/** Resolves to the file that it stands in, named for the day of the record. */
export async function appendDiscovery(root: string, record: DiscoveryRecord): Promise<string> {
  const file = path.join(discoveriesDirectory(root), `${new Date(record.timestamp).toISOString().slice(0, 10)}.jsonl`)
  await appendLine(root, file, JSON.stringify(record))
  return file
}

export interface Reading {
  /** How far each file was read, by its name. */
  readonly marks: Readonly<Record<string, ReadMark>>
  /** The size of each file when it was looked at, half lines included. */
  readonly sizes: Readonly<Record<string, number>>
  /** Lines that are no records, or too long for one. */
  readonly skipped: number
}

/**
 * Reads what was added since `marks`. Null when that cannot be said, because a file is gone, shorter or another one: then everything is to be
 * read from the beginning. A line without its end is left for the next time. Rejects with a `FaultError` (`record-unreadable`) for what is no plain file.
 */
export async function readNewDiscoveries(
  root: string,
  marks: Readonly<Record<string, ReadMark>>,
  take: (record: DiscoveryRecord) => void,
): Promise<Reading | null> {
  const directory = discoveriesDirectory(root)
  const names = await discoveryFiles(root)
  if (Object.keys(marks).some((name) => !names.includes(name))) return null
  const read: Record<string, ReadMark> = {}
  const sizes: Record<string, number> = {}
  let skipped = 0
  for (const name of names) {
    const one = await readFrom(path.join(directory, name), marks[name] ?? { bytes: 0, before: "" }, take)
    if (one === null) return null
    read[name] = one.mark
    sizes[name] = one.size
    skipped += one.skipped
  }
  return { marks: read, sizes, skipped }
}

/** In the order of their days. */
export async function discoveryFiles(root: string): Promise<readonly string[]> {
  const names = await readdir(discoveriesDirectory(root)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return []
    throw error
  })
  return names.filter((name) => name.endsWith(".jsonl") && !name.startsWith(".")).toSorted()
}

interface FileReading {
  readonly mark: ReadMark
  readonly size: number
  readonly skipped: number
}

const fileBytesMax = 1024 * 1024 * 1024
const chunkBytes = 1024 * 1024
const lineBytesMax = 1024 * 1024
const beforeBytes = 32

async function readFrom(file: string, mark: ReadMark, take: (record: DiscoveryRecord) => void): Promise<FileReading | null> {
  const opened = await openPlain(file, fileBytesMax)
  if (opened === null) return null
  if (!opened.ok) throw recordUnreadable(file, opened.why)
  await using handle = opened.handle
  const { size } = opened
  if (size < mark.bytes || (await bytesBefore(handle, mark.bytes)) !== mark.before) return null
  const { bytes, skipped } = await takeLines(handle, mark.bytes, take)
  return { mark: { bytes, before: await bytesBefore(handle, bytes) }, size, skipped }
}

async function bytesBefore(handle: FileHandle, at: number): Promise<string> {
  const length = Math.min(at, beforeBytes)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at - length)
  return buffer.subarray(0, bytesRead).toString("hex")
}

/** Whole lines only; says where the first byte stands that was not taken. */
async function takeLines(handle: FileHandle, from: number, take: (record: DiscoveryRecord) => void): Promise<{ bytes: number; skipped: number }> {
  const chunk = Buffer.alloc(chunkBytes)
  let pending = Buffer.alloc(0)
  let isTooLong = false
  let at = from
  let skipped = 0
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes, at + pending.length)
    if (bytesRead === 0) return { bytes: at, skipped }
    const bytes = Buffer.concat([pending, chunk.subarray(0, bytesRead)])
    const end = bytes.lastIndexOf(10) + 1
    for (const line of end === 0
      ? []
      : bytes
          .subarray(0, end - 1)
          .toString("utf8")
          .split("\n")) {
      const record = isTooLong ? null : recordIn(line)
      if (record !== null) take(record)
      else if (line.trim() !== "") skipped++
      isTooLong = false
    }
    at += end
    pending = Buffer.from(bytes.subarray(end))
    if (pending.length > lineBytesMax) {
      // It will never be a record: its rest is read over, to be skipped with its end.
      at += pending.length
      pending = Buffer.alloc(0)
      isTooLong = true
    }
  }
}

/** Somebody else may have added a line to the half one of a writer that died: then the whole one begins within. */
function recordIn(line: string): DiscoveryRecord | null {
  const record = parsed(line)
  if (record !== null) return record
  const within = line.lastIndexOf('{"schema":')
  return within <= 0 ? null : parsed(line.slice(within))
}

function parsed(text: string): DiscoveryRecord | null {
  try {
    return readDiscoveryRecord(JSON.parse(text))
  } catch {
    return null
  }
}
