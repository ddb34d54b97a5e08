import { mkdir, mkdtempDisposable, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { frontmatter, hashOf, shippedSkills } from "./skills/shipped.ts"
import { fleet, jsonLines, type Ran } from "./testing/fleet.ts"

const name = "fleet-orchestration"
const shipped = readFileSync(new URL(`../../../skills/${name}/SKILL.md`, import.meta.url), "utf8")

interface Desk extends AsyncDisposable {
  readonly home: string
  readonly project: string
  readonly skills: (...args: readonly string[]) => Promise<Ran>
  /** Of the user: absolute. */
  readonly at: (...parts: readonly string[]) => string
}

async function desk(env: Readonly<Record<string, string>> = {}): Promise<Desk> {
  const directory = await mkdtempDisposable(path.join(tmpdir(), "fleet-skills-"))
  const [home, project] = [path.join(directory.path, "home"), path.join(directory.path, "project")]
  for (const one of [home, path.join(project, ".git"), path.join(project, "deep/down")]) await mkdir(one, { recursive: true })
  const world = { HOME: home, XDG_CACHE_HOME: path.join(directory.path, "cache"), CLAUDE_CONFIG_DIR: "", ...env }
  const run = (...args: readonly string[]): Promise<Ran> =>
    fleet(["skills", ...args], { home: path.join(directory.path, "state"), cwd: path.join(project, "deep/down"), env: world })
  return { home, project, skills: run, at: (...parts) => path.join(home, ...parts), [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() }
}

test("install puts the skill where Claude Code and where all others look, and a second time does nothing", async () => {
  await using place = await desk()
  const first = await place.skills("install")
  expect(first).toMatchObject({ code: 0, stderr: "" })
  for (const directory of [".claude/skills", ".agents/skills"]) {
    expect(readFileSync(place.at(directory, name, "SKILL.md"), "utf8")).toBe(shipped)
    expect(readdirSync(place.at(directory, name)).toSorted()).toEqual([".fleet.json", "SKILL.md", "reference.md"])
  }
  const again = await place.skills("install", "--json")
  expect(jsonLines(again.stdout)).toMatchObject([{ items: Array.from({ length: 4 }, () => ({ what: "unchanged" })), without: [] }])
  expect((await place.skills("list")).stdout).toMatch(/user +installed +claude, claude-acp/)
})

test("install for one agent in a project goes to the top of its checkout and nowhere else", async () => {
  await using place = await desk()
  await place.skills("install", "--agent", "codex", "--scope", "project")
  expect(existsSync(path.join(place.project, ".agents/skills", name, "SKILL.md"))).toBe(true)
  expect(existsSync(path.join(place.project, ".claude"))).toBe(false)
  expect(readdirSync(place.home)).toEqual([])
})

test("Claude Code's own directory is found where CLAUDE_CONFIG_DIR moved it", async () => {
  await using moved = await mkdtempDisposable(path.join(tmpdir(), "fleet-claude-"))
  await using place = await desk({ CLAUDE_CONFIG_DIR: moved.path })
  await place.skills("install", "--agent", "claude")
  expect(existsSync(path.join(moved.path, "skills", name, "SKILL.md"))).toBe(true)
})

test("a dry run says what would be done and does nothing", async () => {
  await using place = await desk()
  const ran = await place.skills("install", "--dry-run")
  expect(ran.code).toBe(0)
  expect(ran.stdout).toContain("would be installed")
  expect(readdirSync(place.home)).toEqual([])
})

test("what a person changed, or put there, is left alone and named with the way to force it", async () => {
  await using place = await desk()
  await place.skills("install", "--agent", "claude")
  const file = place.at(".claude/skills", name, "SKILL.md")
  await writeFile(file, "mine")
  for (const verb of ["install", "remove"]) {
    const ran = await place.skills(verb, "--agent", "claude")
    expect(ran.code).toBe(1)
    expect(ran.stdout).toContain("somebody changed SKILL.md")
    expect(ran.stdout).toContain("--force")
    expect(readFileSync(file, "utf8")).toBe("mine")
  }
  expect((await place.skills("install", "--agent", "claude", "--force")).code).toBe(0)
  expect(readFileSync(file, "utf8")).toBe(shipped)
})

test("an older one that Fleet installed is updated, and files that are shipped no more go with it", async () => {
  await using place = await desk()
  await place.skills("install", "--agent", "claude")
  const directory = place.at(".claude/skills", name)
  await writeFile(path.join(directory, "SKILL.md"), "an earlier version")
  await writeFile(path.join(directory, "gone.md"), "shipped once")
  const files = { "SKILL.md": [hashOf("an earlier version")], "gone.md": [hashOf("shipped once")], "reference.md": [hashOf("no longer so")] }
  await writeFile(path.join(directory, ".fleet.json"), JSON.stringify({ version: "0.0.1", files }))
  const ran = await place.skills("install", "--agent", "claude", "--json")
  expect(jsonLines(ran.stdout)).toMatchObject([
    {
      items: [
        { skill: "fleet", what: "unchanged" },
        { skill: name, what: "updated" },
      ],
    },
  ])
  expect(readFileSync(path.join(directory, "SKILL.md"), "utf8")).toBe(shipped)
  expect(existsSync(path.join(directory, "gone.md"))).toBe(false)
})

test("a link in the place of the skill is not followed, not even when forced", async () => {
  await using place = await desk()
  await using elsewhere = await mkdtempDisposable(path.join(tmpdir(), "fleet-elsewhere-"))
  await mkdir(place.at(".claude/skills"), { recursive: true })
  await symlink(elsewhere.path, place.at(".claude/skills", name))
  for (const words of [["install"], ["install", "--force"], ["remove", "--force"]]) {
    const ran = await place.skills(...words, "--agent", "claude")
    expect(ran.code).toBe(1)
    expect(ran.stdout).toContain("it is a link")
  }
  expect(readdirSync(elsewhere.path)).toEqual([])
})

test("a record that names files elsewhere removes nothing there", async () => {
  await using place = await desk()
  await place.skills("install", "--agent", "claude")
  const directory = place.at(".claude/skills", name)
  await writeFile(place.at("precious"), "precious")
  const record = JSON.parse(await readFile(path.join(directory, ".fleet.json"), "utf8")) as { files: Record<string, string[]> }
  for (const file of ["../../../precious", place.at("precious"), "x/../../../../precious"]) record.files[file] = [hashOf("precious")]
  await writeFile(path.join(directory, ".fleet.json"), JSON.stringify(record))
  expect((await place.skills("remove")).code).toBe(0)
  expect(readFileSync(place.at("precious"), "utf8")).toBe("precious")
  expect(existsSync(directory)).toBe(false)
})

test("remove takes away what was installed, and leaves what somebody added", async () => {
  await using place = await desk()
  await place.skills("install")
  await writeFile(place.at(".claude/skills", name, "notes.md"), "mine")
  expect((await place.skills("remove")).code).toBe(0)
  expect(readdirSync(place.at(".claude/skills", name))).toEqual(["notes.md"])
  expect(existsSync(place.at(".agents/skills", name))).toBe(false)
  await rm(place.at(".claude/skills", name), { recursive: true })
  expect((await place.skills("remove")).stdout).toContain("was not installed")
})

test("an agent of which Fleet does not know where it looks is named and left alone; a name that is none is bad input", async () => {
  await using place = await desk()
  const unknown = await place.skills("install", "--agent", "qwen", "claude")
  expect(unknown.code).toBe(1)
  expect(unknown.stdout).toContain("left alone: qwen")
  expect(existsSync(place.at(".claude/skills", name, "SKILL.md"))).toBe(true)
  const none = await place.skills("install", "--agent", "cluade")
  expect(none).toMatchObject({ code: 2, stdout: "" })
  expect(none.stderr).toContain("did you mean claude?")
})

test("show prints the skill as it is", async () => {
  await using place = await desk()
  expect((await place.skills("show", name)).stdout).toBe(shipped)
  expect((await place.skills("show", "flying")).code).toBe(2)
})

test("every shipped skill keeps the rules of the format that the agents share", async () => {
  const skills = await shippedSkills()
  expect(skills.map((skill) => skill.name)).toContain(name)
  for (const skill of skills) {
    const text = skill.files[0]?.text ?? ""
    const fields = frontmatter(text)
    // https://agentskills.io/specification: the name is the directory's, and says itself in 64 characters; the description in 1,024.
    expect(fields["name"]).toBe(skill.name)
    expect(skill.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(skill.name.length).toBeLessThanOrEqual(64)
    expect(skill.description).toMatch(/^.{1,1024}$/)
    expect(Object.keys(fields).filter((field) => !["name", "description", "license", "compatibility", "metadata"].includes(field))).toEqual([])
    expect(text.split("\n").length).toBeLessThan(500)
    for (const [, link = ""] of text.matchAll(/\]\(([^):]+)\)/g)) expect(skill.files.map((file) => file.path)).toContain(link)
  }
})

test("the package ships the skills", () => {
  const { files } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as { files: string[] }
  expect(files).toContain("skills")
})

const reference = readFileSync(new URL(`../../../skills/${name}/reference.md`, import.meta.url), "utf8")

test.each([
  ["the API by curl, and the variable that says its port", ["curl -s", "http://localhost:${FLEET_PORT:-3000}/api/sessions"]],
  [
    "when to orchestrate, and when not",
    ["## 1. Should you orchestrate at all?", "separate issues, separate repositories", "one file or module", "needs the result of the one before"],
  ],
  ["the analysis that comes before any child", ["Never skip this", "manifests, lock files, build files and CI", "its tests"]],
  ["the three classes and what to do about each", ["| none |", "| possible |", "| definite |", "/v1/plans/assess", "`assess_plan`"]],
  ["shared boundaries", ["`index.ts`", "route registrations", "database migrations", "both install a package"]],
  ["to let one wait in doubt, and to tell the user", ["When you doubt, let one wait", "say to the user which tasks run in parallel"]],
  ["how to find oneself, and not to invent ids", ["JSON array", "`workspaceDirectory`", "`session.title`", "an invented id is refused"]],
  ["how to create a child with a callback", ['"isolationStrategy": "worktree"', '"onComplete"', '"notifySessionId"', '"notifyInstanceId"', "Give it a title"]],
  ["the isolation strategies", ["| `worktree` |", "| `clone` |", "| `existing` |", "Two children never share one directory"]],
  ["how to prompt, and what a prompt holds", ["/prompt", "**The goal**", "**Where to look**", "**What done means**", "**Its borders**"]],
  ["to wait for callbacks and not to poll", ["do not poll", "Say to the user how many children work"]],
  [
    "both callbacks",
    [
      "[Fleet Callback] Child session completed.",
      "[Fleet Callback] Child session encountered an error.",
      "Status: idle (completed successfully)",
      "(diff unavailable)",
    ],
  ],
  ["how to read what a child did", ["/diffs?instanceId=", "`get_diff`, `get_conversation`"]],
  ["what to do about an error", ["send the same child a prompt", "ask the user"]],
  [
    "batches, how many at once, and the check for conflicts",
    ["three or four children at once", "## 8. The next batch", "A file in two diffs is a conflict", "merge by hand", "run the other again"],
  ],
])("the skill for conductors teaches %s", (_what, words) => {
  for (const word of words) expect(shipped).toContain(word)
})

test("the skill names the tools of the MCP server and the routes of the API", () => {
  for (const tool of ["assess_plan", "review_plan", "run_plan", "list_runs", "get_run", "wait", "create_session", "prompt_session", "list_sessions"])
    expect(reference).toContain(`\`${tool}\``)
  for (const tool of ["get_conversation", "get_diff", "list_needs_you", "answer", "claim_scope", "report_discovery", "report_handoff"])
    expect(reference).toContain(`\`${tool}\``)
  for (const route of ["status", "messages", "diffs", "prompt", "abort", "resume"]) expect(reference).toContain(`/api/sessions/<id>/${route}`)
})
