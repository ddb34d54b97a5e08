/** The skill `/fleet`: that an agent which has nothing else can do all of the contract, by names that exist. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { mkdir, mkdtempDisposable } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { consentQuestion } from "../../domain/gate/consent.ts"
import { exitHandoff } from "../../domain/planning/exit-handoff.ts"
import { tools } from "../mcp/server.ts"
import { commands, type CommandSpec } from "./commands.ts"
import { shippedSkill } from "./skills/shipped.ts"
import { fleet } from "./testing/fleet.ts"

const skill = await shippedSkill("fleet")
const text = skill.files[0]?.text ?? ""

test("it is one file that needs no other, of fewer than 400 lines", () => {
  expect(skill.files.map((file) => file.path)).toEqual(["SKILL.md"])
  expect(text.split("\n").length).toBeLessThan(400)
  expect([...text.matchAll(/\]\(([^)]+)\)/g)]).toEqual([])
})

test("fleet skills install fleet puts it, and only it, where agents look", async () => {
  await using place = await mkdtempDisposable(path.join(tmpdir(), "fleet-skill-"))
  const home = path.join(place.path, "home")
  await mkdir(path.join(place.path, "project/.git"), { recursive: true })
  await mkdir(home)
  const env = { HOME: home, XDG_CACHE_HOME: path.join(place.path, "cache"), CLAUDE_CONFIG_DIR: "" }
  const ran = await fleet(["skills", "install", "fleet"], { home: path.join(place.path, "state"), cwd: path.join(place.path, "project"), env })
  expect(ran).toMatchObject({ code: 0, stderr: "" })
  for (const directory of [".claude/skills", ".agents/skills"]) {
    expect(readdirSync(path.join(home, directory))).toEqual(["fleet"])
    expect(readFileSync(path.join(home, directory, "fleet/SKILL.md"), "utf8")).toBe(text)
  }
  expect(existsSync(path.join(place.path, "project/.claude"))).toBe(false)
})

test("every tool and every command that it names exists", () => {
  const words = [...text.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map((found) => found[1] ?? "")
  const fields = ["wave_size", "confirm_merges", "needs_you"]
  expect(words.filter((word) => !tools.some(({ name }) => name === word) && !fields.includes(word))).toEqual([])
  const named = [...text.matchAll(/`fleet ((?:[a-z][a-z-]*[ `|])+)/g)].map((found) => (found[1] ?? "").replaceAll("`", " ").trim())
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((name) => !exists(name))).toEqual([])
})

/** `planning claim|release`: each of the last word's alternatives. Words after a command that has none below it are its arguments. */
function exists(name: string): boolean {
  const [first = "", second] = name.split(" ")
  const command = commands.find((one) => one.name === first)
  const below: readonly CommandSpec[] = command?.commands ?? []
  return command !== undefined && (below.length === 0 || (second ?? "").split("|").every((word) => below.some((one) => one.name === word)))
}

const handoff = exitHandoff({
  name: "n",
  waves: 1,
  agents: 1,
  built: [],
  discoveries: [],
  mergeConflicts: { count: 0, resolutions: [] },
  next: [],
  landed: true,
  colour: "amber",
  eachByItself: false,
})

test.each([
  ["C.1.1 that it never writes code", ["You are the Fleet Commander. You write no code."]],
  ["C.1.2 when to use it", ["three or more independent streams, whose files do not overlap, too large for one session"]],
  ["C.1.3 when not", ["each step needs the result of the one before", "one module, one area", "Below 4 no campaign"]],
  ["C.1.4 how it is installed", ["`fleet skills install fleet`"]],
  [
    "C.1.5-10 every form of /fleet",
    [
      '| `/fleet <direction>` | `fleet run "<direction>"` |',
      "`fleet run spec.md`",
      "| `/fleet continue` | `fleet continue` |",
      "| `/fleet` and nothing more | `fleet run` |",
      '`fleet quick "a; b; c"`',
      '`fleet speculate N "<direction>"`',
      "`fleet compare <run>`",
      "`fleet pick <strategy>`",
    ],
  ],
  [
    "C.1.11-15 the wake-up, and what Fleet reads itself",
    ["Read `CLAUDE.md`", "`.planning/coordination/claims/`", "`.planning/momentum.json`", "again before each wave"],
  ],
  ["C.1.16 that nothing is restored from a client's saved state", ["do not look for saved state of your client", "the session file and `get_run`"]],
  ["C.1.19-23 the work queue", ["name, scope, dependencies, wave and type of agent", "goes into wave 1", "three agents", "it never runs both at once"]],
  ["C.1.24-29 what each agent is told", ["a slice of the map", "the context of earlier sessions", "the discoveries of *all* waves before"]],
  ["C.1.36-41 briefs, records, merges and the relay", ["`.planning/fleet/briefs/`", "one merge on the target", "A conflict goes back to its author"]],
  ["C.1.49-56 the session file and its edits", ["`.planning/fleet/session-<slug>.md`", "set a status to `skip`", "Refused Edits"]],
  ["C.1.57-61 scopes", ["`src/api` and `src/api/auth` overlap", "(read-only)` never does", "let one come `after` the other"]],
  [
    "C.1.62-67 budgets and efforts",
    ["700K tokens", "300K are left for you", "scout (medium effort) counts about 100K", "seven scouts", "Set `effort`, never a token budget"],
  ],
  [
    "C.1.75-83 timeouts",
    ["10, 15 or 30 minutes", "`agentTimeouts` in `.claude/harness.json`", "tried once more with less to do; a scout is skipped", "Nobody holds up a wave"],
  ],
  ["C.1.85 instance ids", ["`fleet-<slug>-w<wave>-a<index>`"]],
  ["C.1.90-95 claims and the sweep of the dead", ["`fleet planning claim|release|check-overlap|sweep`", "swept before and after every wave"]],
  ["C.1.96-100 the fringe cases", ["all agents of a wave failed", "Do not go on by yourself", "recorded as a gap", "nothing: it is made"]],
  [
    "C.1.101-111 speculative mode",
    ["`speculative/<slug>/<label>`", "**They pick**", "tagged `archive/…`. Never delete them", "differ in structure, not in style"],
  ],
  ["C.1.112-121 quick mode", ["One wave, no session file, no briefs, merged without a question", "put one after the other", "offer to resolve it with them"]],
  ["C.1.122 the words that ask for it", ["at the same time", "simultaneously", "in parallel", "both … and"]],
  ["C.1.123 the consent question, to the letter", [consentQuestion(["{task description}", "{task description}"])]],
  ["C.1.124-127 its three answers", ["`consent.fleetSpawn: auto-allow`", "`always-ask`", "do them one after the other"]],
  [
    "C.1.128-133 the gates, and that the person says yes",
    ["Spawning 4 agents across 2 waves", "**red**", "before 5 sessions always", "**You cannot answer it**"],
  ],
  ["C.1.134 the exit HANDOFF", [handoff.split("\n").at(-2) ?? "", "- Fleet session: {name} — {waves completed} waves, {agents} agents total"]],
  ["C.1.135 the neighbouring skills", ["**triage**", "**infra-audit**", "**design**", "**test-gen**", "**dashboard**", "**workspace**"]],
])("the skill /fleet says %s", (_what, words) => {
  for (const word of words) expect(text).toContain(word)
})

test("it asks for nothing by hand that Fleet does in code", () => {
  for (const word of [
    "telemetry-log",
    "momentum-read",
    "compress-discovery",
    "discovery-write",
    "git merge",
    "git worktree",
    "isolation:",
    "bypassPermissions",
  ])
    expect(text).not.toContain(word)
})
