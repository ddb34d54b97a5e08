/**
 * Reads the HANDOFF block that an agent prints at the end of its work:
 *
 *     ---HANDOFF---
 *     - Built: the login page
 *     - Status: partial
 *     ---
 *
 * Agents leave out the closing line, put the block in a code fence, quote the template they were given and start over, so the last block
 * that someone really filled in wins. What it says is a claim; proof is looked for elsewhere.
 */
export interface Handoff {
  readonly items: readonly string[]
  /** Items of the form `Key: value` or `**Key:** value`, by the key in lower case. Of two with the same key both are there, on lines of their own. */
  readonly fields: Readonly<Record<string, string>>
  /** What a `status` (or `result`, `outcome`) field says; null when there is none or it says something else. */
  readonly status: HandoffStatus | null
  /** The block as written, without its fences. */
  readonly raw: string
}
export type HandoffStatus = "success" | "partial" | "failed" | "blocked"

const itemsMax = 100
const itemCharsMax = 2_000
const rawCharsMax = itemsMax * itemCharsMax
const linesMax = 2_000
/** Longer lines are no fences, whatever they hold. */
const fenceCharsMax = 200

export function parseHandoff(text: string): Handoff | null {
  const lines = text.split(/\r\n|\n|\r/)
  const blocks = lines.flatMap((line, at) => (isHeader(line) ? [readBlock(lines, at)] : [])).filter((block) => isFilledIn(block.items))
  const last = blocks.findLast((block) => !block.quoted) ?? blocks.at(-1)
  if (last === undefined) return null
  const fields = fieldsOf(last.items)
  return { items: last.items, fields, status: statusOf(fields), raw: last.raw.slice(0, rawCharsMax) }
}

interface Block {
  readonly quoted: boolean
  readonly items: string[]
  readonly raw: string
}

const isHeader = (line: string): boolean => line.length < fenceCharsMax && /^[\s>*`_#]*-{3,}[ \t]*HANDOFF[ \t]*-{3,}[\s*`_]*$/i.test(line)
const isQuoted = (line: string): boolean => /^\s*>/.test(line)
const isEnd = (line: string): boolean =>
  (line.length < fenceCharsMax && /^\s*[*_]*-{3,}(\s*(END\s*)?(HANDOFF)?\s*-{3,})?[*_]*\s*$/i.test(line)) || isFence(line)
const isFence = (line: string): boolean => /^\s*(```|~~~)/.test(line)
const unquoted = (line: string): string => line.replace(/^(\s*>)+ ?/, "")

function readBlock(lines: readonly string[], header: number): Block {
  const quoted = isQuoted(lines[header] ?? "")
  const body: string[] = []
  let ended = false
  for (let at = header + 1; at < Math.min(lines.length, header + linesMax) && !ended; at++) {
    const line = lines[at] ?? ""
    // A quoted block ends with its quote, and so does an open one where a quote begins.
    if (isHeader(line) || isQuoted(line) !== quoted) break
    ended = isEnd(quoted ? unquoted(line) : line)
    if (!ended) body.push(quoted ? unquoted(line) : line)
  }
  const kept = ended ? body : withoutEpilogue(body)
  return { quoted, items: itemsOf(kept), raw: kept.join("\n").trim() }
}

/** Nothing closes the block: it ends where, after a blank line or a heading, the prose goes on. */
function withoutEpilogue(body: readonly string[]): readonly string[] {
  const from = body.findIndex((line) => line.trim() !== "")
  const end = body.findIndex(
    (line, at) => at > from && (/^#{1,6}\s/.test(line) || (body[at - 1]?.trim() === "" && line.trim() !== "" && !/^\s/.test(line) && !isItem(line))),
  )
  return end < 0 ? body : body.slice(0, end)
}

const bullet = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+/
const isItem = (line: string): boolean => bullet.test(line) || field(line) !== null

/** Every bullet and every `Key: value` line begins one; other lines belong to the one before. */
function itemsOf(lines: readonly string[]): string[] {
  const items: string[] = []
  for (const line of lines) {
    const text = line.replace(bullet, "").trim()
    if (text === "") continue
    if (items.length === 0 || bullet.test(line) || (!/^\s/.test(line) && field(line) !== null)) {
      if (items.length >= itemsMax) break
      items.push(text.slice(0, itemCharsMax))
    } else items.push(`${items.pop() ?? ""} ${text}`.slice(0, itemCharsMax))
  }
  return items
}

/** A template that nobody filled in has placeholders for most of its values: `- {what was built}`, `- Next: <what is left>`. */
function isFilledIn(items: readonly string[]): boolean {
  const open = items.filter((item) => /^(\{[^{}]*\}|<[^<>]*>|\[[^[\]]*\]|\.{3}|…)[.,;]?$/.test(field(item)?.value ?? item.trim()))
  return items.length > open.length * 2
}

function field(item: string): { readonly key: string; readonly value: string } | null {
  const found = /^\s*(?:\*\*|__)?([A-Za-z][A-Za-z0-9 _-]{0,40}?)(?:\*\*|__)?:(?:\*\*|__)?(?:\s+(.*))?$/s.exec(item)
  if (found === null) return null
  const value = (found[2] ?? "").trim()
  return { key: (found[1] ?? "").trim().toLowerCase(), value }
}

/** The items under a field without a value of its own are its value. */
function fieldsOf(items: readonly string[]): Record<string, string> {
  const found = new Map<string, string>()
  let open: string | null = null
  for (const item of items) {
    const pair = field(item)
    if (pair !== null) open = pair.value === "" ? pair.key : null
    const key = pair?.key ?? open
    if (key === null) continue
    found.set(key, [found.get(key) ?? "", pair?.value ?? item].filter((part) => part !== "").join("\n"))
  }
  return Object.fromEntries(found)
}

function statusOf(fields: Readonly<Record<string, string>>): HandoffStatus | null {
  const said = ["status", "result", "outcome"].find((key) => Object.hasOwn(fields, key))
  const word = /[a-z]+/.exec((said === undefined ? "" : (fields[said] ?? "")).toLowerCase())?.[0]
  return word === undefined ? null : (statusWords.get(word) ?? null)
}

const statusWords = new Map<string, HandoffStatus>([
  ...["success", "successful", "succeeded", "complete", "completed", "done", "ok"].map((word) => [word, "success"] as const),
  ...["partial", "partially", "incomplete"].map((word) => [word, "partial"] as const),
  ...["failed", "failure", "fail", "error"].map((word) => [word, "failed"] as const),
  ...["blocked", "stuck"].map((word) => [word, "blocked"] as const),
])
