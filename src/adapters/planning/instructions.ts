/** What a project tells every agent (C.1.24, C.1.25): its CLAUDE.md or AGENTS.md, and the summary of its rules. */
import { realpath } from "node:fs/promises"
import path from "node:path"
import { openPlain } from "../../runtime/plain-file.ts"

/** In this order; of two that say the same, one is told. */
const places = ["CLAUDE.md", "AGENTS.md", path.join(".claude", "agent-context", "rules-summary.md")]
const charsMax = 24_000
/** More than as many characters need, at four bytes each. */
const startBytes = 128 * 1024

/** Null where there is none. */
export async function instructionsOf(workspace: string): Promise<string | null> {
  const told: { place: string; text: string }[] = []
  for (const place of places) {
    const text = (await startOf(workspace, place)).trim()
    if (text !== "" && !told.some((other) => other.text === text)) told.push({ place, text })
  }
  if (told.length === 0) return null
  return told.map(({ place, text }) => `=== PROJECT INSTRUCTIONS (${place}) ===\n${cut(text, place)}\n=== END PROJECT INSTRUCTIONS ===`).join("\n\n")
}

const cut = (text: string, place: string): string => (text.length <= charsMax ? text : `${text.slice(0, charsMax)}\n… (cut: read ${place} for the rest)`)

/** Through symlinks, as long as they stay in the workspace: CLAUDE.md often leads to AGENTS.md. Empty for what cannot be read. */
async function startOf(workspace: string, place: string): Promise<string> {
  const [root, file] = await Promise.all([realpath(workspace), realpath(path.join(workspace, place))]).catch(() => [null, null])
  if (root === null || file === null || !file.startsWith(root + path.sep)) return ""
  const opened = await openPlain(file, Infinity)
  if (opened?.ok !== true) return ""
  await using handle = opened.handle
  const length = Math.min(opened.size, startBytes)
  return (await handle.read(Buffer.alloc(length), 0, length, 0)).buffer.toString("utf8")
}
