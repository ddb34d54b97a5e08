/** How fast a claim is checked against 10,000 open ones: when somebody takes one, and when the scheduler asks what a task waits for. */
import type { ClaimEvent } from "../src/domain/claim/claim.ts"
import { id } from "../src/domain/ids.ts"
import { apply } from "../src/domain/project/apply.ts"
import { decide } from "../src/domain/project/decide.ts"
import { taskOf } from "../src/domain/project/state.ts"
import { parseScope } from "../src/domain/scope/normalise.ts"
import type { Scope } from "../src/domain/scope/scope.ts"
import { placeFor, roomIn } from "../src/domain/task/waits.ts"
import { task, World } from "../test/world/world.ts"
import type { Row } from "./row.ts"

const claims = 10_000
const rounds = 100
const limitMs = 5

export async function benchClaims(): Promise<Row[]> {
  const world = new World()
  // No worker: the task stays pending, with its scope free, so that all claims are asked.
  for (let n = 0; n < claims; n++) world.state = apply(world.state, held(n), world.now)
  const first = timed(() => take(world, `src/new/first`, true))
  const free = times((n) => take(changed(world, n), `src/p${n % 400}/other${n}`, true))
  const refused = times((n) => take(changed(world, n), `src/p${n % 400}/m${n}/deep`, false))
  const glob = times((n) => take(changed(world, n), `lib/**/x${n}.ts`, true))
  const run = world.submit([task("a", { scope: ["src/p399/free", "docs/a.md"] })])
  const waiting = taskOf(world.state, id(`${run}/a`))
  const room = roomIn(world.state)
  const place = times((n) => {
    const wait = placeFor(changed(world, n).state, waiting, room, world.now)
    if (!("for" in wait) || wait.for !== "worker") throw new Error(`not all claims were asked: ${JSON.stringify(wait)}`)
  })
  const row = (name: string, { median, worst }: Times): Row => ({
    name: `claims: ${name}, 10,000 open`,
    value: `median ${median.toFixed(2)} ms, worst ${worst.toFixed(2)} ms`,
    target: `< ${limitMs} ms`,
    ok: median < limitMs,
  })
  return [
    row("taking a free scope", free),
    row("refusing a held one", refused),
    row("taking a pattern with **", glob),
    row("what a task waits for", place),
    { name: "claims: the first question after a start", value: `${first.toFixed(1)} ms`, target: "-", ok: null },
  ]
}

interface Times {
  readonly median: number
  readonly worst: number
}

function times(what: (n: number) => unknown): Times {
  const each = Array.from({ length: rounds }, (_, n) => timed(() => what(n))).sort((a, b) => a - b)
  return { median: each[Math.floor(rounds / 2)] ?? Number.NaN, worst: each.at(-1) ?? Number.NaN }
}

function timed(what: () => unknown): number {
  const start = performance.now()
  what()
  return performance.now() - start
}

/** One claim is given back and another taken before each question, as it is while agents work. */
function changed(world: World, n: number): World {
  world.state = apply(world.state, { type: "claim.ended", claim: id(`c${claims - 1 - n}`), how: "released" }, world.now)
  world.state = apply(world.state, held(claims - 1 - n), world.now)
  return world
}

function take(world: World, pattern: string, expected: boolean): void {
  const decision = decide(
    world.state,
    {
      type: "claim.take",
      session: null,
      holder: "bench",
      commonDirectory: "/repo/.git",
      ignoreCase: false,
      scopes: [scope(pattern), scope("docs/x.md"), scope("README (read-only)")],
      purpose: "-",
      leaseMs: 60_000,
    },
    world.now,
  )
  if (decision.accepted !== expected) throw new Error(`${pattern} was ${decision.accepted ? "taken" : "refused"}`)
}

function held(n: number): ClaimEvent {
  const module = `src/p${n % 400}/m${n}`
  const scopes = [scope(n % 20 === 0 ? `${module}/**/*.test.ts` : module), scope(`test/p${n % 400}/m${n}.test.ts`)]
  return { type: "claim.taken", claim: id(`c${n}`), session: null, holder: `s${n}`, commonDirectory: "/repo/.git", scopes, purpose: "-", until: 1e12 }
}

function scope(text: string): Scope {
  const parsed = parseScope(text)
  if (!parsed.ok) throw new Error(parsed.fault.why)
  return parsed.scope
}
