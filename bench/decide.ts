/** How fast the core decides: a whole run of 1,000 tasks with imaginary workers, every command of it; and whether that grows with the number of events. */
import { task, World } from "../test/world/world.ts"
import type { PlanTask } from "../src/domain/plan/plan.ts"
import type { Row } from "./row.ts"

export async function benchDecide(): Promise<Row[]> {
  run(200)
  const rates = [run(1_000), run(1_000), run(1_000)].sort((a, b) => a.perSecond - b.perSecond)
  const median = rates[1] ?? rates[0]
  const world = new World()
  let events = 0
  const rounds = Array.from({ length: 160 }, (_, n) => {
    const perSecond = round(world, n)
    events += world.log.length
    // A hub keeps no events either: what is measured is the state, not the collector.
    world.log.length = 0
    return perSecond
  })
  // The state keeps the last hundred runs that are over, and is as large as it gets from there on.
  const [first, full, last] = [mid(rounds.slice(0, 10)), mid(rounds.slice(100, 110)), mid(rounds.slice(-10))]
  const format = (n: number): string => Math.round(n).toLocaleString("en")
  return [
    {
      name: "decide: commands per second, run of 1,000 tasks",
      value: `${format(median?.perSecond ?? 0)} (3 runs: ${rates.map((rate) => format(rate.perSecond)).join(", ")})`,
      target: ">= 20,000",
      ok: (median?.perSecond ?? 0) >= 20_000,
    },
    {
      name: "decide: 160 runs of 300 tasks, one after the other",
      value: `first ten ${format(first)}, ten after a hundred ${format(full)}, last ten ${format(last)} (medians, ${format(events)} events)`,
      target: ">= 20,000, no growth once the state is full",
      ok: last > 20_000 && last > full * 0.8,
    },
  ]
}

const mid = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN

function run(tasks: number): { perSecond: number } {
  const world = new World()
  world.join(50)
  const commands = counted(world)
  const start = performance.now()
  world.submit(graph(tasks))
  world.runDry()
  return { perSecond: commands() / ((performance.now() - start) / 1_000) }
}

function round(world: World, n: number): number {
  world.join(50)
  const commands = counted(world)
  const start = performance.now()
  world.submit(graph(300), {}, `run-${n}`)
  world.runDry()
  return commands() / ((performance.now() - start) / 1_000)
}

function counted(world: World): () => number {
  let commands = 0
  const tell = World.prototype.tell.bind(world)
  world.tell = (command) => {
    commands += 1
    return tell(command)
  }
  return () => commands
}

/** Layers of 50, each task after two of the layer before, each with a scope of its own. */
function graph(tasks: number): PlanTask[] {
  return Array.from({ length: tasks }, (_, n) =>
    task(`t${n}`, { after: n < 50 ? [] : [`t${n - 50}`, `t${n - 50 + (n % 50 === 0 ? 1 : -1)}`], scope: [`src/m${n}`], checks: n % 4 === 0 ? ["true"] : [] }),
  )
}
