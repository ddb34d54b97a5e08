import fc from "fast-check"
import { expect, test } from "vitest"
import { editsOf } from "./queue-edits.ts"
import type { QueueEdit } from "./queue-edit.ts"
import { contractSession, resultOf, rowOf, sessionOf } from "./session-file.fixture.ts"
import { parseSessionFile } from "./parse.ts"
import { renderSessionFile } from "./render.ts"
import type { SessionFile } from "./session-file.ts"

function read(text: string): SessionFile {
  const { file } = parseSessionFile(text)
  if (file === null) throw new Error("no session file")
  return file
}
/** What Fleet makes of the contract's file after somebody replaced `from` by `to` in it. */
function edited(from: string, to: string): QueueEdit[] {
  expect(contractSession).toContain(from)
  return editsOf(read(contractSession), read(contractSession.replace(from, to)))
}
const codes = (edits: readonly QueueEdit[]): string[] => edits.map((edit) => (edit.kind === "refused" ? `${edit.number} ${edit.code}` : edit.kind))
const row3 = "| 3 | Integration | src/api/,src/ui/ | 1,2 | pending | 2 | wirer |"

test("a row that somebody adds becomes work", () => {
  const edits = edited(row3, `${row3}\n| 4 | Docs | docs | 3 | | | writer |`)
  expect(edits).toEqual([{ kind: "add", row: rowOf(4, "Docs", { scope: ["docs"], deps: [3], agent: "writer" }) }])
})

test.each<[string, string, string, QueueEdit]>([
  ["scope", "src/api/,src/ui/ | 1,2", "src/wire/ | 1,2", { kind: "scope", number: 3, scope: ["src/wire/"] }],
  ["deps", "| 1,2 |", "| 2 |", { kind: "deps", number: 3, deps: [2] }],
  ["status to skip", "| pending |", "| skip |", { kind: "skip", number: 3 }],
  [
    "status back to pending",
    "| 1 | API auth | src/api/auth/ | none | complete |",
    "| 1 | API auth | src/api/auth/ | none | pending |",
    { kind: "requeue", number: 1 },
  ],
  ["direction", "Direction: Add sign-in", "Direction: Add sign-in by mail", { kind: "direction", direction: "Add sign-in by mail" }],
  ["shared context", "## Continuation State", "- Mind the cookies\n\n## Continuation State", { kind: "share", text: "Mind the cookies" }],
  ["auto-continue", "Auto-continue: true", "Auto-continue: false", { kind: "auto-continue", autoContinue: false }],
])("a changed %s is a command", (_, from, to, edit) => {
  expect(edited(from, to)).toEqual([edit])
})

test.each<[string, string, string, string]>([
  ["a removed row", `${row3}\n`, "", "3 row-removed"],
  ["a row with another number", "| 3 | Integration", "| 7 | Integration", "7 row-renumbered"],
  ["a row with another name", "| 3 | Integration", "| 3 | Wiring", "3 campaign-changed"],
  ["a row with another agent", "| 2 | wirer |", "| 2 | builder |", "3 agent-changed"],
  ["a row in another wave", "| 2 | wirer |", "| 1 | wirer |", "3 wave-changed"],
  ["a row that is complete by hand", "| pending |", "| done |", "3 status-not-proved"],
  ["a row that runs by hand", "| pending |", "| running |", "3 status-not-yours"],
  ["a row added as complete", row3, `${row3}\n| 4 | Docs | docs | 3 | complete | | writer |`, "4 status-not-proved"],
  ["a scope outside of the repository", "src/api/,src/ui/ | 1,2", "../other | 1,2", "3 scope-outside"],
  ["a dependency that is not there", "| 1,2 |", "| 9 |", "3 unknown-row"],
  ["a circle", "| 1 | API auth | src/api/auth/ | none |", "| 1 | API auth | src/api/auth/ | 3 |", "1 cycle"],
  ["changed results", "**Built:** Login form", "**Built:** Everything", "null results-changed"],
  ["another status of the session", "Status: needs-continue", "Status: completed", "null status-changed"],
  ["a direction taken away", "Direction: Add sign-in", "Direction:", "null direction-changed"],
  ["shared context taken away", "- API auth uses jose library for JWT — frontend should import types from there\n", "", "null shared-removed"],
  ["a changed Continuation State", "Next wave: 2", "Next wave: 3", "null continuation-changed"],
])("%s is refused, with the reason and what to do", (_, from, to, code) => {
  const edits = edited(from, to)
  expect(codes(edits)).toEqual([code])
  for (const edit of edits) expect(edit).toMatchObject({ kind: "refused", why: expect.stringMatching(/\w/), fix: expect.stringMatching(/\w/) })
})

test("a row set to complete by hand is told that only a landed commit does that", () => {
  expect(edited("| pending |", "| complete |")).toMatchObject([{ why: "nobody proves it: Fleet marks a row complete when its commit has landed" }])
})

test("another order, another spelling, sections of one's own and columns of one's own are no edits", () => {
  expect(edited("| 1 | API auth", "|  1  |  API auth ")).toEqual([])
  expect(edited("| none | complete | 1 | builder |\n| 2", "|  -  | Done | 1 | builder |\n\n| 2")).toEqual([])
  expect(edited("| 1,2 |", "| #2, #1 |")).toEqual([])
  expect(edited("## Wave 1 Results", "## Mine\nNotes\n\n## Wave 1 Results")).toEqual([])
  const lines = contractSession.split("\n")
  const at = lines.indexOf(row3)
  const moved = [...lines.slice(0, at - 2), row3, ...lines.slice(at - 2, at), ...lines.slice(at + 1)]
  expect(editsOf(read(contractSession), read(moved.join("\n")))).toEqual([])
})

test("a file that nobody touched has no edits, whatever stands in it", () => {
  const text = fc.string({ unit: "binary", maxLength: 20 })
  fc.assert(
    fc.property(text, text, fc.array(text, { maxLength: 3 }), (campaign, status, scope) => {
      const file = sessionOf({
        queue: [rowOf(1, campaign, { status, scope })],
        waves: [{ number: 1, agents: [resultOf(campaign, { built: status, files: scope })], merges: scope }],
        shared: scope,
      })
      expect(editsOf(file, read(renderSessionFile(file)))).toEqual([])
    }),
    { numRuns: 300 },
  )
})
