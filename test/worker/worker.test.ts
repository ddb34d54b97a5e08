import { readFile, rm } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { id } from "../../src/domain/ids.ts"
import { findMarked } from "../../src/runtime/marked.ts"
import { eventually } from "../eventually.ts"
import { stage, type Stage } from "./stage.ts"

const close = (session: string) => ({ kind: "session.close", key: id<"job">(`close:${session}`), session: id<"session">(session) }) as const

/** Numbers of the reports of each life of the worker. */
async function sequences(at: Stage): Promise<number[][]> {
  const reported = (await at.heard()).flatMap((line) => (line.type === "reported" ? [line] : []))
  return [...Map.groupBy(reported, (line) => line.boot).values()].map((lines) => lines.map((line) => line.report.sequence))
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

test("a scripted agent works in a worktree; its commit is collected, checked and landed", async () => {
  await using at = await stage()
  await at.startWorker()
  await at.open("api.1")
  const prompt = '[[write path="a.txt" text="one\\n"]][[run cmd="env > env.txt"]][[say "done"]]'
  expect(await at.do(at.turn("api.1", prompt))).toMatchObject({ outcome: { how: "completed" } })
  const workspace = id<"workspace">("run.api.1")
  const collected = await at.do({
    kind: "workspace.collect",
    key: id("collect:1"),
    workspace,
    target: "main",
    message: "leftovers",
    agent: "scripted",
    conflicted: [],
  })
  if (collected.kind !== "workspace.collect") throw new Error("not collected")
  const { head, tree } = collected.collected
  expect(collected.collected.files.map((file) => file.path).toSorted()).toEqual(["a.txt", "env.txt"])
  const checks = { kind: "checks.run", session: id<"session">("api.1"), workspace, commands: ["grep one a.txt"], timeoutMs: 30_000 } as const
  expect(await at.do({ ...checks, key: id("checks:1"), commit: head })).toMatchObject({ checks: [{ passed: true }] })
  at.tell({ job: { ...checks, key: id("checks:2"), commit: "0".repeat(40) } })
  expect(await at.report((report) => report.type === "job.failed")).toMatchObject({ job: "checks:2", fault: { code: "checks.moved" } })
  const item = { task: id<"task">("run/api"), attempt: id<"attempt">("run.api.1"), head, provedTree: tree, proved: [], message: "api" }
  const landing = await at.do({
    kind: "landing.try",
    key: id("land:1"),
    landing: id("l1"),
    repository: at.repo.path,
    target: "main",
    items: [item],
    message: null,
    commands: [],
    timeoutMs: 30_000,
    setup: null,
  })
  expect(landing).toMatchObject({ landing: { how: "landed" } })
  const environment = (await at.repo.git("show", "main:env.txt")).split("\n")
  expect(environment).toContain("FLEET_SESSION=api.1")
  expect(environment).toContain("FLEET_TASK=api.1")
  expect(environment.some((line) => line.startsWith("FLEET_PORT_BASE="))).toBe(true)
  expect(environment.some((line) => line.startsWith("FLEET_STAGE="))).toBe(false)
  expect(await at.do(close("api.1"))).toMatchObject({ closed: {} })
  expect(await at.living("api.1")).toEqual([])
})

test("a hub that is killed again and again interrupts no agent and misses no report", async () => {
  await using at = await stage()
  const pid = await at.startWorker()
  const directories = [await at.open("a"), await at.open("b")]
  for (let round = 0; round < 5; round++) {
    const turns = ["a", "b"].map((session) => at.turn(session, `[[sleep ms=${100 + round}]][[append path="n.txt" text="${round}\\n"]]`))
    for (const job of turns) at.tell({ job })
    await at.report((report) => report.type === "turn.started" && report.job === turns[0]?.key)
    await at.killHub()
    await at.startHub()
    // What was open is asked for again, as a hub that crashed does.
    for (const job of turns) at.tell({ job })
    for (const job of turns) expect(await at.result(job.key)).toMatchObject({ outcome: { how: "completed" } })
  }
  const lives = await sequences(at)
  expect(lives).toEqual([upTo(lives[0]?.length ?? 0)])
  const workers = (await at.heard()).flatMap((line) => (line.type === "connected" ? [line.pid] : []))
  expect(new Set(workers)).toEqual(new Set([pid]))
  expect(workers.length).toBeGreaterThan(5)
  // Asked again for what it had told already, a worker tells it again; it does nothing twice.
  for (const directory of directories) expect(await readFile(path.join(directory, "n.txt"), "utf8")).toBe("0\n1\n2\n3\n4\n")
})

test("a job that is asked for twice is done once", async () => {
  await using at = await stage()
  await at.startWorker()
  const directory = await at.open("once")
  const job = at.turn("once", '[[append path="n.txt" text="x\\n"]]')
  at.tell({ job })
  at.tell({ job })
  await at.result(job.key)
  at.tell({ job })
  await eventually("it is told again", async () => (await at.reports()).filter((report) => report.type === "job.done" && report.job === job.key).length === 2)
  expect(await readFile(path.join(directory, "n.txt"), "utf8")).toBe("x\n")
})

test("when the worker is killed, its agents and the shells they started in sessions of their own are gone within seconds, and the next worker goes on", async () => {
  await using at = await stage()
  await at.startWorker()
  for (const session of ["a", "b", "c"]) {
    await at.open(session)
    at.tell({ job: at.turn(session, '[[run cmd="setsid sleep 1000 & setsid setsid sleep 1001 & sleep 1002"]]') })
  }
  for (const session of ["a", "b", "c"])
    await eventually("its shells run", async () => (await at.living(session)).filter((command) => command === "sleep").length === 3)
  await at.signalWorker("SIGKILL")
  for (const session of ["a", "b", "c"]) await eventually(`everything of ${session} is gone`, async () => (await at.living(session)).length === 0, 10_000)
  await at.startWorker()
  const outcome = await at.do({ ...at.turn("a", "again"), key: id("turn:again") }).catch((error: unknown) => error)
  expect(String(outcome)).toContain("session.unknown")
  expect((await at.heard()).filter((line) => line.type === "disconnected")).toHaveLength(1)
})

test("an agent that is killed from outside is reported, and what it started is ended", async () => {
  await using at = await stage()
  await at.startWorker()
  await at.open("victim")
  const job = at.turn("victim", '[[run cmd="setsid sleep 1000 & sleep 1001"]]')
  at.tell({ job })
  await eventually("its shells run", async () => (await at.living("victim")).filter((command) => command === "sleep").length === 2)
  const agent = (await findMarked("FLEET_SESSION", "victim")).toSorted((a, b) => a.startTicks - b.startTicks)[0]
  if (agent === undefined) throw new Error("no agent")
  process.kill(agent.pid, "SIGKILL")
  expect(await at.result(job.key)).toMatchObject({ outcome: { how: "lost" } })
  expect((await at.reports()).map((report) => report.type)).toContain("session.died")
  expect(await at.living("victim")).toEqual([])
})

test("a flood of words neither fills memory nor hides the outcome, and its transcript can be read", async () => {
  await using at = await stage()
  const pid = await at.startWorker()
  await at.open("loud")
  const words = Array.from({ length: 200 }, (_, number) => `[[say "${"word ".repeat(1_000)}${number}"]]`).join("")
  expect(await at.do(at.turn("loud", words))).toMatchObject({ outcome: { how: "completed" } })
  at.tell({ query: { ask: "transcript", session: id("loud"), offset: 0, bytesMax: 500_000 } })
  const answered = await eventually("the transcript", async () => (await at.heard()).find((line) => line.type === "answer"))
  expect(answered).toMatchObject({ answer: { ok: true, ask: "transcript" } })
  const memory = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8").catch(() => "VmRSS: 0"))
  expect(Number(memory?.[1]) / 1024).toBeLessThan(300)
})

test("a permission waits through a restart of the hub, and the answer reaches the agent", async () => {
  await using at = await stage()
  await at.startWorker()
  const directory = await at.open("asks")
  const job = at.turn("asks", '[[ask cmd="rm -rf /tmp/fleet-no-such-directory; echo yes > answer.txt"]]')
  at.tell({ job })
  const asked = await at.report((report) => report.type === "permission.asked")
  if (asked.type !== "permission.asked") throw new Error("not asked")
  await at.killHub()
  await at.startHub()
  await eventually("the worker is back", async () => (await at.heard()).filter((line) => line.type === "connected").length === 2)
  const answer = {
    kind: "permission.answer",
    key: id<"job">("answer:1"),
    session: id<"session">("asks"),
    permission: asked.request.permission,
    allow: true,
    note: null,
  } as const
  expect(await at.do(answer)).toEqual({ kind: "permission.answer", delivered: true })
  expect(await at.result(job.key)).toMatchObject({ outcome: { how: "completed" } })
  expect(await readFile(path.join(directory, "answer.txt"), "utf8")).toBe("yes\n")
})

test("an agent that hangs is ended as stalled by facts", async () => {
  await using at = await stage()
  await at.startWorker()
  await at.open("hangs")
  expect(await at.do(at.turn("hangs", "[[hang]]", 2_000))).toMatchObject({ outcome: { how: "stalled" } })
  expect(await at.living("hangs")).toEqual([])
})

test("asked to end, a worker ends its agents and exits cleanly; a second one for the same home is refused", async () => {
  await using at = await stage()
  await at.startWorker()
  expect(await at.secondWorker()).toBe(2)
  await at.open("a")
  at.tell({ job: at.turn("a", '[[run cmd="setsid sleep 1000 & sleep 1001"]]') })
  await eventually("its shells run", async () => (await at.living("a")).filter((command) => command === "sleep").length === 2)
  expect(await at.signalWorker("SIGTERM")).toBe(0)
  expect(await at.living("a")).toEqual([])
})

test("closing a session cuts its checks off", async () => {
  await using at = await stage()
  await at.startWorker()
  const directory = await at.open("checked")
  const commit = await at.repo.git("rev-parse", "main")
  const commands = ["touch .git-started; sleep 1000"]
  at.tell({ job: { kind: "checks.run", key: id("checks:1"), session: id("checked"), workspace: id("run.checked"), commit, commands, timeoutMs: 600_000 } })
  await eventually("the check runs", () => readFile(path.join(directory, ".git-started")).catch(() => null))
  await at.do(close("checked"))
  expect(await at.report((report) => report.type === "job.failed")).toMatchObject({ job: "checks:1", fault: { code: "checks.cut-off" } })
})

test("the hub tells a worker to end, and it does", async () => {
  await using at = await stage()
  await at.startWorker()
  await at.open("a")
  at.tell({ shutdown: true })
  expect(await at.workerExit()).toBe(0)
})

test("a worker that no hub needs any more ends by itself", async () => {
  await using at = await stage({ environment: { FLEET_WORKER_ALONE_MINUTES: "0.001" } })
  await at.startWorker()
  await at.killHub()
  expect(await at.workerExit()).toBe(0)
})

test("a worker whose hub died before it was found ends within seconds", async () => {
  await using at = await stage()
  await at.killHub()
  expect(await at.secondWorker("--first-hub-within-seconds=1")).toBe(0)
})

test("a session that rests does not keep a worker that no hub needs any more", async () => {
  await using at = await stage({ environment: { FLEET_WORKER_ALONE_MINUTES: "0.001" } })
  await at.startWorker()
  await at.open("a")
  await at.killHub()
  expect(await at.workerExit()).toBe(0)
  expect(await at.living("a")).toEqual([])
})

test("when the hub lost its memory, the worker ends its agents and says why", async () => {
  await using at = await stage()
  await at.startWorker()
  await at.open("a")
  await at.killHub()
  await rm(path.join(at.home, "heard.jsonl"))
  await at.startHub()
  expect(await at.workerExit()).toBe(0)
  expect(await at.log()).toContain("its state is from before")
  expect(await at.living("a")).toEqual([])
})
