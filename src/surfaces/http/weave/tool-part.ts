/** A tool's line of the transcript, as a part of a message. The worker writes it as `<title> (<status>)` and, below, what the tool printed. */
import type { TranscriptEntry } from "../../../protocol/worker.ts"
import type { ToolState } from "./conversation.ts"

interface SeenTool {
  readonly title: string
  readonly state: (start: number) => ToolState
}

export function toolOf({ at, text }: TranscriptEntry): SeenTool {
  const [, title = text, status = "completed", output = ""] = /^([\s\S]*?) \((started|completed|failed)\)(?:\n([\s\S]*))?$/.exec(text) ?? []
  return { title, state: (start) => stateOf(status, { title, output, start, end: at }) }
}

function stateOf(status: string, { title, output, start, end }: { title: string; output: string; start: number; end: number }): ToolState {
  // What a tool was given is not in the transcript: the title says it.
  const input = {}
  if (status === "started") return { status: "running", input, title, time: { start } }
  if (status === "failed") return { status: "error", input, error: output, time: { start, end } }
  return { status: "completed", input, output, title, metadata: {}, time: { start, end } }
}
