/** Campaigns that go on from nothing but their session file. */
import { mkdir, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test, vi } from "vitest"
import { inlineText } from "../../src/domain/planning/line-text.ts"
import { answers, sessionFile, sessionFileWith, toldTo, writes } from "./campaigns.ts"
import { describe as told, scenario, type Scenario } from "./scenario.ts"

/** Whole campaigns: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 180_000 })

const head = (direction: string): string =>
  `# Fleet Session: A small site\n\nStatus: needs-continue\nStarted: 2026-04-01T10:00:00Z\nDirection: ${inlineText(direction)}\n`

async function keeps(fleet: Scenario, slug: string, text: string): Promise<void> {
  await mkdir(path.dirname(sessionFile(fleet, slug)), { recursive: true })
  await writeFile(sessionFile(fleet, slug), text)
}

async function goesOn(fleet: Scenario): Promise<readonly string[]> {
  const settings = { directory: fleet.repo.path, target: null, agent: "scripted", slots: null, waveSize: 3, confirmMerges: false }
  const { said } = await fleet.client.continueCampaign({ ...settings, slug: null, file: null, anyway: true, confirmed: "yes" })
  return said
}

const order = `## Work Queue
| # | Campaign | Scope | Deps | Status | Wave | Agent |
|---|----------|-------|------|--------|------|-------|
| 1 | First | src/first | none | complete | 1 | builder |
| 2 | Left | src/left | none | skip | 1 | builder |
| 3 | Second | src/second | 1 | pending | 2 | builder |

## Work Orders

### Every Merge

\`\`\`check
test -e src/second/second.txt
\`\`\`

### Row 3: Second

\`\`\`\`prompt
Say \`\`\` and greet. [[write path=src/second/second.txt text=second]] [[commit message=second]]
\`\`\`\`

\`\`\`check
grep second src/second/second.txt
\`\`\`

## Continuation State
Auto-continue: true
`

// C.1.7, C.1.134
test("agents are told what stood in the file and their work is proved by its checks; what nobody could look for is said so at the end", async () => {
  await using fleet = await scenario({ slots: 4 })
  await keeps(fleet, "site", `${head("Build a small site")}\n${order}`)
  const said = await goesOn(fleet)
  expect(said.join("\n")).toContain("row 1 is complete, and names no commit")
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("done")
  expect((await toldTo(fleet, "second")).join("\n")).toContain("Say ``` and greet.")
  expect(run.campaign?.handoff).toContain("- Built: First (said by the file, not verified); Second\n")
  const text = await sessionFileWith(fleet, "site", "Status: completed")
  expect(text).toContain("(checks: `grep second src/second/second.txt`, `test -e src/second/second.txt` passed)")
  expect(text).toMatch(/^\| 1 \| First \| src\/first \| none \| complete \| 1 \| builder \|\n\| 2 \| Left \|.*\| skip \| 1 \|.*\n\| 3 \| Second /m)
})

test("a campaign of which there is nothing but the direction is planned again", async () => {
  await using fleet = await scenario({ slots: 4 })
  const tasks = ["api", "web", "docs"].map((key) => ({
    id: key,
    title: `Write the ${key} module`,
    scope: [`src/${key}`],
    prompt: `In src/${key} write how it greets. ${writes(`src/${key}/${key}.txt`, key)}`,
  }))
  // A direction is one line there, of which only the words count: JSON has all that matters in them.
  await keeps(fleet, "site", head(`Build a small site. ${answers(JSON.stringify({ goal: "A small site", checks: ["true"], tasks }))}`))
  expect(await goesOn(fleet)).toContain("the file has a direction and no rows: it is planned again")
  const run = await fleet.settled()
  expect(run.status, told(run)).toBe("done")
  await sessionFileWith(fleet, "site", "Status: completed", "| 3 | Write the docs module |")
})
