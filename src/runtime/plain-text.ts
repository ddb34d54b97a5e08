/**
 * Makes text that an agent wrote safe to show in a terminal, a log or a page title: no escape sequence, no control character, nothing
 * that reorders or hides what stands there. Whoever shows it in HTML still escapes it.
 */
export interface PlainTextOptions {
  /** Longer text is cut and ends in `…`. Default: one million. */
  readonly maxChars?: number
  /** All white space, newlines too, becomes single spaces. Default: newlines and tabs stay. */
  readonly oneLine?: boolean
}

const charsMax = 1_000_000

export function plainText(hostile: string, { maxChars = charsMax, oneLine = false }: PlainTextOptions = {}): string {
  // Escape sequences can make a text much longer than what is left of it, but not without end.
  const room = maxChars * 16 + 65_536
  const plain = hostile
    .slice(0, room)
    .replace(escapeSequences, "")
    // A lone carriage return lets the rest of a line overwrite its beginning; as a line of its own both are seen.
    .replace(/\r+\n?|[\u2028\u2029\v\f\u0085]/g, "\n")
    .replace(controls, "")
    .replace(invisible, "")
    .toWellFormed()
  const text = oneLine ? plain.replace(/\s+/g, " ").trim() : plain
  return cut(text, maxChars, hostile.length > room)
}

/* oxlint-disable no-control-regex -- control characters are what this file is about */

/** OSC, DCS, SOS, PM and APC, with their 8-bit forms: up to BEL or ST. One that is never closed ends with its line, so that it cannot swallow the rest. */
const stringSequence = /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c\r\n]*(?:\u0007|\u001b\\|\u009c)?/

/** CSI: parameters, intermediates, and the final byte where there is one. */
const controlSequence = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?/

/** Two-character escapes, character set choices, and a lone ESC. */
const otherSequence = /\u001b[ -/]*[0-~]?/

/** All in one pass, so that taking one out cannot put another one together. */
const escapeSequences = new RegExp(`${stringSequence.source}|${controlSequence.source}|${otherSequence.source}`, "g")

const controls = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g

/** Bidi marks, overrides and isolates, zero-width characters but the joiners that emoji and Persian need, annotations, tag characters. */
const invisible = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

function cut(text: string, maxChars: number, more: boolean): string {
  if (text.length <= maxChars && !more) return text
  if (maxChars < 1) return ""
  const kept = text.slice(0, maxChars - 1)
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`
}
