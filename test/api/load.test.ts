/** How long a list of many sessions takes: a state of imaginary ones, the real views, validation and JSON; no socket, which is the same for all. */
import { expect, test } from "vitest"
import { Hono } from "hono"
import type { Hub } from "../../src/engine/hub.ts"
import type { SessionView } from "../../src/protocol/session-views.ts"
import { nativeApp } from "../../src/surfaces/http/native/serve.ts"
import { create } from "../world/sessions.ts"
import { World } from "../world/world.ts"

const sessions = 200
const rounds = 30

test(`${sessions} sessions are listed in under 20 ms`, async () => {
  const world = new World()
  world.join(8)
  for (let n = 0; n < sessions; n++) expect(create(world, `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`)).toBeNull()
  world.runDry()
  const app = served(world)
  const list = async (query: string): Promise<{ items: SessionView[]; next_cursor: string | null }> => {
    const response = await app.request(`/v1/sessions${query}`)
    expect(response.status).toBe(200)
    return (await response.json()) as { items: SessionView[]; next_cursor: string | null }
  }
  expect((await list(`?limit=${sessions}`)).items).toHaveLength(sessions)
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await (await app.request(`/v1/sessions?limit=${sessions}`)).text()
    times.push(performance.now() - start)
  }
  const median = times.toSorted((a, b) => a - b)[rounds >> 1] ?? Number.NaN
  console.log(`${sessions} sessions: median ${median.toFixed(1)} ms of ${rounds}`)
  expect(median).toBeLessThan(20)
})

test("pages hold each session once, whatever comes and goes between them", async () => {
  const world = new World()
  world.join(8)
  for (let n = 0; n < 10; n++) {
    world.now += 1_000
    create(world, `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`)
  }
  const app = served(world)
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const response = await app.request(`/v1/sessions?limit=3${cursor === null ? "" : `&cursor=${cursor}`}`)
    const page = (await response.json()) as { items: SessionView[]; next_cursor: string | null }
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.next_cursor
    world.now += 1_000
    create(world, `ffffffff-0000-4000-8000-${String(seen.length).padStart(12, "0")}`)
  } while (cursor !== null)
  expect(seen).toEqual(Array.from({ length: 10 }, (_, n) => `00000000-0000-4000-8000-${String(9 - n).padStart(12, "0")}`))
})

/** Only what a list asks of a hub. */
function served(world: World): Hono {
  const hub = {
    get state() {
      return world.state
    },
    live: new Map(),
    parts: { clock: { now: () => world.now }, project: "local" },
    published: { subscribe: () => ({ [Symbol.dispose]: () => undefined }) },
  }
  const app = new Hono()
  app.use((context, next) => {
    context.set("caller", { kind: "owner" })
    return next()
  })
  return app.route(
    "/",
    nativeApp({ hub: hub as unknown as Hub, about: () => ({ version: "0", pid: 1, startedAt: 0, home: "/", port: null }), stop: () => undefined }),
  )
}
