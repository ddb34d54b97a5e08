import { expect, test } from "vitest"
import { task, World } from "../../../test/world/world.ts"
import type { AgentError, TurnOutcome } from "../session/turn.ts"
import { noUsage } from "../session/turn.ts"
import type { Job } from "../worker/job.ts"
import type { JobResult } from "../worker/job-result.ts"

/** A world with one task whose first turn has come to `outcome`. */
function afterTurn(outcome: TurnOutcome, retries = 1): World {
  const world = new World()
  world.join(1)
  world.submit([task("a", { retries })])
  turn(world, outcome)
  return world
}

function turn(world: World, outcome: TurnOutcome): void {
  world.succeed(one(world, "workspace.prepare"))
  world.succeed(one(world, "session.open"))
  world.report({ type: "job.done", job: one(world, "session.turn").key, result: { kind: "session.turn", outcome } })
  world.succeed(one(world, "session.close"))
}

function one(world: World, kind: Job["kind"]): Job {
  const [job] = world.jobsOf(kind)
  if (job === undefined) throw new Error(`no ${kind} is open`)
  return job
}

const failed = (of: AgentError["class"], resetAt: number | null = null): TurnOutcome => ({
  how: "failed",
  error: { class: of, message: "said so", resetAt },
  text: "",
  usage: noUsage,
})

test.each(["auth", "refused"] as const)("an error of class %s ends the task: another try would meet the same", (of) => {
  expect(afterTurn(failed(of)).task("a").state).toMatchObject({ name: "failed", failure: { kind: "agent", error: { class: of } } })
})

test("a rate limit is waited out until its reset, by everyone who uses that agent, and costs no try", () => {
  const world = afterTurn(failed("rate-limit", 1_060_000), 0)
  expect(world.task("a")).toMatchObject({ tries: 0, hiccups: 1, state: { name: "pending", next: { notBefore: 1_060_000, reason: "resume" } } })
  world.submit([task("b")], {}, "run-bbbb")
  expect(world.task("b").state.name).toBe("pending")
  world.now = 1_060_000
  world.tell({ type: "tick" })
  expect(world.task("a").state.name).toBe("running")
})

test.each(["overload", "network"] as const)("after %s the pauses grow", (of) => {
  const world = afterTurn(failed(of))
  const pauses: number[] = []
  for (let n = 0; n < 4; n++) {
    const { state } = world.task("a")
    if (state.name !== "pending") throw new Error(state.name)
    pauses.push((state.next.notBefore ?? 0) - world.now)
    world.tick()
    turn(world, failed(of))
  }
  expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000])
})

test("a bug of the agent costs a try, and the last one fails the task", () => {
  const world = afterTurn(failed("bug"), 1)
  expect(world.task("a")).toMatchObject({ tries: 1, state: { name: "pending" } })
  world.tick()
  turn(world, failed("bug"))
  expect(world.task("a").state.name).toBe("failed")
})

test("a stalled turn is tried again in a fresh conversation; a cut-off one in its own", () => {
  const stalled = afterTurn({ how: "stalled", silentMs: 1_000, text: "", usage: noUsage })
  stalled.succeed(one(stalled, "workspace.prepare"))
  expect(one(stalled, "session.open")).toMatchObject({ resume: null })
  const lost = afterTurn({ how: "lost", message: "gone", text: "", usage: noUsage })
  lost.succeed(one(lost, "workspace.prepare"))
  expect(one(lost, "session.open")).toMatchObject({ resume: "agent-run-aaaa.a.1" })
})

test("a repair that is cut off goes on as a repair, and still hears of the conflict", () => {
  const world = new World()
  world.join(1)
  world.submit([task("a")])
  while (world.jobsOf("landing.try").length === 0) world.succeed([...world.open.values()][0]!.job)
  const landing = one(world, "landing.try")
  if (landing.kind !== "landing.try") throw new Error(landing.kind)
  const conflict: JobResult = {
    kind: "landing.try",
    landing: { how: "conflict", task: landing.items[0]!.task, target: "main", files: ["list.txt"], theirs: ["1a2b3c add right"] },
  }
  world.report({ type: "job.done", job: landing.key, result: conflict })
  expect(one(world, "workspace.prepare")).toMatchObject({ merge: "main" })
  turn(world, { how: "lost", message: "gone", text: "", usage: noUsage })
  expect(one(world, "workspace.prepare")).toMatchObject({ merge: "main" })
  world.succeed(one(world, "workspace.prepare"))
  world.succeed(one(world, "session.open"))
  expect(one(world, "session.turn")).toMatchObject({ prompt: expect.stringContaining("## Merge conflict") })
})

test("nothing is tried again for ever", () => {
  const world = afterTurn({ how: "lost", message: "gone", text: "", usage: noUsage })
  for (let n = 0; n < 200 && world.task("a").state.name !== "failed"; n++) {
    if (world.jobsOf("workspace.prepare").length === 0) world.tick()
    else turn(world, { how: "lost", message: "gone", text: "", usage: noUsage })
  }
  expect(world.task("a").state).toMatchObject({ name: "failed", failure: { kind: "died" } })
})
