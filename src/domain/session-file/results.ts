/** Reads what a session file says of each wave: `### Agent: name` with its fields, and `### Merges`. */
import { bulletsIn } from "./bullets.ts"
import { itemsOf, plainOf } from "./line-text.ts"
import { fieldsIn, fieldText, type Fields } from "./fields.ts"
import type { SessionReading } from "./faults.ts"
import type { FileLine } from "./sections.ts"
import type { AgentResult, WaveResults } from "./session-file.ts"

export function readWave(reading: SessionReading, section: string, number: number, lines: readonly FileLine[]): WaveResults {
  const agents: AgentResult[] = []
  const merges: string[][] = []
  for (const part of partsOf(lines)) {
    const [heading, ...body] = part
    const title = /^\s{0,3}###\s*(.*)$/s.exec(heading?.text ?? "")?.[1]?.trim()
    const name = title === undefined ? undefined : /^agent\s*:\s*(.*)$/is.exec(title)?.[1]
    if (name !== undefined) agents.push(readAgent(reading, section, plainOf(name), body))
    else if (title?.toLowerCase() === "merges") merges.push(bulletsIn(body))
    else reading.keepUnknown(section, part)
  }
  return { number, agents, merges: merges.flat() }
}

/** From one `###` heading to the next. */
function partsOf(lines: readonly FileLine[]): FileLine[][] {
  const parts: FileLine[][] = [[]]
  for (const line of lines) {
    if (/^\s{0,3}###(\s|$)/.test(line.text)) parts.push([])
    parts.at(-1)?.push(line)
  }
  return parts.filter((part) => part.length > 0)
}

/** The titles of an agent's fields, in the order in which they are written. */
export const agentTitles = {
  status: "Status",
  timeout: "Timeout",
  built: "Built",
  decisions: "Decisions",
  discoveries: "Discoveries",
  files: "Files",
  failures: "Failures",
  commit: "Commit",
  row: "Row",
} as const

function readAgent(reading: SessionReading, section: string, name: string, lines: readonly FileLine[]): AgentResult {
  const fields = fieldsIn(lines, ["status", "timeout", "commit", "row"], ["built", "decisions", "discoveries", "files", "failures"])
  reading.keepUnknown(`${section}, agent ${name}`, fields.others)
  const row = Number(/^#?(\d{1,9})$/.exec(fieldText(fields, "row") ?? "")?.[1] ?? 0)
  return {
    name,
    row: row >= 1 ? row : null,
    status: fieldText(fields, "status") ?? "unknown",
    built: fieldText(fields, "built"),
    decisions: fieldText(fields, "decisions"),
    discoveries: fieldText(fields, "discoveries"),
    files: (fields.values.get("files") ?? []).flatMap(itemsOf),
    commit: fieldText(fields, "commit"),
    timeout: timeoutIn(fields),
    failures: fieldText(fields, "failures"),
  }
}

export const timeoutText = ({ durationMs, retried }: { readonly durationMs: number; readonly retried: boolean }): string =>
  `after ${Math.round(durationMs / 6_000) / 10} min (${durationMs} ms), retried: ${retried ? "yes" : "no"}`

function timeoutIn(fields: Fields): AgentResult["timeout"] {
  const text = fieldText(fields, "timeout") ?? ""
  const ms = /(\d{1,9}) ?ms\b/.exec(text)?.[1]
  const minutes = /(\d{1,6}(?:\.\d+)?) ?min/.exec(text)?.[1]
  if (ms === undefined && minutes === undefined) return null
  return { durationMs: ms === undefined ? Math.round(Number(minutes) * 60_000) : Number(ms), retried: /retried: yes/i.test(text) }
}
