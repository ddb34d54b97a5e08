import { stat } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import type { RunView } from "../../src/protocol/views.ts"
import { task } from "../world/world.ts"
import { eventually } from "../eventually.ts"
import { acp, command, configWith, peakMegabytes } from "./programs.ts"
import { scenario } from "./scenario.ts"

const good = task("good", { prompt: '[[write path="good.txt" text="good"]] [[commit message="good"]]' })
const reasonOf = (run: RunView, key: string): string | undefined => run.tasks.find((one) => one.key === key)?.reason
const aMoment = 0.03

test("agents that end without having worked: each says how, and the others' work lands", async () => {
  const agents = {
    idle: command("exits-silently.mjs"),
    dying: command("dies-with-7.mjs"),
    garbled: acp("bad-acp.mjs", "garbage-first"),
    strange: acp("bad-acp.mjs", "garbage"),
    mute: acp("exits-silently.mjs"),
  }
  await using fleet = await scenario({ slots: 6, config: configWith(agents) })
  await fleet.submit([...Object.keys(agents).map((agent) => task(agent, { agent })), good, task("after", { after: ["idle"] })])
  const run = await fleet.settled()
  expect(run.status).toBe("failed")
  expect(reasonOf(run, "idle")).toBe("no commit: the agent ended its turn and changed nothing")
  expect(reasonOf(run, "dying")).toBe("the agent failed: it exited with code 7: giving up")
  expect(reasonOf(run, "garbled")).toContain('agent "garbled" could not open a session: ')
  expect(reasonOf(run, "garbled")).toContain("it exited with code 1")
  expect(reasonOf(run, "strange")).toBe('the agent failed: the agent ended the turn with "42"')
  expect(reasonOf(run, "mute")).toContain("it exited with code 0")
  expect(reasonOf(run, "after")).toContain("blocked: idle did not succeed")
  expect(await fleet.landed()).toEqual(["good"])
  expect(await fleet.agentProcesses()).toEqual([])
})

test("agents that fall silent are ended by the facts, and the reason says so", async () => {
  const agents = {
    "half-line": command("half-a-line.mjs"),
    "closed-stdout": command("closes-stdout.mjs"),
    "acp-silent": acp("bad-acp.mjs", "never-answers"),
    "acp-half-line": acp("bad-acp.mjs", "half-a-line"),
  }
  await using fleet = await scenario({ slots: 6, config: configWith(agents, { stall: aMoment }) })
  await fleet.submit([...Object.keys(agents).map((agent) => task(agent, { agent })), good])
  const run = await fleet.settled()
  for (const key of Object.keys(agents)) expect(reasonOf(run, key)).toMatch(/^silent for \d+ s, no process worked and no file changed; ended by Fleet$/)
  expect(await fleet.landed()).toEqual(["good"])
  expect(await fleet.agentProcesses()).toEqual([])
})

test("agents that take no hint are ended all the same: at their deadline, by a stop, with all their grandchildren", async () => {
  const agents = {
    deaf: command("ignores-sigterm.mjs"),
    "acp-deaf": acp("bad-acp.mjs", "ignores-sigterm"),
    "acp-unborn": acp("bad-acp.mjs", "never-initializes"),
    forking: command("forks-grandchildren.mjs"),
    daemon: command("leaves-a-daemon.mjs"),
  }
  await using fleet = await scenario({ slots: 6, config: configWith(agents) })
  const run = await fleet.submit([
    task("deaf", { agent: "deaf", timeoutMinutes: aMoment }),
    task("acp-deaf", { agent: "acp-deaf", timeoutMinutes: aMoment }),
    task("acp-unborn", { agent: "acp-unborn", timeoutMinutes: aMoment }),
    task("forking", { agent: "forking" }),
    task("daemon", { agent: "daemon" }),
    good,
  ])
  await eventually("the grandchildren run", async () => {
    const session = (await fleet.task("forking")).session
    return session !== null && (await fleet.transcript(session)).includes("ready")
  })
  await fleet.client.stopTask(run, "forking")
  const ended = await fleet.settled()
  for (const key of ["deaf", "acp-deaf", "acp-unborn"]) expect(reasonOf(ended, key)).toBe("not finished within 2 s; ended by Fleet")
  expect(ended.tasks.find((one) => one.key === "forking")).toMatchObject({ status: "cancelled", reason: "stopped" })
  expect(reasonOf(ended, "daemon")).toContain("no commit")
  expect(await fleet.landed()).toEqual(["good"])
  expect(await fleet.agentProcesses()).toEqual([])
})

test("the run is stopped while agents ignore SIGTERM and hold grandchildren", async () => {
  const agents = { deaf: command("ignores-sigterm.mjs"), forking: command("forks-grandchildren.mjs") }
  await using fleet = await scenario({ slots: 2, config: configWith(agents) })
  const run = await fleet.submit(Object.keys(agents).map((agent) => task(agent, { agent })))
  await eventually("a process, and a process with two grandchildren, run", async () => (await fleet.agentProcesses()).length >= 4)
  await fleet.client.stopRun(run)
  expect((await fleet.settled()).tasks.map((one) => one.status)).toEqual(["cancelled", "cancelled"])
  expect(await fleet.agentProcesses()).toEqual([])
})

test("an agent whose process dies in its turn is gone on with, and given up with the reason when it always dies", async () => {
  const agents = { "acp-dies": acp("bad-acp.mjs", "dies"), "acp-closes": acp("bad-acp.mjs", "closes-stdout") }
  await using fleet = await scenario({ slots: 3, config: configWith(agents) })
  await fleet.submit([...Object.keys(agents).map((agent) => task(agent, { agent })), good])
  const run = await fleet.settled()
  for (const key of Object.keys(agents)) expect(run.tasks.find((one) => one.key === key)?.attempts).toHaveLength(5)
  expect(reasonOf(run, "acp-dies")).toContain("cut off: it exited with code 7")
  expect(reasonOf(run, "acp-closes")).toContain("cut off: its output ended, though it still runs")
  expect(await fleet.landed()).toEqual(["good"])
})

test("floods of stdout, in long lines and in short ones, neither fill the worker's memory nor hold up the run", async () => {
  const agents = { long: command("floods-then-works.mjs", "100", "65536"), short: command("floods-then-works.mjs", "100", "120") }
  // With so small a heap the worker would end, did it keep what it hears.
  await using fleet = await scenario({ slots: 3, config: configWith(agents), environment: { NODE_OPTIONS: "--max-old-space-size=96" } })
  const worker = await fleet.workerPid()
  await fleet.submit([task("long", { agent: "long" }), task("short", { agent: "short", after: ["good"] }), good])
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  expect(await fleet.workerPid()).toBe(worker)
  expect(await peakMegabytes(worker)).toBeLessThan(250)
  const session = run.tasks[0]?.attempts[0]?.session ?? ""
  expect((await stat(path.join(fleet.home, "transcripts", `${session}.jsonl`))).size).toBeLessThan(80 << 20)
})
