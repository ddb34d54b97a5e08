/** Where the sections of a session file begin and end, and which of them Fleet knows. */

export interface FileLine {
  readonly text: string
  /** 1-based. */
  readonly line: number
}

export interface FileSection {
  /** Of its `## ` heading; null: what stands before the first one. */
  readonly title: string | null
  readonly known: KnownSection | null
  /** With its heading, unless there is none. */
  readonly lines: readonly FileLine[]
}

export type KnownSection =
  | { readonly kind: "queue" }
  | { readonly kind: "wave"; readonly number: number }
  | { readonly kind: "comparison" }
  | { readonly kind: "continuation" }
  | { readonly kind: "orders" }
  | { readonly kind: "bullets"; readonly of: BulletSection }

export type BulletSection = "shared" | "gaps" | "mergeConflicts" | "refusedEdits" | "warnings" | "kept" | "pendingPropagation"

export const bulletTitles: Readonly<Record<BulletSection, string>> = {
  shared: "Shared Context (Discovery Relay)",
  gaps: "Gaps",
  mergeConflicts: "Merge Conflicts",
  refusedEdits: "Refused Edits",
  warnings: "Warnings",
  kept: "Kept Lines",
  pendingPropagation: "Pending Propagation",
}

/** A `##` in a code fence begins no section, except where Fleet itself writes: only the work orders have fences. */
export const sectionsOf = (text: string): FileSection[] => split(text, knownSection)

/** The sections of a text that is not to be read, each as it stands. None of them begins like one that Fleet knows. */
export function restOf(text: string): string[] {
  return split(text, () => null).flatMap(({ title, lines }) => {
    const body = textOf(title === null ? lines : lines.slice(1))
    if (title === null) return body.trim() === "" ? [] : [`## Kept Text\n${body}`]
    const heading = knownSection(title) === null ? (lines[0]?.text ?? "") : `## Kept: ${title}`
    return [body === "" ? heading : `${heading}\n${body}`]
  })
}

/** Without the blank lines at its end. */
export function textOf(lines: readonly FileLine[]): string {
  const last = lines.findLastIndex((line) => line.text.trim() !== "")
  return lines
    .slice(0, last + 1)
    .map((line) => line.text)
    .join("\n")
}

function split(text: string, knows: (title: string) => KnownSection | null): FileSection[] {
  const lines = text.split(/\r\n|\n|\r/)
  const closing = closingFence(lines)
  let open: FileLine[] = []
  let known: KnownSection | null = null
  const sections: FileSection[] = []
  let title: string | null = null
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ""
    const heading = headingOf(line)
    if (heading !== null) {
      sections.push({ title, known, lines: open })
      title = heading
      known = knows(heading)
      open = []
    }
    const end = known === null || known.kind === "orders" ? closing(at) : at
    for (; at < end; at++) open.push({ text: lines[at] ?? "", line: at + 1 })
    open.push({ text: lines[at] ?? "", line: at + 1 })
  }
  return [...sections, { title, known, lines: open }]
}

const headingOf = (line: string): string | null => {
  const found = /^ {0,3}##(?:[ \t]+(.*))?$/s.exec(line)
  return found === null ? null : (found[1] ?? "").trim()
}

function knownSection(title: string): KnownSection | null {
  const name = title
    .slice(0, 200)
    .replace(/\s+#+$/, "")
    .replace(/\s+/g, " ")
    .toLowerCase()
  const wave = /^wave (\d{1,9}) results?$/.exec(name)?.[1]
  if (wave !== undefined) return { kind: "wave", number: Number(wave) }
  if (name === "work queue") return { kind: "queue" }
  if (name === "speculative comparison") return { kind: "comparison" }
  if (name === "continuation state") return { kind: "continuation" }
  if (name === "work orders") return { kind: "orders" }
  for (const of of bulletSections) if (name === bulletTitles[of].toLowerCase()) return { kind: "bullets", of }
  return name.startsWith("shared context") ? { kind: "bullets", of: "shared" } : null
}

const bulletSections: readonly BulletSection[] = ["shared", "gaps", "mergeConflicts", "refusedEdits", "warnings", "kept", "pendingPropagation"]

/** The line that closes the fence which opens at a line; the line itself where none does. One that is never closed is no fence. */
export function closingFence(lines: readonly string[]): (at: number) => number {
  const unclosed = new Map<string, number>()
  return (at) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(lines[at] ?? "")?.[1]
    const kind = mark?.[0] ?? ""
    if (mark === undefined || mark.length >= (unclosed.get(kind) ?? Infinity)) return at
    for (let end = at + 1; end < lines.length; end++) {
      const other = /^ {0,3}(`{3,}|~{3,})\s*$/.exec(lines[end] ?? "")?.[1]
      if (other !== undefined && other.startsWith(mark)) return end
    }
    unclosed.set(kind, mark.length)
    return at
  }
}
