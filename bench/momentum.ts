/** What sessions add up to: 100,000 discoveries added and rendered, and the memory that it takes. */
import { Momentum } from "../src/domain/momentum/momentum.ts"
import type { Row } from "./row.ts"

const count = 100_000

export async function benchMomentum(): Promise<Row[]> {
  const few = measure(5_000)
  const many = measure(count)
  return [
    { name: `momentum: ${count} discoveries added and rendered`, value: `${many.ms.toFixed(0)} ms`, target: "<= 500 ms", ok: many.ms <= 500 },
    { name: "its state, as JSON, after 5,000 and after 100,000", value: `${few.kb} KB, ${many.kb} KB`, target: "no growth", ok: many.kb <= few.kb * 1.2 },
  ]
}

function measure(records: number): { ms: number; kb: number } {
  const momentum = new Momentum()
  const start = Date.UTC(2026, 0, 1)
  const startedAt = performance.now()
  for (let n = 0; n < records; n++)
    momentum.add({
      schema: 1,
      timestamp: new Date(start + n * 1_000).toISOString(),
      session: `session-${n % 500}`,
      agent: `agent-${n % 7}`,
      wave: n % 4,
      scope: [`src/package-${n % 900}/module`, `src/ui-${n % 50}`],
      status: n % 9 === 0 ? "failed" : "success",
      handoff_items: [`built part ${n} of the module`],
      decisions: [`use approach ${n % 400} for the storage`],
      files_touched: [`src/package-${n % 900}/module/a.ts`],
      failures: n % 9 === 0 ? [`check ${n % 40} failed`] : [],
    })
  momentum.render(start + records * 1_000)
  const ms = performance.now() - startedAt
  return { ms, kb: Math.round(JSON.stringify(momentum.state).length / 1_024) }
}
