import { mkdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test, vi } from "vitest"
import type { RunView } from "../../src/protocol/views.ts"
import { fleet as run, jsonLines, type Ran } from "../../src/surfaces/cli/testing/fleet.ts"
import { eventually } from "../eventually.ts"
import { scenario, type Scenario } from "./scenario.ts"

/** Whole campaigns: on a busy machine they take their time. */
vi.setConfig({ testTimeout: 180_000 })

const person = (of: Scenario, ...args: string[]): Promise<Ran> => run(args, { home: of.home, cwd: of.repo.path, env: of.environment })

/** What a planner answers: each task writes a file of its own. */
const planned = (...tasks: readonly { readonly id: string; readonly after?: string; readonly scope?: string }[]): string => {
  const lines = tasks.flatMap(({ id, after = "", scope = id }) => [
    `  - id: ${id}`,
    `    title: The ${id}`,
    `    after: [${after}]`,
    `    scope: [${scope}]`,
    `    checks: ["test -s ${scope}/new.txt"]`,
    `    prompt: |`,
    `      In ${scope}/new.txt write it. [[write path="${scope}/new.txt" text="${id}"]] [[commit message="Add ${id}"]] [[handoff "Built: the ${id}" "Discoveries: ${id} is in ${scope}"]]`,
  ])
  return `[[say ${JSON.stringify(["```yaml", "goal: Build it", "tasks:", ...lines, "```"].join("\n"))}]]`
}
const threeAndOne = planned({ id: "api" }, { id: "ui" }, { id: "docs" }, { id: "wire", after: "api, ui" })
const direction = `Build it ${threeAndOne}`
/** The block that ends a campaign, and nothing after it. */
const exitBlock = /\n---HANDOFF---\n- Fleet session: .+\n- Built: .+\n- Discoveries: .+\n- Merge conflicts: .+\n- Next: .+\n- Reversibility: .+\n---\n$/

test("a direction becomes a plan, which is shown and waits for a yes; then it runs in waves and ends with its HANDOFF", async () => {
  await using fleet = await scenario()
  const asked = await person(fleet, "run", "--direction", direction)
  expect(asked.code).toBe(5)
  expect(asked.stderr).toContain("Spawning 4 agents across 2 waves in isolated worktrees. Estimated token budget: ~")
  expect(asked.stderr).toMatch(/wave 1\n {2}api .+\n {4,}checked by .+\n {2}ui .+\n {4,}checked by .+\n {2}docs .+\n {4,}checked by .+\n\nwave 2\n {2}wire /)
  expect(asked.stderr).toContain("Merged wave by wave, each in one commit: 1. api, ui, docs; 2. wire.")
  expect(asked.stderr).toContain("amber: it has several waves")
  expect(asked.stderr).toMatch(/You are asked because\s+your trust level is novice/)
  const [approval] = await fleet.client.approvals()
  expect(asked.stderr).toContain(`  fleet approve ${approval?.id}\n  fleet deny ${approval?.id}\n`)
  expect((await person(fleet, "inbox")).stdout).toMatch(/^! start {2}build-it\S* {2}for /)
  expect((await person(fleet, "status")).stdout).toMatch(/! build-it\S* asks: start "Build it/)
  expect((await person(fleet, "approve", approval?.id ?? "")).code).toBe(0)
  const followed = await person(fleet, "watch")
  expect(followed.code).toBe(0)
  expect(followed.stderr).toMatch(/wave 1 of about 2: api, ui, docs\n[\s\S]+wave 1 is over: 3 tasks\n[\s\S]*wave 2 of about 2: wire\n/)
  expect(followed.stdout).toMatch(exitBlock)
  expect(followed.stdout).toContain("— 2 waves, 4 agents total")
  expect(followed.stdout).toContain("- Built: the api; the ui; the docs; the wire\n")
  expect(followed.stdout).toMatch(/- Discoveries: (?=.*api is in api)(?!.*Built)/)
  expect(await fleet.file("wire/new.txt")).toBe("wire")
})

test("--yes agrees beforehand, and in JSON the last object has the HANDOFF", async () => {
  await using fleet = await scenario()
  const ran = await person(fleet, "run", "--direction", direction, "--yes", "--json")
  expect(ran.code).toBe(0)
  const lines = jsonLines(ran.stdout)
  expect(lines.filter(({ type }) => type === "wave").map(({ wave }) => (wave as { number: number }).number)).toEqual([1, 1, 2, 2])
  expect(lines.find(({ type }) => type === "planned")).toMatchObject({ gate: { colour: "amber" }, foreseen: [["api", "ui", "docs"], ["wire"]] })
  expect(lines.at(-1)).toMatchObject({ type: "end", run: { status: "done" } })
  expect(String(lines.at(-1)?.["handoff"])).toMatch(/^---HANDOFF---\n- Fleet session: [\s\S]+\n---$/)
})

test("what of the project could not be read is said where the campaign is begun, and not only in the hub's log", async () => {
  await using fleet = await scenario({ files: { ".claude/harness.json": "{ broken", ".gitignore": ".planning\n*.unreadable-*\n" } })
  await mkdir(path.join(fleet.repo.path, ".planning"))
  await writeFile(path.join(fleet.repo.path, ".planning/momentum.json"), "half")
  const asked = await person(fleet, "run", "--direction", direction)
  expect(asked.stderr).toMatch(/harness\.json could not be understood: .+; mend it; until then nothing is written to it\. Its copy: .+\.unreadable-/)
  expect(asked.stderr).toMatch(/momentum\.json could not be understood: .+ it is kept as .+\.unreadable-/)
  expect(asked.stderr).toMatch(/ {4,}checked by test -s api\/new\.txt\n/)
  expect(asked.code).toBe(5)
  await person(fleet, "stop", "@last")
})

test("a no with its reason stops a campaign before any of its tasks has begun", async () => {
  await using fleet = await scenario()
  const asked = await person(fleet, "run", "--direction", direction, "--detach")
  expect(asked.code).toBe(0)
  expect((await person(fleet, "watch")).code).toBe(5)
  const [approval] = await fleet.client.approvals()
  await person(fleet, "deny", approval?.id ?? "", "--note", "too many agents")
  const ended = await person(fleet, "watch")
  expect(ended.code).toBe(4)
  expect(ended.stdout).toContain("nothing landed on main")
})

test("a specification is divided, in the words that the person adds to it", async () => {
  await using fleet = await scenario()
  await writeFile(path.join(fleet.repo.path, "sso.md"), "# Sign in with a company account\n\nPeople sign in with it, and stay signed in.\n")
  const dry = await person(fleet, "run", "sso.md", "--dry-run")
  expect(dry.code).toBe(0)
  expect(dry.stdout).toContain("# The work\n\nSign in with a company account\n")
  expect(dry.stdout).toContain("People sign in with it, and stay signed in.")
  const ran = await person(fleet, "run", "sso.md", "--direction", direction, "--yes", "--continuous")
  expect(ran.code).toBe(0)
  expect(await fleet.landed()).toHaveLength(4)
})

test("quick: where nobody can be asked and nothing was answered before, it says how to answer beforehand, and nothing has started", async () => {
  await using fleet = await scenario()
  const ran = await person(fleet, "quick", 'write a.txt [[write path="a.txt" text="a"]]; write b.txt [[write path="b.txt" text="b"]]')
  expect(ran.code).toBe(5)
  expect(ran.stderr).toContain("why: there is no terminal to ask on")
  expect(ran.stderr).toContain("--consent 1 (yes), 2 (always) or 3 (no)")
  expect((await person(fleet, "quick", "only one")).stderr).toContain("there is only one task")
  expect(await fleet.client.runs()).toEqual([])
})

const writes = (name: string): string => `${name} [[append path="${name}" text="x"]] [[commit message="m"]] [[handoff "Built: ${name}"]]`
const consentOf = async (fleet: Scenario): Promise<unknown> =>
  (JSON.parse(await readFile(path.join(fleet.repo.path, ".claude", "harness.json"), "utf8")) as { consent: { fleetSpawn: unknown } }).consent.fleetSpawn

test("quick: always is kept, so the next time nobody is asked; results are told where it was asked for, and no session file is written", async () => {
  await using fleet = await scenario()
  await fleet.repo.git("config", "core.excludesFile", path.join(fleet.home, "ignored"))
  await writeFile(path.join(fleet.home, "ignored"), ".claude\n.planning\n")
  const first = await person(fleet, "quick", `${writes("a.txt")}; ${writes("b.txt")}`, "--consent", "2")
  expect(first.code).toBe(0)
  expect(first.stderr).toMatch(
    /^(started the hub\n)?These look independent — I could run them in parallel:\n1\. a\.txt.*\n2\. b\.txt.*\nRun in parallel\? \[1=yes 2=always 3=no\]\n2\n/,
  )
  expect(await consentOf(fleet)).toBe("auto-allow")
  expect(first.stdout).toMatch(/✓ \S+: done \([0-9a-f]{10}\)\n {4}a\.txt\n✓ \S+: done \([0-9a-f]{10}\)\n {4}b\.txt\n$/)
  const second = await person(fleet, "quick", `${writes("a.txt")}; ${writes("c.txt")}`)
  expect(second.code).toBe(0)
  expect(second.stderr).not.toContain("Run in parallel?")
  await expect(readFile(path.join(fleet.repo.path, ".planning/fleet"))).rejects.toMatchObject({ code: "ENOENT" })
})

test("quick --record: results are told where it was asked for, and a session file is kept as well", async () => {
  await using fleet = await scenario()
  await fleet.repo.git("config", "core.excludesFile", path.join(fleet.home, "ignored"))
  await writeFile(path.join(fleet.home, "ignored"), ".planning\n")
  const ran = await person(fleet, "quick", `${writes("a.txt")}; ${writes("b.txt")}`, "--consent", "1", "--record")
  expect(ran.code).toBe(0)
  expect(ran.stdout).toMatch(/✓ \S+: done \([0-9a-f]{10}\)\n {4}a\.txt\n/)
  const [{ campaign }] = (await fleet.client.runs()) as [RunView]
  const file = path.join(fleet.repo.path, campaign?.sessionFile ?? "")
  await eventually("the session file says completed", async () => /^Status: completed$/m.test(await readFile(file, "utf8").catch(() => "")))
})

test("quick: three and don't ask again runs them one after the other and is kept; what overlaps is put in order with the reason", async () => {
  await using fleet = await scenario({ slots: 4 })
  await fleet.repo.git("config", "core.excludesFile", path.join(fleet.home, "ignored"))
  await writeFile(path.join(fleet.home, "ignored"), ".claude\n")
  const ran = await person(fleet, "quick", `${writes("a.txt")}; ${writes("b.txt")}; ${writes("a.txt")}`, "--consent", "3, don't ask again")
  expect(ran.code).toBe(0)
  expect(ran.stderr).toMatch(/waits for \S+: both touch a\.txt/)
  expect(await consentOf(fleet)).toBe("always-ask")
  const [{ tasks }] = (await fleet.client.runs()) as [RunView]
  const spans = tasks.map(({ attempts: [attempt] }) => [attempt?.startedAt ?? 0, attempt?.endedAt ?? 0] as const).toSorted(([a], [b]) => a - b)
  for (const [at, [start]] of spans.entries()) if (at > 0) expect(start).toBeGreaterThanOrEqual(spans[at - 1]?.[1] ?? 0)
})

const strategy = (label: string, way: string, lines: string): string =>
  `${label}: ${way} [[append path="src/a.txt" text="${lines}"]] [[commit message="m"]] [[handoff "Decision: ${way}" "Tradeoffs: ${label} is larger"]]`
const rivals = [
  "--strategy",
  strategy("table", "Use a lookup table", "1\\n2\\n"),
  "--strategy",
  strategy("calls", "Descend by recursive calls", "1\\n"),
  "--scope",
  "src",
  "--check",
  "test -s src/a.txt",
  "--by",
  "wc -l < src/a.txt",
]

test("speculate: given strategies are compared from one commit, a person picks, and the others are kept with a tag", async () => {
  await using fleet = await scenario({ files: { "src/a.txt": "0\n" } })
  const asked = await person(fleet, "speculate", "count faster", ...rivals)
  expect(asked.code).toBe(5)
  expect(asked.stderr).toContain("Running 2 parallel approaches to the same task. All will touch the same files.")
  expect(asked.stderr).toContain("red: several agents write the same files")
  const [start] = await fleet.client.approvals()
  await person(fleet, "approve", start?.id ?? "")
  const compared = await person(fleet, "watch")
  expect(compared.code).toBe(5)
  expect(compared.stderr).toMatch(/ {2}fleet pick table --run \S+\n {2}fleet pick calls --run \S+\n {2}fleet pick --none --run \S+\n/)
  const table = await person(fleet, "compare")
  expect(table.stdout).toMatch(
    /\| Strategy +\| Branch +\| Typecheck \| Key Decision +\| Notable Tradeoffs \|\n\|[- |]+\|\n\| table +\| speculative\/\S+\/table \| ✓ +\| Use a lookup table +\| table is larger +\|\n/,
  )
  expect(table.stdout).toMatch(/strategy +state +files +lines +complexity +benchmark +tokens +time\ntable +ready +1 +\+2 -0 +3 /)
  expect(jsonLines((await person(fleet, "compare", "--json")).stdout)).toMatchObject([
    {
      strategies: [
        { key: "table", benchmark: 3, checks: { passed: 1, failed: 0 } },
        { key: "calls", benchmark: 2 },
      ],
      winner: null,
    },
  ])
  expect((await person(fleet, "compare", "table")).stderr).toMatch(/there is no run table\n.+no run has that name/)
  expect((await person(fleet, "pick", "nothing")).stderr).toContain("has no strategy nothing")
  const picked = await person(fleet, "pick", "table")
  expect(picked.code).toBe(0)
  expect(picked.stdout).toContain("picked: table")
  expect(await fleet.file("src/a.txt")).toBe("0\n1\n2")
  expect(await fleet.repo.git("tag", "--list", "archive/*")).toMatch(/^archive\/speculative\/\S+\/calls$/m)
  expect(await fleet.repo.git("branch", "--list", "speculative/*")).toContain("/calls")
})

test("speculate --pick best lands what was measured as the best, with nobody asked which", async () => {
  await using fleet = await scenario({ files: { "src/a.txt": "0\n" } })
  expect((await person(fleet, "speculate", "2", "count faster", ...rivals, "--pick", "best")).code).toBe(5)
  const [start] = await fleet.client.approvals()
  await person(fleet, "approve", start?.id ?? "")
  const ended = await person(fleet, "watch")
  expect(ended.code).toBe(0)
  expect(ended.stdout).toContain("picked: calls")
})

test("run with nothing shows what is unhealthy and the ranked queue; without a yes nothing starts", async () => {
  await using fleet = await scenario({ files: { "package.json": '{ "name": "x", "scripts": { "test": "false" } }\n' } })
  const ran = await person(fleet, "run")
  expect(ran.code).toBe(5)
  expect(ran.stdout).toMatch(/finding +status +why\n/)
  expect(ran.stdout).toMatch(/tests +✗ problem +it failed with exit code 1/)
  expect(ran.stdout).toMatch(/# +Campaign +Scope +Deps +Wave +Agent\n1 +Mend the failing tests /)
  expect(ran.stderr).toContain("Nothing was started: nobody is here to agree. Start it: fleet run --yes")
  expect(await fleet.client.runs()).toEqual([])
})
