import { expect, test } from "vitest"
import { task } from "../world/world.ts"
import { scenario } from "./scenario.ts"

test("a hub that is stopped ends its worker and every agent, also when the worker has just lost it", async () => {
  await using fleet = await scenario()
  await fleet.submit([task("long", { prompt: '[[run cmd="exec sleep 1000"]]' })])
  await fleet.untilProgram("sleep")
  await fleet.killHub()
  await fleet.startHub()
  await fleet.stop()
  expect(await fleet.processes()).toEqual([])
})

test("a hub that is stopped without its worker leaves the agents at work, and the next hub takes them up", async () => {
  await using fleet = await scenario()
  await fleet.submit([task("slow", { prompt: '[[sleep ms=1500]] [[write path="slow.txt" text="x"]] [[commit message="slow"]]' })])
  await fleet.untilTask("slow", "working")
  await fleet.stop({ worker: false })
  expect((await fleet.agentProcesses()).length).toBeGreaterThan(0)
  await fleet.startHub()
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  expect(run.tasks[0]?.attempts).toHaveLength(1)
})

test("a hub whose home was deleted ends, and everything that it started with it", async () => {
  await using fleet = await scenario()
  await fleet.submit([task("long", { prompt: '[[run cmd="exec sleep 1000"]]' })])
  await fleet.untilProgram("sleep")
  await fleet.deleteHome()
  await fleet.processesGone()
})
