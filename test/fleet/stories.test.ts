import { expect, test } from "vitest"
import { FaultError } from "../../src/domain/fault.ts"
import { task } from "../world/world.ts"
import { describe, scenario } from "./scenario.ts"

const write = (name: string, text = name): string => `[[write path="${name}" text="${text}"]] [[commit message="write ${name}"]]`

test("a check that fails is told to the next attempt, which mends it", async () => {
  await using fleet = await scenario()
  await fleet.submit([
    task("sum", {
      prompt: '[[if attempt=1]] [[write path="sum.txt" text="3"]] [[else]] [[write path="sum.txt" text="4"]] [[end]] [[commit message="sum"]]',
      checks: ['test "$(cat sum.txt)" = 4'],
    }),
  ])
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  const sum = run.tasks[0]
  expect(sum?.attempts.map((attempt) => attempt.outcome)).toEqual([expect.stringContaining("check failed"), "proved"])
  expect(await fleet.transcript(sum?.attempts[1]?.session ?? "")).toContain("Fleet ran the checks on your commit, and this failed")
})

test("two tasks that write the same paths never run at once, and the reason is shown", async () => {
  await using fleet = await scenario({ slots: 4 })
  await fleet.submit([
    task("first", { scope: ["src/api/**"], prompt: `[[sleep ms=300]] ${write("src/api/a.txt")}` }),
    task("second", { scope: ["src/api/b.txt"], prompt: write("src/api/b.txt") }),
  ])
  const waiting = await fleet.untilTask("first", "working")
  expect(waiting.tasks.find((one) => one.key === "second")).toMatchObject({
    status: "queued",
    reason: "waits for first: both write src/api/b.txt and src/api",
  })
  expect((await fleet.settled()).status).toBe("done")
  expect(await fleet.landed()).toEqual(["first", "second"])
})

test("a conflict goes back to its author with both sides, and what depends on it waits for the repair", async () => {
  await using fleet = await scenario({ files: { "list.txt": "one\n" }, slots: 4 })
  const add = (name: string): string =>
    `[[if conflict]] [[resolve path="list.txt" text="one\\nleft\\nright\\n"]] [[commit message="resolve"]] [[else]] [[sleep ms=400]] [[write path="list.txt" text="one\\n${name}\\n"]] [[commit message="add ${name}"]] [[end]]`
  await fleet.submit([
    task("left", { prompt: add("left") }),
    task("right", { prompt: add("right") }),
    task("after", { after: ["left", "right"], prompt: '[[run cmd="cp list.txt seen.txt"]]' }),
  ])
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  expect(await fleet.file("seen.txt")).toBe("one\nleft\nright")
  const repaired = run.tasks.filter((one) => one.attempts.some((attempt) => attempt.reason === "repair"))
  expect(repaired).toHaveLength(1)
})

test("a permission waits in the inbox, across the death of the hub, and the answer reaches the agent", async () => {
  await using fleet = await scenario({ config: "defaults: { agent: scripted }\npermissions: [{ kind: run, match: '*migrate*', action: ask }]\n" })
  await fleet.submit([task("db", { prompt: '[[ask cmd="echo migrate > done.txt"]] [[commit message="migrate"]]' })])
  await fleet.untilTask("db", "needs-you")
  await fleet.killHub()
  await fleet.startHub()
  const [approval] = await fleet.client.approvals()
  expect(approval).toMatchObject({ task: "db", kind: "permission", question: expect.stringContaining("migrate") })
  await fleet.client.answer(approval?.id ?? "", true, null)
  expect((await fleet.settled()).status).toBe("done")
  expect(await fleet.file("done.txt")).toBe("migrate")
})

test("an agent that hangs is ended at its time, and the next attempt does the work", async () => {
  await using fleet = await scenario()
  await fleet.submit([task("slow", { timeoutMinutes: 0.03, prompt: `[[if attempt=1]] [[hang]] [[else]] ${write("slow.txt")} [[end]]` })])
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  expect(run.tasks[0]?.attempts[0]?.outcome).toContain("not finished within 2 s")
})

test("an agent that ends its turn without work has not done the task, and its dependants stay blocked until a retry succeeds", async () => {
  await using fleet = await scenario()
  await fleet.submit([
    task("lazy", { retries: 0, prompt: `[[if attempt=1]] [[say "All done!"]] [[else]] ${write("lazy.txt")} [[end]]` }),
    task("next", { after: ["lazy"], prompt: write("next.txt") }),
  ])
  const run = await fleet.settled()
  expect(run).toMatchObject({ status: "failed" })
  expect(run.tasks[0]).toMatchObject({ status: "failed", reason: expect.stringContaining("no commit") })
  expect(run.tasks[1]).toMatchObject({ status: "queued", reason: expect.stringContaining("blocked: lazy") })
  await fleet.client.retryTask(run.id, "lazy")
  expect((await fleet.settled()).status).toBe("done")
})

test("a diff outside the scope is asked about; allowed, it lands; denied, the agent is told", async () => {
  await using fleet = await scenario()
  await fleet.submit([
    task("wide", {
      scope: ["src/**"],
      prompt: `[[if attempt=1]] ${write("elsewhere.txt")} [[else]] [[delete path="elsewhere.txt"]] ${write("src/in.txt")} [[end]]`,
    }),
  ])
  await fleet.untilTask("wide", "needs-you")
  const [approval] = await fleet.client.approvals()
  expect(approval).toMatchObject({ kind: "scope", detail: "elsewhere.txt" })
  await fleet.client.answer(approval?.id ?? "", false, "keep to src")
  expect((await fleet.settled()).status).toBe("done")
  await expect(fleet.file("elsewhere.txt")).rejects.toThrow()
})

test("stop ends the agent's whole process tree, and continue goes on from its workspace", async () => {
  await using fleet = await scenario()
  const run = await fleet.submit([
    task("long", { prompt: `[[if resumed]] ${write("end.txt")} [[else]] ${write("begin.txt")} [[run cmd="exec sleep 1000"]] [[end]]` }),
    task("later", { after: ["long"], prompt: write("later.txt") }),
  ])
  await fleet.untilProgram("sleep")
  await fleet.client.stopRun(run)
  expect((await fleet.settled()).status).toBe("cancelled")
  expect(await fleet.agentProcesses()).toEqual([])
  await fleet.client.continueRun(run)
  expect((await fleet.settled()).status).toBe("done")
  expect(await fleet.landed()).toEqual(["long", "later"])
  expect(await fleet.file("begin.txt")).toBe("begin.txt")
})

test("a gate holds a task until a person opens it", async () => {
  await using fleet = await scenario()
  await fleet.submit([task("deploy", { gate: "human", prompt: write("deploy.txt") })])
  await fleet.untilTask("deploy", "needs-you")
  const [approval] = await fleet.client.approvals()
  await fleet.client.answer(approval?.id ?? "", true, null)
  expect((await fleet.settled()).status).toBe("done")
})

test("a rate limit is waited out until its reset and uses up no retry", async () => {
  await using fleet = await scenario()
  await fleet.submit([task("busy", { retries: 0, prompt: `[[fail status=429 retry_after=1 times=1]] ${write("busy.txt")}` })])
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  expect(run.tasks[0]?.attempts[0]?.outcome).toContain("rate limit")
})

test("a target that is checked out dirty is refused at the start, and waited for when it becomes so", async () => {
  await using fleet = await scenario({ files: { "mine.txt": "mine\n" } })
  await fleet.repo.write("mine.txt", "changed\n")
  await expect(fleet.submit([task("a", { prompt: write("a.txt") })])).rejects.toThrow(FaultError)
  await fleet.repo.git("checkout", "-q", "--", "mine.txt")
  await fleet.submit([task("a", { prompt: `[[sleep ms=800]] ${write("a.txt")}` })])
  await fleet.untilTask("a", "working")
  await fleet.repo.write("mine.txt", "changed\n")
  const held = await fleet.untilTask("a", "needs-you")
  expect(held.approvals[0]).toMatchObject({ kind: "landing" })
  expect(await fleet.repo.git("rev-parse", "main")).toBe(await fleet.repo.git("rev-parse", "HEAD"))
  await fleet.repo.git("checkout", "-q", "--", "mine.txt")
  await fleet.client.answer(held.approvals[0]?.id ?? "", true, null)
  expect((await fleet.settled()).status).toBe("done")
  expect(await fleet.repo.git("status", "--porcelain")).toBe("")
})

test("a repository without commits, or with a detached HEAD, is refused with the fix", async () => {
  await using fleet = await scenario()
  await fleet.repo.git("checkout", "-q", "--detach")
  await expect(fleet.submit([task("a")])).rejects.toMatchObject({ fault: { code: "detached-head", fix: expect.stringContaining("--target") } })
  await fleet.repo.git("checkout", "-q", "--orphan", "empty")
  await fleet.repo.git("branch", "-D", "main")
  await expect(fleet.submit([task("a")])).rejects.toMatchObject({ fault: { code: "no-commits" } })
})

test("paths with spaces, quotes, newlines and letters beyond ASCII do no harm", async () => {
  await using fleet = await scenario({ repository: `it's a "näme" $HOME` })
  const name = 'dir with space/quo\\"te\\nline é.txt'
  await fleet.submit([task("odd", { prompt: `[[write path="${name}" text="x"]] [[commit message="odd 'quoted' $(name)"]]` })])
  expect((await fleet.settled()).status).toBe("done")
  expect(await fleet.file('dir with space/quo"te\nline é.txt')).toBe("x")
})

test("a second hub on the same home, or of another home on the same repository, is refused", async () => {
  await using fleet = await scenario()
  await fleet.submit([task("hold", { prompt: "[[hang]]" })])
  await fleet.untilTask("hold", "working")
  await expect(fleet.secondHub()).resolves.toMatchObject({ code: 2, output: expect.stringContaining("already") })
  await using other = await scenario()
  await expect(other.submit([task("mine")], { directory: fleet.repo.path })).rejects.toMatchObject({
    fault: { what: expect.any(String), fix: expect.any(String) },
  })
  await fleet.client.stopRun("@last")
  await fleet.settled()
})

test("an agent whose program is not there is refused before anything starts; without a default the first that is there is taken", async () => {
  await using fleet = await scenario({
    config: "agents: { mine: { driver: command, argv: [no-such-program] }, other: { driver: command, argv: [/bin/true] } }\n",
  })
  await expect(fleet.submit([task("a")], { agent: "mine" })).rejects.toMatchObject({
    fault: { code: "agent-missing", what: expect.stringContaining('"mine"'), fix: expect.stringContaining("config") },
  })
  expect(await fleet.client.runs()).toEqual([])
  await fleet.submit([task("a", { retries: 0 })])
  const run = await fleet.settled()
  expect(run.tasks[0]?.agent).not.toBe("scripted")
  expect(run.tasks[0]?.reason).toContain("no commit")
})

test("agents may work in clones instead of worktrees, and their work lands all the same", async () => {
  await using fleet = await scenario({ files: { "list.txt": "one\n" }, config: "defaults: { agent: scripted, workspace: clone }\n" })
  const add = (name: string): string =>
    `[[if conflict]] [[resolve path="list.txt" text="one\\nleft\\nright\\n"]] [[commit message="resolve"]] [[else]] [[sleep ms=300]] [[write path="list.txt" text="one\\n${name}\\n"]] [[commit message="add ${name}"]] [[end]]`
  await fleet.submit([task("left", { prompt: add("left") }), task("right", { prompt: add("right") })])
  const run = await fleet.settled()
  expect(run.counts.done, describe(run)).toBe(2)
  expect(await fleet.file("list.txt")).toBe("one\nleft\nright")
  await fleet.tidied()
  expect(await fleet.leftovers()).toEqual([])
})

test("in waves, the next tasks begin when all of a wave have landed", async () => {
  await using fleet = await scenario({ slots: 4 })
  const write = (key: string): string => `[[write path="${key}.txt" text="x"]] [[commit message="${key}"]]`
  await fleet.submit(
    ["a", "b", "c"].map((key) => task(key, { prompt: write(key), scope: [`${key}.txt`] })),
    { waveSize: 2 },
  )
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  expect(run.waves.map(({ tasks }) => tasks)).toEqual([["a", "b"], ["c"]])
  // One merge for both of the first wave, and the second came after it.
  const log = (await fleet.repo.git("log", "--reverse", "--first-parent", "--format=%s", "main")).split("\n")
  expect(log.slice(-2)).toEqual([expect.stringMatching(/^Wave 1: /), run.tasks.find(({ key }) => key === "c")?.title])
})
