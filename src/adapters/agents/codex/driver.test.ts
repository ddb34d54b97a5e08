/** The real codex, driven by the conformance suite. Only the model is not real: a scripted one on loopback. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { test } from "vitest"
import { realAgent } from "../../../../scripts/real-agents.ts"
import { startModel } from "../../../../test/model/model.ts"
import { Children } from "../../../runtime/children.ts"
import type { AgentUnderTest } from "../../../worker/ports/agent.case.ts"
import { describeAgentDriver } from "../../../worker/ports/agent.conformance.ts"
import { openCodexDriver } from "./driver.ts"

const codex = realAgent("codex")

async function open(permissions: "ask" | "allow"): Promise<AgentUnderTest> {
  if ("missing" in codex) throw new Error(codex.missing)
  const home = await mkdtemp(path.join(tmpdir(), "fleet-codex-"))
  const model = await startModel()
  await mkdir(path.join(home, ".codex"))
  await writeFile(path.join(home, ".codex", "config.toml"), configFor(model.url))
  const children = new Children()
  const driver = openCodexDriver({
    entry: {
      name: "codex",
      driver: "codex",
      argv: [codex.argv0],
      env: {},
      model: null,
      mode: null,
      shared: true,
      slotsMax: null,
      family: "codex",
    },
    children,
    permissions,
    graceMs: 5_000,
    openTimeoutMs: 30_000,
    stateDirectory: home,
  })
  return {
    driver,
    environment: { PATH: process.env["PATH"] ?? "", HOME: home, SCRIPTED_KEY: "dummy", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    cleanup: async () => {
      await children[Symbol.asyncDispose]()
      await model[Symbol.asyncDispose]()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** Offline, codex would wait for its analytics when it ends. */
const configFor = (url: string): string => `
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

if ("missing" in codex) test.skip(`the real codex [skipped: ${codex.missing}]`, () => undefined)
else
  describeAgentDriver({
    name: `codex ${codex.version}`,
    open,
    supports: {
      permissions: true,
      resume: true,
      interrupt: true,
      acknowledges: true,
      usage: true,
      thoughts: true,
      tools: true,
      died: true,
      errors: { auth: true, "rate-limit": true, overload: true, network: true, refused: true },
      resetAt: "codex does not tell how long the provider asks it to wait",
    },
  })
