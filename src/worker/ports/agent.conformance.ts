/**
 * What every agent driver must do, as tests that run over each of them. The prompts are scripts (`scripted/script.ts`): the scripted agent obeys
 * them itself, a real agent has them obeyed by a scripted model. What a driver cannot show is skipped, with its reason in the test's name.
 */
import { describe, expect, test } from "vitest"
import type { AgentError } from "../../domain/session/turn.ts"
import { textOf } from "./agent.case.ts"
import { describeSteering } from "./agent.steering.conformance.ts"
import { opened, supported, words, type AgentSuite } from "./agent.suite.ts"

const quickMs = 15_000
/** Does not end by itself, and is no `sleep`, which some agents refuse. */
const endless = "tail -f /dev/null"

export function describeAgentDriver(suite: AgentSuite): void {
  describe(`agent driver: ${suite.name}`, () => {
    describeTurns(suite)
    describeSteering(suite)
    describePermissions(suite)
    describeEnds(suite)
    describeErrors(suite)
    describeResume(suite)
  })
}

function describeTurns(suite: AgentSuite): void {
  test("work is acknowledged, done and committed in the workspace, and its text arrives", async () => {
    await using its = await opened(suite)
    const { session, heard } = await its.session("one")
    const outcome = await session.prompt(words(suite, '[[write path="a b.txt" text="line\\n"]] [[commit message="add a"]] [[say "All done."]]'))
    expect(outcome).toMatchObject({ how: "completed", text: expect.stringContaining("All done.") })
    expect(textOf(heard)).toContain("All done.")
    const kinds = heard.map((event) => event.type)
    expect(kinds.filter((kind) => kind === "started")).toHaveLength(1)
    expect(kinds.indexOf("started")).toBeLessThan(heard.findIndex((event) => event.type === "said" && event.chunk.type === "text"))
    expect(await its.git("show", "HEAD:a b.txt")).toBe("line\n")
    expect(await its.git("log", "-1", "--format=%s")).toBe("add a\n")
    expect(await its.git("status", "--porcelain")).toBe("")
  })

  test("a second turn goes on in the same session and reports only itself", async () => {
    await using its = await opened(suite)
    const { session } = await its.session("one")
    expect(await session.prompt(words(suite, '[[say "first answer"]]'))).toMatchObject({ how: "completed" })
    const second = await session.prompt(words(suite, '[[run cmd="echo two > two.txt"]] [[say "second answer"]]'))
    expect(second).toMatchObject({ how: "completed", text: expect.stringContaining("second answer") })
    expect(second.text).not.toContain("first answer")
    expect(await its.file("two.txt")).toBe("two\n")
  })

  supported(suite.supports.tools, "a command is reported from its start to its end", async () => {
    await using its = await opened(suite)
    const { session, heard } = await its.session("one")
    await session.prompt(words(suite, '[[run cmd="echo tool-output"]]'))
    const tools = heard.flatMap((event) => (event.type === "said" && event.chunk.type === "tool" ? [event.chunk] : []))
    const started = tools.find((tool) => tool.status === "started")
    expect(started).toBeDefined()
    expect(tools.find((tool) => tool.id === started?.id && tool.status === "completed")?.output).toContain("tool-output")
  })

  supported(suite.supports.thoughts, "thoughts are told apart from text", async () => {
    await using its = await opened(suite)
    const { session, heard } = await its.session("one")
    const outcome = await session.prompt(words(suite, '[[think "pondering"]] [[say "spoken"]]'))
    expect(outcome.text).not.toContain("pondering")
    expect(heard.map((event) => (event.type === "said" && event.chunk.type === "thought" ? event.chunk.text : "")).join("")).toContain("pondering")
  })

  test("a prompt with quotes, newlines, command substitutions, leading dashes and 100 KB arrives unchanged", async () => {
    await using its = await opened(suite)
    const { session } = await its.session("one")
    const hard = `--version 'one' "two" \\ $HOME \`id\` %s é 漢\nline two\n`
    const filler = "--help $(touch injected) `touch injected`; 'x' \"y\"\n".repeat(2_000)
    const script = `[[write path=got.txt text=${JSON.stringify(hard)}]] [[write path=end.txt text="the end"]]`
    expect(await session.prompt(`--help\n${filler}${words(suite, script)}`)).toMatchObject({ how: "completed" })
    expect(await its.file("got.txt")).toBe(hard)
    expect(await its.file("end.txt")).toBe("the end")
    expect(await its.file("injected")).toBeNull()
  })

  test("two sessions at once do not mix", async () => {
    await using its = await opened(suite)
    const [one, two] = await Promise.all([its.session("one"), its.session("two")])
    const work = (name: string): string => words(suite, `[[write path=who.txt text="${name}"]] [[run cmd="true"]] [[say "I am ${name}"]]`)
    const outcomes = await Promise.all([one.session.prompt(work("alpha")), two.session.prompt(work("beta"))])
    expect(outcomes).toMatchObject([{ how: "completed" }, { how: "completed" }])
    expect([await its.file("who.txt", "one"), await its.file("who.txt", "two")]).toEqual(["alpha", "beta"])
    expect([textOf(one.heard).includes("beta"), textOf(two.heard).includes("alpha")]).toEqual([false, false])
  })

  supported(suite.supports.usage, "usage is that of the turn, summed over its steps", async () => {
    await using its = await opened(suite)
    const { session, heard } = await its.session("one")
    const first = await session.prompt(words(suite, '[[usage in=100000 out=5000]] [[say "a"]]'))
    expect(first.usage.inputTokens + first.usage.cachedTokens).toBeGreaterThanOrEqual(100_000)
    expect(first.usage.outputTokens).toBeGreaterThanOrEqual(5_000)
    expect(heard.some((event) => event.type === "used")).toBe(true)
    const second = await session.prompt(words(suite, '[[usage in=7 out=3]] [[say "b"]]'))
    expect(second.usage.inputTokens).toBeLessThan(100_000)
    expect(second.usage.outputTokens).toBeLessThan(5_000)
    expect(second.usage.outputTokens).toBeGreaterThan(0)
  })
}

function describePermissions(suite: AgentSuite): void {
  const support = suite.supports.permissions
  supported(support, "an allowed command runs", async () => {
    await using its = await opened(suite, "ask")
    const { session, waiting } = await its.session("one")
    const turn = session.prompt(words(suite, '[[ask cmd="echo yes > ran.txt"]] [[say "went on"]]'))
    const request = await waiting.asked()
    expect(request).toMatchObject({ kind: "run" })
    expect(request.command ?? request.title).toContain("echo yes > ran.txt")
    expect(await its.file("ran.txt")).toBeNull()
    expect(await session.answer(request.permission, true, null)).toBe(true)
    expect(await turn).toMatchObject({ how: "completed", text: expect.stringContaining("went on") })
    expect(await its.file("ran.txt")).toBe("yes\n")
    expect(await session.answer(request.permission, true, null)).toBe(false)
  })

  const goesOn = support === true ? (suite.supports.goesOnAfterDenial ?? true) : support
  supported(goesOn, "a denied command does not run, and the turn goes on", async () => {
    await using its = await opened(suite, "ask")
    const { session, waiting } = await its.session("one")
    const turn = session.prompt(words(suite, '[[ask cmd="echo yes > ran.txt"]] [[say "went on"]]'))
    expect(await session.answer((await waiting.asked()).permission, false, "not now")).toBe(true)
    expect(await turn).toMatchObject({ how: "completed", text: expect.stringContaining("went on") })
    expect(await its.file("ran.txt")).toBeNull()
  })

  supported(support, "an interrupt withdraws the question that nobody answered", async () => {
    await using its = await opened(suite, "ask")
    const { session, heard, waiting } = await its.session("one")
    const turn = session.prompt(words(suite, '[[ask cmd="echo yes > ran.txt"]]'))
    const { permission } = await waiting.asked()
    await session.interrupt()
    expect(await turn).toMatchObject({ how: "interrupted" })
    expect(heard).toContainEqual({ type: "withdrawn", permission })
    expect(await session.answer(permission, true, null)).toBe(false)
    expect(await its.file("ran.txt")).toBeNull()
  })
}

function describeEnds(suite: AgentSuite): void {
  supported(suite.supports.interrupt, "an interrupt ends a running command, and the session takes another turn", async () => {
    await using its = await opened(suite)
    const { session } = await its.session("one")
    const turn = session.prompt(words(suite, `[[run cmd="${endless}"]]`))
    await expect.poll(() => its.commands(), { timeout: quickMs }).toContain("tail")
    const askedAt = performance.now()
    await session.interrupt()
    expect(await turn).toMatchObject({ how: "interrupted" })
    expect(performance.now() - askedAt).toBeLessThan(quickMs)
    await expect.poll(() => its.commands(), { timeout: quickMs }).not.toContain("tail")
    expect(await session.prompt(words(suite, '[[say "again"]]'))).toMatchObject({ how: "completed" })
  })

  const hangs = suite.supports.interrupt === true ? suite.supports.acknowledges : suite.supports.interrupt
  supported(hangs, "an interrupt ends a turn whose model never answers", async () => {
    await using its = await opened(suite)
    const { session, waiting } = await its.session("one")
    const turn = session.prompt(words(suite, "[[hang]]"))
    await waiting.started()
    await session.interrupt()
    expect(await turn).toMatchObject({ how: "interrupted" })
    await session.interrupt()
  })

  test("closing ends the process, also twice, also in the middle of a turn", async () => {
    await using its = await opened(suite)
    const { session, heard } = await its.session("one")
    const turn = session.prompt(words(suite, "[[hang]]"))
    await session.close()
    expect(["interrupted", "lost"]).toContain((await turn).how)
    await session.close()
    await its.driver[Symbol.asyncDispose]()
    await expect.poll(() => its.commands(), { timeout: quickMs }).toEqual([])
    expect(heard.filter((event) => event.type === "died")).toEqual([])
  })

  supported(suite.supports.died, "an agent that is killed from outside is heard to have died before its turn is lost", async () => {
    await using its = await opened(suite)
    const { session, heard, waiting } = await its.session("one")
    const turn = session.prompt(words(suite, "[[hang]]"))
    if (suite.supports.acknowledges === true) await waiting.started()
    void turn.then(() => heard.push({ type: "ended" }))
    await its.kill()
    expect(await turn).toMatchObject({ how: "lost" })
    await waiting.died()
    const kinds = heard.map((event) => event.type)
    expect(kinds.indexOf("ended") === -1 || kinds.indexOf("died") < kinds.indexOf("ended")).toBe(true)
    expect(kinds.filter((kind) => kind === "died")).toHaveLength(1)
    expect(await session.prompt(words(suite, '[[say "still here?"]]'))).toMatchObject({ how: "lost" })
  })

  test("giving up while it opens leaves no process", async () => {
    await using its = await opened(suite)
    const giveUp = new AbortController()
    const opening = its.session("one", { signal: giveUp.signal })
    giveUp.abort()
    await expect(opening).rejects.toThrow()
    await its.driver[Symbol.asyncDispose]()
    await expect.poll(() => its.commands(), { timeout: quickMs }).toEqual([])
  })
}

function describeErrors(suite: AgentSuite): void {
  const { errors, resetAt } = suite.supports
  const fails = (name: Exclude<AgentError["class"], "bug">, how: string, script: string): void =>
    supported(errors[name], `${how} is a failure of class ${name}`, async () => {
      await using its = await opened(suite)
      const { session } = await its.session("one")
      expect(await session.prompt(words(suite, script))).toMatchObject({ how: "failed", error: { class: name } })
    })
  fails("rate-limit", "status 429", "[[fail status=429 retry_after=60 times=always]]")
  fails("auth", "status 401", "[[fail status=401 times=always]]")
  fails("overload", "status 500", "[[fail status=500 times=always]]")
  fails("refused", "status 400", "[[fail status=400 times=always]]")
  fails("network", "a stream that breaks off", "[[drop]]")

  supported(resetAt, "a rate limit says when it ends", async () => {
    await using its = await opened(suite)
    const { session } = await its.session("one")
    const before = Date.now()
    const outcome = await session.prompt(words(suite, "[[fail status=429 retry_after=60 times=always]]"))
    const at = outcome.how === "failed" ? outcome.error.resetAt : null
    expect(at).toBeGreaterThanOrEqual(before + 55_000)
    // Claude adds up to a quarter at random, so that many agents do not come back at once.
    expect(at).toBeLessThanOrEqual(Date.now() + 80_000)
  })
}

function describeResume(suite: AgentSuite): void {
  supported(suite.supports.resume, "a conversation goes on after its process was killed, and what was said before is not said again", async () => {
    await using its = await opened(suite)
    const first = await its.session("one")
    await first.session.prompt(words(suite, '[[run cmd="true"]] [[say "before the crash"]]'))
    await its.kill()
    if (suite.supports.survives !== true) await first.waiting.died()
    await first.session.close()
    expect(first.session.agentSession).not.toBeNull()
    const second = await its.session("one", { resume: first.session.agentSession })
    expect(second.session).toMatchObject({ resumed: true, agentSession: first.session.agentSession })
    const outcome = await second.session.prompt(words(suite, '[[say "after the crash"]]'))
    expect(outcome).toMatchObject({ how: "completed", text: expect.stringContaining("after the crash") })
    expect(textOf(second.heard)).not.toContain("before the crash")
  })

  test("a conversation that is not known begins anew and says so", async () => {
    await using its = await opened(suite)
    const { session } = await its.session("one", { resume: "00000000-0000-4000-8000-000000000000" })
    expect(session.resumed).toBe(false)
    expect(await session.prompt(words(suite, '[[say "fresh"]]'))).toMatchObject({ how: "completed" })
  })
}
