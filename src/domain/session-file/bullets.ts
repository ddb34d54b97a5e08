/** Lists of a session file: a section of `- ` items. */
import { plainOf } from "./line-text.ts"
import type { FileLine } from "./sections.ts"

/** A line that is no item goes on with the one before it, or is one by itself after a blank line: nothing of such a section is lost. */
export function bulletsIn(lines: readonly FileLine[]): string[] {
  const items: string[] = []
  let open = false
  for (const { text } of lines) {
    const item = /^\s*[-*+]\s+(.*)$/s.exec(text)?.[1]
    const plain = text.trim()
    if (item !== undefined || (!open && plain !== "")) items.push(plainOf(item ?? plain))
    else if (plain !== "") items.push(`${items.pop() ?? ""} ${plainOf(plain)}`)
    open = plain !== ""
  }
  return items
}
