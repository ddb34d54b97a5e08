/** `Key: value` and `**Key:** value` lines of a session file. A long value goes on in the lines and list items below it. */
import { plainOf } from "./line-text.ts"
import type { FileLine } from "./sections.ts"

export interface Fields {
  /** By key, in lower case: a value for each line and each item below it, still escaped. Of a key given twice the first counts. */
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly others: readonly FileLine[]
}

/** `short` values end with their line, `long` ones with a blank line or the next key. What is in neither is `others`. */
export function fieldsIn(lines: readonly FileLine[], short: readonly string[], long: readonly string[]): Fields {
  const values = new Map<string, string[][]>()
  const others: FileLine[] = []
  let open: string[][] | null = null
  for (const line of lines) {
    const { key, value } = fieldIn(line.text)
    const plain = line.text.trim()
    if (key !== null && (short.includes(key) || long.includes(key)) && !values.has(key)) {
      const begun = value === "" ? [] : [[value]]
      values.set(key, begun)
      open = long.includes(key) ? begun : null
    } else if (plain === "") {
      // The list of a key without a value of its own may stand apart from it.
      if (open !== null && open.length > 0) open = null
    } else if (open === null || key !== null || /^(#|\||<!--)/.test(plain)) {
      open = null
      others.push(line)
    } else addTo(open, plain)
  }
  return { values: new Map([...values].map(([key, parts]) => [key, parts.map((lines) => lines.join(" "))])), others }
}

/** Joined only when all is read: a value may have as many lines as its file. */
function addTo(open: string[][], plain: string): void {
  const item = /^[-*+]\s+(.*)$/s.exec(plain)?.[1]
  const last = open.at(-1)
  if (item !== undefined || last === undefined) open.push([item ?? plain])
  else last.push(plain)
}

/** A value as one text; null when there is none. */
export function fieldText({ values }: Fields, key: string): string | null {
  const text = (values.get(key) ?? []).map(plainOf).join("; ")
  return text === "" ? null : text
}

/** In bold any key; without it only at the beginning of a line, and of letters: prose has colons too. */
function fieldIn(line: string): { readonly key: string | null; readonly value: string } {
  const bold = /^\s*(?:[-*+]\s+)?\*\*([^*:]{1,60})(?::\*\*|\*\*:)(.*)$/s.exec(line)
  const found = bold ?? /^\s*([A-Za-z][A-Za-z -]{0,30}):(?:\s+(.*)|\s*)$/s.exec(line)
  return { key: found === null ? null : (found[1] ?? "").trim().toLowerCase(), value: (found?.[2] ?? "").trim() }
}
