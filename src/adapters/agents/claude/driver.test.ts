/** The real Claude Code, driven by the conformance suite. Only the model is not real: a scripted one on loopback. */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { realAgent } from "../../../../scripts/real-agents.ts"
import { startModel, type Model } from "../../../../test/model/model.ts"
import { Children } from "../../../runtime/children.ts"
import { agentCase, notesOf, type AgentUnderTest } from "../../../worker/ports/agent.case.ts"
import { describeAgentDriver } from "../../../worker/ports/agent.conformance.ts"
import { openClaudeDriver } from "./driver.ts"

const claude = realAgent("claude")

async function open(permissions: "ask" | "allow"): Promise<AgentUnderTest & { readonly model: Model; readonly home: string }> {
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
    model,
    home,
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
else {
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

  test("a picture and a model of its own reach the turn that they came with, and only that; its commands and models are offered", async () => {
    const tested = await open("ask")
    await using its = await agentCase(() => Promise.resolve(tested))
    const file = path.join(tested.home, "red.png")
    await writeFile(file, Buffer.from(png, "base64"))
    const { session } = await its.session("one")
    const offers = await session.offers()
    expect(offers.commands.map((command) => command.name)).toContain("init")
    expect(offers.models).not.toEqual([])
    const picture = { mime: "image/png" as const, name: "red.png", file }
    await session.prompt('[[say "seen"]]', { attachments: [picture], model: "claude-another-1", mode: "plan" })
    const asked = tested.model.requests.findLast((request) => request.path.endsWith("/messages"))?.body
    expect(JSON.stringify(asked?.["messages"])).toContain('"media_type":"image/png"')
    expect(asked?.["model"]).toBe("claude-another-1")
    await session.prompt('[[say "as before"]]')
    const after = tested.model.requests.findLast((request) => request.path.endsWith("/messages"))?.body
    expect(after?.["model"]).not.toBe("claude-another-1")
  })

  test("the effort of a task reaches the model, and one that claude does not know is said and left out", async () => {
    const tested = await open("allow")
    await using its = await agentCase(() => Promise.resolve(tested))
    const asked = (): unknown => tested.model.requests.findLast((request) => request.path.endsWith("/messages"))?.body["output_config"]
    const { session } = await its.session("one", { model: "claude-opus-4-6", effort: "low" })
    expect(await session.prompt('[[say "done"]]')).toMatchObject({ how: "completed" })
    expect(asked()).toMatchObject({ effort: "low" })
    const other = await its.session("two", { model: "claude-opus-4-6", effort: "enormous" })
    expect(await other.session.prompt('[[say "done"]]')).toMatchObject({ how: "completed" })
    expect(notesOf(other.heard)).toEqual(['claude works without the effort "enormous": claude knows low, medium, high, xhigh, max'])
    expect(asked()).not.toMatchObject({ effort: "low" })
  })
}

/** One red pixel. */
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
