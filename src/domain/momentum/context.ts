/** What an agent is told of earlier sessions, before it begins (C.3, C.1.27). Nobody checked what stands in it. */
import type { MomentumFile } from "./momentum.ts"

const scopesMax = 5
const decisionsMax = 8
const failuresMax = 5
const handoffsMax = 8
const textCharsMax = 500

/** The block, without a newline at its end. Empty when there is no discovery. `told`: what its agent is told beside it, and need not read twice. */
export function contextText(momentum: MomentumFile, told = ""): string {
  if (momentum.discovery_count === 0) return ""
  const isNew = (text: string): boolean => !told.includes(line(text))
  const scopes = momentum.active_scopes.slice(0, scopesMax)
  const decisions = momentum.recurring_decisions.slice(0, decisionsMax).filter(({ decision }) => isNew(decision))
  const failures = momentum.recent_failures.slice(0, failuresMax).filter(({ failure }) => isNew(failure))
  const handoffs = momentum.recent_handoffs.slice(0, handoffsMax).filter(({ item }) => isNew(item))
  return [
    "=== PRIOR SESSION CONTEXT ===",
    `${momentum.discovery_count} discoveries across all sessions. Updated: ${day(momentum.updated)}`,
    ...section(
      "Active work areas (recent + frequent):",
      scopes.map(({ scope, session_count: sessions, last_worked: last }) => `  ${line(scope)}  (${sessions} sessions, last: ${day(last)})`),
    ),
    ...section(
      "Established decisions (seen across multiple sessions — respect these):",
      decisions.map(({ decision, count, session_count: sessions }) => `  - ${line(decision)}  [${count}x, ${sessions} sessions]`),
    ),
    ...section(
      "Recent failures (avoid repeating):",
      failures.map(({ failure, agent, timestamp }) => `  - ${line(failure)}  (${line(agent)}, ${day(timestamp)})`),
    ),
    ...section(
      "Recently built (may inform your scope):",
      handoffs.map(({ item, agent, timestamp }) => `  - ${line(item)}  (${line(agent)}, ${day(timestamp)})`),
    ),
    "=== END PRIOR SESSION CONTEXT ===",
  ].join("\n")
}

const section = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ["", title, ...lines])

const day = (timestamp: string): string => timestamp.slice(0, 10)

/** On one line, so that no text can end the block or begin another. */
const line = (text: string): string => {
  const flat = text.replaceAll(/\s+/g, " ").trim()
  return flat.length <= textCharsMax ? flat : `${flat.slice(0, textCharsMax - 1)}…`
}
