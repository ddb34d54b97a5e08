/** Reads what a session file says of itself: its head, its Continuation State and its Speculative Comparison. */
import { cellsOf, itemsOf, plainOf } from "./line-text.ts"
import type { ReadQueue } from "./queue-table.ts"
import { isQueueHeader } from "./queue-table.ts"
import { fieldsIn, fieldText } from "./fields.ts"
import { isNothing } from "./flatten.ts"
import type { SessionReading } from "./faults.ts"
import type { FileLine } from "./sections.ts"
import type { ComparedStrategy, Continuation, SessionStatus, SpeculativeComparison } from "./session-file.ts"

export interface Head {
  /** Null where the file is no session file by its title: a spec with a queue. Its own title is then its direction. */
  readonly title: string | null
  readonly status: SessionStatus
  readonly started: string
  readonly direction: string
}

/** Of a file without the title the prose is for the reader, and no fault. `queue`: its table may stand here. */
export function readHead(reading: SessionReading, preamble: readonly FileLine[], queue: ReadQueue): Head {
  const at = preamble.findIndex(({ text }) => titleIn(text) !== null)
  const title = at < 0 ? null : titleIn(preamble[at]?.text ?? "")
  const fields = fieldsIn(
    preamble.filter((_, other) => other !== at),
    ["status", "started"],
    ["direction"],
  )
  const heading = preamble.map(({ text }) => /^#\s+(.*)$/s.exec(text)?.[1]).find((text) => text !== undefined)
  if (title !== null) {
    const rows = new Set(queue.lines.values())
    reading.keepUnknown(
      "Head",
      fields.others.filter(({ text, line }) => !rows.has(line) && !isQueueHeader(text) && !/^[\s|:-]+$/.test(text)),
    )
  }
  return {
    title,
    status: statusIn(reading, fieldText(fields, "status"), preamble[0]?.line ?? 1, title !== null),
    started: fieldText(fields, "started") ?? "",
    direction: fieldText(fields, "direction") ?? (title === null ? (heading ?? "").trim() : ""),
  }
}

function titleIn(line: string): string | null {
  const found = /^\s{0,3}#\s+fleet session\s*:\s*(.*)$/is.exec(line)?.[1]
  return found === undefined ? null : plainOf(found.trim())
}

function statusIn(reading: SessionReading, written: string | null, line: number, isSession: boolean): SessionStatus {
  const status = (["active", "needs-continue", "completed"] as const).find(
    (one) =>
      one ===
      written
        ?.trim()
        .toLowerCase()
        .replace(/[\s_]+/g, "-"),
  )
  if (status === undefined && isSession)
    reading.warn(
      line,
      "status-unknown",
      written === null ? "the session has no status" : `the session's status ${JSON.stringify(written.slice(0, 80))} is none that Fleet knows`,
      "it is taken as active",
      "write `Status: active`, `Status: needs-continue` or `Status: completed`",
    )
  return status ?? "active"
}

export function readContinuation(reading: SessionReading, lines: readonly FileLine[]): Continuation {
  const fields = fieldsIn(lines, ["next wave", "context usage", "auto-continue"], ["blocked items"])
  reading.keepUnknown("Continuation State", fields.others)
  const wave = Number(/^(\d{1,9})$/.exec(fieldText(fields, "next wave") ?? "")?.[1] ?? 0)
  const blocked = fields.values.get("blocked items") ?? []
  return {
    nextWave: wave >= 1 ? wave : null,
    blocked: blocked.flatMap(itemsOf).filter((item) => !isNothing(item)),
    contextTokens: tokensIn(fieldText(fields, "context usage") ?? ""),
    // Only what says so goes on by itself.
    autoContinue: /^(true|yes)$/i.test(fieldText(fields, "auto-continue") ?? ""),
  }
}

export const tokensText = (tokens: number | null): string => (tokens === null ? "unknown" : `~${Math.round(tokens / 1_000)}K tokens`)

function tokensIn(text: string): number | null {
  const found = /^~?\s*([\d,]{1,12}(?:\.\d{1,6})?)\s*([km])?\b/i.exec(text)
  const amount = Number((found?.[1] ?? "").replaceAll(",", ""))
  if (found === null || !Number.isFinite(amount)) return null
  const unit = found[2]?.toLowerCase()
  return Math.round(amount * (unit === "k" ? 1_000 : unit === "m" ? 1_000_000 : 1))
}

export function readComparison(reading: SessionReading, lines: readonly FileLine[]): SpeculativeComparison {
  const inTable = ({ text }: FileLine): boolean => text.trim().startsWith("|")
  const fields = fieldsIn(
    lines.filter((line) => !inTable(line)),
    ["strategies", "winner", "merged"],
    ["direction"],
  )
  reading.keepUnknown("Speculative Comparison", fields.others)
  const rows = comparedIn(reading, lines.filter(inTable))
  return {
    direction: fieldText(fields, "direction") ?? "",
    strategies: Number(/^\d{1,9}$/.exec(fieldText(fields, "strategies") ?? "")?.[0] ?? rows.length),
    rows,
    winner: fieldText(fields, "winner"),
    merged: fieldText(fields, "merged"),
  }
}

/** The first line is the header: its columns in any order. */
function comparedIn(reading: SessionReading, [header, ...lines]: readonly FileLine[]): ComparedStrategy[] {
  const titles = cellsOf(header?.text ?? "").map((title) => title.toLowerCase())
  return lines.flatMap((line) => {
    const cells = cellsOf(line.text)
    const cell = (title: string): string => plainOf(cells[titles.indexOf(title)] ?? "")
    if (cells.every((one) => /^:?-+:?$/.test(one))) return []
    if (titles.includes("strategy") && cells.length === titles.length)
      return [{ strategy: cell("strategy"), branch: cell("branch"), status: cell("status"), typecheck: cell("typecheck"), notes: cell("notes") }]
    reading.keepUnknown("Speculative Comparison", [line])
    return []
  })
}
