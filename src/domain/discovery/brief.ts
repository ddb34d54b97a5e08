/**
 * What the next wave is told of one agent's output (C.3): taken out of it, never written anew, the same for the same output, and never longer
 * than about 500 tokens. Nothing in it is checked by anybody.
 */
import { parseHandoff, type Handoff, type HandoffStatus } from "../handoff/handoff.ts"

export interface AgentOutput {
  /** All that the agent said. Hostile text. */
  readonly text: string
  readonly agent?: string | null
  /** Whoever ran the agent knows better than it: goes before what the handoff says. */
  readonly status?: string | null
  /** When it was read already. Null: there is none. */
  readonly handoff?: Handoff | null
}

export const briefCharsMax = 2_000
const textCharsMax = 1_000_000
const lineCharsMax = 200
const nameCharsMax = 100
const pathCharsMax = 300
const builtCharsMax = 400
const remainingCharsMax = 500
const excerptCharsMax = 600
const builtItems = 2
const decisionsMax = 5
const failuresMax = 3
const filesMax = 10

export function briefOf(output: AgentOutput): string {
  // The end of a very long output is where an agent sums up.
  const text = output.text.slice(-textCharsMax)
  const handoff = output.handoff === undefined ? parseHandoff(text) : output.handoff
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.length < lineCharsMax)
  const failures = saying(lines, (line) => failureWords.test(line) && !noFailure.test(line), failuresMax)
  const brief = new Brief(nameOf(output.agent))
  brief.add(`**Status:** ${output.status ?? statusWord(handoff?.status ?? null, failures)}`)
  if (handoff === null) brief.add(excerptLine(text))
  else {
    brief.add(`**Built:** ${cut(handoff.items.slice(0, builtItems).join(". "), builtCharsMax)}`)
    if (handoff.items.length > builtItems) brief.add(`**Remaining:** ${cut(handoff.items.slice(builtItems).join("; "), remainingCharsMax)}`)
  }
  // Made before the lists, so that these cannot crowd it out.
  const files = filesIn(text)
  const filesLine = files.length === 0 ? null : `**Files:** ${files.join(", ")}`
  brief.reserve(filesLine)
  brief.addList(
    "**Decisions:**",
    saying(lines, (line) => decisionWords.test(line), decisionsMax),
  )
  brief.addList("**Failures:**", failures)
  brief.add(filesLine, true)
  return brief.text
}

class Brief {
  readonly #lines: string[]
  #room: number
  constructor(agent: string) {
    this.#lines = [`## Agent: ${agent}`]
    this.#room = briefCharsMax - agent.length
  }
  get text(): string {
    return this.#lines.join("\n")
  }
  reserve(line: string | null): void {
    this.#room -= line === null ? 0 : line.length + 1
  }
  add(line: string | null, reserved = false): void {
    if (line === null || (!reserved && line.length >= this.#room)) return
    this.#lines.push(line)
    if (!reserved) this.reserve(line)
  }
  addList(title: string, items: readonly string[]): void {
    const [first, ...others] = items.map((item) => `- ${item}`)
    if (first === undefined || title.length + first.length + 1 >= this.#room) return
    this.add(title)
    for (const item of [first, ...others]) this.add(item)
  }
}

const decisionWords = /\b(decided|decision|chose|chosen|picked)\b/i
const failureWords = /\b(failed|error|broke|broken|couldn't|cannot|blocked)\b/i
/** `0 failed`, `no error`: says the opposite. */
const noFailure = /\b(0|no|zero|without( an?)?)\s+(failed|error)\b/i

function saying(lines: readonly string[], says: (line: string) => boolean, most: number): string[] {
  const found = new Set<string>()
  for (const line of lines) if (found.size < most && says(line)) found.add(line.trim().replace(/^[-*]\s+/, ""))
  return [...found]
}

function statusWord(said: HandoffStatus | null, failures: readonly string[]): string {
  switch (said) {
    case "success":
      return "complete"
    case "partial":
    case "blocked":
      return "partial"
    case "failed":
      return "failed"
    case null:
      return failures.length > 0 ? "partial" : "complete"
  }
}

/** What there is when nobody handed anything off: the end, where an agent was cut off or sums up (C.1.100). */
function excerptLine(text: string): string | null {
  const end = text.slice(-excerptCharsMax).replaceAll(/\s+/g, " ").trim()
  return end === "" ? null : `**Excerpt:** ${end}`
}

const sourceFile = /(?:^|\/)(?:src|lib|app|pages|components|api|test|spec)\/[\w./-]*\.\w+/

/** Paths of source files. What stands before the project in an absolute one says nothing to another agent, whose checkout is elsewhere. */
function filesIn(text: string): string[] {
  const found = new Set<string>()
  let chars = 0
  for (const [word] of text.matchAll(/[\w./-]+/g)) {
    if (found.size >= filesMax || word.length > pathCharsMax) continue
    const match = sourceFile.exec(word)
    if (match === null) continue
    const end = match.index + match[0].length
    const path = word.startsWith("/") ? match[0].slice(1) : word.slice(0, end).replace(/^(\.\/)+/, "")
    if (found.has(path) || chars + path.length > remainingCharsMax) continue
    chars += path.length
    found.add(path)
  }
  return [...found]
}

const nameOf = (agent: string | null | undefined): string => (agent ?? "unknown").replaceAll(/\s+/g, " ").trim().slice(0, nameCharsMax) || "unknown"
const cut = (text: string, charsMax: number): string => (text.length <= charsMax ? text : `${text.slice(0, charsMax - 1)}…`)
