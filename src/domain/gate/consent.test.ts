import { expect, test } from "vitest"
import { consentAnswer, consentQuestion, decideConsent, gateConsent, mayOffer, sessionAllowMs, type Consent } from "./consent.ts"

test("the question is the contract's, word for word", () => {
  expect(consentQuestion(["Fix the login form", "Update\n  the README"])).toBe(
    `These look independent — I could run them in parallel:
1. Fix the login form
2. Update the README
Run in parallel? [1=yes 2=always 3=no]`,
  )
  expect(consentQuestion(["x".repeat(500), "y"]).split("\n")[1]).toHaveLength(203)
})

test.each<[string, boolean, Consent | null]>([
  ["1", true, null],
  [" YES ", true, null],
  ["y", true, null],
  ["2", true, "auto-allow"],
  ["always", true, "auto-allow"],
  ["3", false, null],
  ["no", false, null],
  ["3, don't ask again", false, "always-ask"],
  ["no - do not ask me again", false, "always-ask"],
  ["Don’t ask again", false, "always-ask"],
])("the answer %j: in parallel %j, kept is %j", (text, parallel, store) => expect(consentAnswer(text)).toEqual({ parallel, store }))

test.each(["", "4", "12", "perhaps", "yesterday", "nothing"])("%j is no answer", (text) => expect(consentAnswer(text)).toBeNull())

test("whether to ask follows what was kept", () => {
  const now = 1_000_000_000
  const ask = (stored: Consent | null, sessionAllowedAt: number | null = null): boolean => decideConsent({ stored, sessionAllowedAt, now }).ask
  expect(ask(null)).toBe(true)
  expect(ask("auto-allow")).toBe(false)
  expect(ask("always-ask")).toBe(true)
  expect(ask("session-allow")).toBe(true)
  expect(ask("session-allow", now - sessionAllowMs + 1)).toBe(false)
  expect(ask("session-allow", now - sessionAllowMs)).toBe(true)
  expect(ask("session-allow", now + 1)).toBe(true)
})

test("the gate hears what was kept", () => {
  const facts = { stored: null, sessionAllowedAt: null, now: 1 }
  expect(gateConsent(facts)).toBe("unknown")
  expect(gateConsent({ ...facts, stored: "auto-allow" })).toBe("allowed")
  expect(gateConsent({ ...facts, stored: "always-ask" })).toBe("refused")
  expect(gateConsent({ ...facts, stored: "session-allow" })).toBe("unknown")
  expect(gateConsent({ ...facts, stored: "session-allow", sessionAllowedAt: 1 })).toBe("allowed")
})

test("who wants not to be asked again is offered nothing unasked", () => {
  expect([null, "auto-allow", "session-allow", "always-ask"].map((stored) => mayOffer(stored as Consent | null))).toEqual([true, true, true, false])
})
