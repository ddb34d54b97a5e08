/** Takes a Markdown task list apart: its check boxes, what is written under each, and the headings above. Knows nothing of what items mean. */

export interface ListItem {
  readonly line: number
  readonly ticked: boolean
  /** The line of the check box, and lines that continue it. */
  readonly text: string
  /** What is indented under it, nested items too. */
  readonly body: readonly string[]
  /** The level-2 heading it stands under. */
  readonly section: Section
  /** The nearest heading of any level below the first. */
  readonly heading: string | null
  /** A `**Checkpoint**` line that follows it. */
  readonly checkpoint: string | null
}
export interface Section {
  readonly heading: string | null
  /** Counts up through the file. */
  readonly number: number
}
export interface TaskList {
  /** The level-1 heading. */
  readonly title: string | null
  readonly items: readonly ListItem[]
}

/** `own` says whether a nested check box is a task of its own instead of a part of its parent. */
export function readTaskList(text: string, own: (text: string) => boolean): TaskList {
  const list = new OpenList(own)
  for (const [at, line] of text.split(/\r?\n/).entries()) list.read(line, at + 1)
  return { title: list.title, items: list.items.map(({ item, checkpoint, text: words, body }) => ({ ...item, checkpoint, text: words, body: trimmed(body) })) }
}

interface OpenItem {
  readonly item: Pick<ListItem, "line" | "ticked" | "section" | "heading">
  readonly indent: number
  readonly body: string[]
  text: string
  checkpoint: string | null
}

class OpenList {
  title: string | null = null
  readonly items: OpenItem[] = []
  readonly #own: (text: string) => boolean
  #section: Section = { heading: null, number: 0 }
  #heading: string | null = null
  /** The item that what follows may still belong to. */
  #current: OpenItem | null = null
  #fence: string | null = null
  #afterBlank = true

  constructor(own: (text: string) => boolean) {
    this.#own = own
  }

  read(line: string, number: number): void {
    const under = this.#current !== null && indentOf(line) > this.#current.indent ? this.#current : null
    const box = boxIn(line)
    if (this.#isFenced(line)) under?.body.push(line.slice(under.indent))
    else if (/^#{1,6}\s/.test(line)) this.#startHeading(line)
    else if (box !== null && (under === null || this.#own(box.text))) this.#startItem(line, number, box)
    else if (under !== null) under.body.push(line.slice(under.indent))
    else this.#goOn(line)
    this.#afterBlank = line.trim() === ""
  }

  #isFenced(line: string): boolean {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1] ?? null
    const fenced = this.#fence !== null || mark !== null
    if (this.#fence === null) this.#fence = mark
    else if (mark !== null && mark.startsWith(this.#fence)) this.#fence = null
    return fenced
  }

  #startHeading(line: string): void {
    const name = line.replace(/^#+\s+/, "").replace(/\s+#*\s*$/, "")
    this.#current = null
    if (/^#\s/.test(line)) this.title ??= name
    else this.#heading = name
    if (/^##\s/.test(line)) this.#section = { heading: name, number: this.#section.number + 1 }
  }

  #startItem(line: string, number: number, box: { ticked: boolean; text: string }): void {
    const item = { line: number, ticked: box.ticked, section: this.#section, heading: this.#heading }
    this.#current = { item, text: box.text, body: [], checkpoint: null, indent: indentOf(line) }
    this.items.push(this.#current)
  }

  /** Nothing new begins and nothing is indented: a blank line, a checkpoint, a line that continues the item's own, or other prose. */
  #goOn(line: string): void {
    const checkpoint = /^\s*\**Checkpoint\**\s*:?\**\s*:?\s*(.*)$/i.exec(line)?.[1]
    const last = this.items.at(-1)
    if (checkpoint !== undefined && last !== undefined) last.checkpoint = checkpoint
    if (line.trim() === "") this.#current?.body.push("")
    else if (checkpoint === undefined && this.#current !== null && !this.#afterBlank && !/^\s*[-*+>|]/.test(line)) this.#current.text += ` ${line.trim()}`
    else this.#current = null
  }
}

function boxIn(line: string): { ticked: boolean; text: string } | null {
  const found = /^\s*(?:[-*+]|\d+[.)])\s+\[([ xX~-]?)\]\*?\s+(.*)$/.exec(line)
  return found === null ? null : { ticked: /[xX]/.test(found[1] ?? ""), text: found[2] ?? "" }
}

const indentOf = (line: string): number => {
  const spaces = /^[ \t]*/.exec(line)?.[0] ?? ""
  return spaces.replaceAll("\t", "    ").length
}

function trimmed(body: readonly string[]): string[] {
  const end = body.findLastIndex((line) => line !== "")
  const kept = body.slice(0, end + 1)
  const least = kept.reduce((fewest, line) => (line === "" ? fewest : Math.min(fewest, indentOf(line))), 100)
  return kept.map((line) => (line.startsWith(" ".repeat(least)) ? line.slice(least) : line.trimStart()))
}
