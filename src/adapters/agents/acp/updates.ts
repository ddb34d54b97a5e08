/** Reads `session/update` tolerantly: what an agent sends that we do not know is left out, never an error. Pure. */
import type { SessionChunk } from "../../../worker/ports/agent.ts"

export type Read =
  | { readonly type: "chunk"; readonly chunk: SessionChunk }
  | { readonly type: "tool"; readonly tool: ToolNews }
  | { readonly type: "cost"; readonly costUsd: number }
  /** A sign of life in the turn, and nothing to show. */
  | { readonly type: "sign" }
  /** Says nothing of the turn: may come at any time. */
  | { readonly type: "aside" }

/** What one update says of a tool call; null where it says nothing. */
export interface ToolNews {
  readonly id: string
  readonly title: string | null
  readonly kind: string | null
  readonly status: string | null
  readonly command: string | null
  readonly paths: readonly string[]
  readonly output: string | null
}

const outputCharsMax = 32 * 1024

export function readUpdate(update: unknown): Read {
  const fields = record(update)
  switch (fields["sessionUpdate"]) {
    case "agent_message_chunk":
      return textChunk("text", fields["content"])
    case "agent_thought_chunk":
      return textChunk("thought", fields["content"])
    case "tool_call":
    case "tool_call_update":
      return typeof fields["toolCallId"] === "string" ? { type: "tool", tool: toolNews(fields["toolCallId"], fields) } : { type: "sign" }
    case "usage_update":
      return readCost(record(fields["cost"]))
    case "notice":
      return { type: "chunk", chunk: { type: "note", text: text(fields["message"]) ?? text(fields["text"]) ?? "" } }
    case "session_info_update":
      return readInfo(record(record(fields["_meta"])["codex"])["error"])
    case "user_message_chunk":
    case "plan":
      return { type: "sign" }
    default:
      return { type: "aside" }
  }
}

/** Also of the `toolCall` of a permission request. */
export function toolNews(id: string, fields: Readonly<Record<string, unknown>>): ToolNews {
  const input = record(fields["rawInput"])
  return {
    id,
    title: text(fields["title"]),
    kind: text(fields["kind"]),
    status: text(fields["status"]),
    command: commandOf(input["command"] ?? input["cmd"]),
    paths: pathsOf(fields, input),
    output: outputOf(fields),
  }
}

export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null)
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function textChunk(type: "text" | "thought", content: unknown): Read {
  const said = text(record(content)["text"])
  return said === null ? { type: "sign" } : { type: "chunk", chunk: { type, text: said } }
}

function readCost(cost: Readonly<Record<string, unknown>>): Read {
  return typeof cost["amount"] === "number" && cost["currency"] === "USD" ? { type: "cost", costUsd: cost["amount"] } : { type: "sign" }
}

/** codex-acp tells the provider's errors and its own retries here. */
function readInfo(error: unknown): Read {
  if (error === undefined || error === null) return { type: "sign" }
  return { type: "chunk", chunk: { type: "note", text: text(record(error)["message"]) ?? JSON.stringify(error) } }
}

function commandOf(command: unknown): string | null {
  if (Array.isArray(command)) return command.map(String).join(" ")
  return text(command)
}

function pathsOf(fields: Readonly<Record<string, unknown>>, input: Readonly<Record<string, unknown>>): string[] {
  const located = list(fields["locations"]).map((location) => record(location)["path"])
  const changed = list(fields["content"]).map((content) => record(content)["path"])
  const named = [input["path"], input["file_path"], input["filePath"]]
  return [...new Set([...located, ...changed, ...named].filter((path): path is string => typeof path === "string"))]
}

function outputOf(fields: Readonly<Record<string, unknown>>): string | null {
  const shown = list(fields["content"]).flatMap((content) => text(record(record(content)["content"])["text"]) ?? [])
  const raw = fields["rawOutput"]
  const output = shown.length > 0 ? shown.join("\n") : (text(raw) ?? text(record(raw)["output"]) ?? text(record(raw)["stdout"]))
  return output === null ? null : output.slice(-outputCharsMax)
}
