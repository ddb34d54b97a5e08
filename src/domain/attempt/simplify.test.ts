import fc from "fast-check"
import { expect, test } from "vitest"
import { simplified } from "./simplify.ts"

// C.1.80
test("an order after a hang has nothing to fetch any more, and asks for the smallest useful part", () => {
  const order = [
    "Write src/parse.ts. Use WebFetch to read the grammar. Keep the old exports.",
    "",
    "- Fetch the examples from https://example.org/all.json",
    "- Test the empty input",
    "1. Look it up online.",
    "2. Say what is left.",
  ].join("\n")
  expect(simplified(order)).toBe(
    [
      "Write src/parse.ts. Keep the old exports.",
      "",
      "- Test the empty input",
      "2. Say what is left.",
      "",
      "Your last attempt took too long. Fetch nothing from the network. Do the smallest part of this that is useful by itself, commit it, and say in the handoff what is left.",
    ].join("\n"),
  )
})

test("an order of which nothing would be left stays whole", () => {
  expect(simplified("Download the data.")).toMatch(/^Download the data\.\n\nYour last attempt took too long\./)
})

test("lines that send nobody to the network stay as they are, in their order", () => {
  const clean = fc.constantFrom("Write src/fetch.ts.", "- keep  the fetch() call ", "  indented", "", "Add a cache of what was fetched.")
  const fetching = fc.constantFrom("Fetch the page from it.", "* see https://example.org", "3) Browse the docs.")
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          clean.map((line) => ({ line, stays: true })),
          fetching.map((line) => ({ line, stays: false })),
        ),
      ),
      (lines) => {
        const kept = lines.filter(({ stays }) => stays).map(({ line }) => line)
        fc.pre(kept.some((line) => line.trim() !== ""))
        const order = lines.map(({ line }) => line).join("\n")
        expect(simplified(order).startsWith(`${kept.join("\n").trim()}\n\nYour last attempt`)).toBe(true)
      },
    ),
  )
})

test("what only speaks of downloading is no order to fetch", () => {
  for (const order of [
    "Fix the download handler. Add tests.",
    "The crawler must scrape titles; write its parser.",
    "Browse buttons are blue: change src/browse.css.",
  ])
    expect(simplified(order).startsWith(order)).toBe(true)
})
