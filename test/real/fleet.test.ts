/** Whole runs with real agents at once: hub, worker, worktrees, checks and landing are Fleet's own. Only the model is scripted. */
import { existsSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import type { EventView, RunView, TaskView } from "../../src/protocol/views.ts"
import { fleet as cli } from "../../src/surfaces/cli/testing/fleet.ts"
import { eventually } from "../eventually.ts"
import { describe as say, scenario, type Scenario } from "../fleet/scenario.ts"
import type { Model } from "../model/model.ts"
import { task } from "../world/world.ts"
import { installed, missing, realAgents, type RealAgents } from "./agents.ts"

for (const reason of missing) test.skip(`whole runs without ${reason}`, () => undefined)

const whole = test.skipIf(installed.length === 0)
const limit = { timeout: 180_000 }
const why = "Do it without a migration."

whole("real agents work at once, ask a person, wait out a rate limit, and their work lands", limit, async () => {
  await using agents = await realAgents({ permissions: [{ kind: "run", match: "*migrate*", action: "ask" }] })
  await using fleet = await fleetOf(agents, { files: Object.fromEntries(installed.map((name) => [`${name}.md`, "todo\n"])), slots: 8 })
  await fleet.submit(
    installed.flatMap((agent) => [
      task(`work-${agent}`, {
        agent,
        retries: 0,
        prompt: `[[write path="src/${agent}.txt" text="one\\n"]] [[edit path="${agent}.md" old="todo" new="done"]] [[run cmd="wc -l < src/${agent}.txt > lines-${agent}.txt"]] [[ask cmd="echo migrate > migrated-${agent}.txt"]] [[commit message="${agent} works"]] [[handoff "${agent} did it"]]`,
      }),
      task(`denied-${agent}`, {
        agent,
        retries: 0,
        prompt: `[[ask cmd="echo migrate > never-${agent}.txt"]] [[write path="instead-${agent}.txt" text="x"]]`,
      }),
      task(`limited-${agent}`, {
        agent,
        retries: 0,
        prompt: `[[if resumed]] [[write path="limited-${agent}.txt" text="x"]] [[else]] [[fail status=429 retry_after=7 times=1]] [[end]]`,
      }),
    ]),
  )
  await answerAll(fleet, installed.length * 2)
  const run = await fleet.settled()
  expect(run.status, say(run)).toBe("done")
  for (const agent of installed) {
    expect(await fleet.file(`src/${agent}.txt`)).toBe("one")
    expect(await fleet.file(`${agent}.md`)).toBe("done")
    expect((await fleet.file(`lines-${agent}.txt`)).trim()).toBe("1")
    expect(await fleet.file(`migrated-${agent}.txt`)).toBe("migrate")
    expect(await fleet.file(`instead-${agent}.txt`)).toBe("x")
    await expect(fleet.file(`never-${agent}.txt`)).rejects.toThrow()
    expect(await fleet.file(`limited-${agent}.txt`)).toBe("x")

    const work = await fleet.task(`work-${agent}`)
    expect(work.proof).toMatchObject({ commits: 1, committedByFleet: false, handoff: expect.stringContaining(`${agent} did it`) })
    expect(await fleet.repo.git("log", "-1", "--format=%an", "--", `src/${agent}.txt`)).toBe(agent)
    expect(work.usage.inputTokens, `tokens of ${agent}`).toBeGreaterThan(0)
    expect(work.usage.outputTokens).toBeGreaterThan(0)
    expect(work.attempts).toHaveLength(1)
    const transcript = await fleet.transcript(work.attempts[0]?.session ?? "")
    for (const part of [/^prompt: # work-/m, /^tool: .*(completed|done)/m, /^permission: allowed: /m, /^text: (.|\n)*did it/m, /^turn: completed/m])
      expect(transcript).toMatch(part)

    const denied = await fleet.task(`denied-${agent}`)
    expect(denied.proof).toMatchObject({ committedByFleet: true })
    expect(await fleet.transcript(denied.attempts[0]?.session ?? "")).toMatch(/^permission: denied: /m)
    expect(toldOf(agents.model, `never-${agent}.txt`), `${agent} hears why`).toContain(why)

    const limited = await fleet.task(`limited-${agent}`)
    expect(limited.attempts.map((attempt) => attempt.outcome)).toEqual([expect.stringContaining("rate limit"), "proved"])
    expect(limited.attempts[1]).toMatchObject({ reason: "resume", agentSession: limited.attempts[0]?.agentSession })
  }
  expect(run.usage.inputTokens).toBeGreaterThan(0)
  await nothingLeft(fleet)
})

whole("a failed check, a conflict and a time limit lead real agents to a second attempt in their own conversation", limit, async () => {
  await using agents = await realAgents()
  await using fleet = await fleetOf(agents, { files: { "list.txt": "one\n" }, slots: 8 })
  const [left, right] = [installed[0] ?? "codex", installed[1] ?? installed[0] ?? "codex"]
  const add = (name: string): string =>
    `[[if conflict]] [[resolve path="list.txt" text="one\\nleft\\nright\\n"]] [[commit message="resolve"]] [[else]] [[sleep ms=1500]] [[write path="list.txt" text="one\\n${name}\\n"]] [[commit message="add ${name}"]] [[end]]`
  await fleet.submit([
    task("left", { agent: left, prompt: add("left") }),
    task("right", { agent: right, prompt: add("right") }),
    ...installed.flatMap((agent) => [
      task(`sum-${agent}`, {
        agent,
        prompt: `[[if resumed]] [[write path="sum-${agent}.txt" text="4"]] [[else]] [[write path="sum-${agent}.txt" text="3"]] [[end]] [[commit message="sum"]]`,
        checks: [`test "$(cat sum-${agent}.txt)" = 4`],
      }),
      task(`slow-${agent}`, {
        agent,
        timeoutMinutes: 0.25,
        // On a busy machine an agent may need longer than that only to start.
        retries: 5,
        prompt: `[[if resumed]] [[write path="slow-${agent}.txt" text="x"]] [[else]] [[run cmd="setsid tail -f /dev/null & tail -f /dev/null"]] [[hang]] [[end]]`,
      }),
    ]),
  ])
  const run = await fleet.settled()
  expect(run.status, say(run)).toBe("done")
  expect(await fleet.file("list.txt")).toBe("one\nleft\nright")
  const repaired = run.tasks.filter((one) => one.attempts.some((attempt) => attempt.reason === "repair"))
  expect(repaired.map((one) => one.key)).toEqual([expect.stringMatching(/left|right/)])
  expectSameConversation(repaired[0])
  for (const agent of installed) {
    const sum = await fleet.task(`sum-${agent}`)
    expect(sum.attempts.map((attempt) => attempt.outcome)).toEqual([expect.stringContaining("check failed"), "proved"])
    expectSameConversation(sum)
    expect(await fleet.transcript(sum.attempts[1]?.session ?? "")).toContain("Fleet ran the checks on your commit, and this failed")
    const slow = await fleet.task(`slow-${agent}`)
    expect(slow.attempts[0]?.outcome).toContain("not finished within 15 s")
    expect(slow.attempts.at(-1)?.outcome).toBe("proved")
    expectSameConversation(slow)
  }
  await nothingLeft(fleet)
})

whole("real agents that work are told something, and do it in the same turn", limit, async () => {
  await using agents = await realAgents()
  await using fleet = await fleetOf(agents, { slots: 4 })
  const gate = (agent: string): string => path.join(fleet.home, `gate-${agent}`)
  await fleet.submit(
    installed.map((agent) =>
      task(agent, { agent, prompt: `[[run cmd="mkfifo ${gate(agent)} && cat ${gate(agent)}"]] [[write path="${agent}.txt" text="planned"]]` }),
    ),
  )
  const told = await Promise.all(
    installed.map(async (agent) => {
      // Each as soon as it is at work, whatever the others do: codex goes on by itself when a command takes long.
      await eventually(`${agent} works`, () => existsSync(gate(agent)), limit.timeout)
      const telling = cli(["tell", agent, `[[write path="${agent}.txt" text="told"]]`], { home: fleet.home, env: fleet.environment })
      // Claude takes it when its command has ended, so that must not be before it was told.
      await eventually(`${agent} was told`, async () => (await milestonesOf(fleet, agent)).includes("session.told"))
      await writeFile(gate(agent), "open")
      return telling
    }),
  )
  const run = await fleet.settled()
  expect(run.status, say(run)).toBe("done")
  for (const [index, agent] of installed.entries()) {
    expect(told[index], agent).toMatchObject({
      code: 0,
      stdout: `${run.id}/${agent}: the agent took the message\n`,
    })
    expect(await fleet.file(`${agent}.txt`)).toBe("told")
    const view = await fleet.task(agent)
    expect(view.attempts).toHaveLength(1)
    expect(await fleet.transcript(view.attempts[0]?.session ?? "")).toContain("prompt: [told while it worked] ")
  }
  await nothingLeft(fleet)
})

whole("the death of the hub interrupts no real agent; that of the worker ends them all, and they go on in their own conversations", limit, async () => {
  await using agents = await realAgents()
  await using fleet = await fleetOf(agents, { slots: 4 })
  await fleet.submit(
    installed.map((agent) =>
      task(agent, {
        agent,
        // A command that ends only with its session; codex lets its model go on while one still runs.
        prompt: `[[if resumed]] [[append path="${agent}.txt" text="end"]] [[else]] [[run cmd="printf begin- > ${agent}.txt; setsid tail -f /dev/null & tail -f /dev/null"]] [[hang]] [[end]]`,
      }),
    ),
  )
  const tails = await fleet.untilPrograms("tail", installed.length * 2)
  await fleet.killHub()
  await fleet.startHub()
  const run = await fleet.until("all work on", (view) => view.tasks.every((one) => one.status === "working"))
  expect(run.tasks.map((one) => one.attempts.length)).toEqual(installed.map(() => 1))
  expect(await fleet.untilPrograms("tail", installed.length * 2)).toEqual(tails)
  await fleet.killWorker()
  const ended = await fleet.settled()
  expect(ended.status, say(ended)).toBe("done")
  for (const agent of installed) {
    expect(await fleet.file(`${agent}.txt`)).toBe("begin-end")
    const view = await fleet.task(agent)
    expect(view.attempts.map((attempt) => attempt.reason)).toEqual(["first", "resume"])
    expectSameConversation(view)
  }
  await nothingLeft(fleet)
})

whole("an agent that nobody has logged in fails its task at once, and a person reads what to do", limit, async () => {
  await using agents = await realAgents()
  await using fleet = await scenario({ slots: 4, config: agents.loggedOut })
  await fleet.submit(
    installed.map((agent) => task(agent, { agent, prompt: agent === "opencode" ? "[[fail status=401 times=always]]" : "[[write path=a text=a]]" })),
  )
  const run = await fleet.settled()
  expect(run.status).toBe("failed")
  const words = {
    codex: /^codex is not logged in: .*; fix: log in: codex login; then: fleet retry/,
    claude: /^the agent is not logged in or its key is not valid: .*; fix: log it in \(fleet agents says how\)/,
    opencode: /^the agent is not logged in or its key is not valid: scripted failure 401; fix: log it in \(fleet agents says how\)/,
  }
  for (const view of run.tasks) {
    expect(view.reason).toMatch(words[view.key as keyof typeof words])
    expect(view.attempts).toHaveLength(1)
  }
})

/** Types of what has happened to a task so far. */
async function milestonesOf(fleet: Scenario, key: string): Promise<string[]> {
  const types: string[] = []
  for await (const { event, data } of fleet.client.live((await fleet.view()).id, 0, AbortSignal.timeout(30_000))) {
    if (event === "run") break
    const milestone = JSON.parse(data) as EventView
    if (milestone.task === key) types.push(milestone.type)
  }
  return types
}

function fleetOf(agents: RealAgents, options: { files?: Record<string, string>; slots: number }): Promise<Scenario> {
  return scenario({ ...options, config: agents.config })
}

/** Answers this many permissions as they come: those of tasks that are to be denied with a no. */
async function answerAll(fleet: Scenario, count: number): Promise<void> {
  const answered = new Set<string>()
  while (answered.size < count) {
    const open = (run: RunView) => run.approvals.filter((approval) => approval.answer === null && !answered.has(approval.id))
    const run = await fleet.until("a permission is asked", (view) => open(view).length > 0 || view.endedAt !== null)
    if (run.endedAt !== null) throw new Error(`settled after ${answered.size} of ${count} answers\n${say(run)}`)
    for (const approval of open(run)) {
      answered.add(approval.id)
      const allow = approval.task?.includes("denied-") !== true
      await fleet.client.answer(approval.id, allow, allow ? null : why)
    }
  }
}

/** Everything that went to the model with a conversation that speaks of this. */
function toldOf(model: Model, subject: string): string {
  return model.requests
    .map((request) => JSON.stringify(request.body))
    .filter((body) => body.includes(subject))
    .join("\n")
}

function expectSameConversation(of: TaskView | undefined): void {
  const conversations = new Set(of?.attempts.map((attempt) => attempt.agentSession).filter((session) => session !== null))
  expect([...conversations], `conversations of ${of?.key}`).toEqual([expect.stringMatching(/./)])
}

/** No process of an agent's session, and nothing of Fleet's in the repository. */
async function nothingLeft(fleet: Scenario): Promise<void> {
  expect(await fleet.agentProcesses()).toEqual([])
  await fleet.tidied()
  expect(await fleet.leftovers()).toEqual([])
}
