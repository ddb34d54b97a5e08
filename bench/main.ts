/** `npm run bench [part …]`: measures and prints a table. Nothing here is a test; numbers depend on the machine and what else it does. */
import { benchChildren } from "./children.ts"
import { benchClaims } from "./claims.ts"
import { benchDecide } from "./decide.ts"
import { benchEvents } from "./events.ts"
import { benchFleet } from "./fleet.ts"
import { benchMakespan } from "./makespan.ts"
import { benchMomentum } from "./momentum.ts"
import { benchOpencode } from "./opencode.ts"
import { benchRelay } from "./relay.ts"
import type { Row } from "./row.ts"
import { benchScopes } from "./scopes.ts"
import { benchStart } from "./start.ts"
import { benchStore } from "./store.ts"

const parts: Record<string, () => Promise<Row[]>> = {
  decide: benchDecide,
  store: benchStore,
  scopes: benchScopes,
  claims: benchClaims,
  makespan: benchMakespan,
  relay: benchRelay,
  momentum: benchMomentum,
  start: benchStart,
  events: benchEvents,
  fleet: benchFleet,
  opencode: benchOpencode,
  children: benchChildren,
}
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in parts))
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`)
  process.exit(2)
}
const rows: Row[] = []
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.error(`measuring ${name} …`)
  rows.push(...(await measure()))
}
const width = Math.max(...rows.map((row) => row.name.length))
for (const row of rows) console.log(`${row.ok === null ? " " : row.ok ? "✓" : "✗"} ${row.name.padEnd(width)}  ${row.value}  (target ${row.target})`)
