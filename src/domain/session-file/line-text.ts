/**
 * Words of agents and people on the lines of a Markdown file that is read again. What is written here reads back as it was, and can neither
 * break a table nor begin a heading, a rule, a fence or a comment.
 */

/** One line without control characters, escape sequences or what hides and reorders text; longer ones end in `…`. Applied twice it changes nothing more. */
export function flat(hostile: string, charsMax: number): string {
  const line = hostile
    .slice(0, charsMax * 4 + 4_096)
    .toWellFormed()
    .replace(sequences, "")
    .replace(hidden, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
  if (line.length <= charsMax) return line
  return `${line.slice(0, Math.max(0, charsMax - 1)).replace(/[\ud800-\udbff]$/, "")}…`.replace(/\s+…$/, "…")
}

/** Many lines, as they are, without what `flat` takes out of one. A longer text ends in a line that says that it was cut. */
export function block(hostile: string, charsMax: number): string {
  const text = hostile
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(sequences, "")
    .replace(hidden, "")
    .replace(/[^\P{Cc}\n\t]/gu, " ")
  if (text.length <= charsMax) return text
  return `${text.slice(0, charsMax - cutLine.length).replace(/[\ud800-\udbff]$/, "")}${cutLine}`
}

const cutLine = "\n\n(The rest was too long for this file.)"

/** Text that stands behind something on its line: after a key, or in a heading. */
export const inlineText = (text: string): string => text.replace(/\\(?=[\\|<,{}()#>*+\-`~=]|$)/g, "\\\\").replace(/<(?=!--)/g, "\\<")

/** Text that begins a list item, where a heading, a rule, a quote or a fence could begin too. */
export const bulletText = (text: string): string => inlineText(text).replace(/^(?=#|>|[-+*](?:\s|$)|-{3}|\*{3}|`{3}|~{3}|={3}|\|)/, "\\")

export const cellText = (text: string): string => inlineText(text).replaceAll("|", "\\|")

/** Takes the escapes out again. Other backslashes stay, as in a path that somebody wrote by hand. */
export const plainOf = (written: string): string => written.replace(/\\([\\|<,{}()#>*+\-`~=])/g, "$1")

/** The cells of a table's line, still escaped. An escaped `|` is no border. */
export function cellsOf(line: string): string[] {
  const cells = splitAt(line.trim().replace(/^\|/, ""), (char) => char === "|")
  if (cells.length > 1 && cells.at(-1)?.trim() === "") cells.pop()
  return cells.map((cell) => cell.trim())
}

/** Items for one line, so that `itemsOf` finds the same ones: commas separate, but not within braces or parentheses. */
export const itemsText = (items: readonly string[], separator: "," | ", "): string => items.map(itemText).join(separator)

export function itemsOf(written: string): string[] {
  let depth = 0
  const parts = splitAt(written, (char) => {
    if (char === "{" || char === "(") depth++
    if (char === "}" || char === ")") depth = Math.max(0, depth - 1)
    return char === "," && depth === 0
  })
  return parts.map((part) => plainOf(part.trim())).filter((part) => part !== "")
}

const itemText = (item: string): string => {
  const plain = cellText(item)
  return isWhole(plain) ? plain : item.replace(/[\\|<,{}()#>*+\-`~=]/g, "\\$&")
}

/** Its commas are all within braces or parentheses, and these are closed. */
function isWhole(item: string): boolean {
  let depth = 0
  let whole = true
  splitAt(item, (char) => {
    if (char === "{" || char === "(") depth++
    if ((char === "}" || char === ")") && --depth < 0) whole = false
    if (char === "," && depth === 0) whole = false
    return false
  })
  return whole && depth === 0
}

/** Asks of every character that no backslash precedes. */
function splitAt(text: string, isBorder: (char: string) => boolean): string[] {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ""
    if (char === "\\") at++
    else if (isBorder(char)) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)]
}

/* oxlint-disable-next-line no-control-regex -- CSI and OSC: what is left of them without their ESC would still be noise */
const sequences = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\p{Cc}]*(?:\u0007|\u001b\\)?/gu

/** Format characters, but for the joiners that emoji and Persian need. */
const hidden = /[^\P{Cf}\u200c\u200d]/gu
