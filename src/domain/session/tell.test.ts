import { expect, test } from "vitest"
import { task, World } from "../../../test/world/world.ts"
import { id } from "../ids.ts"
import type { Fault } from "../fault.ts"
import type { Job } from "../worker/job.ts"
import type { Steering } from "./turn.ts"

function tell(world: World, text = "keep the old name", message = "m1"): Fault | null {
  return world.tell({ type: "task.tell", task: id("run-aaaa/a"), message: id(message), text, by: "me" })
}

function only(world: World, kind: Job["kind"]): Job {
  const [job] = world.jobsOf(kind)
  if (job === undefined) throw new Error(`no ${kind} is open`)
  return job
}

/** A world with one task whose agent works. */
function working(): World {
  const world = new World()
  world.join(1)
  world.submit([task("a")])
  world.succeed(only(world, "workspace.prepare"))
  world.succeed(only(world, "session.open"))
  world.report({ type: "turn.started", job: only(world, "session.turn").key, session: id("run-aaaa.a.1") })
  return world
}

const said = (world: World): unknown[] => world.log.map(({ event }) => event).filter((event) => event.type.startsWith("session.") && "message" in event)

test("an agent that works is told, once however often it is asked for, and what came of it is an event", () => {
  const world = working()
  expect(tell(world)).toBeNull()
  expect(tell(world)).toBeNull()
  const job = only(world, "session.steer")
  expect(world.jobsOf("session.steer")).toHaveLength(1)
  expect(job).toMatchObject({ key: "steer:run-aaaa.a.1:m1", session: "run-aaaa.a.1", text: "keep the old name" })
  world.succeed(job)
  world.report({ type: "job.done", job: job.key, result: { kind: "session.steer", steering: "over" } })
  expect(said(world)).toEqual([
    { type: "session.told", task: "run-aaaa/a", message: "m1", by: "me", text: "keep the old name" },
    { type: "session.heard", task: "run-aaaa/a", message: "m1" },
  ])
  world.runDry()
  expect(world.task("a").state.name).toBe("done")
})

test.each(["cannot", "over"] as const)("a message that was not taken (%s) is said to be so, and the attempt goes on", (steering: Steering) => {
  const world = working()
  tell(world)
  world.report({ type: "job.done", job: only(world, "session.steer").key, result: { kind: "session.steer", steering } })
  expect(said(world).at(-1)).toEqual({ type: "session.unheard", task: "run-aaaa/a", message: "m1", why: steering })
  expect(world.task("a").state).toMatchObject({ name: "running", attempt: { phase: { name: "working" } } })
})

test("a job that failed leaves the attempt alone", () => {
  const world = working()
  tell(world)
  world.report({ type: "job.failed", job: only(world, "session.steer").key, fault: { code: "x", what: "x", why: "x", fix: "x" }, transient: false })
  expect(said(world).at(-1)).toMatchObject({ type: "session.unheard", why: "unknown" })
  expect(world.task("a").state).toMatchObject({ name: "running", attempt: { phase: { name: "working" } } })
})

test("an answer that comes while the session closes still counts; none at all is told when it has closed, and not asked for again", () => {
  const world = working()
  tell(world, "one", "m1")
  tell(world, "two", "m2")
  const [one] = world.jobsOf("session.steer")
  world.succeed(only(world, "session.turn"))
  world.succeed(one!)
  expect(said(world).at(-1)).toEqual({ type: "session.heard", task: "run-aaaa/a", message: "m1" })
  world.succeed(only(world, "session.close"))
  expect(said(world).at(-1)).toEqual({ type: "session.unheard", task: "run-aaaa/a", message: "m2", why: "unknown" })
  expect(world.jobsOf("session.steer")).toEqual([])
})

test("what does not work cannot be told anything, and says what it does instead", () => {
  const world = new World()
  world.join(1)
  expect(tell(world)).toMatchObject({ code: "unknown-task" })
  world.submit([task("a")])
  expect(tell(world)).toMatchObject({ code: "task-not-working", why: expect.stringContaining("its workspace is being made") })
  world.succeed(only(world, "workspace.prepare"))
  world.succeed(only(world, "session.open"))
  expect(tell(world)?.why).toContain("has not acknowledged the prompt")
  world.runDry()
  expect(tell(world)?.why).toContain("it is done")
  expect(said(world)).toEqual([])
})

test("an empty text, one that is too long, too many at once and a worker that is away are refused", () => {
  const world = working()
  expect(tell(world, " \n")).toMatchObject({ code: "tell-empty" })
  expect(tell(world, "x".repeat(20_001))).toMatchObject({ code: "tell-too-long", why: expect.stringContaining("20001") })
  for (let number = 0; number < 20; number++) expect(tell(world, "x".repeat(20_000), `n${number}`)).toBeNull()
  expect(tell(world, "one more", "n20")).toMatchObject({ code: "tell-waiting" })
  const other = working()
  other.tell({ type: "worker.leave", worker: id("w"), boot: other.boot })
  expect(tell(other)).toMatchObject({ code: "tell-away" })
})
