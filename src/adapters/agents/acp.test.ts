import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { describeAgentDriver } from "../../worker/ports/agent.conformance.ts"
import type { Supports } from "../../worker/ports/agent.suite.ts"
import { agentCase, notesOf, textOf, type AgentCase, type AgentUnderTest } from "../../worker/ports/agent.case.ts"
import { Children } from "../../runtime/children.ts"
import { openAcpDriver } from "./acp.ts"
import type { AgentEntry } from "./options.ts"

const program = fileURLToPath(new URL("../../main/scripted-agent.ts", import.meta.url))

function scripted(changes: Partial<AgentEntry> = {}): AgentEntry {
  const argv: AgentEntry["argv"] = [process.execPath, program]
  return { name: "scripted", driver: "acp", argv, env: {}, model: null, mode: null, shared: false, slotsMax: null, family: "scripted", ...changes }
}

async function underTest(entry: AgentEntry, permissions: "ask" | "allow", openTimeoutMs = 20_000): Promise<AgentUnderTest> {
  const home = await mkdtemp(path.join(tmpdir(), "fleet-acp-"))
  const children = new Children()
  const driver = openAcpDriver({ entry, children, permissions, graceMs: 500, openTimeoutMs, stateDirectory: home })
  return {
    driver,
    environment: { PATH: process.env["PATH"] ?? "", HOME: home, FLEET_SCRIPTED_HOME: path.join(home, "sessions") },
    cleanup: async () => {
      await children[Symbol.asyncDispose]()
      await rm(home, { recursive: true, force: true })
    },
  }
}

const supports: Supports = {
  permissions: true,
  resume: true,
  interrupt: true,
  steer: "ACP has no way to say something to a turn that runs",
  acknowledges: true,
  usage: true,
  thoughts: true,
  tools: true,
  died: true,
  errors: {
    "rate-limit": true,
    auth: true,
    overload: true,
    refused: true,
    network: "the scripted agent is its own provider: its [[drop]] breaks the agent's stream, which is a lost turn",
  },
  resetAt: true,
}

describeAgentDriver({ name: "acp (scripted agent)", supports, open: (permissions) => underTest(scripted(), permissions) })
describeAgentDriver({
  name: "acp (scripted agent, resuming by session/load)",
  supports,
  open: (permissions) => underTest(scripted({ argv: [process.execPath, program, "--load-only"] }), permissions),
})
describeAgentDriver({
  name: "acp (scripted agent, one process for all sessions)",
  supports,
  open: (permissions) => underTest(scripted({ shared: true }), permissions),
})

describe("the scripted agent over acp", () => {
  const opened = (changes: Partial<AgentEntry> = {}, permissions: "ask" | "allow" = "allow"): Promise<AgentCase> =>
    agentCase(() => underTest(scripted(changes), permissions))

  test("a stream that breaks off in the middle of a message is a lost turn, and the process that lives on is ended", async () => {
    await using its = await opened()
    const { session, heard } = await its.session("one")
    const outcome = await session.prompt('[[say "before"]] [[drop]]')
    expect(outcome).toMatchObject({ how: "lost", text: "before\n", message: expect.stringContaining("its output ended, though it still runs") })
    expect(heard.filter((event) => event.type === "died")).toHaveLength(1)
    expect(await its.commands()).not.toEqual([])
    await session.close()
    expect(await its.commands()).toEqual([])
  })

  test("an agent that exits in its turn is a lost turn with its exit code", async () => {
    await using its = await opened()
    const { session } = await its.session("one")
    expect(await session.prompt("[[exit code=3]]")).toMatchObject({ how: "lost", message: "it exited with code 3" })
  })

  test("a failure for a number of times goes well after that, also in a later attempt's own session", async () => {
    await using its = await opened()
    const { session } = await its.session("one")
    const script = '[[fail status=500 times=1]] [[say "at last"]]'
    expect(await session.prompt(script)).toMatchObject({ how: "failed", error: { class: "overload" } })
    expect(await session.prompt(script)).toMatchObject({ how: "completed", text: "at last\n" })
    await using later = await opened({ env: { FLEET_ATTEMPT: "2" } })
    expect(await (await later.session("one")).session.prompt(script)).toMatchObject({ how: "completed" })
  })

  test("a resumed conversation knows that it is one", async () => {
    await using its = await opened()
    const script = '[[if resumed]][[say "I remember"]][[else]][[say "who are you?"]][[end]]'
    const first = await its.session("one")
    expect((await first.session.prompt(script)).text).toBe("who are you?\n")
    await first.session.close()
    const second = await its.session("one", { resume: first.session.agentSession })
    expect((await second.session.prompt(script)).text).toBe("I remember\n")
  })

  test("in the mode that asks, a write waits for its answer and names its file", async () => {
    await using its = await opened({ mode: "ask" }, "ask")
    const { session, waiting } = await its.session("one")
    const turn = session.prompt("[[write path=a.txt text=x]]")
    const request = await waiting.asked()
    expect(request).toMatchObject({ kind: "edit", title: "write a.txt", paths: ["a.txt"], command: null })
    await session.answer(request.permission, true, null)
    expect((await turn).how).toBe("completed")
    expect(await its.file("a.txt")).toBe("x")
  })

  test("when all is allowed, nobody is asked", async () => {
    await using its = await opened({ mode: "ask" }, "allow")
    const { session, heard } = await its.session("one")
    await session.prompt("[[ask cmd=ls]] [[write path=a.txt text=x]]")
    expect(heard.filter((event) => event.type === "asked")).toEqual([])
    expect(await its.file("a.txt")).toBe("x")
  })

  test("a mode holds for the turn that names it, and what it offers can be read", async () => {
    await using its = await opened({}, "ask")
    const { session, heard, waiting } = await its.session("one")
    expect((await session.offers()).modes.map((mode) => mode.name)).toEqual(["script", "ask"])
    const turn = session.prompt("[[write path=a.txt text=x]]", { attachments: [], model: null, mode: "ask" })
    await session.answer((await waiting.asked()).permission, true, null)
    expect((await turn).how).toBe("completed")
    await session.prompt("[[write path=b.txt text=x]]")
    expect(heard.filter((event) => event.type === "asked")).toHaveLength(1)
    expect(await its.file("b.txt")).toBe("x")
  })

  test("an agent that offers no choice of effort goes on without it, and that is said", async () => {
    await using its = await opened()
    const { session, heard } = await its.session("one", { effort: "low" })
    expect(await session.prompt('[[say "done"]]')).toMatchObject({ how: "completed" })
    expect(notesOf(heard)).toEqual(['scripted works without the effort "low": it offers no choice of effort over ACP'])
  })

  test("what an agent cannot take with a prompt is said, and a picture is named by its path", async () => {
    await using its = await opened()
    const { session, heard } = await its.session("one")
    const extras = { attachments: [{ mime: "image/png" as const, name: "red.png", file: "/pictures/red.png" }], model: "big", mode: null }
    expect((await session.prompt('[[say "done"]]', extras)).how).toBe("completed")
    const notes = heard.flatMap((event) => (event.type === "said" && event.chunk.type === "note" ? [event.chunk.text] : []))
    expect(notes).toEqual(['scripted works on without the model "big": the agent does not offer it', "scripted takes no pictures: it was given their paths"])
  })

  test("a wrong script is a failed turn that names the marker", async () => {
    await using its = await opened()
    const { session } = await its.session("one")
    const outcome = await session.prompt("[[wirte path=a]]")
    expect(outcome).toMatchObject({ how: "failed", error: { class: "bug", message: expect.stringContaining('there is no marker "wirte"') } })
  })

  test("a mode that the agent does not have is a fault that says which it has", async () => {
    await using its = await opened({ mode: "yolo" })
    await expect(its.session("one")).rejects.toMatchObject({ fault: { code: "agent-mode", why: "it offers script, ask" } })
  })

  test("a model that cannot be chosen is a fault, not ignored", async () => {
    await using its = await opened({ model: "big" })
    await expect(its.session("one")).rejects.toMatchObject({ fault: { code: "agent-model" } })
  })

  test("a program that is not there is a fault that says so", async () => {
    await using its = await opened({ argv: ["fleet-no-such-program"] })
    await expect(its.session("one")).rejects.toMatchObject({ fault: { code: "agent-missing" } })
  })
})

describe("agents that misbehave over acp", () => {
  const fixture = fileURLToPath(new URL("acp/misbehaving.fixture.ts", import.meta.url))
  const opened = (...flaws: string[]): Promise<AgentCase> =>
    agentCase(() => underTest(flawed(flaws), "ask", flaws.includes("never-initializes") ? 1_000 : 20_000))
  const flawed = (flaws: string[]): AgentEntry =>
    scripted({ argv: [process.execPath, fixture, ...flaws], family: flaws.includes("says-error") ? "copilot" : "other" })

  test("an effort is set where the agent offers a choice of it, and another than those is said and left out", async () => {
    await using its = await opened("thinks")
    const { session } = await its.session("one", { effort: "low" })
    expect((await session.prompt("go")).text).toContain("effort low")
    const other = await its.session("two", { effort: "enormous" })
    expect((await other.session.prompt("go")).text).toContain("effort medium")
    expect(notesOf(other.heard)).toEqual(['scripted works without the effort "enormous": it offers low, medium'])
  })

  test("the last text is heard before the turn ends, though the answer comes in the same chunk and the process exits behind it", async () => {
    await using its = await opened("exits-after")
    const { session, heard } = await its.session("one")
    expect(await session.prompt("go")).toMatchObject({ how: "completed", text: "the last word" })
    expect(heard.map((event) => event.type)).toEqual(["started", "said"])
  })

  test("log lines on stdout and updates of an unknown kind do no harm", async () => {
    await using its = await opened("noisy", "strange")
    const { session, heard } = await its.session("one")
    expect((await session.prompt("go")).how).toBe("completed")
    expect(textOf(heard)).toBe("the last word")
  })

  test("an agent that ignores the end of its stdin and SIGTERM is killed", async () => {
    await using its = await opened("ignores-eof", "ignores-sigterm")
    const { session } = await its.session("one")
    expect(await its.commands()).toHaveLength(1)
    await session.close()
    expect(await its.commands()).toEqual([])
  })

  test("an agent that does not hear an interrupt is ended with its session", async () => {
    await using its = await opened("deaf", "ignores-eof")
    const { session, heard, waiting } = await its.session("one")
    const turn = session.prompt("go")
    await waiting.started()
    await session.close()
    expect(await turn).toMatchObject({ how: "interrupted", text: "working" })
    expect(heard.some((event) => event.type === "died")).toBe(false)
    expect(await its.commands()).toEqual([])
  })

  test("an error that is only said as text is a failed turn for the agent that says it so", async () => {
    await using its = await opened("says-error")
    const { session } = await its.session("one")
    expect(await session.prompt("go")).toMatchObject({ how: "failed", error: { class: "refused", message: "Error: 400 scripted error 400" } })
  })

  test("a refusal is a failed turn", async () => {
    await using its = await opened("refuses")
    const { session } = await its.session("one")
    expect(await session.prompt("go")).toMatchObject({ how: "failed", error: { class: "refused" } })
  })

  test("what keeps a session from opening is told: no login, death, silence", async () => {
    await using login = await opened("needs-login")
    await expect(login.session("one")).rejects.toMatchObject({ fault: { code: "agent-auth" } })
    await using death = await opened("dies-on-new")
    await expect(death.session("one")).rejects.toMatchObject({ fault: { code: "agent-open", why: expect.stringContaining("a warning on stderr") } })
    await using silence = await opened("never-initializes")
    await expect(silence.session("one")).rejects.toMatchObject({ fault: { code: "agent-open-timeout" } })
    expect(await silence.commands()).toEqual([])
  })
})
