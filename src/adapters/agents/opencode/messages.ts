/** opencode's messages, parts and questions in the words of the domain. Pure. */
import type { PermissionRequest, Usage } from "../../../domain/session/turn.ts"
import type { SessionChunk } from "../../../worker/ports/agent.ts"
import { list, number, record, text, textOrNull, type Json } from "../fields.ts"

const outputCharsMax = 64 * 1024

/** What was written to the cache was paid as input; `output` leaves out what was thought. A model without a price costs 0: then nothing is said of money. */
export function usageOf(message: Json): Usage {
  const tokens = record(message["tokens"])
  const cache = record(tokens["cache"])
  const cost = number(message["cost"])
  return {
    inputTokens: number(tokens["input"]) + number(cache["write"]),
    outputTokens: number(tokens["output"]) + number(tokens["reasoning"]),
    cachedTokens: number(cache["read"]),
    costUsd: cost > 0 ? cost : null,
  }
}

/** The entry of the transcript for a tool's part; null while opencode still puts its input together. */
export function toolChunk(part: Json): (SessionChunk & { readonly type: "tool" }) | null {
  const state = record(part["state"])
  const status = statuses.get(text(state["status"]))
  if (status === undefined) return null
  const output = textOrNull(state["output"]) ?? textOrNull(state["error"])
  return {
    type: "tool",
    id: text(part["callID"]) || text(part["id"]),
    title: toolTitle(text(part["tool"]), record(state["input"])),
    status,
    output: status === "started" ? null : (output?.slice(-outputCharsMax) ?? null),
  }
}

const statuses: ReadonlyMap<string, "started" | "completed" | "failed"> = new Map([
  ["running", "started"],
  ["completed", "completed"],
  ["error", "failed"],
] as const)

function toolTitle(tool: string, input: Json): string {
  const about = ["command", "filePath", "path", "pattern", "url", "query", "description"].map((key) => textOrNull(input[key])).find((value) => value !== null)
  if (tool === "bash" && about != null) return firstLine(about)
  return about == null ? tool : `${tool} ${firstLine(about)}`
}

/** `permission.asked`, or an entry of `GET /permission`. `call` is the tool's part, where it is known: to leave the workspace is asked for a command or an edit. */
export function permissionOf(asked: Json, call: Json): PermissionRequest {
  const leaves = asked["permission"] === "external_directory" && kinds.has(text(call["tool"]))
  const name = leaves ? text(call["tool"]) : text(asked["permission"])
  const metadata = leaves ? record(record(call["state"])["input"]) : record(asked["metadata"])
  const patterns = list(asked["patterns"]).map(text)
  const kind = kinds.get(name) ?? "other"
  const command = kind === "run" ? text(metadata["command"]) || patterns.join("; ") : null
  const file = textOrNull(metadata["filepath"]) ?? textOrNull(metadata["filePath"])
  const paths = kind === "edit" || kind === "read" || name === "external_directory" ? (file === null ? patterns : [file]) : []
  const title = command === null ? `${name} ${textOrNull(metadata["url"]) ?? (paths.length > 0 ? paths : patterns).join(", ")}`.trim() : firstLine(command)
  return { permission: text(asked["id"]), kind, title, paths, command }
}

const kinds: ReadonlyMap<string, PermissionRequest["kind"]> = new Map<string, PermissionRequest["kind"]>([
  ["read", "read"],
  ["glob", "read"],
  ["grep", "read"],
  ["list", "read"],
  ["edit", "edit"],
  ["write", "edit"],
  ["patch", "edit"],
  ["bash", "run"],
  ["webfetch", "fetch"],
  ["websearch", "fetch"],
  ["codesearch", "fetch"],
])

const firstLine = (words: string): string => words.split("\n", 1)[0] ?? ""

/** `provider/model`; a model's own name may hold slashes. Null when no provider is named. */
export function modelOf(model: string): { readonly providerID: string; readonly modelID: string } | null {
  const [, providerID, modelID] = /^([^/]+)\/(.+)$/.exec(model) ?? []
  return providerID === undefined || modelID === undefined ? null : { providerID, modelID }
}
