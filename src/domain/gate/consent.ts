/** The question whether to run tasks side by side, its three answers, and what is kept of them (C.1.123 to C.1.127). */

import type { GateConsent } from "./gate.ts"

/** always-ask: ask each time. session-allow: allowed for six hours. auto-allow: never ask again. */
export type Consent = "always-ask" | "session-allow" | "auto-allow"

/** How long a session's allowance lasts (C.2): a long session, but not overnight. */
export const sessionAllowMs = 6 * 60 * 60_000

export interface ConsentFacts {
  /** `consent.fleetSpawn` of harness.json; null: never answered. */
  readonly stored: Consent | null
  /** When a session's allowance was given, epoch milliseconds. */
  readonly sessionAllowedAt: number | null
  readonly now: number
}

export type ConsentDecision = { readonly ask: false; readonly why: string } | { readonly ask: true; readonly why: string }

/** Whether the question has to be asked. An allowance from the future, by a clock that was set back, counts as none. */
export function decideConsent({ stored, sessionAllowedAt, now }: ConsentFacts): ConsentDecision {
  switch (stored) {
    case null:
      return { ask: true, why: "you were not asked before" }
    case "auto-allow":
      return { ask: false, why: "you answered: always" }
    case "always-ask":
      return { ask: true, why: "you want to be asked each time" }
    case "session-allow": {
      const ageMs = sessionAllowedAt === null ? -1 : now - sessionAllowedAt
      if (ageMs < 0) return { ask: true, why: "it is allowed session by session, and not yet in this one" }
      return ageMs < sessionAllowMs ? { ask: false, why: "you allowed it for this session" } : { ask: true, why: "what you allowed was for six hours" }
    }
  }
}

/** What the gate is to know. Who answered just now has confirmed the campaign itself, which is not said here. */
export function gateConsent(facts: ConsentFacts): GateConsent {
  if (!decideConsent(facts).ask) return "allowed"
  return facts.stored === "always-ask" ? "refused" : "unknown"
}

/**
 * Whether Fleet may offer of its own accord to run tasks side by side. Who answered "no, and don't ask again" is kept as `always-ask`
 * (C.1.126): they are asked when they want quick mode by name, and left alone otherwise.
 */
export const mayOffer = (stored: Consent | null): boolean => stored !== "always-ask"

const titleCharsMax = 200

/** C.1.123, to the letter. */
export function consentQuestion(tasks: readonly string[]): string {
  const lines = tasks.map((task, at) => `${at + 1}. ${oneLine(task)}`)
  return ["These look independent — I could run them in parallel:", ...lines, "Run in parallel? [1=yes 2=always 3=no]"].join("\n")
}

export interface ConsentAnswer {
  /** False: one after the other. */
  readonly parallel: boolean
  /** What is to be kept in harness.json; null: nothing. */
  readonly store: Consent | null
}

/** `1`, `2` or `3`, or the words for them; `3, don't ask again` is kept. Null for anything else: ask once more. */
export function consentAnswer(text: string): ConsentAnswer | null {
  const said = text.trim().toLowerCase()
  const [word = ""] = /^[a-z0-9]+/.exec(said) ?? []
  const again = /\b(don['’]?t|do not|never)\s+ask(\s+me)?(\s+again)?\b/.test(said)
  if (["3", "no", "n"].includes(word)) return { parallel: false, store: again ? "always-ask" : null }
  if (again && !["1", "2", "yes", "y", "always"].includes(word)) return { parallel: false, store: "always-ask" }
  if (["2", "always"].includes(word)) return { parallel: true, store: "auto-allow" }
  if (["1", "yes", "y"].includes(word)) return { parallel: true, store: null }
  return null
}

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, " ").trim()
  return flat.length > titleCharsMax ? `${flat.slice(0, titleCharsMax - 1)}…` : flat
}
