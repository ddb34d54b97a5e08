/** The real opencode behind its servers, driven by the conformance suite. Only the model is not real: a scripted one on loopback. */
import { writeFile } from "node:fs/promises"
import path from "node:path"
import { afterAll, expect, test } from "vitest"
import { realAgent } from "../../../../scripts/real-agents.ts"
import { agentCase, notesOf, type AgentCase } from "../../../worker/ports/agent.case.ts"
import type { PromptExtras } from "../../../worker/ports/agent.ts"
import { describeAgentDriver } from "../../../worker/ports/agent.conformance.ts"
import { usualLimits } from "./pool.ts"
import { openOpencode, removeTemplate, type OpencodeSettings } from "../../../../test/real/opencode-server.ts"

const opencode = realAgent("opencode")
const opened = (settings: OpencodeSettings = {}): Promise<AgentCase> => agentCase(() => openOpencode(settings))
afterAll(removeTemplate)

if ("missing" in opencode) test.skip(`the real opencode [skipped: ${opencode.missing}]`, () => undefined)
else {
  describeAgentDriver({
    name: `opencode ${opencode.version}`,
    open: (permissions) => openOpencode({ permissions }),
    supports: {
      permissions: true,
      resume: true,
      survives: true,
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

  test("each session's tools see the session's own environment, though they share a process", async () => {
    await using its = await opened()
    const sessions = await Promise.all([its.session("one"), its.session("two")])
    const script = '[[run cmd="printf %s $FLEET_SESSION > session.txt"]]'
    const outcomes = await Promise.all(sessions.map(({ session }) => session.prompt(script)))
    expect(outcomes).toMatchObject([{ how: "completed" }, { how: "completed" }])
    expect([await its.file("session.txt", "one"), await its.file("session.txt", "two")]).toEqual(sessions.map(({ id }) => id))
    expect((await its.commands()).filter((command) => command.includes("opencode"))).toHaveLength(1)
  })

  test("a tool sees neither the password of its server nor the marks of another session", async () => {
    await using its = await opened()
    await its.session("two")
    const { session } = await its.session("one")
    await session.prompt('[[run cmd="env > env.txt"]]')
    const seen = (await its.file("env.txt")) ?? ""
    for (const name of ["OPENCODE_SERVER_PASSWORD", "OPENCODE_CONFIG", "npm_config_fetch_retries"]) expect(seen).toMatch(new RegExp(`^${name}=$`, "m"))
    expect(seen.match(/^FLEET_SESSION=.*$/gm)).toHaveLength(1)
  })

  test("closing a session ends the tool that it runs, and leaves another session's at work", async () => {
    await using its = await opened()
    const [first, second] = [await its.session("one"), await its.session("two")]
    const turns = [first.session.prompt('[[run cmd="tail -f /dev/null"]]'), second.session.prompt('[[run cmd="mkfifo gate; cat gate"]]')]
    await expect
      .poll(async () => (await its.commands()).filter((name) => name === "tail" || name === "cat").toSorted(), { timeout: 15_000 })
      .toEqual(["cat", "tail"])
    await first.session.close()
    expect(["interrupted", "lost"]).toContain((await turns[0])?.how)
    await expect.poll(() => its.commands(), { timeout: 5_000 }).not.toContain("tail")
    expect(await its.commands()).toContain("cat")
    await second.session.interrupt()
    expect(await turns[1]).toMatchObject({ how: "interrupted" })
  })

  test("a command that leaves the workspace is asked for as that command", async () => {
    await using its = await opened({ permissions: "ask" })
    const { session, waiting } = await its.session("one")
    const turn = session.prompt('[[run cmd="ls /usr/share"]]')
    const request = await waiting.asked()
    expect(request).toMatchObject({ kind: "run", command: "ls /usr/share" })
    await session.interrupt()
    expect(await turn).toMatchObject({ how: "interrupted" })
  })

  test("a session at rest goes on, in the same conversation, after its server was killed", async () => {
    await using its = await opened()
    const { session, heard } = await its.session("one")
    await session.prompt('[[say "before"]]')
    await its.kill()
    const outcome = await session.prompt('[[if resumed]][[say "I remember"]][[else]][[say "who are you?"]][[end]]')
    expect(outcome).toMatchObject({ how: "completed", text: "I remember" })
    expect(heard.filter((event) => event.type === "died")).toEqual([])
  })

  test("a closed conversation can be opened again", async () => {
    await using its = await opened()
    const first = await its.session("one")
    await first.session.prompt('[[say "hello"]]')
    await first.session.close()
    const second = await its.session("two", { resume: first.session.agentSession })
    expect(second.session).toMatchObject({ resumed: true, agentSession: first.session.agentSession })
    expect(await second.session.prompt('[[run cmd="printf %s $FLEET_SESSION > session.txt"]]')).toMatchObject({ how: "completed" })
    expect(await its.file("session.txt", "two")).toBe(second.id)
  })

  test("a full server gets a second one beside it, and one that nobody needs ends", async () => {
    await using its = await opened({ limits: { pool: { ...usualLimits, sessionsMax: 1, idleMs: 100 } } })
    const servers = async (): Promise<number> => (await its.commands()).filter((command) => command.includes("opencode")).length
    const [first, second] = [await its.session("one"), await its.session("two")]
    expect(await servers()).toBe(2)
    await second.session.close()
    await expect.poll(servers, { timeout: 15_000 }).toBe(1)
    expect(await first.session.prompt('[[say "still here"]]')).toMatchObject({ how: "completed" })
    await first.session.close()
    await expect.poll(servers, { timeout: 15_000 }).toBe(0)
  })

  test("a server that grew too large is given up: whoever rests goes on elsewhere, and it ends", async () => {
    await using its = await opened({ limits: { pool: { ...usualLimits, lookMs: 200, residentBytesMax: 1 } } })
    const { session } = await its.session("one")
    await expect.poll(async () => (await its.commands()).filter((command) => command.includes("opencode")), { timeout: 15_000 }).toEqual([])
    // The next one is too large as well, but the turn that runs on it ends there.
    expect(await session.prompt('[[run cmd="mkfifo gate; sleep 1"]] [[say "done"]]')).toMatchObject({ how: "completed" })
  })

  test("a picture reaches the model", async () => {
    const tested = await openOpencode()
    await using its = await agentCase(() => Promise.resolve(tested))
    const file = path.join(tested.home, "red.png")
    await writeFile(file, Buffer.from(png, "base64"))
    const { session } = await its.session("one")
    const extras: PromptExtras = { attachments: [{ mime: "image/png", name: "red.png", file }], model: "scripted/scripted-small", mode: "plan" }
    expect(await session.prompt('[[say "seen"]]', extras)).toMatchObject({ how: "completed" })
    const asked = tested.model.requests.at(-1)?.body
    expect(JSON.stringify(asked?.["messages"])).toContain(`data:image/png;base64,${png}`)
    expect(asked?.["model"]).toBe("scripted-small")
    expect(JSON.stringify(asked?.["messages"])).toContain("Plan Mode")
    await session.prompt('[[say "as before"]]')
    expect(tested.model.requests.at(-1)?.body["model"]).toBe("scripted")
  })

  test("the effort of a task reaches the model, and one that the model does not offer is said once and left out", async () => {
    const tested = await openOpencode()
    await using its = await agentCase(() => Promise.resolve(tested))
    const asked = (): unknown => tested.model.requests.findLast(({ body }) => JSON.stringify(body).includes("think of it"))?.body["reasoning_effort"]
    const { session } = await its.session("one", { effort: "low" })
    expect(await session.prompt('think of it [[say "done"]]')).toMatchObject({ how: "completed" })
    expect(asked()).toBe("low")
    const other = await its.session("two", { effort: "enormous" })
    for (const _ of [1, 2]) expect(await other.session.prompt('think of it [[say "done"]]')).toMatchObject({ how: "completed" })
    expect(notesOf(other.heard)).toEqual([expect.stringMatching(/^opencode works without the effort "enormous": scripted\/scripted offers .*low/)])
    expect(asked()).toBeUndefined()
  })

  test("it offers its agents, models and commands, and a command can be called by its name", async () => {
    await using its = await opened()
    const { session } = await its.session("one")
    const offers = await session.offers()
    expect(offers.modes.map((mode) => mode.name)).toEqual(["build", "plan"])
    expect(offers.models).toContainEqual({ id: "scripted/scripted", title: "scripted scripted" })
    expect(offers.commands.map((command) => command.name)).toContain("init")
    expect(await session.prompt('/init [[write path=a.txt text=x]] [[say "called"]]')).toMatchObject({
      how: "completed",
      text: expect.stringContaining("called"),
    })
    expect(await its.file("a.txt")).toBe("x")
  })

  test("a mode or a model that is not there is told when the session is opened", async () => {
    await using mode = await opened({ entry: { mode: "yolo" } })
    await expect(mode.session("one")).rejects.toMatchObject({ fault: { code: "agent-mode", why: "it offers build, plan" } })
    await using model = await opened({ entry: { model: "scripted/huge" } })
    await expect(model.session("one")).rejects.toMatchObject({ fault: { code: "agent-model" } })
  })

  test("a person's own OPENCODE_CONFIG stays in force beside Fleet's plugin, and without plugins nothing is begun", async () => {
    const tested = await openOpencode()
    const own = path.join(tested.home, "own.json")
    await writeFile(
      own,
      JSON.stringify({
        command: {
          mine: { template: "$ARGUMENTS", description: "of my own" },
          helper: { template: "$ARGUMENTS", agent: "general", subtask: true },
        },
      }),
    )
    await using its = await agentCase(() => Promise.resolve({ ...tested, environment: { ...tested.environment, OPENCODE_CONFIG: own } }))
    const { id, session } = await its.session("one")
    expect((await session.offers()).commands).toContainEqual({ name: "mine", description: "of my own" })
    await session.prompt('/mine [[run cmd="printf %s $FLEET_SESSION > session.txt"]]')
    expect(await its.file("session.txt")).toBe(id)
    // Run by an agent of its own, in a conversation that Fleet did not open.
    await session.prompt('/helper [[run cmd="printf %s $FLEET_SESSION > helper.txt"]]')
    expect(await its.file("helper.txt")).toBe(id)
    await using pure = await opened({ environment: { OPENCODE_PURE: "1" } })
    await expect(pure.session("one")).rejects.toMatchObject({ fault: { code: "agent-plugin" } })
  })
}

/** One red pixel. */
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
