/** What the scripted model needs to know of a request, whatever the API that it came by: the last prompt that holds a script, and what tools answered since. */
import { readMarkers } from "../../src/scripted/markers.ts"

export interface Conversation {
  /** The last user message that holds markers; null when none does. */
  readonly prompt: string | null
  /** Tool results after it, in order. */
  readonly results: readonly ToolResult[]
  /** User messages with markers, this one included. */
  readonly turns: number
  readonly tools: readonly Tool[]
  /** Codex says here whether it may ask for more than its sandbox allows. */
  readonly instructions: string
}
export interface ToolResult {
  readonly text: string
}
export interface Tool {
  readonly name: string
  /** Names of its parameters. */
  readonly parameters: readonly string[]
}

/** One message of a request, made equal for all APIs. */
export type Entry = { readonly from: "user" | "system"; readonly text: string } | { readonly from: "tool"; readonly text: string }

export function conversationOf(entries: readonly Entry[], tools: readonly Tool[]): Conversation {
  const prompts = entries.flatMap((entry, at) => (entry.from === "user" && readMarkers(entry.text).length > 0 ? [at] : []))
  const last = prompts.at(-1)
  return {
    prompt: last === undefined ? null : (entries[last]?.text ?? null),
    results: entries.slice(last === undefined ? entries.length : last + 1).filter((entry) => entry.from === "tool"),
    turns: prompts.length,
    tools,
    instructions: entries.flatMap((entry) => (entry.from === "system" ? [entry.text] : [])).join("\n"),
  }
}
