/** What a project tells every agent (C.1.24, C.1.25): its CLAUDE.md or AGENTS.md, and the summary of its rules. */
import { readFile } from "node:fs/promises"
import path from "node:path"

/** In this order; of two that say the same, one is told. */
const places = ["CLAUDE.md", "AGENTS.md", path.join(".claude", "agent-context", "rules-summary.md")]
const charsMax = 24_000

/** Null where there is none. */
export async function instructionsOf(workspace: string): Promise<string | null> {
  const told: { place: string; text: string }[] = []
  for (const place of places) {
    const text = (await readFile(path.join(workspace, place), "utf8").catch(() => "")).trim()
    if (text !== "" && !told.some((other) => other.text === text)) told.push({ place, text })
  }
  if (told.length === 0) return null
  return told.map(({ place, text }) => `=== PROJECT INSTRUCTIONS (${place}) ===\n${cut(text, place)}\n=== END PROJECT INSTRUCTIONS ===`).join("\n\n")
}

const cut = (text: string, place: string): string => (text.length <= charsMax ? text : `${text.slice(0, charsMax)}\n… (cut: read ${place} for the rest)`)
