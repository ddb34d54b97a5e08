/** Codex's items and questions in the words of the domain. Pure. */
import type { PermissionRequest, Usage } from "../../../domain/session/turn.ts"
import type { SessionChunk } from "../../../worker/ports/agent.ts"
import { list, number, record, text, textOrNull, type Json } from "../fields.ts"
import { plainCommand } from "./command.ts"

const outputCharsMax = 64 * 1024

/** The entry of the transcript for a tool's item, null for items that are no tools. */
export function toolChunk(item: Json, ended: boolean): SessionChunk | null {
  const title = titleOf(item)
  if (title === null) return null
  const status = ended ? (failed(item) ? "failed" : "completed") : "started"
  const output = textOrNull(item["aggregatedOutput"]) ?? (item["error"] == null ? null : text(record(item["error"])["message"]))
  return { type: "tool", id: text(item["id"]), title, status, output: ended ? (output?.slice(-outputCharsMax) ?? null) : null }
}

function titleOf(item: Json): string | null {
  switch (text(item["type"])) {
    case "commandExecution":
      return plainCommand(text(item["command"]))
    case "fileChange":
      return `edit ${changedPaths(item).join(", ")}`
    case "mcpToolCall":
      return `${text(item["server"])}: ${text(item["tool"])}`
    case "dynamicToolCall":
    case "collabAgentToolCall":
      return text(item["tool"])
    case "webSearch":
      return `search the web: ${text(item["query"])}`
    default:
      return null
  }
}

const failed = (item: Json): boolean => ["failed", "declined"].includes(text(item["status"])) || item["success"] === false

export const changedPaths = (item: Json): readonly string[] => list(item["changes"]).map((change) => text(record(change)["path"]))

/** What `method` asks; `item` is the one that it is about, when it has been seen. Null when it is no question of permission. */
export function permissionOf(permission: string, method: string, params: Json, item: Json): PermissionRequest | null {
  switch (method) {
    case "item/commandExecution/requestApproval": {
      const command = commandOf(params, item)
      const host = textOrNull(record(params["networkApprovalContext"])["host"])
      if (host !== null) return { permission, kind: "fetch", title: `reach ${host}`, paths: [], command: null }
      return { permission, kind: "run", title: firstLine(command), paths: [], command }
    }
    case "item/fileChange/requestApproval": {
      const paths = changedPaths(item)
      const root = textOrNull(params["grantRoot"])
      return { permission, kind: "edit", title: `edit ${paths.join(", ") || root || "files"}`, paths: root === null ? paths : [...paths, root], command: null }
    }
    case "item/permissions/requestApproval":
      return {
        permission,
        kind: "other",
        title: `more permissions: ${text(params["reason"]) || "no reason given"}`,
        paths: grantedPaths(params),
        command: null,
      }
    default:
      return null
  }
}

/** The answer that codex waits for. */
export function decisionOf(method: string, params: Json, allow: boolean): object {
  if (method === "item/permissions/requestApproval") return { permissions: allow ? record(params["permissions"]) : {}, scope: "turn" }
  return { decision: allow ? "accept" : "decline" }
}

const commandOf = (params: Json, item: Json): string => plainCommand(text(params["command"]) || text(item["command"]))
const firstLine = (command: string): string => command.split("\n", 1)[0] ?? ""

function grantedPaths(params: Json): readonly string[] {
  const { read, write } = record(record(params["permissions"])["fileSystem"])
  return [...list(read), ...list(write)].flatMap((path) => (typeof path === "string" ? [path] : []))
}

/** `inputTokens` of codex holds the cached ones. */
export function usageOf(breakdown: Json): Usage {
  const cachedTokens = number(breakdown["cachedInputTokens"])
  return {
    inputTokens: Math.max(0, number(breakdown["inputTokens"]) - cachedTokens),
    outputTokens: number(breakdown["outputTokens"]),
    cachedTokens,
    costUsd: null,
  }
}

export function usageBetween(before: Usage, now: Usage): Usage {
  return {
    inputTokens: Math.max(0, now.inputTokens - before.inputTokens),
    outputTokens: Math.max(0, now.outputTokens - before.outputTokens),
    cachedTokens: Math.max(0, now.cachedTokens - before.cachedTokens),
    costUsd: null,
  }
}
