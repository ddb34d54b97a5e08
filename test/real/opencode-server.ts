/** The real opencode for tests, with a home of its own. Only the model is not real: a scripted one on loopback. */
import { execFile } from "node:child_process"
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { realAgent } from "../../scripts/real-agents.ts"
import { startModel, type Model } from "../model/model.ts"
import { Children } from "../../src/runtime/children.ts"
import type { AgentDriver } from "../../src/worker/ports/agent.ts"
import type { AgentUnderTest } from "../../src/worker/ports/agent.case.ts"
import type { AgentEntry, DriverOptions } from "../../src/adapters/agents/options.ts"
import { openOpencodeDriver, usualOpencodeLimits, type OpencodeLimits } from "../../src/adapters/agents/opencode/driver.ts"

export interface OpencodeUnderTest extends AgentUnderTest {
  readonly model: Model
  readonly home: string
  readonly driver: AgentDriver
}

export interface OpencodeSettings {
  readonly permissions?: "ask" | "allow"
  readonly limits?: Partial<OpencodeLimits>
  readonly entry?: Partial<AgentEntry>
  readonly environment?: Readonly<Record<string, string>>
  readonly open?: (options: DriverOptions) => AgentDriver
}

/** Short, so that a test does not wait for what a person would. */
const limits: OpencodeLimits = { ...usualOpencodeLimits, lookMs: 500, patience: { rateLimitMs: 1_000, overloadMs: 3_000, networkMs: 3_000 } }

export async function openOpencode(settings: OpencodeSettings = {}): Promise<OpencodeUnderTest> {
  const opencode = realAgent("opencode")
  if ("missing" in opencode) throw new Error(opencode.missing)
  const home = await mkdtemp(path.join(tmpdir(), "fleet-opencode-"))
  await cp(await template(), home, { recursive: true })
  const model = await startModel()
  const children = new Children()
  const options: DriverOptions = {
    entry: {
      name: "opencode",
      driver: "opencode",
      argv: [opencode.argv0, "serve"],
      env: offline(home, model.url),
      model: null,
      mode: null,
      shared: false,
      slotsMax: null,
      family: "opencode",
      ...settings.entry,
    },
    children,
    permissions: settings.permissions ?? "allow",
    graceMs: 5_000,
    openTimeoutMs: 60_000,
    stateDirectory: home,
  }
  const driver = settings.open?.(options) ?? openOpencodeDriver(options, { ...limits, ...settings.limits })
  return {
    driver,
    model,
    home,
    environment: {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      TMPDIR: home,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      ...settings.environment,
    },
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

export async function removeTemplate(): Promise<void> {
  if (made !== null) await rm(await made, { recursive: true, force: true })
  made = null
}

async function makeTemplate(): Promise<string> {
  const opencode = realAgent("opencode")
  if ("missing" in opencode) throw new Error(opencode.missing)
  const home = await mkdtemp(path.join(tmpdir(), "fleet-opencode-"))
  await writeFile(path.join(home, "models.json"), "{}")
  const env = { PATH: process.env["PATH"], HOME: home, TMPDIR: home, ...offline(home, "http://127.0.0.1:9") }
  await promisify(execFile)(opencode.argv0, ["session", "list"], { cwd: home, env, timeout: 60_000 })
  return home
}

/** Nothing is fetched, and the catalogue of models, which each directory would parse anew, is empty. */
export const offline = (home: string, url: string): Record<string, string> => ({
  OPENCODE_CONFIG_CONTENT: JSON.stringify(configFor(url)),
  OPENCODE_MODELS_PATH: path.join(home, "models.json"),
  OPENCODE_DISABLE_MODELS_FETCH: "1",
  OPENCODE_DISABLE_AUTOUPDATE: "1",
  OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
  OPENCODE_DISABLE_CLAUDE_CODE: "1",
  OPENCODE_DISABLE_EXTERNAL_SKILLS: "1",
  npm_config_offline: "true",
})

function configFor(url: string): object {
  const model = {
    tool_call: true,
    reasoning: true,
    attachment: true,
    modalities: { input: ["text", "image"], output: ["text"] },
    limit: { context: 200_000, output: 32_000 },
  }
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
