/** Reads what has changed since the index was made, and keeps what it says of all else. Bounded in files, bytes and time; what is missing is said. */
import { createHash } from "node:crypto"
import { constants } from "node:fs"
import { open } from "node:fs/promises"
import path from "node:path"
import { setImmediate as nextTurn } from "node:timers/promises"
import { isParsed, languageOf } from "../../domain/map/language.ts"
import { counted } from "../../domain/map/shown.ts"
import type { IndexedFile } from "./index-file.ts"
import type { ListedFile } from "./listing.ts"
import { outlineOf } from "./syntax.ts"

export interface BuildLimits {
  readonly filesMax: number
  readonly fileBytesMax: number
  readonly budgetMs: number
}
export const usualLimits: BuildLimits = { filesMax: 20_000, fileBytesMax: 512 * 1024, budgetMs: 20_000 }

export interface Build {
  readonly files: readonly IndexedFile[]
  readonly incomplete: readonly string[]
  /** How many were read again. */
  readonly read: number
}
export interface BuildOptions {
  readonly root: string
  readonly listed: readonly ListedFile[]
  readonly before: ReadonlyMap<string, IndexedFile>
  readonly limits: BuildLimits
  /** Milliseconds from any start, never backwards. */
  readonly elapsedMs: () => number
}

export async function buildIndex({ root, listed, before, limits, elapsedMs }: BuildOptions): Promise<Build> {
  const endsAt = elapsedMs() + limits.budgetMs
  const files: IndexedFile[] = []
  const count = { read: 0, late: 0 }
  for (const file of listed.slice(0, limits.filesMax)) {
    const known = before.get(file.path)
    if (known !== undefined && known.stamp !== null && known.stamp === file.blob) files.push(known)
    else if (elapsedMs() >= endsAt) {
      count.late++
      files.push(known === undefined ? unread(file.path) : { ...known, stamp: null })
    } else {
      const fresh = await readFile(root, file, known, limits.fileBytesMax)
      if (fresh === null) continue
      if (fresh !== known) count.read++
      files.push(fresh)
      // A file may take milliseconds, and there are thousands: others have their turn.
      await nextTurn()
    }
  }
  return { files, incomplete: missing(listed.length, files, count.late, limits), read: count.read }
}

function missing(listed: number, files: readonly IndexedFile[], late: number, limits: BuildLimits): string[] {
  const large = files.filter((file) => file.large).length
  return [
    ...(listed > limits.filesMax ? [`only the first ${limits.filesMax} of ${listed} files are in the map`] : []),
    ...(late > 0 ? [`time ran out after ${limits.budgetMs / 1_000} s: ${counted(late, "file")} not read yet`] : []),
    ...(large > 0 ? [`${counted(large, "file")} larger than ${limits.fileBytesMax / 1_024} KiB: not looked into`] : []),
  ]
}

const unread = (of: string): IndexedFile => ({ path: of, language: languageOf(of), lines: 0, symbols: [], exports: [], imports: [], stamp: null, large: false })

/** Null when there is nothing to read: it is gone, or no regular file. */
async function readFile(root: string, { path: of, blob }: ListedFile, known: IndexedFile | undefined, bytesMax: number): Promise<IndexedFile | null> {
  if (languageOf(of) === "binary" && known !== undefined) return known
  const found = await contentOf(path.join(root, of), bytesMax)
  if (found === null) return null
  const { bytes } = found
  const stamp = blob ?? found.stamp
  if (known !== undefined && known.stamp === stamp) return known
  if (bytes === null) return { ...unread(of), stamp, large: true }
  if (languageOf(of) === "binary" || bytes.subarray(0, 8_000).includes(0)) return { ...unread(of), language: "binary", stamp }
  return { ...unread(of), ...(await lookInto(bytes.toString("utf8"), languageOf(of))), stamp }
}

async function lookInto(text: string, language: string): Promise<Pick<IndexedFile, "lines"> & Partial<IndexedFile>> {
  const lines = text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0)
  return { lines, ...(isParsed(language) ? await outlineOf(text, language) : null) }
}

interface Content {
  /** Null when it is too large. */
  readonly bytes: Buffer | null
  readonly stamp: string
}

async function contentOf(file: string, bytesMax: number): Promise<Content | null> {
  // O_NONBLOCK: a pipe that stands there must not hold us up.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null)
  if (handle === null) return null
  await using opened = handle
  const found = await opened.stat()
  if (!found.isFile()) return null
  if (found.size > bytesMax) return { bytes: null, stamp: `${found.size}-${found.mtimeMs}` }
  const bytes = await opened.readFile()
  return { bytes, stamp: blobName(bytes) }
}

/** As git names the same bytes, so that committing a file does not make it new. */
const blobName = (bytes: Buffer): string => createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex")
