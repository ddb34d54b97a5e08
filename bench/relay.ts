/**
 * What each task is told of what others found, against handing everything on: 50 tasks in waves of three, each of which hands off ten items of about
 * 300 characters and says 4,000 more. Real rules, imaginary workers. Tokens are characters / 4.
 */
import { plainCampaign, task, World } from "../test/world/world.ts"
import type { Job } from "../src/domain/worker/job.ts"
import { noUsage } from "../src/domain/session/turn.ts"
import { findingsFor } from "../src/domain/discovery/relay.ts"
import type { Row } from "./row.ts"

const tasks = 50
const items = Array.from({ length: 10 }, (_, n) => `item ${n}: ${"what was decided and why, in the words of the agent that did it. ".repeat(5).slice(0, 290)}`)
const chatter = "x".repeat(4_000)

export async function benchRelay(): Promise<Row[]> {
  const { relayed, everything, ms } = run()
  const last = relayed.at(-1) ?? 0
  const sum = (of: readonly number[]): number => of.reduce((total, one) => total + one, 0)
  return [
    {
      name: `tokens relayed to each of ${tasks} tasks: mean (the last one)`,
      value: `${Math.round(sum(relayed) / tasks / 4)} (${Math.round(last / 4)}); passing everything ${Math.round(sum(everything) / tasks / 4)} (${Math.round((everything.at(-1) ?? 0) / 4)})`,
      target: "less than passing everything",
      ok: sum(relayed) < sum(everything),
    },
    { name: "choosing what the last of them is told", value: `${ms.toFixed(2)} ms`, target: "beside it", ok: null },
  ]
}

function run(): { relayed: number[]; everything: number[]; ms: number } {
  const world = new World()
  world.join(8)
  const run = world.submit(
    Array.from({ length: tasks }, (_, n) => task(`t${n}`, { scope: [`src/p${n % 10}/m${n}`] })),
    { waveSize: 3 },
    "run-bench",
    plainCampaign("run-bench"),
  )
  const relayed: number[] = []
  const everything: number[] = []
  let said = 0
  let ms = 0
  for (let next = first(world); next !== undefined; next = first(world)) {
    if (next.kind !== "session.turn") {
      world.succeed(next)
      continue
    }
    const key = next.session.split(".")[1] ?? ""
    const startedAt = performance.now()
    const told = findingsFor(world.state, world.task(key))
    ms = performance.now() - startedAt
    relayed.push(told.reduce((chars, { from, text }) => chars + from.length + text.length, 0))
    everything.push(said)
    const text = `${chatter}\n---HANDOFF---\n${items.map((item) => `- ${key} ${item}`).join("\n")}\n---`
    world.report({ type: "turn.started", job: next.key, session: next.session })
    world.report({ type: "job.done", job: next.key, result: { kind: "session.turn", outcome: { how: "completed", text, usage: noUsage } } })
    said += text.length
  }
  if (world.state.runs.get(run)?.status.name !== "settled") throw new Error("the campaign has not settled")
  return { relayed, everything, ms }
}

const first = (world: World): Job | undefined =>
  [...world.open.values()].map((action) => action.job).toSorted((a, b) => Number(a.kind === "session.turn") - Number(b.kind === "session.turn"))[0]
