/** The real opencode over ACP, driven by the conformance suite. Only the model is not real: a scripted one on loopback. */
import { execFile } from "node:child_process"
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { afterAll, test } from "vitest"
import { realAgent } from "../../scripts/real-agents.ts"
import { knownAgents } from "../../src/adapters/agents/known.ts"
import { openAcpDriver } from "../../src/adapters/agents/acp.ts"
import { Children } from "../../src/runtime/children.ts"
import type { AgentUnderTest } from "../../src/worker/ports/agent.case.ts"
import { describeAgentDriver } from "../../src/worker/ports/agent.conformance.ts"
import { startModel } from "../model/model.ts"

const opencode = realAgent("opencode")
const opencodeAsks = knownAgents(["scripted"]).find((agent) => agent.name === "opencode-acp")?.askEnv

async function open(permissions: "ask" | "allow"): Promise<AgentUnderTest> {
  if ("missing" in opencode) throw new Error(opencode.missing)
  const home = await mkdtemp(path.join(tmpdir(), "fleet-opencode-"))
  await cp(await template(), home, { recursive: true })
  const model = await startModel()
  const children = new Children()
  const driver = openAcpDriver({
    entry: {
      name: "opencode-acp",
      driver: "acp",
      argv: [opencode.argv0, "acp"],
      env: { ...offline(home, model.url), ...(permissions === "ask" ? opencodeAsks : {}) },
      model: null,
      mode: null,
      shared: false,
      slotsMax: null,
      family: "opencode-acp",
    },
    children,
    permissions,
    graceMs: 5_000,
    openTimeoutMs: 60_000,
    stateDirectory: home,
  })
  return {
    driver,
    environment: { PATH: process.env["PATH"] ?? "", HOME: home, TMPDIR: home, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    cleanup: async () => {
      await children[Symbol.asyncDispose]()
      await model[Symbol.asyncDispose]()
      await rm(home, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** A home in which opencode has run once: two that make their database in the same home at the same time trip over each other. */
let made: Promise<string> | null = null
function template(): Promise<string> {
  made ??= makeTemplate()
  return made
}
async function makeTemplate(): Promise<string> {
  if ("missing" in opencode) throw new Error(opencode.missing)
  const home = await mkdtemp(path.join(tmpdir(), "fleet-opencode-"))
  await writeFile(path.join(home, "models.json"), "{}")
  const env = { PATH: process.env["PATH"], HOME: home, TMPDIR: home, ...offline(home, "http://127.0.0.1:9") }
  await promisify(execFile)(opencode.argv0, ["session", "list"], { cwd: home, env, timeout: 60_000 })
  return home
}
afterAll(async () => {
  if (made !== null) await rm(await made, { recursive: true, force: true })
})

/** Nothing is fetched, and the catalogue of models, which each directory would parse anew, is empty. */
const offline = (home: string, url: string): Record<string, string> => ({
  OPENCODE_CONFIG_CONTENT: JSON.stringify(configFor(url)),
  OPENCODE_MODELS_PATH: path.join(home, "models.json"),
  OPENCODE_DISABLE_MODELS_FETCH: "1",
  OPENCODE_DISABLE_AUTOUPDATE: "1",
  OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
  OPENCODE_DISABLE_CLAUDE_CODE: "1",
  OPENCODE_DISABLE_EXTERNAL_SKILLS: "1",
})

function configFor(url: string): object {
  const model = { tool_call: true, reasoning: true, limit: { context: 200_000, output: 32_000 } }
  return {
    autoupdate: false,
    share: "disabled",
    snapshot: false,
    model: "scripted/scripted",
    small_model: "scripted/scripted-small",
    enabled_providers: ["scripted"],
    provider: {
      scripted: { npm: "@ai-sdk/openai-compatible", options: { baseURL: `${url}/v1`, apiKey: "dummy" }, models: { scripted: model, "scripted-small": model } },
    },
  }
}

const retriesForEver = "opencode retries this for ever, and says so nowhere in ACP: the watchdog's work"

if ("missing" in opencode) test.skip(`the real opencode [skipped: ${opencode.missing}]`, () => undefined)
else
  describeAgentDriver({
    name: `opencode ${opencode.version} over acp`,
    open,
    supports: {
      permissions: true,
      resume: true,
      interrupt: true,
      steer: "ACP has no way to say something to a turn that runs",
      acknowledges: "over ACP, opencode says nothing before the model has",
      usage: true,
      thoughts: true,
      tools: true,
      died: true,
      errors: {
        auth: "over ACP, opencode drops the status: a wrong key cannot be told from any other refusal",
        "rate-limit": retriesForEver,
        overload: retriesForEver,
        network: retriesForEver,
        refused: true,
      },
      resetAt: retriesForEver,
    },
  })
