/**
 * The lines of Citadel's /fleet as an agent types them (the seed of contract C), in a project where `fleet planning scripts` was run: what they
 * print, how they end, and what they leave on disk.
 */
import { existsSync, readFileSync } from "node:fs"
import { mkdtempDisposable, readdir, readFile, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { telemetryLine } from "../../src/protocol/planning/telemetry.ts"
import { findMarked } from "../../src/runtime/marked.ts"
import { processFacts } from "../../src/runtime/processes.ts"
import { fleet, type Ran } from "../../src/surfaces/cli/testing/fleet.ts"
import { eventually } from "../eventually.ts"
import { project } from "./project.ts"

const runs = ".planning/telemetry/agent-runs.jsonl"

test("telemetry: the seed's lines leave whole lines of the schema, and only the ends of agents and campaigns are said", async () => {
  await using here = await project()
  const log = "node .citadel/scripts/telemetry-log.cjs"
  const silent = { code: 0, stdout: "", stderr: "" }
  expect(await here.sh(`${log} --event campaign-start --agent fleet --session auth-refactor`)).toEqual(silent)
  expect(await here.sh(`${log} --event wave-start --agent fleet --session auth-refactor --meta '{"wave":1,"agents":["name1","name2"]}'`)).toEqual(silent)
  expect(await here.sh(`${log} --event agent-complete --agent api --session auth-refactor --status success`)).toEqual({
    ...silent,
    stdout: "Logged: agent-complete for api\n",
  })
  const timedOut = `${log} --event agent-timeout --agent fleet-auth-refactor-w1-a3 --session auth-refactor --meta '{"scope":"src/api","elapsed_ms":900000}'`
  expect(await here.sh(timedOut)).toEqual(silent)
  expect(await here.sh(`${log} --event wave-complete --agent fleet --session auth-refactor --meta '{"wave":1,"status":"complete"}'`)).toEqual(silent)
  expect((await here.sh(`${log} --event campaign-complete --agent fleet --session auth-refactor`)).stdout).toBe("Logged: campaign-complete for fleet\n")
  const lines = (await here.lines(runs)).map((line) => telemetryLine.parse(line))
  expect(lines.map(({ event }) => event)).toEqual(["campaign-start", "wave-start", "agent-complete", "agent-timeout", "wave-complete", "campaign-complete"])
  expect(lines[1]).toMatchObject({ agent_id: "agent_fleet", run_id: "auth-refactor", meta: { wave: 1, agents: ["name1", "name2"] } })
  expect(lines[3]?.agent).toBe("fleet-auth-refactor-w1-a3")
})

test("telemetry: without an event the usage and exit code 1; what is not of the schema is warned of and kept", async () => {
  await using here = await project()
  const none = await here.sh("node .citadel/scripts/telemetry-log.cjs --agent a")
  expect(none).toMatchObject({ code: 1, stdout: "" })
  expect(none.stderr).toMatch(/^Usage: /)
  const odd = await here.sh(`node .citadel/scripts/telemetry-log.cjs --event lunch --agent a --status fine --meta 'no json' --duration 12`)
  expect(odd).toMatchObject({ code: 0, stdout: "" })
  expect(odd.stderr).toMatch(/^\[telemetry-log\] WARNING: invalid event schema — .*event/)
  expect(await here.lines(runs)).toMatchObject([{ event: "lunch", status: "fine", meta: "no json", duration_ms: 12 }])
})

test("discoveries of two sessions become momentum and the context block; before there are any, nothing is printed", async () => {
  await using here = await project()
  expect(await here.sh("node .citadel/scripts/momentum-read.cjs")).toEqual({ code: 0, stdout: "", stderr: "" })
  const write = (session: string, wave: string): Promise<Ran> =>
    here.sh(`node .citadel/scripts/discovery-write.cjs \\
  --session ${session} \\
  --agent api-builder \\
  --wave ${wave} \\
  --status success \\
  --scope "src/api/auth/, src/ui" \\
  --handoff '["Built JWT middleware"]' \\
  --decisions '["Used jose over jsonwebtoken"]' \\
  --files '["src/api/auth/middleware.ts"]' \\
  --failures "{json-array-of-failures}"`)
  const day = new Date().toISOString().slice(0, 10)
  const file = path.join(here.path, ".planning/discoveries", `${day}.jsonl`)
  expect(await write("one", "1")).toEqual({ code: 0, stdout: `Discovery written: api-builder (wave 1) → ${file}\n`, stderr: "" })
  expect((await write("two", "{wave-number}")).stdout).toBe(`Discovery written: api-builder (wave ?) → ${file}\n`)
  const [record] = await here.lines(path.relative(here.path, file))
  expect(Object.keys(record ?? {})).toEqual([
    "schema",
    "timestamp",
    "session",
    "agent",
    "wave",
    "scope",
    "status",
    "handoff_items",
    "decisions",
    "files_touched",
    "failures",
  ])
  expect(record).toMatchObject({ schema: 1, session: "one", wave: 1, scope: ["src/api/auth/", "src/ui"], failures: [] })
  expect(await here.sh("node .citadel/scripts/momentum-synthesize.cjs")).toEqual({
    code: 0,
    stdout: `Momentum updated: 2 discoveries → ${path.join(here.path, ".planning/momentum.json")}\n`,
    stderr: "",
  })
  const momentum = JSON.parse(await here.read(".planning/momentum.json")) as Record<string, unknown>
  expect(momentum).toMatchObject({
    schema: 1,
    discovery_count: 2,
    recurring_decisions: [{ decision: "Used jose over jsonwebtoken", count: 2, session_count: 2 }],
  })
  expect((await here.sh("node .citadel/scripts/momentum-read.cjs")).stdout).toBe(`=== PRIOR SESSION CONTEXT ===
2 discoveries across all sessions. Updated: ${day}

Active work areas (recent + frequent):
  src/api/auth/  (2 sessions, last: ${day})
  src/ui  (2 sessions, last: ${day})

Established decisions (seen across multiple sessions — respect these):
  - Used jose over jsonwebtoken  [2x, 2 sessions]

Recently built (may inform your scope):
  - Built JWT middleware  (api-builder, ${day})
  - Built JWT middleware  (api-builder, ${day})
=== END PRIOR SESSION CONTEXT ===
`)
})

test("the watcher runs once for a project, makes momentum.json new by itself, and ends on SIGTERM without its pid file", async () => {
  await using here = await project()
  const start = (): Promise<Ran> => here.sh("node .citadel/scripts/momentum-watch-start.cjs")
  const both = await Promise.all([start(), start()])
  expect(await watchersOf(here.path)).toHaveLength(1)
  const [, pid = ""] = /^Discovery watcher started \(PID (\d+)\)$/m.exec(both.map(({ stdout }) => stdout).join("")) ?? []
  expect(both.map(({ stdout }) => stdout).toSorted((a, b) => a.length - b.length)).toEqual([
    `Discovery watcher started (PID ${pid})\n`,
    `Discovery watcher already running (PID ${pid})\n`,
  ])
  expect(await start()).toEqual({ code: 0, stdout: `Discovery watcher already running (PID ${pid})\n`, stderr: "" })
  await here.sh("node .citadel/scripts/discovery-write.cjs --session s --agent a --wave 1")
  await eventually("momentum.json is new", async () => (await here.read(".planning/momentum.json").catch(() => "")).includes('"discovery_count": 1'))
  process.kill(Number(pid), "SIGTERM")
  await eventually("the watcher is gone", () => processFacts(Number(pid)) === null)
  expect(existsSync(path.join(here.path, ".planning/discoveries/.watcher.pid"))).toBe(false)
})

const output = "Decided to use jose.\nIt failed once.\nSee src/api/auth.ts\n---HANDOFF---\n- Built JWT middleware\n- Wired the routes\n- Logout is left\n---\n"

test("briefs: from stdin to stdout, from a file to a file, with what was saved noted", async () => {
  await using here = await project({ "out.md": output })
  const brief = [
    "## Agent: api",
    "**Status:** success",
    "**Built:** Built JWT middleware. Wired the routes",
    "**Remaining:** Logout is left",
    "**Decisions:**",
    "- Decided to use jose.",
    "**Failures:**",
    "- It failed once.",
    "**Files:** src/api/auth.ts",
  ].join("\n")
  const compress = "node .citadel/scripts/compress-discovery.cjs"
  expect(await here.sh(`${compress} --agent api --status success`, { stdin: output })).toEqual({ code: 0, stdout: brief, stderr: "" })
  const told = `Brief written to .planning/fleet/briefs/api.md (${brief.length} chars)\n`
  expect((await here.sh(`${compress} --input out.md --output .planning/fleet/briefs/api.md --agent api --status success`)).stdout).toBe(told)
  expect(await here.read(".planning/fleet/briefs/api.md")).toBe(brief)
  expect(await here.lines(".planning/telemetry/compression-stats.jsonl")).toMatchObject([
    { agent: "api" },
    { inputChars: output.length, outputChars: brief.length },
  ])
  expect((await here.sh(`${compress} --input nowhere.md`)).code).toBe(2)
})

test("a handoff that was cut off, or stands behind a template, is read whole", async () => {
  await using here = await project({ "out.md": output })
  const parse = async (line: string, stdin = ""): Promise<unknown> =>
    JSON.parse((await here.sh(`node .citadel/scripts/parse-handoff.cjs ${line}`, { stdin })).stdout)
  const raw = "- Built JWT middleware\n- Wired the routes\n- Logout is left"
  expect(await parse("--input out.md")).toEqual({ found: true, items: ["Built JWT middleware", "Wired the routes", "Logout is left"], raw })
  const cut = "---HANDOFF---\n- Built authorization middleware, tokenize"
  expect(await parse("", cut)).toMatchObject({ found: true, items: ["Built authorization middleware, tokenize"] })
  expect(await parse("", `---HANDOFF---\n- {what was built}\n---\n${cut}`)).toMatchObject({ items: ["Built authorization middleware, tokenize"] })
  expect(await parse("", "nothing of the kind")).toEqual({ found: false, items: [], raw: "" })
})

test("a command with a limit: its output and exit code, or 124 with everything that it started ended", async () => {
  await using here = await project({ "package.json": '{"type":"module"}' })
  const ran = await here.sh(`node scripts/run-with-timeout.js 300 node -e 'console.log(process.argv.slice(1).join()); process.exit(3)' -- --json --version`)
  expect(ran).toEqual({ code: 3, stdout: "--json,--version\n", stderr: "" })
  const result = ".planning/telemetry/last-command-result.json"
  expect(JSON.parse(await here.read(result))).toMatchObject({ exitCode: 3, timedOut: false, output: "--json,--version\n", timeoutLimit: 300 })
  const env = { FLEET_TEST_TIMED: here.path }
  const beganAt = performance.now()
  const late = await here.sh(`node scripts/run-with-timeout.js 1 sh -c 'setsid sleep 600 & sleep 600; echo late'`, { env })
  expect(performance.now() - beganAt).toBeLessThan(10_000)
  expect(late).toMatchObject({ code: 124, stdout: "" })
  expect(late.stderr).toContain("[timeout] Command exceeded 1s limit and was killed.")
  expect(await findMarked("FLEET_TEST_TIMED", here.path)).toEqual([])
  expect(JSON.parse(await here.read(result))).toMatchObject({ exitCode: null, timedOut: true })
  expect((await here.sh("node scripts/run-with-timeout.js soon npm test")).code).toBe(2)
})

test("a finished campaign leaves an entry in the knowledge, once; an unknown one is told", async () => {
  await using here = await project({
    ".planning/fleet/session-auth.md": "# Fleet Session: auth\n\nStatus: completed\nDirection: Refactor auth\n",
    ".planning/knowledge/auth.md": "# Auth\n",
  })
  const propagate = (slug: string): Promise<Ran> => fleet(["planning", "propagate", "--campaign", slug], { home: here.path })
  const file = path.join(here.path, ".planning/knowledge/auth.md")
  expect(await propagate("auth")).toEqual({ code: 0, stdout: `Propagated: ${file}\n`, stderr: "" })
  expect((await propagate("auth")).stdout).toBe(`There already: ${file}\n`)
  expect(await here.read(".planning/knowledge/auth.md")).toMatch(/^# Auth\n\n## Related Work\n\n- \d{4}-\d\d-\d\d campaign `auth`: Refactor auth\n$/)
  expect(await propagate("nope")).toMatchObject({ code: 2, stdout: "" })
})

test("npm run propagate works where a person asked for it, and their package.json is otherwise as it was", async () => {
  const before = '{\n    "name": "theirs",\n    "scripts": {\n        "test": "true"\n    },\n    "x": 1\n}\n'
  await using here = await project({ ".planning/campaigns/auth.md": "direction: Refactor auth\n", "package.json": before })
  expect(await here.read("package.json")).toBe(before)
  const placed = (...more: string[]): Promise<Ran> => fleet(["planning", "scripts", ...more], { home: here.path })
  expect((await placed("--npm")).stdout).toContain("written         package.json (npm run propagate)\n")
  expect((await here.sh("npm run propagate -- --campaign auth")).stdout).toContain(`Propagated: ${path.join(here.path, ".planning/knowledge/auth.md")}\n`)
  expect((await placed("--npm")).stdout).toContain("there already   package.json")
  await placed("--remove")
  expect(await here.read("package.json")).toBe(before)
  const own = before.replace('"test"', '"propagate"')
  await writeFile(path.join(here.path, "package.json"), own)
  expect((await placed("--npm")).stdout).toContain("not ours, kept  package.json")
  await writeFile(path.join(here.path, "package.json"), "{ half")
  expect((await placed("--npm")).stdout).toContain("unreadable      package.json")
  expect(await here.read("package.json")).toBe("{ half")
})

test("a momentum.json that cannot be read is kept aside and made anew, and the block is printed", async () => {
  await using here = await project()
  await here.sh(`node .citadel/scripts/discovery-write.cjs --session s --agent a --wave 1 --handoff '["Built it"]'`)
  await writeFile(path.join(here.path, ".planning/momentum.json"), "{ half")
  const read = await here.sh("node .citadel/scripts/momentum-read.cjs")
  expect(read.stdout).toContain("- Built it")
  expect(read.stderr).toContain("cannot be understood; it is kept as")
  expect((await readdir(path.join(here.path, ".planning"))).some((name) => name.startsWith("momentum.json.unreadable-"))).toBe(true)
})

test("a reader never sees half a momentum.json while several sessions write", async () => {
  await using here = await project()
  const items = JSON.stringify(Array.from({ length: 30 }, (_, n) => `Built part ${n} ${"x".repeat(400)}`))
  let writing = 4
  const writers = [1, 2, 3, 4].map(async (n) => {
    for (const round of [1, 2, 3]) {
      await here.sh(`node .citadel/scripts/discovery-write.cjs --session s${n}-${round} --agent a --wave 1 --handoff '${items}'`)
      expect((await here.sh("node .citadel/scripts/momentum-synthesize.cjs")).code).toBe(0)
    }
    writing--
  })
  let whole = 0
  while (writing > 0) {
    const text = await here.read(".planning/momentum.json").catch(() => null)
    if (text !== null && (JSON.parse(text) as { schema: number }).schema === 1) whole++
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(writers)
  expect(whole).toBeGreaterThan(0)
  expect(JSON.parse(await here.read(".planning/momentum.json"))).toMatchObject({ discovery_count: 12 })
})

test("the scripts find the project by CLAUDE_PROJECT_DIR, and fleet in PATH when it has moved", async () => {
  await using here = await project()
  await using elsewhere = await mkdtempDisposable(path.join(tmpdir(), "fleet-elsewhere-"))
  const script = path.join(here.path, ".citadel/scripts/telemetry-log.cjs")
  await writeFile(script, (await readFile(script, "utf8")).replaceAll("main/cli.ts", "gone/cli.ts"))
  const bin = new URL("../../bin/fleet", import.meta.url).pathname
  await symlink(bin, path.join(elsewhere.path, "fleet"))
  const env = { CLAUDE_PROJECT_DIR: here.path, PATH: `${elsewhere.path}:${process.env["PATH"] ?? ""}` }
  expect((await here.sh(`node '${script.replaceAll("'", `'\\''`)}' --event agent-complete --agent a`, { cwd: elsewhere.path, env })).stdout).toBe(
    "Logged: agent-complete for a\n",
  )
  expect(await here.lines(runs)).toHaveLength(1)
  const lost = await here.sh(`"$(command -v node)" .citadel/scripts/telemetry-log.cjs --event agent-start`, {
    env: { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` },
  })
  expect(lost).toMatchObject({ code: 127 })
  expect(lost.stderr).toContain("fleet planning scripts")
})

test("scripts of somebody else are neither written over nor removed", async () => {
  const theirs = { ".citadel/scripts/telemetry-log.cjs": "// Citadel's own\n", "scripts/run-with-timeout.js": "// the project's own\n" }
  await using here = await project(theirs)
  expect((await fleet(["planning", "scripts"], { home: here.path })).stdout).toContain("not ours, kept  scripts/run-with-timeout.js")
  const removed = await fleet(["planning", "scripts", "--remove"], { home: here.path })
  expect(removed.code).toBe(0)
  for (const [file, text] of Object.entries(theirs)) expect(await here.read(file)).toBe(text)
  expect(await readdir(path.join(here.path, ".citadel/scripts"))).toEqual(["telemetry-log.cjs"])
  expect(await readdir(path.join(here.path, "scripts"))).toEqual(["run-with-timeout.js"])
})

/** Processes that watch this project, whoever started them. */
async function watchersOf(root: string): Promise<readonly number[]> {
  const marked = await findMarked("CLAUDE_PROJECT_DIR", root)
  return marked.filter(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--foreground")).map(({ pid }) => pid)
}
