/**
 * Writes a session file in the form of C.1.49-56, C.1.84 and C.1.111. Facts of Fleet's own stand behind those of the contract, in lines of
 * the same style. What agents wrote is flattened and escaped: it breaks no table and begins no section.
 */
import { bulletText, cellText, inlineText, itemsText } from "./line-text.ts"
import { columnOf, queueTitles, type QueueColumn } from "./queue-columns.ts"
import { tokensText } from "./facts.ts"
import { flattened, sessionFileLimits, textCharsMax } from "./flatten.ts"
import { agentTitles, timeoutText } from "./results.ts"
import { bulletTitles, type BulletSection } from "./sections.ts"
import { ordersText } from "./work-orders.ts"
import type { AgentResult, Continuation, QueueRow, SessionFile, SpeculativeComparison, WaveResults } from "./session-file.ts"

/** `parseSessionFile` reads `flattened(file)` back. Where the whole would be too long to be read, what agents said is cut shorter; rows never are. */
export function renderSessionFile(file: SessionFile): string {
  for (const textChars of [textCharsMax, 400]) {
    const text = textOfFile(flattened(file, textChars))
    if (text.length <= sessionFileLimits.chars) return text
  }
  return textOfFile(flattened(file, 40))
}

function textOfFile(file: SessionFile): string {
  const bullets = (of: BulletSection, items: readonly string[]): string[] =>
    items.length === 0 && of !== "shared" ? [] : [lines(`## ${bulletTitles[of]}`, ...items.map((item) => `- ${bulletText(item)}`))]
  const blocks = [
    line("# Fleet Session:", file.name),
    lines(`Status: ${file.status}`, line("Started:", file.started), line("Direction:", file.direction)),
    queueText(file),
    ...file.waves.map(waveText),
    ...bullets("shared", file.shared),
    continuationText(file.continuation),
    ...(file.comparison === null ? [] : [comparisonText(file.comparison)]),
    ...bullets("pendingPropagation", file.pendingPropagation),
    ...bullets("gaps", file.notes.gaps),
    ...bullets("mergeConflicts", file.notes.mergeConflicts),
    ...bullets("refusedEdits", file.notes.refusedEdits),
    ...bullets("warnings", file.notes.warnings),
    ...bullets("kept", file.notes.kept),
    // Behind all else of Fleet's own, and before what may hold half a fence.
    ...[ordersText(file)].filter((text) => text !== null),
    ...file.rest,
  ]
  return `${blocks.join("\n\n")}\n`
}

/** Seven columns, and nine where a row has a branch or evidence, which is what readers of that shape look for. */
function queueText({ queue, columns }: SessionFile): string {
  const wide = queue.some((row) => row.branch !== null || row.evidence !== null) || columns.some((title) => columnOf(title) !== null)
  const titles = Object.values(queueTitles).slice(0, wide ? 9 : 7)
  const rows = queue.map((row) => `| ${cellsOfRow(row, wide).join(" | ")} |`)
  const more = columns.map((title) => ` ${cellText(title)} |`).join("")
  const rule = `|---|----------|-------|------|--------|------|-------|${wide ? "--------|----------|" : ""}${"---|".repeat(columns.length)}`
  return lines("## Work Queue", `| ${titles.join(" | ")} |${more}`, rule, ...rows)
}

/** A row by itself. */
export const rowText = (row: QueueRow): string => `| ${cellsOfRow(row, row.branch !== null || row.evidence !== null).join(" | ")} |`

function cellsOfRow(row: QueueRow, wide: boolean): string[] {
  const cells: Record<QueueColumn, string> = {
    number: `${row.number}`,
    campaign: cellText(row.campaign),
    scope: row.scope.length === 0 ? "none" : itemsText(row.scope, ","),
    deps: row.deps.length === 0 ? "none" : row.deps.join(","),
    status: cellText(row.status),
    wave: row.wave === null ? "-" : `${row.wave}`,
    agent: row.agent === "" ? "-" : cellText(row.agent),
    branch: row.branch === null ? "-" : cellText(row.branch),
    evidence: row.evidence === null ? "-" : cellText(row.evidence),
  }
  return [...Object.values(cells).slice(0, wide ? 9 : 7), ...row.more.map(cellText)]
}

function waveText({ number, agents, merges }: WaveResults): string {
  const merged = merges.length === 0 ? [] : [lines("### Merges", ...merges.map((merge) => `- ${bulletText(merge)}`))]
  return [`## Wave ${number} Results`, ...agents.map(agentText), ...merged].join("\n\n")
}

function agentText(agent: AgentResult): string {
  const texts: Record<keyof typeof agentTitles, string | null> = {
    status: inlineText(agent.status),
    timeout: agent.timeout === null ? null : timeoutText(agent.timeout),
    built: orNull(agent.built),
    decisions: orNull(agent.decisions),
    discoveries: orNull(agent.discoveries),
    files: agent.files.length === 0 ? null : itemsText(agent.files, ", "),
    failures: orNull(agent.failures),
    commit: orNull(agent.commit),
    row: agent.row === null ? null : `${agent.row}`,
  }
  const fields = agentFields.flatMap((key) => (texts[key] === null ? [] : [`**${agentTitles[key]}:** ${texts[key]}`]))
  return lines(line("### Agent:", agent.name), ...fields)
}

const agentFields = ["status", "timeout", "built", "decisions", "discoveries", "files", "failures", "commit", "row"] as const

const orNull = (text: string | null): string | null => (text === null ? null : inlineText(text))

const continuationText = ({ nextWave, blocked, contextTokens, autoContinue }: Continuation): string =>
  lines(
    "## Continuation State",
    `Next wave: ${nextWave ?? "none"}`,
    `Blocked items: ${blocked.length === 0 ? "none" : itemsText(blocked, ", ")}`,
    `Context usage: ${tokensText(contextTokens)}`,
    `Auto-continue: ${autoContinue}`,
  )

function comparisonText({ direction, strategies, rows, winner, merged }: SpeculativeComparison): string {
  const cells = rows.map((row) => `| ${[row.strategy, row.branch, row.status, row.typecheck, row.notes].map(cellText).join(" | ")} |`)
  const table = lines("| Strategy | Branch | Status | Typecheck | Notes |", "|----------|--------|--------|-----------|-------|", ...cells)
  const picked = [...(winner === null ? [] : [line("Winner:", winner)]), ...(merged === null ? [] : [line("Merged:", merged)])]
  return [
    lines("## Speculative Comparison", line("Direction:", direction), `Strategies: ${strategies}`),
    table,
    ...(picked.length === 0 ? [] : [lines(...picked)]),
  ].join("\n\n")
}

const line = (key: string, text: string): string => (text === "" ? key : `${key} ${inlineText(text)}`)
const lines = (...all: readonly string[]): string => all.join("\n")
