/** The real codex, driven by the conformance suite. Only the model is not real: a scripted one on loopback. */
import { spawnSync } from "node:child_process"
import { access, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { realAgent } from "../../../../scripts/real-agents.ts"
import { startModel, type Model } from "../../../../test/model/model.ts"
import { Children } from "../../../runtime/children.ts"
import { agentCase, notesOf, type AgentUnderTest } from "../../../worker/ports/agent.case.ts"
import { describeAgentDriver } from "../../../worker/ports/agent.conformance.ts"
import { openCodexDriver } from "./driver.ts"

const codex = realAgent("codex")

async function open(permissions: "ask" | "allow", mode: string | null = null): Promise<AgentUnderTest & { readonly model: Model; readonly home: string }> {
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
      argv: [codex.argv0, "app-server"],
      env: {},
      model: null,
      mode,
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
    model,
    home,
    environment: { PATH: process.env["PATH"] ?? "", HOME: home, TMPDIR: home, SCRIPTED_KEY: "dummy", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
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

/** Its sandbox needs user namespaces, which a container may not have. */
const sandboxWorks = (argv0: string): boolean =>
  spawnSync(argv0, ["sandbox", "--", "true"], { env: { PATH: process.env["PATH"], HOME: tmpdir(), TMPDIR: tmpdir() }, timeout: 20_000 }).status === 0

if ("missing" in codex) test.skip(`the real codex [skipped: ${codex.missing}]`, () => undefined)
else {
  describeAgentDriver({
    name: `codex ${codex.version}`,
    open: (permissions) => open(permissions),
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
      resetAt: "codex does not tell how long the provider asks it to wait",
    },
  })

  test("each session's tools see the session's own environment, though they share a process", async () => {
    await using its = await agentCase(() => open("allow"))
    const sessions = await Promise.all([its.session("one"), its.session("two")])
    const script = '[[run cmd="printf %s $FLEET_SESSION > session.txt"]]'
    const outcomes = await Promise.all(sessions.map(({ session }) => session.prompt(script)))
    expect(outcomes).toMatchObject([{ how: "completed" }, { how: "completed" }])
    expect([await its.file("session.txt", "one"), await its.file("session.txt", "two")]).toEqual(sessions.map(({ id }) => id))
    expect(sessions[0]?.id).not.toBe(sessions[1]?.id)
  })

  test("a picture and a model of its own reach the turn that they came with, and only that", async () => {
    const tested = await open("allow")
    await using its = await agentCase(() => Promise.resolve(tested))
    const file = path.join(tested.home, "red.png")
    await writeFile(file, Buffer.from(png, "base64"))
    const { session } = await its.session("one")
    await session.prompt('[[say "seen"]]', { attachments: [{ mime: "image/png", name: "red.png", file }], model: "another", mode: null })
    const asked = tested.model.requests.at(-1)?.body
    expect(JSON.stringify(asked?.["input"])).toContain("data:image/png;base64,")
    expect(asked?.["model"]).toBe("another")
    await session.prompt('[[say "as before"]]')
    expect(tested.model.requests.at(-1)?.body["model"]).toBe("scripted")
  })

  test("the effort of a task reaches the model with every turn, and one that the model does not take is said and left out", async () => {
    const tested = await open("allow")
    await using its = await agentCase(() => Promise.resolve(tested))
    const efforts = (): unknown[] => tested.model.requests.flatMap(({ body }) => (body["reasoning"] == null ? [] : [body["reasoning"]]))
    const { session } = await its.session("one", { model: "gpt-6-luna", effort: "low" })
    await session.prompt('[[say "once"]]')
    await session.prompt('[[say "twice"]]')
    expect(efforts()).toMatchObject([{ effort: "low" }, { effort: "low" }])
    const other = await its.session("two", { model: "gpt-6-luna", effort: "enormous" })
    await other.session.prompt('[[say "as usual"]]')
    expect(notesOf(other.heard)).toEqual([expect.stringMatching(/^codex works without the effort "enormous": its model gpt-6-luna takes .*low/)])
    expect(efforts().at(-1)).not.toMatchObject({ effort: "enormous" })
  })

  test("a conversation that goes on as another session has that one's environment", async () => {
    await using its = await agentCase(() => open("allow"))
    const first = await its.session("one")
    await first.session.prompt('[[say "hello"]]')
    await first.session.close()
    const second = await its.session("two", { resume: first.session.agentSession })
    expect(second.session).toMatchObject({ resumed: true, agentSession: first.session.agentSession })
    await second.session.prompt('[[run cmd="printf %s $FLEET_SESSION > session.txt"]]')
    expect(await its.file("session.txt", "two")).toBe(second.id)
  })

  test("a command that was only just started ends with its turn", async () => {
    await using its = await agentCase(() => open("allow"))
    const { session, heard } = await its.session("one")
    const turn = session.prompt('[[run cmd="tail -f /dev/null"]]')
    await expect.poll(() => heard.some((event) => event.type === "said" && event.chunk.type === "tool"), { interval: 1 }).toBe(true)
    await session.interrupt()
    expect(await turn).toMatchObject({ how: "interrupted" })
    expect(await its.commands()).not.toContain("tail")
  })

  test.skipIf(!sandboxWorks(codex.argv0))("in codex's own sandbox, a linked worktree can commit, and what lies outside cannot be written", async () => {
    await using its = await agentCase(() => open("allow", "workspace-write"))
    const { session } = await its.session("one")
    const outcome = await session.prompt('[[run cmd="touch /usr/fleet-was-here"]] [[write path=a.txt text=a]] [[commit message="add a"]]')
    expect(outcome).toMatchObject({ how: "completed" })
    expect(await its.git("log", "-1", "--format=%s")).toBe("add a\n")
    await expect(access("/usr/fleet-was-here")).rejects.toThrow("ENOENT")
  })

  test("a patch is asked for as an edit that names its files", async () => {
    await using its = await agentCase(() => open("ask"))
    const { session, waiting } = await its.session("one")
    const patch = "*** Begin Patch\\n*** Add File: new.txt\\n+hello\\n*** End Patch"
    const turn = session.prompt(`[[run cmd="apply_patch <<'EOF'\\n${patch.replaceAll("\\\\", "\\")}\\nEOF"]]`)
    const request = await waiting.asked()
    expect(request).toMatchObject({ kind: "edit", command: null, paths: [expect.stringContaining("new.txt")] })
    expect(await session.answer(request.permission, true, null)).toBe(true)
    expect(await turn).toMatchObject({ how: "completed" })
    expect(await its.file("new.txt")).toBe("hello\n")
  })
}

/** One red pixel. */
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
