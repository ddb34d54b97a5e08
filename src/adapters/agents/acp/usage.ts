/** What the answer to `session/prompt` says of the turn's tokens. The sum for Claude, Codex and Copilot; only the last step for opencode. Pure. */
import type { Usage } from "../../../domain/session/turn.ts"
import { record } from "./updates.ts"

export function usageOf(response: unknown, costUsd: number | null): Usage {
  const usage = record(record(response)["usage"])
  // Gemini says it only here.
  const quota = record(record(record(record(response)["_meta"])["quota"])["token_count"])
  return {
    inputTokens: number(usage["inputTokens"] ?? quota["input_tokens"]),
    outputTokens: number(usage["outputTokens"] ?? quota["output_tokens"]),
    cachedTokens: number(usage["cachedReadTokens"]) + number(usage["cachedWriteTokens"]),
    costUsd,
  }
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0
}
