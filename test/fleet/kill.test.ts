import { expect, test } from "vitest"
import type { PlanTask } from "../../src/domain/plan/plan.ts"
import { generator } from "../random.ts"
import { task } from "../world/world.ts"
import { describe, scenario } from "./scenario.ts"

/** The same kills each time, as far as processes allow; FLEET_SEED=<number> for others, FLEET_SEED=random to look for more. */
const given = process.env["FLEET_SEED"] ?? "778946"
const seed = given === "random" ? Math.floor(Math.random() * 1_000_000) : Number(given)

test("hub, worker and agents are killed again and again, and every task lands exactly once", { timeout: 600_000 }, async () => {
  console.log(`seed of the kills: ${seed}`)
  const random = generator(seed)
  await using fleet = await scenario({ slots: 6 })
  const tasks = graph(60)
  await fleet.submit(tasks)
  let kills = 0
  while (kills < 14 && !(await fleet.settlesWithin(2 + Math.floor(random() * 25)))) {
    kills += 1
    await fleet.killSomething(random)
  }
  const run = await fleet.settled()
  expect(run.counts.done, describe(run)).toBe(60)
  expect((await fleet.landed()).toSorted()).toEqual(tasks.map((one) => one.key).toSorted())
  for (const one of tasks) expect(await fleet.file(`out/${one.key}`)).toBe(one.key)
  await fleet.tidied()
  expect(await fleet.leftovers()).toEqual([])
})

test("a hub that is killed interrupts no agent and loses no report", async () => {
  await using fleet = await scenario({ slots: 2 })
  await fleet.submit([task("slow", { prompt: '[[say "begun"]] [[sleep ms=1500]] [[write path="slow.txt" text="x"]] [[commit message="slow"]]' })])
  await fleet.untilTask("slow", "working")
  await fleet.killHub()
  expect((await fleet.agentProcesses()).length).toBeGreaterThan(0)
  await fleet.startHub()
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  expect(run.tasks[0]?.attempts).toHaveLength(1)
})

test("a worker that is killed takes its agents with it, shells of their own included, and their tasks go on in their own sessions", async () => {
  await using fleet = await scenario({ slots: 2 })
  await fleet.submit([
    task("long", {
      prompt:
        '[[if resumed]] [[say "I remember"]] [[write path="long.txt" text="x"]] [[commit message="long"]] [[else]] [[write path="half.txt" text="half"]] [[run cmd="echo begun; exec sleep 1000"]] [[end]]',
    }),
  ])
  await fleet.untilTask("long", "working")
  await fleet.untilProgram("sleep")
  await fleet.killWorker()
  const run = await fleet.settled()
  expect(run.status).toBe("done")
  expect(run.tasks[0]?.attempts.map((attempt) => attempt.reason)).toEqual(["first", "resume"])
  expect(await fleet.file("half.txt")).toBe("half")
  expect(await fleet.agentProcesses()).toEqual([])
})

test("when nobody starts Fleet again its agents end by themselves within seconds", async () => {
  await using fleet = await scenario({ slots: 2 })
  await fleet.submit([task("long", { prompt: '[[run cmd="exec sleep 1000"]]' })])
  await fleet.untilProgram("sleep")
  const worker = await fleet.workerPid()
  await fleet.killHub()
  fleet.killProcess(worker)
  await fleet.processesGone()
})

function graph(count: number): PlanTask[] {
  return Array.from({ length: count }, (_, n) =>
    task(`t${n}`, {
      after: n < 8 ? [] : [`t${n - 8}`],
      scope: [`out/t${n}`],
      prompt: `[[write path="out/t${n}" text="t${n}"]] [[sleep ms=${(n * 37) % 150}]] [[commit message="t${n}"]] [[handoff "did t${n}"]]`,
      checks: n % 5 === 0 ? [`test -s out/t${n}`] : [],
    }),
  )
}
