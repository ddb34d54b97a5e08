/** Fits text of any origin into terminal columns, and says times and numbers the short way. */
import stringWidth from "string-width"
import { plainText } from "../../runtime/plain-text.ts"

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** One line without control sequences, however hostile the text. */
export const oneLine = (text: string): string => plainText(text, { oneLine: true })

/** Several lines without control sequences; a tab is as wide as spaces are. */
export function plainLines(text: string): string[] {
  return plainText(text).replaceAll("\t", "    ").split("\n")
}

export const columnsOf = (text: string): number => stringWidth(text)

/** At most `columns` wide; a cut is shown by the ellipsis. */
export function cut(text: string, columns: number, ellipsis: string): string {
  if (columns <= 0) return ""
  if (columnsOf(text) <= columns) return text
  const room = columns - columnsOf(ellipsis)
  let kept = ""
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment)
    if (used > room) break
    kept += segment
  }
  return kept + ellipsis
}

/** The same, but what is left out is in the middle: of a path or a branch both ends say most. */
export function cutMiddle(text: string, columns: number, ellipsis: string): string {
  if (columnsOf(text) <= columns) return text
  const room = columns - columnsOf(ellipsis)
  if (room < 2) return cut(text, columns, ellipsis)
  const head = cut(text, Math.floor(room / 2), "")
  const tail = [...graphemes.segment(text)].map(({ segment }) => segment)
  while (columnsOf(tail.join("")) > room - columnsOf(head)) tail.shift()
  return head + ellipsis + tail.join("")
}

/** Broken between words into lines of at most `columns`; a word that is longer stands alone. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ""
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`
    if (line !== "" && columnsOf(longer) > columns) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

/** Exactly `columns` wide. */
export function fit(text: string, columns: number, align: "left" | "right", ellipsis: string): string {
  const short = cut(text, columns, ellipsis)
  const space = " ".repeat(Math.max(0, columns - columnsOf(short)))
  return align === "left" ? short + space : space + short
}

/** `4.2s`, `1:03`, `2:05:11`. */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 10) return `${seconds.toFixed(1)}s`
  const whole = Math.floor(seconds)
  const two = (value: number): string => String(value).padStart(2, "0")
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** `3 s`, `5 min`, `2 h`, `4 d`: how long ago, roughly. */
export function roughly(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}

/** `950`, `12.3k`, `4.1M`. */
export function shortCount(count: number): string {
  if (count < 1000) return String(count)
  return count < 999_950 ? `${(count / 1000).toFixed(1)}k` : `${(count / 1_000_000).toFixed(1)}M`
}

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** As one word of a POSIX shell command line, for the commands that Fleet proposes. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
