/** The real Claude Code, driven by the conformance suite. Only the model is not real: a scripted one on loopback. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { test } from "vitest"
import { realAgent } from "../../../../scripts/real-agents.ts"
import { startModel } from "../../../../test/model/model.ts"
import { Children } from "../../../runtime/children.ts"
import type { AgentUnderTest } from "../../../worker/ports/agent.case.ts"
import { describeAgentDriver } from "../../../worker/ports/agent.conformance.ts"
import { openClaudeDriver } from "./driver.ts"

const claude = realAgent("claude")

async function open(permissions: "ask" | "allow"): Promise<AgentUnderTest> {
  if ("missing" in claude) throw new Error(claude.missing)
  const home = await mkdtemp(path.join(tmpdir(), "fleet-claude-"))
  const model = await startModel()
  const children = new Children()
  const driver = openClaudeDriver({
    entry: {
      name: "claude",
      driver: "claude",
      argv: [claude.argv0, "app-server"],
      env: {},
      model: null,
      mode: null,
      shared: false,
      slotsMax: null,
      family: "claude",
    },
    children,
    permissions,
    graceMs: 5_000,
    openTimeoutMs: 30_000,
    stateDirectory: home,
  })
  return {
    driver,
    environment: { PATH: process.env["PATH"] ?? "", HOME: home, TMPDIR: home, ...offline(model.url), GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    cleanup: async () => {
      await children[Symbol.asyncDispose]()
      await model[Symbol.asyncDispose]()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** Fewer retries than its ten, so that what fails for ever fails within seconds. */
const offline = (url: string): Record<string, string> => ({
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: "dummy",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  CLAUDE_CODE_MAX_RETRIES: "1",
  DISABLE_AUTOUPDATER: "1",
})

if ("missing" in claude) test.skip(`the real Claude Code [skipped: ${claude.missing}]`, () => undefined)
else
  describeAgentDriver({
    name: `claude ${claude.version}`,
    open,
    supports: {
      permissions: true,
      resume: true,
      interrupt: true,
      steer: true,
      acknowledges: true,
      usage: true,
      thoughts: true,
      tools: true,
      died: true,
      errors: { auth: true, "rate-limit": true, overload: true, network: true, refused: true },
      resetAt: true,
    },
  })
