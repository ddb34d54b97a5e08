/** What a person makes of a session file: edits that are taken, rows that are added, and those of a campaign that goes on from one. */
import { mkdir, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { campaign, recording, rowOf, streams, wirer, type Recording } from "../../../test/world/recording.ts"
import { task } from "../../../test/world/world.ts"
import { parseSessionFile } from "../../domain/session-file/parse.ts"
import { planFromSession } from "../../domain/session-file/plan.ts"

const rowsBelow =
  (...rows: string[]) =>
  (text: string) =>
    text.replace(/(\| 4 \|.*\n)/, `$1${rows.join("\n")}\n`)

test("a row that is added is taken whatever is wrong with the others, and one that is refused is kept in the file", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit((text) =>
    rowsBelow(
      "| 5 | Write the manual | docs/ | none | pending | | writer |",
      "| 6 | Nobody's | x/ | 9 | pending | - | builder |",
    )(text).replace(/(\| 4 \| Wire it \|[^|]*\|)[^|]*/, "$1 9 "),
  )
  await of.record()
  await of.record()
  const text = await of.session()
  expect(await rowOf(of, "Write the manual")).toMatch(/^\| 5 \| Write the manual \| docs \| none \|/)
  expect(text).toContain("- row 4 is to depend on row 9, which is not there")
  expect(text).toContain("- row 6 is to depend on row 9, which is not there")
  expect(text.split("\n").filter((line) => line.startsWith("- Work Queue: "))).toEqual(["- Work Queue: | 6 | Nobody's | x/ | 9 | pending | - | builder |"])
})

test("a task that somebody adds to the queue is taken over once, and keeps its row", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit((text) => text.replace(/(\| 4 \|.*\n)/, "$1| 5 | Write the manual | docs/ | none | pending | | writer |\n"))
  await of.record()
  await of.record()
  const added = [...of.hub.state.tasks.values()].filter(({ plan }) => plan.title === "Write the manual")
  expect(added).toMatchObject([{ plan: { scope: [{ pattern: expect.stringContaining("docs") }], role: "writer" } }])
  expect(await rowOf(of, "Write the manual")).toMatch(/^\| 5 \|/)
  expect(of.complaints).toEqual([])
})

test("an edit that was taken over before the hub died, and could not be written back, is not taken twice", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit((text) => text.replace(/(\| 4 \|.*\n)/, "$1| 5 | Write the manual | docs/ | none | pending | | writer |\n"))
  of.refuse = (write) => write.kind === "session-file" && write.over !== null
  await of.record()
  of.refuse = () => false
  await of.record()
  expect(await rowOf(of, "Write the manual")).toMatch(/^\| 5 \|/)
  expect([...of.hub.state.tasks.values()].filter(({ plan }) => plan.title === "Write the manual")).toHaveLength(1)
})

test("a scope, a need and a row that is skipped come back as changes of the run", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit((text) => text.replace(/(\| 4 \| Wire it \|)[^\n]*/, "$1 web/ | 3 | pending | 2 | wirer |"))
  await of.record()
  const wire = [...of.hub.state.tasks.values()].find(({ key }) => key === "wire")
  expect(wire?.plan).toMatchObject({ scope: [{ pattern: expect.stringContaining("web") }], after: [{ key: "docs" }] })
  await of.edit((text) => text.replace(/(\| 4 \| Wire it \|.*\| )pending( \|.*)/, "$1skipped$2"))
  await of.record()
  expect([...of.hub.state.tasks.values()].find(({ key }) => key === "wire")?.state.name).toBe("cancelled")
  expect(await rowOf(of, "Wire it")).toContain("| skipped |")
})

test("needs that go in a circle are refused, the refusal is said in the file, and the queue is as it was", async () => {
  await using of = await campaign([...streams, wirer, task("last", { title: "Look at it", after: ["wire"], scope: ["x"], role: "qa" })])
  await of.record()
  await of.edit((text) => text.replace(/(\| 4 \| Wire it \| [^|]* \|)[^|]*/, "$1 5 "))
  await of.record()
  const text = await of.session()
  expect(text).toMatch(/## Refused Edits\n- row 4 would depend on itself/)
  expect(await rowOf(of, "Wire it")).toContain("| 1,2 |")
})

// C.1.56
test("a campaign that is told in its file not to continue by itself asks before the next wave", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit((text) => text.replace("Auto-continue: true", "Auto-continue: false"))
  await of.record()
  for (const key of ["api", "ui", "docs"]) await of.endTurn(key)
  expect([...of.hub.state.approvals.values()]).toMatchObject([{ about: { kind: "wave" }, answer: null }])
  await of.record()
  expect(await of.session()).toContain("Status: needs-continue")
})

test("what a person writes under the shared context is told to those who begin later", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit((text) => text.replace(/(## Shared Context[^\n]*\n)/, "$1- The staging database is read-only\n"))
  await of.record()
  expect([...of.hub.state.discoveries.values()].map(({ text }) => text)).toEqual(["The staging database is read-only"])
  expect(await of.session()).toContain("- The staging database is read-only")
})

test("a file that cannot be read as a session file is kept beside the new one", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit(() => "\u0000 not a session file at all\n")
  await of.record()
  expect(await of.session()).toContain("# Fleet Session: a plan")
  const beside = (await of.files(".planning/fleet")).filter((name) => name.includes("unreadable"))
  expect(beside).toHaveLength(1)
  expect(await of.read(`.planning/fleet/${beside[0]}`)).toContain("not a session file at all")
})

test("sections and columns that Fleet does not know stay in the file", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit((text) => `${text}\n## My Notes\nAsk Ada.\n`)
  await of.record()
  await of.endTurn("api")
  await of.record()
  expect(await of.session()).toContain("## My Notes\nAsk Ada.")
})

test("an added row is part of the direction that was agreed to, whatever else was edited", async () => {
  await using of = await campaign()
  await of.record()
  await of.edit((text) =>
    rowsBelow("| 5 | Write the manual | docs/ | none | pending | | writer |")(text).replace(/^Direction: .*$/m, "Direction: something else"),
  )
  await of.record()
  expect([...of.hub.state.tasks.values()].find(({ plan }) => plan.title === "Write the manual")?.plan.prompt).toContain("Part of: a direction")
  expect(await of.session()).toContain("the direction stays as it was")
})

const continuedFile = `# Fleet Session: a plan
Status: needs-continue
Started: 2026-03-01T10:00:00.000Z
Direction: a direction

## Work Queue
| # | Campaign | Scope | Deps | Status | Wave | Agent | Branch | Evidence |
|---|---|---|---|---|---|---|---|---|
| 1 | First | src/first/ | none | validated | 1 | - | fleet/first | commit abcdef1 landed |
| 3 | Left | src/left/ | 1 | skip | - | builder | - | - |
| 4 | Last | src/last/ | 1,3 | pending | 2 | builder | - | - |

## Work Orders

### Row 3: Left

\`\`\`prompt
Leave it.
\`\`\`
`

async function continued(): Promise<Recording> {
  const of = await recording()
  await mkdir(path.join(of.root, ".planning/fleet"), { recursive: true })
  await writeFile(path.join(of.root, `.planning/fleet/session-${of.run}.md`), continuedFile)
  const parsed = parseSessionFile(continuedFile).file
  if (parsed === null) throw new Error("no session file")
  const { plan } = planFromSession(parsed, { format: "citadel", file: null })
  await of.submit(plan?.tasks ?? [], {}, { wavesBefore: 1 })
  await of.record()
  return of
}

test("a campaign that goes on from its file keeps the rows that were skipped, and those that were complete as they stood", async () => {
  await using of = await continued()
  const text = await of.session()
  expect(text.split("\n").filter((line) => /^\| \d/.test(line))).toEqual([
    "| 1 | First | src/first/ | none | validated | 1 | - | fleet/first | commit abcdef1 landed |",
    "| 3 | Left | src/left/ | 1 | skip | - | builder | - | - |",
    "| 4 | Last | src/last | 1 | active | 2 | builder | - | - |",
  ])
  expect(text).toContain("### Row 3: Left\n\n```prompt\nLeave it.\n```")
})

test("a row that was skipped before is a task as soon as it is set to pending, and what is changed of it meanwhile stays", async () => {
  await using of = await continued()
  const titles = (): string[] => [...of.hub.state.tasks.values()].map(({ plan }) => plan.title)
  await of.edit((text) => text.replace("| Left | src/left/ |", "| Left | src/other/ |"))
  await of.record()
  expect(await rowOf(of, "Left")).toContain("| src/other/ | 1 | skip |")
  expect(titles()).not.toContain("Left")
  await of.edit((text) => text.replace("| 1 | skip |", "| 1 | pending |"))
  await of.record()
  expect(await rowOf(of, "Left")).toMatch(/^\| 3 \| Left \| src\/other \| 1 \| (active|pending) \|/)
  expect([...of.hub.state.tasks.values()].find(({ plan }) => plan.title === "Left")?.plan.prompt).toMatch(/^Leave it\./)
  expect(await of.session()).not.toContain("## Refused Edits")
})
