/** The tool calls of a session, put together from their updates, and the permissions asked for them. Pure but for what it remembers. */
import type { PermissionOption } from "@agentclientprotocol/sdk"
import type { PermissionRequest } from "../../../domain/session/turn.ts"
import type { SessionChunk } from "../../../worker/ports/agent.ts"
import type { ToolNews } from "./updates.ts"

interface Known {
  readonly title: string
  readonly kind: string | null
  readonly command: string | null
  readonly paths: readonly string[]
  readonly output: string | null
  readonly ended: boolean
}

/** Calls remembered at once; the oldest are forgotten. */
const callsMax = 500

export class ToolCalls {
  readonly #known = new Map<string, Known>()

  /** What the transcript is to be told. Some agents never announce a call: their first update, or the permission request, starts it. */
  hear(news: ToolNews): SessionChunk[] {
    const before = this.#known.get(news.id)
    const ends = news.status === "completed" || news.status === "failed"
    const now: Known = {
      title: news.title ?? before?.title ?? news.command ?? "tool",
      kind: news.kind ?? before?.kind ?? null,
      command: news.command ?? before?.command ?? null,
      paths: news.paths.length > 0 ? news.paths : (before?.paths ?? []),
      output: news.output ?? before?.output ?? null,
      ended: (before?.ended ?? false) || ends,
    }
    this.#remember(news.id, now)
    const chunks: SessionChunk[] = []
    if (before === undefined) chunks.push({ type: "tool", id: news.id, title: now.title, status: "started", output: null })
    if (ends && before?.ended !== true)
      chunks.push({ type: "tool", id: news.id, title: now.title, status: news.status === "completed" ? "completed" : "failed", output: now.output })
    return chunks
  }

  /** The permission for a call that was heard of before. */
  permission(id: string, permission: string): PermissionRequest {
    const call = this.#known.get(id)
    const kind = permissionKind(call?.kind ?? null, call?.command ?? null)
    const title = call?.title ?? "tool"
    return { permission, kind, title: call?.command ?? title, paths: call?.paths ?? [], command: kind === "run" ? (call?.command ?? title) : null }
  }

  #remember(id: string, call: Known): void {
    this.#known.set(id, call)
    const oldest = this.#known.size > callsMax ? this.#known.keys().next().value : undefined
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}

/** The option that says yes or no once; one that says it for always only where there is no other. Null when the agent offers neither. */
export function chooseOption(options: readonly PermissionOption[], allow: boolean): string | null {
  const kinds = allow ? ["allow_once", "allow_always"] : ["reject_once", "reject_always"]
  for (const kind of kinds) {
    const option = options.find((offered) => offered.kind === kind)
    if (option !== undefined) return option.optionId
  }
  return null
}

function permissionKind(kind: string | null, command: string | null): PermissionRequest["kind"] {
  const known = kind === null ? undefined : kinds.get(kind)
  return known ?? (command === null ? "other" : "run")
}

/** ACP's tool kinds that policy has a word for. */
const kinds: ReadonlyMap<string, PermissionRequest["kind"]> = new Map([
  ["read", "read"],
  ["search", "read"],
  ["edit", "edit"],
  ["delete", "edit"],
  ["move", "edit"],
  ["execute", "run"],
  ["fetch", "fetch"],
])
