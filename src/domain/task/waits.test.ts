import { expect, test } from "vitest"
import { goodResult, task, World } from "../../../test/world/world.ts"
import type { Job } from "../worker/job.ts"

/** Lets one task go on, alone, up to a job of that kind. */
function upTo(world: World, key: string, kind: Job["kind"]): Job {
  for (;;) {
    const job = [...world.open.values()].map((action) => action.job).find((one) => one.key.includes(`.${key}.`))
    if (job === undefined) throw new Error(`${key} has no job`)
    if (job.kind === kind) return job
    world.succeed(job)
  }
}

/** The attempt changed a file that its task does not claim, and a person allowed it. */
function widen(world: World, key: string, path: string): void {
  const job = upTo(world, key, "workspace.collect")
  const good = goodResult(job)
  if (good.kind !== "workspace.collect") throw new Error(good.kind)
  const files = [{ path, status: "added" as const, additions: 1, deletions: 0, from: null }]
  world.report({ type: "job.done", job: job.key, result: { ...good, collected: { ...good.collected, files } } })
  const asked = world.state.approvals.find((approval) => approval.answer === null && approval.about.kind === "scope")
  if (asked === undefined) throw new Error("nobody was asked")
  world.tell({ type: "approval.answer", approval: asked.id, allow: true, by: "me", note: null })
}

test("what was widened is claimed as if it had been declared, also by a task that was stopped and goes on", () => {
  const world = new World()
  world.join(4)
  const run = world.submit([task("a", { scope: ["a.txt"], checks: ["true"] })])
  widen(world, "a", "shared.txt")
  world.tell({ type: "run.stop", run, by: "me" })
  world.runDry()
  world.submit([task("b", { scope: ["shared.txt"] })], {}, "run-bbbb")
  expect(world.tell({ type: "run.continue", run })).toBeNull()
  expect([...world.state.active]).toEqual(["run-bbbb/b"])
  world.runDry()
  expect([...world.state.tasks.values()].map((one) => one.state.name)).toEqual(["done", "done"])
})

test("a task that was widened over another's claim works again only when that one has landed", () => {
  const world = new World()
  world.join(4)
  world.submit([task("a", { scope: ["a.txt"], checks: ["test"] }), task("b", { scope: ["shared.txt"] })])
  upTo(world, "b", "session.turn")
  widen(world, "a", "shared.txt")
  const checks = upTo(world, "a", "checks.run")
  world.report({
    type: "job.done",
    job: checks.key,
    result: { kind: "checks.run", checks: [{ command: "test", passed: false, exitCode: 1, timedOut: false, output: "", elapsedMs: 1 }] },
  })
  expect(world.task("a").state.name).toBe("pending")
  world.runDry()
  expect(world.task("a").state.name).toBe("done")
  const order = world.log.flatMap(({ event }) => (event.type === "task.done" ? [event.task] : []))
  expect(order).toEqual(["run-aaaa/b", "run-aaaa/a"])
})
