import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { Children } from "../../runtime/children.ts"
import { agentCase, notesOf, type AgentCase, type AgentUnderTest } from "../../worker/ports/agent.case.ts"
import { describeAgentDriver } from "../../worker/ports/agent.conformance.ts"
import { openCommandDriver } from "./command.ts"
import type { CommandEntry, CommandSettings } from "./options.ts"

const program = fileURLToPath(new URL("command/scripted-cli.fixture.ts", import.meta.url))
const errors: CommandSettings["errors"] = [
  { exitCode: 75, class: "rate-limit" },
  { exitCode: 77, class: "auth" },
  { exitCode: 69, class: "overload" },
  { exitCode: 65, class: "refused" },
  { exitCode: 68, class: "network" },
]

function entry(command: Partial<CommandSettings> = {}, ...args: string[]): CommandEntry {
  const settings = { resumeArgv: null, sessionPattern: null, errors, ...command }
  const argv: CommandEntry["argv"] = [process.execPath, program, ...args]
  return { name: "mycli", driver: "command", argv, env: {}, model: null, mode: null, shared: false, slotsMax: null, family: "mycli", command: settings }
}

async function underTest(of: CommandEntry): Promise<AgentUnderTest> {
  const home = await mkdtemp(path.join(tmpdir(), "fleet-command-"))
  const children = new Children()
  const driver = openCommandDriver({ entry: of, children, permissions: "allow", graceMs: 2_000, openTimeoutMs: 10_000, stateDirectory: home })
  return {
    driver,
    environment: { PATH: process.env["PATH"] ?? "", HOME: home },
    cleanup: async () => {
      await children[Symbol.asyncDispose]()
      expect(await readdir(home)).toEqual([])
      await rm(home, { recursive: true, force: true })
    },
  }
}
const opened = (of: CommandEntry): Promise<AgentCase> => agentCase(() => underTest(of))

const everyTurn = "every turn is a process of its own"
describeAgentDriver({
  name: "command",
  open: () => underTest(entry()),
  supports: {
    permissions: "a command line program has no way to ask",
    resume: `${everyTurn}, without resumeArgv it has no memory`,
    interrupt: true,
    steer: "a command line program has been given all that it gets",
    acknowledges: true,
    usage: "a command line program does not tell its usage",
    thoughts: "all that it prints is text",
    tools: "all that it prints is text",
    died: `${everyTurn}: the session outlives it`,
    errors: { "rate-limit": true, auth: true, overload: true, refused: true, network: true },
    resetAt: "an exit code tells no time",
  },
})

test("a program that is killed from outside is a lost turn", async () => {
  await using its = await opened(entry())
  const { session, waiting } = await its.session("one")
  const turn = session.prompt("[[hang]]")
  await waiting.started()
  await its.kill()
  expect(await turn).toMatchObject({ how: "lost", message: "it was ended by SIGKILL" })
})

test("an exit code that is not named is a bug, with what the program said last", async () => {
  await using its = await opened(entry())
  const { session } = await its.session("one")
  expect(await session.prompt("[[wirte]]")).toMatchObject({
    how: "failed",
    error: { class: "bug", message: expect.stringContaining('there is no marker "wirte"') },
  })
})

test("a prompt goes through a file where the template says so", async () => {
  await using its = await opened(entry({}, "--file", "{promptFile}"))
  const { session } = await its.session("one")
  expect(await session.prompt('[[say "from a file"]]')).toMatchObject({ how: "completed", text: "from a file\n" })
})

test("a program that prints its session id is resumed by it in the next turn", async () => {
  await using its = await opened(entry({ resumeArgv: [process.execPath, program, "--resume", "{session}"], sessionPattern: "^session: (\\S+)$" }))
  const { session } = await its.session("one")
  const script = "[[session]] [[if resumed]][[say again]][[else]][[say new]][[end]]"
  expect((await session.prompt(script)).text).toContain("new")
  const id = session.agentSession
  expect(id).toMatch(/^s-\d+$/)
  expect((await session.prompt(script)).text).toBe(`session: ${id}\nagain\n`)
})

test("a program that is not there is a fault, before any turn", async () => {
  await using its = await opened({ ...entry(), argv: ["fleet-no-such-program"] })
  await expect(its.session("one")).rejects.toMatchObject({ fault: { code: "agent-missing" } })
})

test("an effort goes where the template has a place for it, and is said to be left out where it has none", async () => {
  const shown = 'printf "%s" "$*"; cat > /dev/null'
  await using takes = await opened({ ...entry(), argv: ["sh", "-c", shown, "sh", "--effort", "{effort}"] })
  const { session } = await takes.session("one", { effort: "low" })
  expect((await session.prompt("work")).text).toBe("--effort low\n")
  await using cannot = await opened({ ...entry(), argv: ["sh", "-c", shown, "sh"] })
  const without = await cannot.session("one", { effort: "low" })
  await without.session.prompt("work")
  expect(notesOf(without.heard)).toEqual(['mycli works without the effort "low": its argv has no {effort}'])
})

test("pictures are named by their paths, and what a program does not take for one turn is said", async () => {
  const cat = entry()
  await using its = await opened({ ...cat, argv: ["cat"] })
  const { session, heard } = await its.session("one")
  const outcome = await session.prompt("look", { attachments: [{ mime: "image/png", name: "red.png", file: "/pictures/red.png" }], model: "big", mode: "plan" })
  expect(outcome).toMatchObject({ how: "completed", text: expect.stringContaining("- red.png (image/png): /pictures/red.png") })
  expect(notesOf(heard)).toEqual([
    "mycli takes no pictures: it was given their paths",
    'mycli works on without the mode "plan": a command line program has none',
    'mycli works on without the model "big": its argv has no {model}',
  ])
})
