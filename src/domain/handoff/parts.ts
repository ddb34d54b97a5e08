/** What of a handoff is what: built, decided, found, left. Agents name these in many ways, and often not at all. */
import type { Handoff } from "./handoff.ts"

export interface HandoffParts {
  readonly built: readonly string[]
  readonly decisions: readonly string[]
  readonly discoveries: readonly string[]
  readonly remaining: readonly string[]
}

export function partsOf(handoff: Handoff | null): HandoffParts {
  if (handoff === null) return { built: [], decisions: [], discoveries: [], remaining: [] }
  const named = {
    built: fields(handoff, ["built", "done", "changed", "implemented"]),
    decisions: fields(handoff, ["decisions", "decision", "decided", "key decision"]),
    discoveries: fields(handoff, ["discoveries", "discovery", "discovered", "found", "findings"]),
    remaining: fields(handoff, ["remaining", "next", "left", "todo"]),
  }
  const plain = handoff.items.filter((item) => !/^\s*(?:\*\*|__)?[A-Za-z][A-Za-z0-9 _-]{0,40}(?:\*\*|__)?:/.test(item))
  return {
    built: named.built.length > 0 ? named.built : plain.filter((item) => !decided.test(item)).slice(0, 2),
    decisions: named.decisions.length > 0 ? named.decisions : plain.filter((item) => decided.test(item)),
    discoveries: named.discoveries,
    remaining: named.remaining,
  }
}

const decided = /\b(decided|decision|chose|chosen|picked)\b/i

function fields({ fields: all }: Handoff, names: readonly string[]): string[] {
  return names.flatMap((name) => (Object.hasOwn(all, name) ? (all[name] ?? "").split("\n") : [])).filter((text) => text.trim() !== "")
}
