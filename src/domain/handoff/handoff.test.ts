import fc from "fast-check"
import { expect, test } from "vitest"
import { parseHandoff } from "./handoff.ts"

test("a block is read with its items, fields and status", () => {
  const handoff = parseHandoff(
    "Done.\n\n---HANDOFF---\n- **Built:** the login page\n- Discoveries: config is in src/env.ts\n- Status: partial\n- plain item\n---\nBye.",
  )
  expect(handoff).toEqual({
    items: ["**Built:** the login page", "Discoveries: config is in src/env.ts", "Status: partial", "plain item"],
    fields: { built: "the login page", discoveries: "config is in src/env.ts", status: "partial" },
    status: "partial",
    raw: "- **Built:** the login page\n- Discoveries: config is in src/env.ts\n- Status: partial\n- plain item",
  })
})

test("the last block wins", () => {
  expect(parseHandoff("---HANDOFF---\n- one\n---\nmore work\n---HANDOFF---\n- two\n---")?.items).toEqual(["two"])
})

test("a missing closing line takes neither a letter nor the block", () => {
  expect(parseHandoff("---HANDOFF---\n- Built authorization middleware that can tokenize")?.items).toEqual(["Built authorization middleware that can tokenize"])
  expect(parseHandoff("---HANDOFF---\n- one\n  goes on\n- two\n\nThat is all, have a nice day.")?.items).toEqual(["one goes on", "two"])
  expect(parseHandoff("---HANDOFF---\n- one\n---HANDOFF---\n- two")?.items).toEqual(["two"])
})

test("CRLF, code fences, spaces in the header and bold headers are tolerated", () => {
  expect(parseHandoff("---HANDOFF---\r\n- a\r\n- b\r\n---\r\n")?.items).toEqual(["a", "b"])
  expect(parseHandoff("```\n---HANDOFF---\n- a\n```\nProse after.")?.items).toEqual(["a"])
  expect(parseHandoff("```text\n  --- HANDOFF ---\n  - a\n  ---\n```")?.items).toEqual(["a"])
  expect(parseHandoff("**---HANDOFF---**\n1. a\n2) b\n* c\n---END HANDOFF---\n- d")?.items).toEqual(["a", "b", "c"])
})

test("a quoted template does not hide the real block, wherever it stands", () => {
  const real = "---HANDOFF---\n- real\n---"
  expect(parseHandoff(`${real}\n> ---HANDOFF---\n> - quoted\n> ---`)?.items).toEqual(["real"])
  expect(parseHandoff("> ---HANDOFF---\n> - only this\n> ---")?.items).toEqual(["only this"])
})

test("a template that nobody filled in is no handoff", () => {
  const citadel =
    "---HANDOFF---\n- Fleet session: {name} — {waves completed} waves\n- Built: {summary of all wave results}\n- Discoveries: {key findings}\n- Next: {remaining work if any}\n- Reversibility: amber\n---"
  expect(parseHandoff(citadel)).toBeNull()
  expect(parseHandoff("---HANDOFF---\n- <what was built>\n- ...\n---")).toBeNull()
  expect(parseHandoff(`---HANDOFF---\n- real\n---\n${citadel}`)?.items).toEqual(["real"])
  expect(parseHandoff("---HANDOFF---\n- Built the route /users/{id}\n---")?.items).toEqual(["Built the route /users/{id}"])
})

test("nothing is no handoff", () => {
  for (const text of ["", "---HANDOFF---", "---HANDOFF---\n---\n", "We spoke of ---HANDOFF--- blocks.", "HANDOFF\n- a"]) expect(parseHandoff(text)).toBeNull()
})

test.each([
  ["Status: success", "success"],
  ["**Status:** ✅ Done, all green", "success"],
  ["Result: failed (2 tests)", "failed"],
  ["Outcome: BLOCKED on access", "blocked"],
  ["Status: fine", null],
  ["constructor: x", null],
])("%s says %s", (item, status) => expect(parseHandoff(`---HANDOFF---\n- ${item}\n---`)?.status).toBe(status))

test("items under a field without a value are its value; a path with a colon is no field", () => {
  const handoff = parseHandoff("---HANDOFF---\n**Built**:\n- a\n- b\nNext: c\n- src/a.ts: changed\n- see https://x.org\n---")
  expect(handoff?.fields).toEqual({ built: "a\nb", next: "c" })
})

test("items are bounded in number and length", () => {
  const items = parseHandoff(`---HANDOFF---\n${"- x\n".repeat(500)}---`)?.items
  expect(items).toHaveLength(100)
  expect(parseHandoff(`---HANDOFF---\n- ${"y".repeat(9_000)}\n---`)?.items[0]).toHaveLength(2_000)
})

test("whatever items an agent writes come back, with and without the closing line", () => {
  const item = fc.stringMatching(/^[a-z][a-z {}<>/.,*-]{0,30}[a-z]$/).filter((text) => !/ {2}/.test(text))
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 6 }), fc.boolean(), fc.constantFrom("\n", "\r\n"), fc.string(), (items, closed, newline, before) => {
      const text = [before.replace(/HANDOFF|[`~]/gi, ""), "---HANDOFF---", ...items.map((one) => `- ${one}`), ...(closed ? ["---", "after"] : [])].join(newline)
      expect(parseHandoff(text)?.items).toEqual(items)
    }),
  )
})

test("hostile text is read at once", () => {
  expect(parseHandoff(`---HANDOFF---\n- a\n${"-".repeat(300_000)}x\n${" ".repeat(300_000)}---`)?.items[0]?.startsWith("a")).toBe(true)
})
