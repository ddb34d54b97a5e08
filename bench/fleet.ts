/** The whole of Fleet with real processes and scripted agents: 50 at once, the way from the last need to the next prompt, and 200 tasks on 8 slots. */
import { readFileSync } from "node:fs"
import type { EventView, RunView } from "../src/protocol/views.ts"
import { scenario, type Scenario } from "../test/fleet/scenario.ts"
import { task } from "../test/world/world.ts"
import { heavyTailed } from "./makespan.ts"
import type { Row } from "./row.ts"

export async function benchFleet(): Promise<Row[]> {
  return [...(await fiftyAtOnce()), ...(await chain()), ...(await twoHundred())]
}

export async function fiftyAtOnce(): Promise<Row[]> {
  await using fleet = await scenario({ slots: 50 })
  await fleet.submit(
    Array.from({ length: 50 }, (_, n) => task(`t${n}`, { prompt: `[[sleep ms=8000]] [[write path="f${n}" text="x"]] [[commit message="f${n}"]]` })),
  )
  const peak = { hub: 0, worker: 0, working: 0 }
  const { pid: hub } = await fleet.client.hub()
  const worker = await fleet.workerPid()
  const run = await fleet.until("it has settled", (view) => {
    peak.hub = Math.max(peak.hub, residentMb(hub))
    peak.worker = Math.max(peak.worker, residentMb(worker))
    peak.working = Math.max(peak.working, view.tasks.filter((one) => one.status === "working").length)
    return view.endedAt !== null
  })
  const landed = await fleet.landed()
  return [
    {
      name: "50 scripted agents at once: landed",
      value: `${landed.length} of 50, ${peak.working} at once, ${seconds(wallOf(run))}`,
      target: "50",
      ok: landed.length === 50,
    },
    { name: "  hub, resident at most", value: `${peak.hub} MB`, target: "< 200 MB", ok: peak.hub < 200 },
    { name: "  worker without its agents, resident at most", value: `${peak.worker} MB`, target: "< 150 MB", ok: peak.worker < 150 },
  ]
}

/** A chain, so that each start waits for one landing and for nothing else. */
async function chain(): Promise<Row[]> {
  await using fleet = await scenario({ slots: 4 })
  const length = 24
  await fleet.submit(
    Array.from({ length }, (_, n) =>
      task(`t${n}`, { after: n === 0 ? [] : [`t${n - 1}`], prompt: `[[write path="f${n}" text="x"]] [[commit message="f${n}"]]` }),
    ),
  )
  await fleet.settled()
  const events = await milestones(fleet)
  const at = (key: string, type: string): number => events.find((event) => event.task === key && event.type === type)?.at ?? Number.NaN
  const waits = Array.from({ length: length - 4 }, (_, n) => at(`t${n + 4}`, "attempt.prepared") - at(`t${n + 3}`, "task.done")).sort((a, b) => a - b)
  const starts = Array.from({ length: length - 4 }, (_, n) => at(`t${n + 4}`, "session.opened") - at(`t${n + 4}`, "attempt.prepared")).sort((a, b) => a - b)
  return [
    {
      name: "last need met to the next prompt sent, agent start excluded",
      value: `median ${mid(waits)} ms (${waits[0]} to ${waits.at(-1)}, ${waits.length} starts, warm pool)`,
      target: "< 150 ms",
      ok: mid(waits) < 150,
    },
    { name: "  start of the scripted agent itself", value: `median ${mid(starts)} ms`, target: "-", ok: null },
  ]
}

async function twoHundred(): Promise<Row[]> {
  await using fleet = await scenario({ slots: 8 })
  const load = heavyTailed(200, 3, 1_200)
  await fleet.submit(
    load.tasks.map((one) => ({
      ...one,
      prompt: `[[sleep ms=${load.durationMs.get(one.key) ?? 0}]] [[write path="f/${one.key}" text="x"]] [[commit message="${one.key}"]]`,
    })),
  )
  const run = await fleet.settled(900_000)
  const wall = wallOf(run)
  const bound = run.lowerBoundMs ?? Number.NaN
  return [
    {
      name: "200 tasks on 8 slots with real processes: wall / lower bound of what ran",
      value: `${(wall / bound).toFixed(3)} (${seconds(wall)}, work ${seconds(run.workMs)}, landed ${run.counts.done})`,
      target: "<= 1.05",
      ok: wall / bound <= 1.05 && run.counts.done === 200,
    },
  ]
}

async function milestones(fleet: Scenario): Promise<EventView[]> {
  const events: EventView[] = []
  for await (const event of fleet.client.live("@last", 0, AbortSignal.timeout(30_000)))
    if (event.event === "milestone") events.push(JSON.parse(event.data) as EventView)
  return events
}

function residentMb(pid: number): number {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024)
  } catch {
    return 0
  }
}

const wallOf = (run: RunView): number => (run.endedAt ?? run.startedAt) - run.startedAt
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
const mid = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
