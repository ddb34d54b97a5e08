/** Whatever agents and people write: what Fleet writes is read as it was, and what it reads is written the same for ever. */
import fc from "fast-check"
import { expect, test } from "vitest"
import { rowResults } from "./row-results.ts"
import { flattened } from "./flatten.ts"
import { contractSession } from "./session-file.fixture.ts"
import { parseSessionFile } from "./parse.ts"
import { renderSessionFile } from "./render.ts"
import type { SessionFile } from "./session-file.ts"

const hostile = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc
    .array(
      fc.constantFrom(
        "|",
        "\n",
        "\r",
        "## Work Queue",
        "# x",
        "---",
        "<!--",
        "```",
        "\\",
        "\\|",
        ",",
        "{",
        "}",
        "(",
        ")",
        " ",
        "`",
        "**Built:** ",
        "- ",
        "none",
        "-",
        ": ",
        "### Agent: z",
        "Status: completed",
        "a",
        "\u202e",
        "\ud83d",
        "\u001b[1m",
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join("")),
)
const few = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { maxLength: 3 })
const orNull = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { nil: null })
const number = fc.integer({ min: 1, max: 9 })
const row = fc.record({
  number: fc.integer({ min: 1, max: 60 }),
  campaign: hostile,
  scope: few(hostile),
  deps: few(fc.integer({ min: 61, max: 99 })),
  status: hostile,
  wave: orNull(number),
  agent: hostile,
  branch: orNull(hostile),
  evidence: orNull(hostile),
  more: few(hostile),
})
/** Several lines, with fences of any length at their beginnings. */
const text = fc
  .array(fc.oneof(hostile, fc.constantFrom("```", "``````prompt", "~~~~", "### Row 1: x", "### Every Merge", "## Work Orders", "    ````", "\r")), {
    maxLength: 5,
  })
  .map((lines) => lines.join("\n"))
const agent = fc.record({
  name: hostile,
  row: orNull(number),
  status: hostile,
  built: orNull(hostile),
  decisions: orNull(hostile),
  discoveries: orNull(hostile),
  files: few(hostile),
  commit: orNull(hostile),
  timeout: orNull(fc.record({ durationMs: fc.nat(9_999_999), retried: fc.boolean() })),
  failures: orNull(hostile),
})
const compared = fc.record({ strategy: hostile, branch: hostile, status: hostile, typecheck: hostile, notes: hostile })
const anyParts: fc.Arbitrary<SessionFile> = fc.record({
  name: hostile,
  status: fc.constantFrom("active" as const, "needs-continue" as const, "completed" as const),
  started: hostile,
  direction: hostile,
  queue: fc.uniqueArray(row, { maxLength: 4, selector: (one) => one.number }),
  columns: few(fc.oneof(hostile, fc.constantFrom("Branch", "Status", "#"))),
  waves: few(fc.record({ number, agents: few(agent), merges: few(hostile) })),
  shared: few(hostile),
  notes: fc.record({ gaps: few(hostile), mergeConflicts: few(hostile), refusedEdits: few(hostile), warnings: few(hostile), kept: few(hostile) }),
  spec: fc.option(text),
  rules: few(text),
  setup: fc.option(text),
  orders: few(fc.record({ row: fc.integer({ min: 1, max: 60 }), prompt: text, checks: few(text) })),
  checks: few(text),
  comparison: orNull(fc.record({ direction: hostile, strategies: fc.nat(9), rows: few(compared), winner: orNull(hostile), merged: orNull(hostile) })),
  pendingPropagation: few(hostile),
  continuation: fc.record({ nextWave: orNull(number), blocked: few(hostile), contextTokens: orNull(fc.nat(2_000_000)), autoContinue: fc.boolean() }),
  rest: few(fc.tuple(fc.constantFrom("## Mine\n", "## Work Queue\n", ""), few(hostile)).map(([head, lines]) => head + lines.join("\n"))),
})
/** Orders are mostly those of rows that are there. */
const anyFile = anyParts.map((file) => ({ ...file, orders: file.orders.map((order, at) => ({ ...order, row: file.queue[at]?.number ?? order.row })) }))
const someLines = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...contractSession.split("\n"),
      "## Gaps",
      "- x",
      "## Mine",
      "```",
      "| 4 | a",
      "| - |",
      "## Speculative Comparison",
      "| Strategy | Notes |",
      "### Merges",
      "text",
      "## Wave 2 Results",
      "Winner: a",
      "| # | Campaign | Deps | X |",
      "## Work Orders",
      "### Row 3: Integration",
      "### Every Merge",
      "```prompt",
      "````check",
      "````",
    ),
    hostile,
  ),
  { maxLength: 15 },
)
/** The contract's file with lines taken out and others put in, or only others. */
const anyText = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: someLines }), { minLength: 40, maxLength: 40 }),
    someLines,
  )
  .map(([edited, edits, lines]) => (edited ? contractSession.split("\n").flatMap((line, at) => edits[at] ?? line) : ["# Fleet Session: x", ...lines]))

test("whatever it holds, a written file is read as what a file can hold", () => {
  fc.assert(
    fc.property(anyFile, (file) => {
      const { file: again, faults } = parseSessionFile(renderSessionFile(file))
      expect(again).toEqual(flattened(file))
      expect(faults).toEqual([])
      expect(flattened(flattened(file))).toEqual(flattened(file))
    }),
    { numRuns: 600 },
  )
})

test("no text makes the reader throw, and what it read is written the same for ever", () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom("\n", "\r\n"), (lines, end) => {
      const { file, faults } = parseSessionFile(lines.join(end))
      for (const found of faults) expect(found.fix).not.toBe("")
      if (file === null) return
      const text = renderSessionFile(file)
      expect(parseSessionFile(text)).toMatchObject({ file, faults: [] })
      expect(renderSessionFile(parseSessionFile(text).file ?? file)).toBe(text)
    }),
    { numRuns: 800 },
  )
})

const oneRow = "## Work Queue\n| # | Campaign | Scope |\n|---|---|---|\n| 1 | a | src |\n"
/** Wider than any text that is written by hand, and far below the limit of a session file. */
const wide = " ".repeat(100_000)

test.each<[string, string]>([
  ["spaces", `## a${" ".repeat(380_000)}b`],
  ["escapes", "\\".repeat(380_000)],
  ["columns", `| Campaign | Scope | ${"x | ".repeat(90_000)}`],
  ["headers", "| Campaign | Scope | x |\n".repeat(14_000)],
  ["pipes", "|\n".repeat(180_000)],
  ["fences", "```\n~~~~\n".repeat(40_000)],
  ["orders", `## Work Orders\n${"### Row 3: a\n````prompt\n```\n".repeat(14_000)}`],
  ["lines in a fence that is no order", `## Work Orders\n\`\`\`\n${"a\n".repeat(300_000)}\`\`\`\n`],
  ["backticks in an order", `${oneRow}## Work Orders\n### Row 1: a\n~~~prompt\n${"a`".repeat(200_000)}\n~~~\n`],
  ["headings", "## a\n".repeat(70_000)],
  ["bullets", `## Gaps\n${"- a\n".repeat(90_000)}`],
  ["merges", `## Wave 1 Results\n### Merges\n${"- a\n".repeat(300_000)}`],
  ["lines of one bullet", `## Gaps\n- a\n${"abcdefghij\n".repeat(160_000)}`],
  ["lines of a direction", `Direction: a\n${"abcdefghij\n".repeat(160_000)}`],
  ["lines of an agent's field", `## Wave 1 Results\n### Agent: a\n**Built:** x\n${"abcdefghij\n".repeat(160_000)}`],
  ["braces", `## Wave 1 Results\n### Agent: a\n**Files:** ${"{,(".repeat(120_000)}`],
  ["agents of one row", `${oneRow}${Array.from({ length: 200 }, (_, wave) => `## Wave ${wave} Results\n${"### Agent: a\n".repeat(490)}`).join("")}`],
  ["rows", `## Speculative Comparison\n${"|a|\n".repeat(90_000)}`],
  ["spaces before what only some call the end of a line, in a key", `Direction:${wide}a\u2028b`],
  ["spaces before such an end, in an item of a key", `Direction: a\n- ${wide}a\u2028b`],
  ["spaces before such an end, in a bullet", `## Gaps\n- ${wide}a\u2028b`],
  ["spaces before such an end, in a heading", `##${wide}a\u2029b`],
  ["spaces before such an end, in a title", `#${wide}a\u2028b`],
  ["spaces before such an end, in an agent's heading", `## Wave 1 Results\n###${wide}a\u2028b`],
])("many %s are read without looking at anything again and again", (_, text) => {
  const from = performance.now()
  const { file } = parseSessionFile(`# Fleet Session: x\n${text}`)
  expect(file).not.toBeNull()
  if (file !== null) {
    renderSessionFile(file)
    for (const one of file.queue) rowResults(file, one)
  }
  expect(performance.now() - from).toBeLessThan(5_000)
})
