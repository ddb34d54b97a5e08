import { execFile } from "node:child_process"
import { mkdir, mkdtempDisposable, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { expect, test } from "vitest"
import type { CampaignView } from "../../protocol/campaign-views.ts"
import type { RunView } from "../../protocol/views.ts"
import { frame } from "./live/frame.ts"
import { unicodeSigns } from "./style.ts"
import { FakeHub, problem } from "./testing/fake-hub.ts"
import { fleet, jsonLines } from "./testing/fleet.ts"
import { approvalView, runView, startedAt, taskView } from "./testing/views.ts"

const campaign: CampaignView = {
  mode: "standard",
  slug: "sso-7k2f",
  direction: "Add SSO login",
  planner: null,
  planning: false,
  checks: [],
  gate: {
    disclosure: "Spawning 4 agents across 3 waves in isolated worktrees. Estimated token budget: ~1000K.",
    colour: "amber",
    why: "it has several waves; each wave's merge is a separate commit, to be reverted one by one",
    downgrade: null,
  },
  criticism: [],
  foreseen: [["b", "c"], ["d"]],
  foreseenFrom: 2,
  hold: null,
  picked: null,
  sessionFile: ".planning/fleet/session-sso-7k2f.md",
  handoff: null,
}
const wave = { number: 2, tasks: ["b", "c"], open: true, moved: ["d waits for a later wave: it writes src, as does that of b"], gaps: [], tokens: null }
const options = { columns: 80, rows: 24, now: startedAt + 83_000, colour: false, signs: unicodeSigns, foot: [] }

test("a campaign in its second wave: which wave, of about how many, what is proved, and who was moved and why", () => {
  const run = runView([taskView("a", "done"), taskView("b", "working"), taskView("c", "proved"), taskView("d", "queued")], { campaign, waves: [wave] })
  expect(frame(run, options).slice(1, 4)).toEqual([
    "1/4 done   ● 1 working   ▲ 1 proved   ○ 1 queued   4.5k tokens",
    "wave 2 of about 3: b, c · amber",
    "  d waits for a later wave: it writes src, as does that of b",
  ])
})

test.each<[string, Partial<CampaignView>, string]>([
  ["its plan is made", { planning: true, gate: null }, "an agent makes the plan"],
  ["its strategies are looked for", { planning: true, gate: null, mode: "speculative" }, "an agent looks for the strategies"],
  ["it waits for a yes", { hold: "start" }, "the plan is there: it waits for your answer"],
  ["a wave failed", { hold: "wave" }, "nobody succeeded in wave 2: it waits for your answer"],
  ["its strategies are at work", { mode: "speculative", foreseen: [["table", "calls"]], gate: null, planner: "plan" }, "all at once: table, calls"],
  ["one is to be picked", { hold: "pick" }, "the strategies are there: it waits for your choice"],
])("the live view says what a campaign does: %s", (_, of, said) => {
  const run = runView([taskView("a", "queued")], { campaign: { ...campaign, ...of }, waves: of.hold === "wave" ? [{ ...wave, moved: [] }] : [] })
  expect(frame(run, options)[2]).toBe(said)
})

/** A place where agents could work. */
async function emptyRepository() {
  const made = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
  await promisify(execFile)("git", ["init", "-q", made.path])
  return made
}

const campaigns = (run: RunView) => ({
  "POST /v1/campaigns": () => ({ status: 201, body: { ...run, said: [] } }),
  "GET /v1/discoveries": () => ({ body: { items: [] } }),
})
const orderIn = (hub: FakeHub): unknown => hub.asked.find((asked) => asked.path === "/v1/campaigns")?.body

test.each([
  [["make the API faster"], { direction: "make the API faster", plan: null, spec: null, waveSize: 3, confirmed: "no", mode: "standard" }],
  [["make it faster", "--direction", "--waves", "2", "--yes"], { direction: "make it faster", waveSize: 2, confirmed: "unless-red" }],
  [["--direction", "Do a (id: a)", "--continuous", "--confirm-merges"], { direction: "Do a (id: a)", waveSize: null, confirmMerges: true }],
  [["spec.md"], { direction: "Company accounts", spec: "# Company accounts\n\nPeople sign in.\n" }],
  [["spec.txt", "--direction", "only the server"], { direction: "only the server", spec: "Sign in\n" }],
])("run %j makes a campaign of it", async (args, order) => {
  await using hub = await FakeHub.start(campaigns(runView([])))
  await using project = await emptyRepository()
  await writeFile(path.join(project.path, "spec.md"), "# Company accounts\n\nPeople sign in.\n")
  await writeFile(path.join(project.path, "spec.txt"), "Sign in\n")
  expect((await fleet(["run", ...args, "--detach"], { home: hub.home, cwd: project.path })).code).toBe(0)
  expect(orderIn(hub)).toMatchObject(order)
})

test("what is wrong with the words is said before anything is started", async () => {
  await using home = await emptyRepository()
  const told = async (...args: string[]): Promise<string> => (await fleet(args, { home: home.path })).stderr
  expect(await told("run", "x y", "--task", "--direction")).toContain("--task and --direction exclude each other")
  expect(await told("speculate", "1", "x")).toContain("1 strategy cannot be compared")
  expect(await told("speculate", "9", "x")).toContain("there must be 2 to 8")
  expect(await told("speculate", "3")).toContain("there is no direction")
  for (const words of [["abc", "x y"], ["x y"]]) expect(await told("speculate", ...words)).toContain("how many strategies?")
  expect(await told("speculate", "x", "-n", "--strategy", "a: by a table", "--strategy", "a: by recursive calls")).toContain("Nothing was started.")
  expect(await told("run", "nosuch.yaml", "--direction", "x")).toContain("there is no file nosuch.yaml")
  expect(await told("speculate", "x", "--strategy", "no label", "--strategy", "b: c")).toContain('"no label" is no strategy')
  expect(await told("quick", "a; b", "--consent", "maybe")).toContain('"maybe" is no answer')
  expect(await told("pick", "a", "--none")).toContain("one is named, and --none says none")
})

test.each([[["quick", "a; b"]], [["speculate", "3", "make it faster"]], [["run", "make it faster"]], [["run"]], [["map"]]])(
  "%j outside a repository says so before all else, and in the same words",
  async (args) => {
    await using home = await mkdtempDisposable(path.join(tmpdir(), "fleet-cli-"))
    const ran = await fleet(args, { home: home.path })
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(/^\S* ?.* is not a git repository\n/)
    expect(ran.stderr).toContain("init, and commit something")
  },
)

test("compare and pick take the newest speculative run of the repository, or say that there is none", async () => {
  await using project = await emptyRepository()
  const speculative = runView([], { id: "rivals-1", repository: project.path, campaign: { ...campaign, mode: "speculative" } })
  const later = runView([], { id: "later-2", repository: project.path, startedAt: startedAt + 1_000 })
  const routes = {
    "GET /v1/runs": () => ({ body: { items: [later, speculative] } }),
    "GET /v1/runs/rivals-1/comparison": () => ({ status: 404, body: problem("x", "rivals were meant") }),
  }
  await using hub = await FakeHub.start(routes)
  expect((await fleet(["compare"], { home: hub.home, cwd: project.path })).stderr).toContain("rivals were meant")
  await fleet(["pick", "table"], { home: hub.home, cwd: project.path })
  expect(hub.asked.at(-1)).toMatchObject({ path: "/v1/runs/rivals-1/pick", body: { strategy: "table" } })
  const elsewhere = (await fleet(["compare"], { home: hub.home })).stderr
  expect(elsewhere).toContain("there is no speculative run in this repository")
  expect(elsewhere).toContain("of others there is rivals-1")
})

test("a standard campaign ends with its HANDOFF on stdout; as JSON it is a field of the last object", async () => {
  const handoff = "---HANDOFF---\n- Fleet session: sso-7k2f — 1 wave, 2 agents total\n- Built: Do a\n---"
  const done = runView([taskView("a", "done"), taskView("b", "failed", { reason: "its check failed" })], {
    status: "failed",
    endedAt: startedAt + 60_000,
    campaign: { ...campaign, foreseen: [], handoff },
    waves: [{ ...wave, number: 1, tasks: ["a", "b"], open: false, moved: [], tokens: 3_000 }],
  })
  await using project = await emptyRepository()
  await using hub = await FakeHub.start({ ...campaigns(done), "GET /v1/runs/sso-7k2f": () => ({ body: done }) })
  hub.plays(done)
  const ran = await fleet(["run", "make it faster"], { home: hub.home, cwd: project.path })
  expect(ran.code).toBe(1)
  expect(ran.stdout.slice(ran.stdout.indexOf("---HANDOFF---"))).toBe(`${handoff}\n`)
  const json = jsonLines((await fleet(["run", "make it faster", "--json"], { home: hub.home, cwd: project.path })).stdout)
  expect(json.at(-1)).toMatchObject({ type: "end", handoff })
})

test("a conflict that its author could not resolve is surfaced with the commands to resolve it by hand", async () => {
  const attempt = { ...taskView("a", "failed").attempts[0], number: 2, reason: "repair" } as RunView["tasks"][number]["attempts"][number]
  const conflict = runView([taskView("a", "failed", { reason: "conflict with main in src/a.ts", attempts: [attempt] })], {
    status: "failed",
    endedAt: startedAt + 60_000,
    campaign: { ...campaign, mode: "quick", sessionFile: null },
  })
  await using project = await emptyRepository()
  await using hub = await FakeHub.start({ ...campaigns(conflict), "GET /v1/runs/sso-7k2f": () => ({ body: conflict }) })
  hub.plays(conflict)
  const ran = await fleet(["quick", "fix src/a.ts; fix src/b.ts", "--consent", "1"], { home: hub.home, cwd: project.path })
  expect(ran.stdout).toContain("a conflicts with main. Its work is on its branch; to resolve it by hand:\n  git switch main\n  git merge fleet/sso-7k2f/a\n")
  expect(ran.stdout).not.toContain("---HANDOFF---")
  expect(orderIn(hub)).toMatchObject({ mode: "quick", confirmed: "yes", slots: null, waveSize: null })
})

test("what is asked of a whole run is told by the run, and a choice is no yes or no", async () => {
  const pick = { ...approvalView("ap-7", ""), task: null, session: null, kind: "pick" as const, question: "pick one of 2 strategies", holds: ["x", "y"] }
  const stuck = runView([taskView("x", "proved"), taskView("y", "proved")], { campaign: { ...campaign, mode: "speculative", hold: "pick" }, approvals: [pick] })
  await using hub = await FakeHub.start({
    "GET /v1/approvals": () => ({ body: { items: [pick] } }),
    "GET /v1/find": () => ({ body: { run: "sso-7k2f", key: null, session: null } }),
    "GET /v1/runs": () => ({ body: { items: [stuck] } }),
    "GET /v1/runs/sso-7k2f": () => ({ body: stuck }),
  })
  const inbox = (await fleet(["inbox"], { home: hub.home })).stdout
  expect(inbox).toMatch(/^! pick {2}sso-7k2f {2}for /)
  expect(inbox).toContain("  fleet pick <strategy> --run sso-7k2f   or   fleet pick --none --run sso-7k2f\n")
  expect((await fleet(["status"], { home: hub.home })).stdout).toContain("! sso-7k2f asks: pick one of 2 strategies")
  expect((await fleet(["status", "sso-7k2f"], { home: hub.home })).stdout).toMatch(/^the strategies are there: it waits for your choice\nstate /)
})

const ok = { status: "ok", why: "it passed in 1.0 s" }
const command = { ...ok, command: "npm test", timedOut: false, evidence: "", files: [] }
const healthy = {
  typecheck: { ...command, status: "unknown", why: "no command for types was found" },
  tests: command,
  lint: command,
  audit: { ...ok, command: null, counts: { critical: 0, high: 0, moderate: 0, low: 0 }, packages: [] },
  todos: { ...ok, total: 0, directories: [] },
  staleBranches: { ...ok, branches: [] },
  notices: [],
}

test("run with nothing in a healthy repository: what was found, that nothing is to be done, and exit code 0", async () => {
  const diagnosis = { findings: healthy, plan: null, queue: [], unknown: ["types: no command for types was found"], notices: [] }
  await using project = await emptyRepository()
  await using hub = await FakeHub.start({ "POST /v1/health": () => ({ body: diagnosis }) })
  const ran = await fleet(["run"], { home: hub.home, cwd: project.path })
  expect(ran.code).toBe(0)
  expect(ran.stdout).toMatch(/^finding +status +why\ntype check +\? unknown +no command for types was found\ntests +✓ ok +it passed/)
  expect(ran.stdout).toContain("Nothing was found that an agent could mend; what is unknown was not looked at.")
  expect(orderIn(hub)).toBeUndefined()
})

test("continue: a name that is no run is that of a campaign, and what was found about its file is said", async () => {
  const said = ["the file says that row 1 is complete, but main does not hold its commit abc1234: it is done again"]
  await using hub = await FakeHub.start({
    "GET /v1/find": () => ({ status: 404, body: problem("not-found", "nothing is called auth") }),
    "POST /v1/campaigns/continue": () => ({ status: 201, body: { run: runView([]), said } }),
  })
  const ran = await fleet(["continue", "auth", "--detach"], { home: hub.home })
  expect(ran).toMatchObject({ code: 0, stdout: "sso-7k2f\n" })
  expect(ran.stderr).toContain(said[0])
  expect(hub.asked.at(-1)?.body).toMatchObject({ slug: "auth", file: null, anyway: false, confirmed: "no" })
})

const inParallel = "Rewrite the date parser; add tests"

test("a direction that holds two tasks goes to the planner where nobody can be asked, with a note; answered with always, it goes on by itself", async () => {
  await using hub = await FakeHub.start(campaigns(runView([])))
  await using project = await emptyRepository()
  const told = await fleet(["run", inParallel, "--detach"], { home: hub.home, cwd: project.path })
  expect(told.stderr).toContain("`fleet quick` would run these 2 tasks side by side")
  expect(told.stderr).not.toContain("Run in parallel?")
  expect(orderIn(hub)).toMatchObject({ mode: "standard", plan: null, direction: inParallel })

  await mkdir(path.join(project.path, ".claude"))
  const harness = path.join(project.path, ".claude/harness.json")
  await writeFile(harness, '{ "consent": { "fleetSpawn": "always-ask" } }')
  expect((await fleet(["run", inParallel, "--detach"], { home: hub.home, cwd: project.path })).stderr).not.toContain("side by side")

  await writeFile(harness, '{ "consent": { "fleetSpawn": "auto-allow" } }')
  const went = await fleet(["run", inParallel, "--detach"], { home: hub.home, cwd: project.path })
  expect(went.stderr).toContain("you answered: always: these 2 tasks run side by side, as by `fleet quick`.")
  expect(hub.asked.at(-1)?.body).toMatchObject({
    mode: "quick",
    plan: { tasks: [{ title: "Rewrite the date parser" }, { title: "add tests" }] },
    waveSize: null,
  })
})

test.each([
  [["Fix the typo in the title"], "it is one task of complexity 1: one agent may do (fleet run --task). An agent makes a plan of it all the same."],
  [["Fix the header and the footer at the same time"], 'it says "at the same time": with ; between the tasks, `fleet quick` would run them side by side.'],
])("the direction %j is told what else there is, and goes on", async (args, note) => {
  await using project = await emptyRepository()
  await using hub = await FakeHub.start(campaigns(runView([])))
  const ran = await fleet(["run", ...args, "--detach"], { home: hub.home, cwd: project.path })
  expect(ran).toMatchObject({ code: 0, stdout: "sso-7k2f\n" })
  expect(ran.stderr).toContain(note)
  expect((await fleet(["run", ...args, "--detach", "--waves", "2"], { home: hub.home, cwd: project.path })).stderr).not.toContain("An agent makes a plan")
})

test("quick --record also keeps a session file; without it the mode decides, which is not to", async () => {
  await using project = await emptyRepository()
  await using hub = await FakeHub.start(campaigns(runView([])))
  const ordered = async (...more: string[]) => {
    await fleet(["quick", "fix a; fix b", "--consent", "1", "--detach", ...more], { home: hub.home, cwd: project.path })
    return hub.asked.at(-1)?.body
  }
  expect(await ordered("--record")).toMatchObject({ mode: "quick", record: true })
  expect(await ordered()).toMatchObject({ mode: "quick", record: null })
})

test.each([
  ["nothing", [], [], /Neither the plan nor harness\.json names a check: nothing will be\s+checked when it is merged\./],
  ["what all must pass", ["npm test"], [], /all that is merged must pass: npm test\n/],
  ["a task's own", [], ["test -s a.txt"], /^ {2,}checked by test -s a\.txt$/m],
])("the question whether a campaign may begin says what will be checked: %s", async (_what, checks, own, line) => {
  const ask = {
    ...approvalView("ap-3", ""),
    task: null,
    session: null,
    kind: "start" as const,
    question: 'start "Add SSO login"',
    detail: "amber: it has waves",
  }
  const waiting = runView([taskView("a", "queued", { checks: own })], {
    campaign: { ...campaign, checks, foreseen: [["a"]], hold: "start" },
    approvals: [ask],
    waves: [],
  })
  await using hub = await FakeHub.start({ "GET /v1/runs": () => ({ body: { items: [waiting] } }) })
  const told = (await fleet(["continue", "-C", waiting.repository], { home: hub.home })).stderr
  expect(told).toMatch(line)
  if (checks.length + own.length > 0) expect(told).not.toContain("nothing will be")
})

test("the plan of a campaign that goes on after three waves names the waves as its run does", async () => {
  const ask = { ...approvalView("ap-3", ""), task: null, session: null, kind: "start" as const, question: 'start "Add SSO login"', holds: ["a"] }
  const waiting = runView([taskView("a", "queued"), taskView("b", "queued")], {
    campaign: { ...campaign, foreseen: [["a"], ["b"]], foreseenFrom: 4, hold: "start" },
    approvals: [ask],
    waves: [],
  })
  await using hub = await FakeHub.start({ "GET /v1/runs": () => ({ body: { items: [waiting] } }) })
  const { stderr } = await fleet(["continue", "-C", waiting.repository], { home: hub.home })
  expect(stderr).toMatch(/^wave 4$[^]+^wave 5$/m)
  expect(stderr).toContain("Merged wave by wave, each in one commit: 4. a; 5. b.")
})

test("continue of a campaign that only waits for an answer says what waits and how to answer it, and looks for no session file", async () => {
  const ask = { ...approvalView("ap-3", ""), task: null, session: null, kind: "start" as const, question: 'start "Add SSO login"', holds: ["a"] }
  const waiting = runView([taskView("a", "queued")], { campaign: { ...campaign, foreseen: [["a"]], hold: "start" }, approvals: [ask], waves: [] })
  await using hub = await FakeHub.start({ "GET /v1/runs": () => ({ body: { items: [waiting] } }) })
  const told = await fleet(["continue", "-C", waiting.repository], { home: hub.home })
  expect(told.code).toBe(5)
  expect(told.stderr).toContain("Spawning 4 agents across 3 waves in isolated worktrees.")
  expect(told.stderr).toContain("  fleet approve ap-3\n  fleet deny ap-3\n")
  expect(hub.asked.some(({ path: asked }) => asked === "/v1/campaigns/continue")).toBe(false)
})
