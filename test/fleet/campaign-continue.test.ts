/** Campaigns that go on from nothing but their session file. */
import { execFile } from "node:child_process"
import { mkdir, writeFile } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"
import { expect, test, vi } from "vitest"
import { inlineText } from "../../src/domain/session-file/line-text.ts"
import type { RunView } from "../../src/protocol/views.ts"
import { fleet as run, type Ran } from "../../src/surfaces/cli/testing/fleet.ts"
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

/** Rows that it calls complete: what of that is true, its commits show. */
const auth = (commit: string, autoContinue: boolean): string => `# Fleet Session: Auth

Status: needs-continue
Started: 2026-04-01T10:00:00.000Z
Direction: Let people sign in

## Work Queue
| # | Campaign | Scope | Deps | Status | Wave | Agent |
|---|----------|-------|------|--------|------|-------|
| 1 | Landed row | one | none | complete | 1 | builder |
| 2 | Lost row | two | none | complete | 1 | builder |
| 3 | Open row | three | 1,2 | pending | 2 | builder |
| 4 | Fourth row | four | none | pending | 2 | builder |
| 5 | Fifth row | five | none | pending | 2 | builder |

## Wave 1 Results
### Agent: landed-row-builder
**Status:** complete
**Built:** the first
**Commit:** ${commit}
**Row:** 1

### Agent: lost-row-builder
**Status:** complete
**Built:** the second
**Commit:** 1234567890123456789012345678901234567890
**Row:** 2

${[
  ["Lost row", "two"],
  ["Open row", "three"],
  ["Fourth row", "four"],
  ["Fifth row", "five"],
]
  .map(([row, place]) => `## ${row}\n[[write path="${place}/new.txt" text="x"]] [[commit message="${place}"]] [[handoff "Built: ${place}"]]\n`)
  .join("\n")}

## Continuation State
Next wave: 2
Blocked items: none
Auto-continue: ${autoContinue}
`

test("continue goes on from the session file alone in a fresh clone: what the target does not hold is done again, and said", async () => {
  await using fleet = await scenario()
  const commit = (await fleet.repo.git("rev-parse", "HEAD")).trim()
  await keeps(fleet, "auth", auth(commit, true))
  await fleet.repo.git("add", ".")
  await fleet.repo.git("commit", "-m", "Keep the session file")
  const clone = path.join(fleet.home, "clone")
  await promisify(execFile)("git", ["clone", "-q", fleet.repo.path, clone])
  const ran = await run(["continue", "--yes"], { home: fleet.home, cwd: clone, env: fleet.environment })
  expect(ran.stderr).toContain("the file says that row 2 is complete, but main does not hold its commit 1234567: it is done again")
  expect(ran.stderr).not.toContain("row 1 is complete")
  expect(ran.code).toBe(0)
  const [view] = (await fleet.client.runs()) as [RunView]
  expect(view.tasks.map(({ key, attempts }) => [key, attempts.length])).toEqual([
    ["landed-row", 0],
    ["lost-row", 1],
    ["open-row", 1],
    ["fourth-row", 1],
    ["fifth-row", 1],
  ])
  expect(view).toMatchObject({ campaign: { slug: "auth" }, waves: [{ number: 2, tasks: ["lost-row", "fourth-row", "fifth-row"] }, { number: 3 }] })
  expect(ran.stdout).toMatch(/\n---HANDOFF---\n(- .+\n){6}---\n$/)
  expect(ran.stdout).toContain("- Fleet session: auth — 3 waves, ")
})

test("continue asks first where the file says Auto-continue: false, and says what to do when nobody is there", async () => {
  await using fleet = await scenario()
  const person = (...args: string[]): Promise<Ran> => run(args, { home: fleet.home, cwd: fleet.repo.path, env: fleet.environment })
  const commit = (await fleet.repo.git("rev-parse", "HEAD")).trim()
  const file = path.join(fleet.home, "session-auth.md")
  await writeFile(file, auth(commit, false))
  const refused = await person("run", file)
  expect(refused.code).toBe(5)
  expect(refused.stderr).toContain("its session file does not say Auto-continue: true")
  expect((await person("continue")).stderr).toContain("there is no campaign to go on with")
  expect((await person("continue", file, "--yes")).code).toBe(0)
})
