/**
 * How long 200 tasks with heavy-tailed durations take on 8 slots: the real scheduler with imaginary workers, beside the lower bound of
 * any schedule and beside the same graph in waves.
 */
import type { PlanTask } from "../src/domain/plan/plan.ts"
import type { Job } from "../src/domain/worker/job.ts"
import { task, World } from "../test/world/world.ts"
import type { Row } from "./row.ts"

const slots = 8
const count = 200

export interface Load {
  readonly tasks: readonly PlanTask[]
  readonly durationMs: ReadonlyMap<string, number>
}

export async function benchMakespan(): Promise<Row[]> {
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  const ratios = seeds.map((seed) => {
    const load = heavyTailed(count, seed, 60_000)
    const bound = lowerBoundMs(load, slots)
    return { ours: simulate(load) / bound, waves: simulate(load, slots) / bound, threes: simulate(load, 3) / bound }
  })
  const ours = ratios.map((ratio) => ratio.ours).sort((a, b) => a - b)
  const waves = ratios.map((ratio) => ratio.waves).sort((a, b) => a - b)
  const threes = ratios.map((ratio) => ratio.threes).sort((a, b) => a - b)
  const text = (sorted: number[]): string =>
    `median ${mid(sorted).toFixed(3)} (${(sorted[0] ?? 0).toFixed(3)} to ${(sorted.at(-1) ?? 0).toFixed(3)}, ${sorted.length} graphs)`
  return [
    { name: `makespan / lower bound, ${count} tasks, ${slots} slots, scheduler alone`, value: text(ours), target: "<= 1.05", ok: mid(ours) <= 1.05 },
    { name: `the same graphs in waves of ${slots}`, value: text(waves), target: "beside it", ok: null },
    { name: "the same graphs in waves of 3", value: text(threes), target: "beside it", ok: null },
  ]
}

/** Pareto durations (alpha 1.3, cut at 40 times the smallest), a sparse random graph: a third of the tasks need one to three others before them. */
export function heavyTailed(tasks: number, seed: number, unitMs: number): Load {
  const random = generator(seed)
  const durationMs = new Map<string, number>()
  const rows = Array.from({ length: tasks }, (_, n) => {
    const ms = Math.round(unitMs * Math.min(40, (1 - random()) ** (-1 / 1.3)))
    const needs = n > 10 && random() < 0.33 ? Array.from({ length: 1 + Math.floor(random() * 3) }, () => `t${Math.floor(random() * n)}`) : []
    durationMs.set(`t${n}`, ms)
    return task(`t${n}`, { after: [...new Set(needs)], estimateMinutes: ms / 60_000 })
  })
  return { tasks: rows, durationMs }
}

export function lowerBoundMs(load: Load, of: number): number {
  const ends = new Map<string, number>()
  for (const { key, after } of load.tasks) ends.set(key, (load.durationMs.get(key) ?? 0) + Math.max(0, ...after.map((need) => ends.get(need.key) ?? 0)))
  const work = [...load.durationMs.values()].reduce((sum, ms) => sum + ms, 0)
  return Math.max(...ends.values(), work / of)
}

/** Only turns take time; everything else is answered at once. */
function simulate(load: Load, waveSize: number | null = null): number {
  const world = new World()
  world.join(slots)
  const start = world.now
  world.submit(load.tasks, { waveSize })
  const ends: { at: number; job: Job }[] = []
  const begun = new Set<string>()
  for (;;) {
    const jobs = [...world.open.values()].map((action) => action.job)
    const instant = jobs.find((job) => job.kind !== "session.turn")
    const turn = jobs.find((job) => job.kind === "session.turn" && !begun.has(job.key))
    if (instant !== undefined) world.succeed(instant)
    else if (turn?.kind === "session.turn") {
      begun.add(turn.key)
      ends.push({ at: world.now + (load.durationMs.get(turn.session.split(".")[1] ?? "") ?? 0), job: turn })
    } else {
      ends.sort((a, b) => b.at - a.at)
      const next = ends.pop()
      if (next === undefined) return world.now - start
      world.now = next.at
      world.succeed(next.job)
    }
  }
}

const mid = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? 0

function generator(from: number): () => number {
  let a = from * 7919
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
