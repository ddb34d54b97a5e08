/** Reads the transcript of a session in pages that fit into an answer, from its start on, or its end. */
import { fault, FaultError } from "../../domain/fault.ts"
import { plainText } from "../../runtime/plain-text.ts"
import type { TranscriptEntry } from "../../protocol/worker.ts"
import { bodyBytesMax, line } from "./bounds.ts"
import type { FleetForAgents } from "./fleet-for-agents.ts"

export interface Entry {
  readonly at: number
  readonly type: TranscriptEntry["type"]
  readonly text: string
  /** There is more of the text. */
  readonly cut: boolean
}
export interface Entries {
  readonly entries: Entry[]
  readonly next: string | null
  readonly earlier: boolean
  readonly ended: boolean
}

const textCharsMax = 4_000
/** Parts of the hub's that are read through to find the end: as much as a transcript may have. */
const partsMax = 400

/** The cursor is the hub's byte offset, and how many entries from there on were shown: the hub's offsets are those of its own parts. */
export async function entriesFrom(fleet: FleetForAgents, session: string, cursor: string | null, limit: number): Promise<Entries> {
  const { offset, shown } = placeOf(cursor)
  const part = await fleet.transcript(session, offset)
  const rest = part.entries.slice(shown)
  const entries = within(rest.map(shape), limit)
  const place = shown + entries.length
  const more = place < part.entries.length ? `${offset}.${place}` : part.next > offset ? `${part.next}.0` : null
  // A part that was read to its end may be the last one: then the next page is empty, and says so.
  return { entries, next: more === null || (entries.length === 0 && part.ended) ? null : more, earlier: offset > 0 || shown > 0, ended: part.ended }
}

export async function lastEntries(fleet: FleetForAgents, session: string, limit: number): Promise<Entries> {
  let last: readonly TranscriptEntry[] = []
  let earlier = false
  let [offset, ended] = [0, false]
  for (let parts = 0; parts < partsMax; parts++) {
    const part = await fleet.transcript(session, offset)
    const together = [...last, ...part.entries]
    earlier ||= together.length > limit
    last = together.slice(-limit)
    ended = part.ended
    if (part.next <= offset) break
    offset = part.next
  }
  const entries = within(last.map(shape).toReversed(), limit).toReversed()
  return { entries, next: null, earlier: earlier || entries.length < last.length, ended }
}

function within(entries: readonly Entry[], limit: number): Entry[] {
  const taken: Entry[] = []
  let bytes = 0
  for (const entry of entries.slice(0, limit)) {
    bytes += Buffer.byteLength(JSON.stringify(entry))
    if (bytes > bodyBytesMax && taken.length > 0) break
    taken.push(entry)
  }
  return taken
}

function shape({ at, type, text }: TranscriptEntry): Entry {
  const plain = plainText(text, { maxChars: textCharsMax })
  return { at, type, text: plain, cut: text.length > textCharsMax }
}

function placeOf(cursor: string | null): { offset: number; shown: number } {
  const [, offset, shown] = /^(\d{1,15})\.(\d{1,9})$/.exec(cursor ?? "0.0") ?? []
  if (offset !== undefined && shown !== undefined) return { offset: Number(offset), shown: Number(shown) }
  throw new FaultError(fault("bad-cursor", "this is no cursor of this tool", line(cursor ?? "", 60), "pass next_cursor as it was given, or leave it out"))
}
