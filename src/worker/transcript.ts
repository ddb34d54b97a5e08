/** The transcripts of sessions: one append-only file of JSON lines each, written in order, read by byte offset. They outlive the worker. */
import { createHash } from "node:crypto"
import { mkdir, open, type FileHandle } from "node:fs/promises"
import { join } from "node:path"
import type { SessionId } from "../domain/ids.ts"
import type { TranscriptEntry } from "../protocol/worker.ts"

export interface TranscriptLimits {
  /** Of the file; after it there is a note, and what the agent says is left out. */
  readonly bytesMax: number
  /** Of one entry's text. */
  readonly textCharsMax: number
  /** Of what waits to be written, when the agent is faster than the disk. */
  readonly waitingCharsMax: number
}
export const transcriptLimits: TranscriptLimits = { bytesMax: 64 * 1024 * 1024, textCharsMax: 64 * 1024, waitingCharsMax: 8 * 1024 * 1024 }

export interface TranscriptPart {
  readonly entries: readonly TranscriptEntry[]
  /** Byte offset to go on from. */
  readonly next: number
  /** There is nothing after `next` yet. */
  readonly atEnd: boolean
}

export class Transcripts {
  readonly #directory: string
  readonly #limits: TranscriptLimits
  readonly #open = new Map<SessionId, Transcript>()

  constructor(directory: string, limits: TranscriptLimits = transcriptLimits) {
    this.#directory = directory
    this.#limits = limits
  }

  add(session: SessionId, entry: TranscriptEntry): void {
    const transcript = this.#open.get(session) ?? new Transcript(this.#fileOf(session), this.#limits)
    this.#open.set(session, transcript)
    transcript.add(entry)
  }

  /** Resolves when all that was added to this session is in its file. */
  async written(session: SessionId): Promise<void> {
    await this.#open.get(session)?.idle()
  }

  /** Writes the rest and forgets the session; adding again opens its file again. */
  async close(session: SessionId): Promise<void> {
    const transcript = this.#open.get(session)
    if (transcript === undefined) return
    await transcript.idle()
    if (this.#open.get(session) === transcript) this.#open.delete(session)
  }

  async read(session: SessionId, offset: number, bytesMax: number): Promise<TranscriptPart> {
    await this.written(session)
    const file = await open(this.#fileOf(session), "r").catch(() => null)
    if (file === null) return { entries: [], next: 0, atEnd: true }
    try {
      return await readPart(file, offset, Math.min(bytesMax, partBytesMax))
    } finally {
      await file.close()
    }
  }

  #fileOf(session: SessionId): string {
    return join(this.#directory, `${fileName(session)}.jsonl`)
  }
}

/** What fits an answer comfortably. */
const partBytesMax = 1024 * 1024
/** Longer than any line that is written here. */
const lineBytesMax = 1024 * 1024
const nameCharsMax = 200
const newline = 0x0a

class Transcript {
  readonly #file: string
  readonly #limits: TranscriptLimits
  #waiting: TranscriptEntry[] = []
  #waitingChars = 0
  #writing: Promise<void> | null = null
  #bytes: number | null = null
  #full = false
  #left = 0

  constructor(file: string, limits: TranscriptLimits) {
    this.#file = file
    this.#limits = limits
  }

  add(entry: TranscriptEntry): void {
    const text = entry.text.length > this.#limits.textCharsMax ? `${entry.text.slice(0, this.#limits.textCharsMax)}…` : entry.text
    if (says(entry) && (this.#full || this.#waitingChars + text.length > this.#limits.waitingCharsMax)) {
      this.#left += text.length
    } else this.#wait({ ...entry, text })
    this.#writing ??= this.#write()
  }

  async idle(): Promise<void> {
    while (this.#writing !== null) await this.#writing
  }

  /** Neighbours of one kind are joined while they wait: agents speak in syllables. */
  #wait(entry: TranscriptEntry): void {
    if (this.#left > 0 && !this.#full)
      this.#push({ at: entry.at, type: "note", text: `${this.#left} characters were left out: they could not be written in time.` })
    if (!this.#full) this.#left = 0
    const last = this.#waiting.at(-1)
    const joins = last !== undefined && last.type === entry.type && (entry.type === "text" || entry.type === "thought")
    if (joins && last.text.length + entry.text.length <= this.#limits.textCharsMax) {
      this.#waiting[this.#waiting.length - 1] = { ...last, text: last.text + entry.text }
      this.#waitingChars += entry.text.length
    } else this.#push(entry)
  }

  #push(entry: TranscriptEntry): void {
    this.#waiting.push(entry)
    this.#waitingChars += entry.text.length
  }

  async #write(): Promise<void> {
    // The first entries of a burst are joined before they are written.
    await Promise.resolve()
    try {
      // Closing takes a while, and what is added meanwhile starts no other write.
      while (this.#waiting.length > 0) await this.#writeAll()
    } catch {
      // A full disk takes the words of the transcript, never the work: what waits is dropped and counted.
      this.#left += this.#waitingChars
      this.#waiting = []
      this.#waitingChars = 0
    }
    this.#writing = null
  }

  async #writeAll(): Promise<void> {
    const file = await this.#append()
    try {
      while (this.#waiting.length > 0) await this.#writeWaiting(file)
    } finally {
      await file.close()
    }
  }

  async #writeWaiting(file: FileHandle): Promise<void> {
    const entries = this.#waiting
    this.#waiting = []
    this.#waitingChars = 0
    const lines = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""))
    await file.appendFile(lines)
    this.#bytes = (this.#bytes ?? 0) + lines.length
    if (this.#full || this.#bytes < this.#limits.bytesMax) return
    this.#full = true
    const at = entries.at(-1)?.at ?? 0
    this.#push({ at, type: "note", text: `The transcript has reached ${this.#limits.bytesMax} bytes. What the agent says from here on is left out.` })
  }

  /** A worker that was killed may have left half a line at the end. */
  async #append(): Promise<FileHandle> {
    const file = await openToAppend(this.#file)
    if (this.#bytes === null) {
      const { size } = await file.stat()
      const last = Buffer.alloc(1)
      if (size > 0) await file.read(last, 0, 1, size - 1)
      if (size > 0 && last[0] !== newline) await file.appendFile("\n")
      this.#bytes = size
      this.#full = size >= this.#limits.bytesMax
    }
    return file
  }
}

async function openToAppend(file: string): Promise<FileHandle> {
  try {
    return await open(file, "a+", 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
    await mkdir(join(file, ".."), { recursive: true, mode: 0o700 })
    return open(file, "a+", 0o600)
  }
}

/** What an agent says without end; the rest is few and short. */
const says = (entry: TranscriptEntry): boolean => entry.type === "text" || entry.type === "thought" || entry.type === "tool"

function fileName(session: SessionId): string {
  const name = encodeURIComponent(session)
  return name.length <= nameCharsMax ? name : `${name.slice(0, nameCharsMax - 65)}-${createHash("sha256").update(session).digest("hex")}`
}

async function readPart(file: FileHandle, offset: number, bytesMax: number): Promise<TranscriptPart> {
  const { size } = await file.stat()
  const from = Math.min(offset, size)
  let bytes = await readAt(file, from, bytesMax)
  // The first line may be longer than what was asked for.
  if (!bytes.includes(newline)) bytes = await readAt(file, from, Math.max(bytesMax, lineBytesMax))
  const whole = bytes.subarray(0, bytes.lastIndexOf(newline) + 1)
  const entries = whole.toString("utf8").split("\n").flatMap(parseEntry)
  return { entries, next: from + whole.length, atEnd: from + whole.length >= size }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** Only what is written here is read here; a line that a killed worker left half is passed over. */
function parseEntry(line: string): TranscriptEntry[] {
  if (line === "") return []
  try {
    return [JSON.parse(line) as TranscriptEntry]
  } catch {
    return []
  }
}
