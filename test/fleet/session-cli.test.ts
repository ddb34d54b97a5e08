import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { mkdtempDisposable, symlink } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { fleet as run, jsonLines, type Ran } from "../../src/surfaces/cli/testing/fleet.ts"
import { eventually } from "../eventually.ts"
import { scenario, type Scenario } from "./scenario.ts"

const person = (of: Scenario, args: readonly string[], more: { stdin?: string; env?: Record<string, string> } = {}): Promise<Ran> =>
  run(args, { home: of.home, cwd: of.repo.path, env: { ...of.environment, ...more.env }, ...(more.stdin === undefined ? {} : { stdin: more.stdin }) })

const idOf = (ran: Ran): string => String(jsonLines(ran.stdout)[0]?.["id"])

test("a person begins a conversation, goes on with it, looks at what came of it, and ends it", async () => {
  await using fleet = await scenario()
  const made = await person(fleet, [
    "session",
    "new",
    "--title",
    "Look around",
    "--prompt",
    '[[write path="a.txt" text="a"]] [[say "I wrote a.txt"]]',
    "--wait",
  ])
  expect(made).toMatchObject({ code: 0 })
  expect(made.stdout).toContain("turn 1 completed")
  expect(made.stdout).toContain("I wrote a.txt")
  const listed = await person(fleet, ["session", "list", "--json"])
  const [{ items }] = jsonLines(listed.stdout) as [{ items: [{ id: string }] }]
  const session = items[0].id
  const further = await person(fleet, ["session", "prompt", session.slice(0, 8), "-", "--wait"], { stdin: '[[say "further"]]' })
  expect(further.stdout).toContain("turn 2 completed")
  expect((await person(fleet, ["session", "diff", session])).stdout).toContain("+a")
  expect((await person(fleet, ["diff", session.slice(0, 8)])).stdout).toContain("+a")
  expect((await person(fleet, ["stop", session.slice(0, 8)])).stdout).toContain("no turn of it runs; it is idle")
  expect((await person(fleet, ["session", "show", session.slice(0, 3)])).stderr).toContain("at least 4 characters are needed")
  expect((await person(fleet, ["diff", "nope"])).stderr).toContain("no run, task, branch or session has that name")
  expect((await person(fleet, ["logs", session.slice(0, 8)])).stdout).toContain("further")
  expect((await person(fleet, ["status"])).stdout).toContain("Look around")
  expect((await person(fleet, ["session", "end", session, "--cleanup"])).code).toBe(0)
  await eventually("it has ended", async () => (await fleet.client.session(session)).status === "ended")
  expect((await person(fleet, ["session", "list"])).stdout).toContain("No sessions")
  await eventually("its checkout is given back", async () => (await fleet.client.session(session)).released)
  expect((await person(fleet, ["session", "show", session])).stdout).toContain("worked in ")
  expect((await person(fleet, ["session", "end", session, "--cleanup"])).stdout).toContain("has ended already; its checkout was given back before")
  expect((await person(fleet, ["session", "resume", session])).stdout).toContain("idle")
})

test("without any agent: the scripted one was not looked for, and is offered by its name", async () => {
  await using bare = await mkdtempDisposable(path.join(tmpdir(), "fleet-bare-"))
  for (const program of ["git", "sh"]) await symlink(execFileSync("which", [program], { encoding: "utf8" }).trim(), path.join(bare.path, program))
  await using fleet = await scenario({ config: "{}\n", environment: { PATH: bare.path } })
  const ran = await person(fleet, ["session", "new"], { env: { PATH: process.env["PATH"] ?? "" } })
  expect(ran).toMatchObject({ code: 2, stdout: "" })
  expect(ran.stderr).toMatch(/why: looked for (?!.*scripted).*codex/)
  for (const said of ["fleet hub stop", "--agent scripted", "harnessType"]) expect(ran.stderr).toContain(said)
})

test("a turn that did not complete is exit code 1, and says why", async () => {
  await using fleet = await scenario()
  const made = await person(fleet, ["session", "new", "--prompt", "[[fail status=400]]", "--wait"])
  expect(made.code).toBe(1)
  expect(made.stdout).toContain("turn 1 failed")
})

test("the inbox shows callbacks whose receiver is gone", async () => {
  await using fleet = await scenario()
  const conductor = idOf(await person(fleet, ["session", "new", "--strategy", "existing", "--json"]))
  expect((await person(fleet, ["session", "end", conductor])).code).toBe(0)
  await eventually("it has ended", async () => (await fleet.client.session(conductor)).status === "ended")
  await person(fleet, ["session", "new", "--notify", conductor, "--prompt", '[[say "done"]]', "--wait"])
  const inbox = await person(fleet, ["inbox"])
  expect(inbox.stdout).toContain(`session ${conductor.slice(0, 8)} is to be told that turn 1 of`)
})

test("an agent that runs `fleet approve` cannot answer its own question; the person can", async () => {
  await using fleet = await scenario()
  const session = idOf(await person(fleet, ["session", "new", "--json", "--prompt", '[[ask cmd="rm -rf $PWD/build"]] [[say "asked"]]']))
  const [asked] = await eventually("it asks", async () => {
    const open = await fleet.client.approvals()
    return open.length > 0 && open
  })
  const [agent] = await fleet.agentProcesses()
  const environment = Object.fromEntries(
    readFileSync(`/proc/${agent}/environ`, "utf8")
      .split("\0")
      .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  )
  const { FLEET_TOKEN = "", FLEET_HOME_ID = "" } = environment
  const own = await person(fleet, ["approve", asked?.id ?? ""], { env: { FLEET_TOKEN, FLEET_HOME_ID } })
  expect(own.code).not.toBe(0)
  expect((await fleet.client.approvals()).length).toBe(1)
  expect((await person(fleet, ["inbox"])).stdout).toContain(session.slice(0, 8))
  expect((await person(fleet, ["approve", asked?.id ?? ""])).code).toBe(0)
  await eventually("it goes on", async () => (await fleet.client.session(session)).lastTurn?.how === "completed")
})

test("plan assess says which tasks may run side by side, and why not", async () => {
  await using fleet = await scenario()
  const assessed = await person(fleet, [
    "plan",
    "assess",
    "Fix login (id: a) (scope: src/auth.ts)",
    "Add MFA (id: b) (scope: src/auth.ts)",
    "Style it (id: c) (scope: web)",
  ])
  expect(assessed.code).toBe(0)
  expect(assessed.stdout).toContain("a and b: definite")
})
