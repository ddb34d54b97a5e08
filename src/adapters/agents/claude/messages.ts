/** Claude Code's messages and questions in the words of the domain. Pure. */
import type { PermissionRequest, Usage } from "../../../domain/session/turn.ts"
import type { SessionChunk } from "../../../worker/ports/agent.ts"
import { list, number, numberOrNull, record, text, textOrNull, type Json } from "../fields.ts"

const outputCharsMax = 64 * 1024

/** What an `assistant` line adds to the transcript. Of a sub-agent only its tools: its words are for the agent that sent it. */
export function assistantChunks(line: Json): readonly SessionChunk[] {
  const own = line["parent_tool_use_id"] == null
  return list(record(line["message"])["content"]).flatMap((part): SessionChunk[] => {
    const block = record(part)
    switch (text(block["type"])) {
      case "text":
        return own ? [{ type: "text", text: text(block["text"]) }] : []
      case "thinking":
        return own && text(block["thinking"]) !== "" ? [{ type: "thought", text: text(block["thinking"]) }] : []
      case "tool_use":
        return [{ type: "tool", id: text(block["id"]), title: toolTitle(text(block["name"]), record(block["input"])), status: "started", output: null }]
      default:
        return []
    }
  })
}

/** The tools that a `user` line answers. `titleOf` knows what they were started as. */
export function toolResults(line: Json, titleOf: (id: string) => string): readonly SessionChunk[] {
  return list(record(line["message"])["content"]).flatMap((part): SessionChunk[] => {
    const block = record(part)
    if (block["type"] !== "tool_result") return []
    const id = text(block["tool_use_id"])
    return [
      {
        type: "tool",
        id,
        title: titleOf(id),
        status: block["is_error"] === true ? "failed" : "completed",
        output: contentText(block["content"]).slice(-outputCharsMax),
      },
    ]
  })
}

const contentText = (content: unknown): string =>
  typeof content === "string"
    ? content
    : list(content)
        .map((part) => text(record(part)["text"]))
        .join("\n")

/** A `can_use_tool` question. */
export function permissionOf(permission: string, question: Json): PermissionRequest {
  const tool = text(question["tool_name"])
  const input = record(question["input"])
  const command = tool === "Bash" ? text(input["command"]) : null
  return { permission, kind: kinds.get(tool) ?? "other", title: toolTitle(tool, input), paths: pathsOf(input), command }
}

const kinds: ReadonlyMap<string, PermissionRequest["kind"]> = new Map<string, PermissionRequest["kind"]>([
  ["Read", "read"],
  ["Glob", "read"],
  ["Grep", "read"],
  ["LS", "read"],
  ["Edit", "edit"],
  ["MultiEdit", "edit"],
  ["Write", "edit"],
  ["NotebookEdit", "edit"],
  ["Bash", "run"],
  ["WebFetch", "fetch"],
  ["WebSearch", "fetch"],
])

const pathsOf = (input: Json): readonly string[] => ["file_path", "notebook_path", "path"].flatMap((key) => textOrNull(input[key]) ?? [])

function toolTitle(tool: string, input: Json): string {
  const about =
    textOrNull(input["command"]) ??
    pathsOf(input)[0] ??
    textOrNull(input["pattern"]) ??
    textOrNull(input["url"]) ??
    textOrNull(input["query"]) ??
    textOrNull(input["description"])
  if (tool === "Bash" && about !== null) return firstLine(about)
  return about === null ? tool : `${tool} ${firstLine(about)}`
}

const firstLine = (words: string): string => words.split("\n", 1)[0] ?? ""

/** Tokens of a message or of a whole turn; what was written to the cache was paid as input. */
export function usageOf(usage: unknown, costUsd: number | null): Usage {
  const of = record(usage)
  return {
    inputTokens: number(of["input_tokens"]) + number(of["cache_creation_input_tokens"]),
    outputTokens: number(of["output_tokens"]),
    cachedTokens: number(of["cache_read_input_tokens"]),
    costUsd,
  }
}

export const totalCostUsd = (result: Json): number | null => numberOrNull(result["total_cost_usd"])
