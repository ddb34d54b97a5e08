/** What came of a turn, made fit to be reported and written down. */
import type { TurnOutcome, Usage } from "../domain/session/turn.ts"

/** A report that holds more would hardly be read; the end of the text is where a handoff is. */
const outcomeCharsMax = 512 * 1024

export function capped(outcome: TurnOutcome): TurnOutcome {
  return { ...outcome, text: outcome.text.slice(-outcomeCharsMax), usage: sane(outcome.usage) }
}

/** Agents count in their own ways; no sum may come out as nonsense. */
export function sane(usage: Usage): Usage {
  const atLeastZero = (count: number): number => (Number.isFinite(count) && count > 0 ? count : 0)
  return {
    inputTokens: atLeastZero(usage.inputTokens),
    outputTokens: atLeastZero(usage.outputTokens),
    cachedTokens: atLeastZero(usage.cachedTokens),
    costUsd: usage.costUsd === null ? null : atLeastZero(usage.costUsd),
  }
}

export function describe(outcome: TurnOutcome): string {
  switch (outcome.how) {
    case "completed":
    case "interrupted":
      return outcome.how
    case "failed":
      return `failed: ${outcome.error.class}: ${outcome.error.message}`
    case "stalled":
      return `stalled: nothing happened for ${Math.round(outcome.silentMs / 1_000)} s`
    case "lost":
      return `lost: ${outcome.message}`
  }
}
