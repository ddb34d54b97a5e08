import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { FaultError } from "../../domain/fault.ts"
import { emptyConfig } from "../../protocol/config.ts"
import { parseConfig, readConfig } from "./config.ts"

function faultOf(text: string): { what: string; why: string; fix: string } {
  try {
    parseConfig(text, "config.yaml")
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    throw error
  }
  throw new Error("it was taken as right")
}

test("a whole config is read", () => {
  const text = `
agents:
  claude: { model: opus, slots: 2, permissions: allow }
  mycli:
    driver: command
    argv: [mycli, --dir, "{workspace}"]
    resumeArgv: [mycli, --resume, "{session}"]
    sessionPattern: "^session (.*)$"
    errors: [{ exitCode: 75, class: rate-limit }]
defaults: { agent: claude, slots: 4, retries: 1, timeouts: { build: 45 }, stall: 5, setup: npm ci }
permissions:
  - { kind: run, match: "npm *", action: allow }
  - { action: ask }
`
  expect(parseConfig(text, "config.yaml")).toEqual({
    ...emptyConfig,
    agents: {
      claude: { model: "opus", slots: 2, permissions: "allow" },
      mycli: {
        driver: "command",
        argv: ["mycli", "--dir", "{workspace}"],
        resumeArgv: ["mycli", "--resume", "{session}"],
        sessionPattern: "^session (.*)$",
        errors: [{ exitCode: 75, class: "rate-limit" }],
      },
    },
    defaults: { agent: "claude", slots: 4, retries: 1, timeouts: { skill: 10, research: 15, build: 45 }, stall: 5, setup: "npm ci" },
    permissions: [
      { kind: "run", match: "npm *", action: "allow" },
      { kind: "any", match: "*", action: "ask" },
    ],
  })
})

test("nothing at all is an empty config", async () => {
  expect(parseConfig("", "config.yaml")).toEqual(emptyConfig)
  expect(parseConfig("# only a comment\n", "config.yaml")).toEqual(emptyConfig)
  expect(await readConfig("/nonexistent/config.yaml")).toEqual(emptyConfig)
  expect(emptyConfig.defaults.timeouts).toEqual({ skill: 10, research: 15, build: 30 })
})

test("unknown keys are told with their lines and what was probably meant, all at once", () => {
  const found = faultOf("agnets: {}\ndefaults:\n  slots: 2\n  retires: 3\nagents:\n  claude:\n    modle: x\n    xyzzy: 1\n")
  expect(found.what).toBe("config.yaml has 4 faults")
  expect(found.why.split("; ").toSorted()).toEqual([
    'line 1: unknown key "agnets", did you mean "agents"?',
    'line 4: unknown key "defaults.retires", did you mean "retries"?',
    'line 7: unknown key "agents.claude.modle", did you mean "model"?',
    'line 8: unknown key "agents.claude.xyzzy"',
  ])
})

test("a wrong value is told with its line", () => {
  expect(faultOf("defaults:\n  agent: x\n  slots: many\n").why).toMatch(/^line 3: defaults\.slots /)
  expect(faultOf("agents:\n  a:\n    argv: rm -rf /\n").why).toMatch(/^line 3: agents\.a\.argv /)
  expect(faultOf("agents:\n  a:\n    sessionPattern: '('\n").why).toBe("line 3: agents.a.sessionPattern is not a regular expression")
  expect(faultOf("permissions:\n  - kind: run\n").why).toMatch(/^line 2: permissions\.0\.action /)
  expect(faultOf("just text").why).toMatch(/^line 1: the file /)
})

test("what is no YAML is told with its line", () => {
  expect(faultOf("agents:\n  a: [1, 2\n").why).toMatch(/^line [23]: /)
  expect(faultOf("defaults: {}\ndefaults: {}\n").why).toMatch(/^line 2: .*unique/i)
})

test("a file that cannot be read is a fault with its fix, not an empty config", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "fleet-config-"))
  // A directory in its place cannot be read by root either.
  await expect(readConfig(directory)).rejects.toMatchObject({ fault: { code: "config-unreadable", fix: expect.stringContaining(directory) } })
  const file = path.join(directory, "config.yaml")
  await writeFile(file, "defaults: { slots: 3 }\n")
  await chmod(file, 0o600)
  expect((await readConfig(file)).defaults.slots).toBe(3)
  await rm(directory, { recursive: true })
})
