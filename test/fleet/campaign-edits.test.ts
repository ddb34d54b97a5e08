/** A person edits the session file while the campaign runs: what can be taken is done, what cannot is said there, and nothing is lost. */
import { execFileSync } from "node:child_process"
import { writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test, vi } from "vitest"
import { campaignOf, handsOff, module, namesIn, plan, planningFile, section, sessionFile, sessionFileWith, textOf, writes } from "./campaigns.ts"
import { describe as told, scenario, type Scenario } from "./scenario.ts"

/** Whole campaigns: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 180_000 })

const edits = async (fleet: Scenario, slug: string, change: (text: string) => string): Promise<void> => {
  const file = sessionFile(fleet, slug)
  await writeFile(file, change(await textOf(file)))
}

const inRow = (text: string, number: number, from: string, to: string): string =>
  text.replace(new RegExp(`^\\| ${number} \\|.*$`, "m"), (row) => row.replace(from, to))

test("rows are added, narrowed and skipped by hand, what is not proved is refused, a section of one's own stays, and nonsense is put aside", async () => {
  await using fleet = await scenario({ slots: 4 })
  const gate = path.join(fleet.home, "gate")
  execFileSync("mkfifo", [gate])
  const waits = `[[run cmd="cat ${gate}"]] ${writes("src/api/api.txt", "api")} ${handsOff("Built: api")}`
  const elsewhere = `${writes("src/other/moved.txt", "moved")} ${handsOff("Built: moved")}`
  const late = { after: ["api"] }
  const slug = await fleet.start(
    campaignOf(fleet, {
      plan: plan([
        module("api", { does: waits }),
        module("web"),
        module("docs"),
        module("moved", { does: elsewhere, ...late }),
        module("left", late),
        module("kept", late),
      ]),
    }),
  )
  await fleet.untilProgram("cat")
  await sessionFileWith(fleet, slug, "## Wave 1 Results", "| 6 | Write the kept module")
  await edits(fleet, slug, (text) => {
    const narrowed = inRow(text, 4, "src/moved", "src/other")
    const changed = inRow(inRow(narrowed, 5, "pending", "skip"), 6, "pending", "complete")
    const added = "| 7 | [[write path=src/extra/extra.txt text=extra]] [[commit message=extra]] | src/extra | 1 | pending | - | builder |"
    return `${changed.replace(/^(\| 6 \|.*)$/m, `$1\n${added}`)}\n## Notes of mine\n\nAsk Ann about the greeting.\n`
  })
  const taken = await sessionFileWith(fleet, slug, "## Refused Edits", "| 7 |")
  expect(section(taken, "Refused Edits")).toContain('row 6 was set to "complete": nobody proves it')
  expect(section(taken, "Notes of mine")).toContain("Ask Ann about the greeting.")
  expect(taken).toMatch(/^\| 4 \|.*\| src\/other \|/m)
  expect(taken).toMatch(/^\| 5 \|.*\| skipped \|/m)
  expect(taken).toMatch(/^\| 6 \|.*\| pending \|/m)

  await edits(fleet, slug, () => "I have overwritten\nthe whole file\n")
  const again = await sessionFileWith(fleet, slug, "could not be read as a session file")
  expect(section(again, "Notes of mine")).toContain("Ask Ann about the greeting.")
  const aside = (await namesIn(planningFile(fleet, "fleet"))).find((name) => name.includes(".unreadable-")) ?? ""
  expect(await textOf(planningFile(fleet, "fleet", aside))).toBe("I have overwritten\nthe whole file\n")

  await writeFile(gate, "")
  const run = await fleet.settled()
  expect(run.tasks.map(({ key, status }) => [key, status]).slice(0, 6), told(run)).toEqual([
    ["api", "done"],
    ["web", "done"],
    ["docs", "done"],
    ["moved", "done"],
    ["left", "cancelled"],
    ["kept", "done"],
  ])
  expect(await fleet.file("src/extra/extra.txt")).toBe("extra")
  expect(await fleet.file("src/other/moved.txt")).toBe("moved")
  const end = await sessionFileWith(fleet, slug, "## Wave 2 Results", "Next wave: none")
  expect(section(end, "Notes of mine")).toContain("Ask Ann about the greeting.")
})
