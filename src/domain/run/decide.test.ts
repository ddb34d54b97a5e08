import { expect, test } from "vitest"
import { task, World } from "../../../test/world/world.ts"
import { id } from "../ids.ts"

function world(slots = 4): World {
  const made = new World()
  made.join(slots)
  return made
}

test("a plan whose tasks need each other in a circle is refused, and nothing has happened", () => {
  const of = world()
  const before = of.state
  expect(() => of.submit([task("a", { after: ["b"] }), task("b", { after: ["a"] })])).toThrow(/a|b/)
  expect(of.state).toBe(before)
})

test("an agent that no worker has is refused by name", () => {
  expect(() => world().submit([task("a", { agent: "cleverest" })])).toThrow(/no worker has an agent "cleverest"/)
})

test("the longest way to the end starts first", () => {
  const of = world(1)
  of.submit([task("short", { estimateMinutes: 1 }), task("long", { estimateMinutes: 2 }), task("end", { after: ["long"], estimateMinutes: 9 })])
  expect([...of.state.active]).toEqual(["run-aaaa/long"])
})

test("work that is half done goes before work that has not begun", () => {
  const of = world(1)
  of.submit([task("flaky", { estimateMinutes: 1, checks: ["false"] }), task("long", { estimateMinutes: 9 })])
  of.succeed(of.jobsOf("workspace.prepare")[0]!)
  expect([...of.state.active]).toEqual(["run-aaaa/long"])
  of.report({ type: "job.failed", job: of.jobsOf("session.open")[0]!.key, fault: { code: "x", what: "x", why: "x", fix: "x" }, transient: true })
  of.runDry()
  expect(of.log.filter(({ event }) => event.type === "attempt.started").map(({ event }) => (event.type === "attempt.started" ? event.attempt : ""))).toEqual([
    "run-aaaa.long.1",
    "run-aaaa.flaky.1",
  ])
})

test("on a file system that ignores case, paths that differ only in case are one claim", () => {
  for (const ignoreCase of [false, true]) {
    const of = world()
    of.tell({
      type: "run.submit",
      run: id("run-case"),
      plan: {
        version: 1,
        goal: "case",
        guardrails: [],
        checks: [],
        setup: null,
        tasks: [task("a", { scope: ["src/API"] }), task("b", { scope: ["src/api"] })],
        source: { format: "inline", file: null },
      },
      repository: "/repo",
      commonDirectory: "/repo/.git",
      ignoreCase,
      target: "main",
      settings: {
        agent: "scripted",
        slotsMax: null,
        waveSize: null,
        waveTokens: null,
        confirmMerges: false,
        timeoutMs: { skill: 1e6, research: 1e6, build: 1e6 },
        stallMs: 1e6,
        retries: 0,
        checkTimeoutMs: 1e6,
        workspace: "worktree",
        widening: "ask",
      },
      campaign: null,
    })
    expect(of.state.active.size).toBe(ignoreCase ? 1 : 2)
  }
})

test("a stopped run can be continued, and goes on where it was", () => {
  const of = world(1)
  const run = of.submit([task("a"), task("b", { after: ["a"] })])
  of.succeed(of.jobsOf("workspace.prepare")[0]!)
  of.succeed(of.jobsOf("session.open")[0]!)
  expect(of.tell({ type: "run.stop", run, by: "me" })).toBeNull()
  of.runDry()
  expect(of.state.runs.get(run)?.status).toMatchObject({ name: "settled", outcome: "cancelled" })
  expect(of.tell({ type: "run.continue", run })).toBeNull()
  const [prepare] = of.jobsOf("workspace.prepare")
  expect(prepare).toMatchObject({ key: "prepare:run-aaaa.a.2", workspace: "run-aaaa.a" })
  of.succeed(prepare!)
  expect(of.jobsOf("session.open")[0]).toMatchObject({ resume: "agent-run-aaaa.a.1" })
  of.runDry()
  expect(of.state.runs.get(run)?.status).toMatchObject({ outcome: "done" })
})

test("runs that are long over leave the state, and those that go on do not", () => {
  const of = world()
  of.submit([task("first")], {}, "first-gone")
  of.runDry()
  of.submit([task("waits", { gate: "human" })], {}, "goes-on")
  for (let n = 0; n < 101; n++) {
    of.now += 1_000
    of.submit([task("t")], {}, `run-${n}`)
    of.runDry()
  }
  expect(of.state.runs.has(id("first-gone"))).toBe(false)
  expect(of.state.tasks.has(id("first-gone/first"))).toBe(false)
  expect(of.state.runs.has(id("goes-on"))).toBe(true)
  expect(of.state.runs.size).toBeLessThanOrEqual(103)
})
