/** Rows that are added to a session file, and those of a campaign that goes on from one. */
import { mkdir, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { recording, type Recording } from "../../../test/world/recording.ts"
import { task } from "../../../test/world/world.ts"
import { parseSessionFile } from "../../domain/session-file/parse.ts"
import { planFromSession } from "../../domain/session-file/plan.ts"

const streams = ["api", "ui", "docs"].map((key) => task(key, { title: `Build ${key}`, scope: [`src/${key}/`], role: "builder" }))
const wirer = task("wire", { title: "Wire it", scope: ["src/api/", "src/ui/"], after: ["api", "ui"], role: "wirer" })

async function campaign(): Promise<Recording> {
  const of = await recording()
  await of.submit([...streams, wirer])
  return of
}

/** The row of that campaign in the work queue. */
const row = async (of: Recording, title: string): Promise<string> => (await of.session()).split("\n").find((line) => line.includes(`| ${title} |`)) ?? ""

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
  expect(await row(of, "Write the manual")).toMatch(/^\| 5 \| Write the manual \| docs \| none \|/)
  expect(text).toContain("- row 4 is to depend on row 9, which is not there")
  expect(text).toContain("- row 6 is to depend on row 9, which is not there")
  expect(text.split("\n").filter((line) => line.startsWith("- Work Queue: "))).toEqual(["- Work Queue: | 6 | Nobody's | x/ | 9 | pending | - | builder |"])
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
  expect(await row(of, "Left")).toContain("| src/other/ | 1 | skip |")
  expect(titles()).not.toContain("Left")
  await of.edit((text) => text.replace("| 1 | skip |", "| 1 | pending |"))
  await of.record()
  expect(await row(of, "Left")).toMatch(/^\| 3 \| Left \| src\/other \| 1 \| (active|pending) \|/)
  expect([...of.hub.state.tasks.values()].find(({ plan }) => plan.title === "Left")?.plan.prompt).toMatch(/^Leave it\./)
  expect(await of.session()).not.toContain("## Refused Edits")
})
