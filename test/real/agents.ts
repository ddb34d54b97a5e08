/** The real agents as a person would have them, in a directory of its own: their homes, and a config.yaml that starts them. Only the model is not real: a scripted one on loopback. */
import { execFile } from "node:child_process"
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { realAgent, type RealAgentName } from "../../scripts/real-agents.ts"
import { startModel, type Model } from "../model/model.ts"

export interface RealAgents extends AsyncDisposable {
  readonly directory: string
  readonly model: Model
  /** The person's config.yaml. */
  readonly config: string
  /** The same agents as on the day that they were installed: nobody has logged in. */
  readonly loggedOut: string
}

/** Those that are installed. */
export const installed: readonly RealAgentName[] = (["codex", "claude", "opencode"] as const).filter((name) => !("missing" in realAgent(name)))

/** One line for each that is not, with the reason. */
export const missing: readonly string[] = (["codex", "claude", "opencode"] as const).flatMap((name) => {
  const agent = realAgent(name)
  return "missing" in agent ? [`${name}: ${agent.missing}`] : []
})

/** Starts the model and makes the homes. `config`: what the person's config says besides of the agents. */
export async function realAgents(config: object = {}): Promise<RealAgents> {
  const directory = await realpath(await mkdtemp(path.join(tmpdir(), "fleet-real-")))
  const model = await startModel()
  for (const name of ["codex", "codex-new", "tmp"]) await mkdir(path.join(directory, name))
  await writeFile(path.join(directory, "codex", "config.toml"), codexConfig(model.url))
  await writeFile(path.join(directory, "models.json"), "{}")
  const configOf = (more: (name: RealAgentName) => Record<string, string>): string => {
    const env = (name: RealAgentName) => ({ TMPDIR: path.join(directory, "tmp"), ...more(name) })
    // JSON is YAML.
    return JSON.stringify({ ...config, agents: Object.fromEntries(installed.map((name) => [name, { argv: argvOf(name), env: env(name), ...modelOf(name) }])) })
  }
  if (installed.includes("opencode")) await runOnce(directory, model.url)
  return {
    directory,
    model,
    config: configOf((name) => envOf(name, directory, model.url)),
    loggedOut: configOf((name) => loggedOutEnv(name, directory, model.url)),
    [Symbol.asyncDispose]: async () => {
      await model[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export function programOf(name: RealAgentName): string {
  const agent = realAgent(name)
  if ("missing" in agent) throw new Error(agent.missing)
  return agent.argv0
}

/** Named as a person would in Fleet's config; the others' own configs and defaults name theirs. */
const modelOf = (name: RealAgentName): object => (name === "opencode" ? { model: "scripted/scripted" } : {})

function argvOf(name: RealAgentName): readonly string[] {
  switch (name) {
    case "codex":
      return [programOf(name), "app-server"]
    case "claude":
      return [programOf(name)]
    case "opencode":
      return [programOf(name), "serve"]
  }
}

function envOf(name: RealAgentName, directory: string, url: string): Record<string, string> {
  switch (name) {
    case "codex":
      return { CODEX_HOME: path.join(directory, "codex"), SCRIPTED_KEY: "dummy" }
    case "claude":
      return {
        CLAUDE_CONFIG_DIR: path.join(directory, "claude"),
        ANTHROPIC_BASE_URL: url,
        ANTHROPIC_API_KEY: "dummy",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      }
    case "opencode":
      return {
        ...Object.fromEntries(["CONFIG", "DATA", "STATE", "CACHE"].map((kind) => [`XDG_${kind}_HOME`, path.join(directory, "opencode", kind.toLowerCase())])),
        OPENCODE_CONFIG_CONTENT: JSON.stringify(opencodeConfig(url)),
        // Nothing is fetched, and the catalogue of models, which each directory would parse anew, is empty.
        OPENCODE_MODELS_PATH: path.join(directory, "models.json"),
        OPENCODE_DISABLE_MODELS_FETCH: "1",
        OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
        OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
        OPENCODE_DISABLE_CLAUDE_CODE: "1",
        OPENCODE_DISABLE_EXTERNAL_SKILLS: "1",
        npm_config_offline: "true",
      }
  }
}

/** opencode takes its maker's free models when nobody has logged in: a provider that wants another key stands for it. */
function loggedOutEnv(name: RealAgentName, directory: string, url: string): Record<string, string> {
  switch (name) {
    case "codex":
      return { CODEX_HOME: path.join(directory, "codex-new") }
    case "claude":
      return { CLAUDE_CONFIG_DIR: path.join(directory, "claude-new"), ANTHROPIC_BASE_URL: url, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" }
    case "opencode":
      return envOf(name, directory, url)
  }
}

/** Two that make their database in the same home at the same time trip over each other; a person's has long been made. */
async function runOnce(directory: string, url: string): Promise<void> {
  const env = { PATH: process.env["PATH"], HOME: directory, TMPDIR: path.join(directory, "tmp"), ...envOf("opencode", directory, url) }
  await promisify(execFile)(programOf("opencode"), ["session", "list"], { cwd: directory, env, timeout: 60_000 })
  // It exits in the middle of preparing its home for plugins; the next would wait for its lock until that is stale.
  await rm(path.join(directory, "opencode", "state", "opencode", "locks"), { recursive: true, force: true })
}

/** Offline, codex would wait for its analytics when it ends. */
const codexConfig = (url: string): string => `
model = "scripted"
model_provider = "scripted"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.scripted]
name = "Scripted"
base_url = "${url}/v1"
env_key = "SCRIPTED_KEY"
wire_api = "responses"
request_max_retries = 1
stream_max_retries = 1
`

function opencodeConfig(url: string): object {
  const model = { tool_call: true, limit: { context: 200_000, output: 32_000 } }
  return {
    autoupdate: false,
    share: "disabled",
    snapshot: false,
    small_model: "scripted/scripted-small",
    enabled_providers: ["scripted"],
    provider: {
      scripted: { npm: "@ai-sdk/openai-compatible", options: { baseURL: `${url}/v1`, apiKey: "dummy" }, models: { scripted: model, "scripted-small": model } },
    },
  }
}
