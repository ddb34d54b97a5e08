/** Live events under load: many clients of one stream, served by one thread, while they are read by another. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { id } from "../src/domain/ids.ts"
import { serveEvents } from "../src/surfaces/http/testing/event-log.ts"
import type { Clients, Seen } from "./events-clients.ts"
import type { Row } from "./row.ts"

const clients = 100
const perSecond = 1_000
const seconds = 10
const everyMs = 10
const p99MsMax = 250

export async function benchEvents(): Promise<Row[]> {
  await using served = await serveEvents()
  const workerData: Clients = { port: served.port, clients, events: perSecond * seconds }
  const reader = new Worker(new URL("events-clients.ts", import.meta.url), { workerData })
  await once(reader, "message")
  const before = process.threadCpuUsage()
  const startedAt = performance.now()
  const answered = once(reader, "message") as Promise<[Seen]>
  await sendAll(served.log)
  const sentMs = performance.now() - startedAt
  const [seen] = await answered
  const { user, system } = process.threadCpuUsage(before)
  const share = (user + system) / 1_000 / (performance.now() - startedAt)
  const late = [...seen.latenessMs].sort((a, b) => a - b)
  const p99 = late[Math.floor(late.length * 0.99)] ?? 0
  const rate = (perSecond * seconds) / (sentMs / 1_000)
  return [
    {
      name: `events: ${clients} clients, lost / reordered`,
      value: `${seen.lost} / ${seen.reordered}`,
      target: "0 / 0",
      ok: seen.lost === 0 && seen.reordered === 0,
    },
    { name: "events: sent a second", value: Math.round(rate).toLocaleString("en"), target: perSecond.toLocaleString("en"), ok: rate > perSecond * 0.98 },
    {
      name: "events: from commit to client, p50 / p99",
      value: `${late[Math.floor(late.length / 2)] ?? 0} / ${p99} ms`,
      target: `p99 under ${p99MsMax} ms`,
      ok: p99 < p99MsMax,
    },
    { name: "events: share of one core that the hub needs for it", value: `${Math.round(share * 100)} %`, target: "under 100 %", ok: share < 1 },
  ]
}

/** At an even pace: what a late timer leaves out comes with the next. */
async function sendAll(log: Awaited<ReturnType<typeof serveEvents>>["log"]): Promise<void> {
  const startedAt = performance.now()
  for (let sent = 0; sent < perSecond * seconds;) {
    const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond))
    for (; sent < due; sent++) log.appendAt(Date.now(), { type: "run.stopping", run: id(`run-${sent % 50}`), by: "somebody who has a longer name than most" })
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
