/**
 * Reads a session file (C.1.49-56), as Fleet, the original or a person wrote it: both shapes of the queue, and whatever stands around it.
 * Never throws. What cannot be read is a fault with its line and stays in the file: an unknown section in `rest`, a line in `notes.kept`.
 */
import type { SessionFault } from "./faults.ts"
import { SessionReading } from "./faults.ts"
import { isQueueHeader, readQueue, type ReadQueue } from "./queue-table.ts"
import { bulletsIn } from "./bullets.ts"
import { readComparison, readContinuation, readHead } from "./facts.ts"
import { flattened, sessionFileLimits, wordsOf } from "./flatten.ts"
import { readWave } from "./results.ts"
import { restOf, sectionsOf, textOf, type BulletSection, type FileLine, type FileSection, type KnownSection } from "./sections.ts"
import type { SessionFile } from "./session-file.ts"
import { readOrders } from "./work-orders.ts"

export interface ParsedSessionFile {
  /** Null when it is no session file, or too large for one. As `flattened` leaves it. */
  readonly file: SessionFile | null
  /** It held more of a person's words than there is room for. */
  readonly cut: boolean
  /** An `error` says that something of it was not taken. */
  readonly faults: readonly SessionFault[]
  /** 1-based line of each row of the queue, by its number. */
  readonly lines: ReadonlyMap<number, number>
}

/** `file`: its name, for the faults. Where no section is called Work Queue, the queue is the first such table of the text: a spec has one too. */
export function parseSessionFile(text: string, file: string | null = null): ParsedSessionFile {
  const reading = new SessionReading(file)
  if (text.length > sessionFileLimits.chars)
    return refused(reading, "session-too-large", `it has ${text.length} characters; the limit is ${sessionFileLimits.chars}`)
  const sections = sectionsOf(text.replace(/^\ufeff/, ""))
  const queue = readQueues(reading, sections)
  const [preamble] = sections
  const head = readHead(reading, preamble?.lines ?? [], queue)
  if (!queue.found && head.title === null && !sections.some((section) => section.known?.kind === "queue"))
    return refused(reading, "not-a-session", "it has no title `# Fleet Session: …` and no queue with the columns Campaign and Scope")
  if (queue.rows.length > sessionFileLimits.rows)
    return refused(reading, "session-too-large", `it has ${queue.rows.length} rows; the limit is ${sessionFileLimits.rows}`)
  const whole = fileOf(reading, sections, head, queue)
  const flat = flattened(whole)
  return { file: flat, cut: wordsOf(flat) < wordsOf(whole), faults: reading.faults, lines: queue.lines }
}

function refused(reading: SessionReading, code: string, why: string): ParsedSessionFile {
  reading.error(
    null,
    code,
    "this cannot be read as the session file of a campaign",
    why,
    "write it as `# Fleet Session: name` with a `## Work Queue`; see `fleet run --help`",
  )
  return { file: null, cut: false, faults: reading.faults, lines: new Map() }
}

function fileOf(reading: SessionReading, sections: readonly FileSection[], head: ReturnType<typeof readHead>, queue: ReadQueue): SessionFile {
  const bullets = (of: BulletSection): string[] =>
    sections.flatMap(({ known, lines }) => (known?.kind === "bullets" && known.of === of ? bulletsIn(lines.slice(1)) : []))
  const of = (kind: KnownSection["kind"]): FileLine[] => sections.flatMap(({ known, lines }) => (known?.kind === kind ? lines.slice(1) : []))
  const waves = sections.flatMap(({ known, title, lines }) =>
    known?.kind === "wave" ? [readWave(reading, title ?? "", Math.max(known.number, 1), lines.slice(1))] : [],
  )
  const comparison = sections.some(({ known }) => known?.kind === "comparison") ? readComparison(reading, of("comparison")) : null
  const continuation = readContinuation(reading, of("continuation"))
  const { orders, spec, rules, setup, checks } = readOrders(reading, of("orders"))
  const rest = sections.flatMap(({ title, known, lines }) => (title === null || known !== null ? [] : [textOf(lines)]))
  return {
    name: head.title ?? "",
    status: head.status,
    started: head.started,
    direction: head.direction,
    queue: queue.rows,
    columns: queue.columns,
    waves,
    shared: bullets("shared"),
    notes: {
      gaps: bullets("gaps"),
      mergeConflicts: bullets("mergeConflicts"),
      refusedEdits: bullets("refusedEdits"),
      warnings: bullets("warnings"),
      kept: [...bullets("kept"), ...reading.kept],
    },
    orders,
    spec,
    rules,
    setup,
    checks,
    comparison,
    pendingPropagation: bullets("pendingPropagation"),
    continuation,
    rest: restOf(rest.join("\n\n")),
  }
}

/** Rows of several such sections are one queue. */
function readQueues(reading: SessionReading, sections: readonly FileSection[]): ReadQueue {
  const own = sections.filter(({ known }) => known?.kind === "queue")
  if (own.length > 0) {
    const queue = readQueue(
      reading,
      "Work Queue",
      own.flatMap(({ lines }) => lines.slice(1)),
    )
    reading.keepUnknown("Work Queue", queue.others)
    return queue
  }
  const place = sections.find(({ known, lines }) => known === null && outsideFences(lines).some((line) => isQueueHeader(line.text)))
  return readQueue(reading, place?.title ?? "Work Queue", place === undefined ? [] : outsideFences(place.lines))
}

function outsideFences(lines: readonly FileLine[]): FileLine[] {
  let fence: string | null = null
  return lines.filter(({ text }) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1]
    if (mark === undefined) return fence === null
    fence = fence === null ? mark : mark.startsWith(fence) ? null : fence
    return false
  })
}
