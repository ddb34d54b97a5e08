import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { config as configSchema, type Config } from "../../protocol/config.ts"
import { Children } from "../../runtime/children.ts"
import { agentCase, type AgentUnderTest } from "../../worker/ports/agent.case.ts"
import { knownAgents } from "./known.ts"
import { openAgents, register } from "./registry.ts"

const known = knownAgents([process.execPath, fileURLToPath(new URL("../../main/scripted-agent.ts", import.meta.url))])
const configured = (agents: object): Config => configSchema.parse({ agents })
const entryOf = (name: string, agents: object = {}) => register(known, configured(agents)).get(name)

test("the agents are known under names of their own, each with a program and a proof", () => {
  const names = known.map((agent) => agent.name)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toEqual(expect.arrayContaining(["scripted", "codex", "claude", "opencode", "gemini", "copilot"]))
})

test("how an agent is to ask decides its mode and its environment", () => {
  expect(entryOf("gemini")).toMatchObject({ permissions: "ask", entry: { mode: "default" } })
  expect(entryOf("gemini", { gemini: { permissions: "allow" } })).toMatchObject({ permissions: "allow", entry: { mode: "yolo" } })
  expect(entryOf("opencode")?.entry.env).toHaveProperty("OPENCODE_PERMISSION")
  expect(entryOf("opencode", { opencode: { permissions: "allow" } })?.entry.env).not.toHaveProperty("OPENCODE_PERMISSION")
})

test("the config changes what it names and leaves the rest", () => {
  const entry = entryOf("claude", { claude: { model: "opus", slots: 2, env: { X: "1" } } })?.entry
  expect(entry).toMatchObject({ argv: ["claude"], model: "opus", slotsMax: 2, env: { DISABLE_AUTOUPDATER: "1", X: "1" }, family: "claude" })
})

test("an agent of the person's own needs a driver and a program", () => {
  const errors = [{ exitCode: 75, class: "rate-limit" }]
  expect(entryOf("mine", { mine: { driver: "command", argv: ["mycli", "{model}"], errors } })).toMatchObject({
    known: null,
    entry: { driver: "command", argv: ["mycli", "{model}"], command: { resumeArgv: null, errors } },
  })
  expect(() => entryOf("mine", { mine: { argv: ["mycli"] } })).toThrow(/agents\.mine in the config has no driver/)
  expect(() => entryOf("mine", { mine: { driver: "acp" } })).toThrow(/agents\.mine in the config has no argv/)
})

test("an agent that nobody knows is a fault that names the known ones", async () => {
  await using agents = openAgents({ known, config: configured({}), children: new Children(), stateDirectory: tmpdir(), graceMs: 500, openTimeoutMs: 10_000 })
  expect(() => agents.driver("calude")).toThrow(/there is no agent "calude": known are scripted, codex, claude/)
})

test("the scripted agent works as the registry starts it, and all drivers end together", async () => {
  const home = await mkdtemp(path.join(tmpdir(), "fleet-registry-"))
  const children = new Children()
  const agents = openAgents({ known, config: configured({}), children, stateDirectory: home, graceMs: 500, openTimeoutMs: 20_000 })
  const tested: AgentUnderTest = {
    driver: agents.driver("scripted"),
    environment: { PATH: process.env["PATH"] ?? "", HOME: home },
    cleanup: () => rm(home, { recursive: true, force: true }),
  }
  await using its = await agentCase(async () => tested)
  expect(agents.driver("scripted")).toBe(tested.driver)
  const { session } = await its.session("one")
  expect(await session.prompt('[[say "hello"]]')).toMatchObject({ how: "completed", text: "hello\n" })
  expect(children.size).toBe(1)
  await agents[Symbol.asyncDispose]()
  expect(children.size).toBe(0)
  await expect(its.session("two")).rejects.toThrow("the driver was closed")
})
