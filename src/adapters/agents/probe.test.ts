import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { emptyConfig } from "../../protocol/config.ts"
import { Children } from "../../runtime/children.ts"
import { knownAgents } from "./known.ts"
import { probeAgent, type Probe } from "./probe.ts"
import { register } from "./registry.ts"

const agents = register(knownAgents([process.execPath, fileURLToPath(new URL("../../main/scripted-agent.ts", import.meta.url))]), emptyConfig)

async function probed(name: string, prepare: (home: string) => Promise<Record<string, string>> = async () => ({})): Promise<Probe> {
  const home = await mkdtemp(path.join(tmpdir(), "fleet-probe-"))
  await using children = new Children()
  const agent = agents.get(name)
  if (agent === undefined) throw new Error(`no agent ${name}`)
  const environment = { PATH: `${path.join(home, "bin")}:/usr/bin:/bin`, ...(await prepare(home)) }
  const found = await probeAgent(agent, environment, home, children, 10_000)
  await rm(home, { recursive: true })
  return { ...found, program: found.program?.replace(home, "~") ?? null }
}

async function install(home: string, name: string, body: string): Promise<void> {
  await mkdir(path.join(home, "bin"))
  await writeFile(path.join(home, "bin", name), `#!/bin/sh\n${body}\n`)
  await chmod(path.join(home, "bin", name), 0o755)
}

test("the scripted agent is there, says its version and needs no login", async () => {
  expect(await probed("scripted")).toMatchObject({ program: process.execPath, version: "1.0.0", login: "not-needed" })
})

test("an agent that is not installed says how to install it", async () => {
  expect(await probed("codex")).toMatchObject({ program: null, version: null, login: "unknown", install: "npm install --global @openai/codex" })
})

test("a version is found in what the program prints, and a login by its file or its key", async () => {
  const file = async (home: string): Promise<Record<string, string>> => {
    await install(home, "codex", "echo codex-cli 0.169.0")
    await mkdir(path.join(home, ".codex"))
    await writeFile(path.join(home, ".codex/auth.json"), "{}")
    return {}
  }
  expect(await probed("codex", file)).toMatchObject({ program: "~/bin/codex", version: "0.169.0", login: "seen" })
  expect(await probed("claude", async () => ({ ANTHROPIC_API_KEY: "k" }))).toMatchObject({ login: "seen" })
})

test("a login is looked for where the agent's own variable says that it keeps it", async () => {
  const elsewhere = async (home: string): Promise<Record<string, string>> => {
    await mkdir(path.join(home, "elsewhere"))
    await writeFile(path.join(home, "elsewhere/auth.json"), "{}")
    return { CODEX_HOME: path.join(home, "elsewhere") }
  }
  expect(await probed("codex", elsewhere)).toMatchObject({ login: "seen" })
})

test("a program that says no version is not taken to have one", async () => {
  const silent = async (home: string): Promise<Record<string, string>> => {
    await install(home, "codex", "exit 3")
    return {}
  }
  expect(await probed("codex", silent)).toMatchObject({ program: "~/bin/codex", version: null })
})
