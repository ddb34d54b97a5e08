/** Every operation, asked of a real hub by the typed client: each answer must fit its schema, with nothing beside it. */
import { expect, test } from "vitest"
import { answered, sent, type FleetClient } from "../../src/client/client.ts"
import { allOperations } from "../../src/protocol/api/registry.ts"
import { planOf, task } from "../world/world.ts"
import { scenario, type Scenario } from "../fleet/scenario.ts"
import { checkedClient } from "./checked.ts"

/** Ends the hub under the test; `test/fleet/hub-stop.test.ts` asks it. */
const askedElsewhere = ["stopHub"]

test("every operation answers as its schema says", async () => {
  await using hub = await scenario({ files: { "README.md": "# A project\n", "src/a.ts": "export {}\n" } })
  const { fleet, answered: known } = checkedClient({ socket: hub.client.socket })
  await aboutTheHub(fleet)
  await aboutPlans(fleet, hub)
  await aboutRuns(fleet, hub)
  await aboutSessions(fleet, hub)
  await aboutCoordination(fleet, hub)
  await aboutWebhooks(fleet)
  await aboutCampaigns(fleet, hub)
  const notAsked = allOperations.map(([id]) => id as string).filter((id) => !known.has(id) && !askedElsewhere.includes(id))
  expect(notAsked).toEqual([])
})

async function aboutTheHub(fleet: FleetClient): Promise<void> {
  expect(await answered(fleet.GET("/v1/hub"))).toMatchObject({ needsYou: 0 })
  await answered(fleet.GET("/v1/agents"))
  expect((await answered(fleet.GET("/v1/workers"))).items).toHaveLength(1)
  expect(await answered(fleet.GET("/readyz"))).toMatchObject({ ready: true })
  await answered(fleet.GET("/healthz"))
  expect(await answered(fleet.GET("/openapi.json"))).toMatchObject({ openapi: "3.1.0" })
  expect(await answered(fleet.GET("/docs", { parseAs: "text" }))).toContain("<!doctype html>")
  const stopped = new AbortController()
  const { response } = await fleet.GET("/v1/events", { parseAs: "stream", signal: stopped.signal })
  expect(response.status).toBe(200)
  stopped.abort()
}

async function aboutPlans(fleet: FleetClient, { repo }: Scenario): Promise<void> {
  const plan = sent(planOf([task("a")]))
  expect(await answered(fleet.POST("/v1/plans/review", { body: { plan, directory: repo.path } }))).toMatchObject({ target: "main", faults: [] })
  const tasks = [
    { key: "a", title: "", files: ["src/a.ts"], after: [] },
    { key: "b", title: "", files: ["src/a.ts"], after: [] },
  ]
  expect((await answered(fleet.POST("/v1/plans/assess", { body: { tasks } }))).pairs).toMatchObject([{ overlap: "definite" }])
  const files = [{ path: "src/a.ts", status: "modified" as const }]
  const children = [
    { key: "a", files },
    { key: "b", files },
  ]
  expect((await answered(fleet.POST("/v1/plans/conflicts", { body: { children } }))).clear).toBe(false)
}

async function aboutRuns(fleet: FleetClient, hub: Scenario): Promise<void> {
  const tasks = [
    task("lands", { prompt: '[[write path="b.txt" text="b\\n"]] [[commit message="b"]]' }),
    task("asks", { type: "research", prompt: '[[ask cmd="rm -rf /tmp/no-such-thing-of-fleet"]]' }),
    task("hangs", { prompt: "[[hang]]" }),
  ]
  const { id: run } = await answered(fleet.POST("/v1/runs", { body: { plan: sent(planOf(tasks)), directory: hub.repo.path } }))
  const asking = await answered(fleet.GET("/v1/wait", { params: { query: { run, timeout: 50 } } }))
  const [approval] = asking.run?.approvals ?? []
  expect(approval).toMatchObject({ task: "asks", kind: "permission" })
  expect((await answered(fleet.GET("/v1/approvals", { params: { query: { run } } }))).items).toEqual([approval])
  await answered(fleet.POST("/v1/approvals/{approval}", { params: { path: { approval: approval?.id ?? "" } }, body: { allow: false } }))
  const of = (key: string) => ({ params: { path: { run, key } } })
  await untilTask(fleet, run, "hangs", "working")
  await answered(fleet.POST("/v1/runs/{run}/tasks/{key}/tell", { ...of("hangs"), body: { text: "look at b.txt" } }))
  await answered(fleet.GET("/v1/sessions", { params: { query: { task: "1" } } }))
  await answered(fleet.GET("/v1/claims"))
  await answered(fleet.POST("/v1/runs/{run}/tasks/{key}/stop", of("hangs")))
  const live = await fleet.GET("/v1/runs/{run}/live", { params: { path: { run } }, parseAs: "stream" })
  for await (const _chunk of live.data ?? []) continue
  expect(await answered(fleet.GET("/v1/runs/{run}", { params: { path: { run } } }))).toMatchObject({ status: "cancelled" })
  expect((await answered(fleet.GET("/v1/runs"))).items).toHaveLength(1)
  expect((await answered(fleet.GET("/v1/runs/{run}/tasks", { params: { path: { run }, query: { limit: 2 } } }))).next_cursor).not.toBeNull()
  expect((await answered(fleet.GET("/v1/runs/{run}/tasks/{key}/attempts", of("lands")))).items).toMatchObject([{ number: 1, outcome: "proved" }])
  expect(await answered(fleet.GET("/v1/runs/{run}/tasks/{key}", of("lands")))).toMatchObject({ status: "done" })
  expect((await answered(fleet.GET("/v1/runs/{run}/tasks/{key}/diff", of("lands")))).patch).toContain("+b")
  expect(await answered(fleet.GET("/v1/find", { params: { query: { name: "lands" } } }))).toMatchObject({ run, key: "lands" })
  expect((await answered(fleet.GET("/v1/projects"))).items).toMatchObject([{ id: "local", repositories: [{ runs: 1 }] }])
  await answered(fleet.GET("/v1/landings"))
  await answered(fleet.POST("/v1/runs/{run}/tasks/{key}/retry", of("hangs")))
  await answered(fleet.POST("/v1/runs/{run}/stop", { params: { path: { run } } }))
  await settled(fleet, run)
  await answered(fleet.POST("/v1/runs/{run}/continue", { params: { path: { run } } }))
  await answered(fleet.POST("/v1/runs/{run}/stop", { params: { path: { run } } }))
  await settled(fleet, run)
}

async function settled(fleet: FleetClient, run: string): Promise<void> {
  while ((await answered(fleet.GET("/v1/wait", { params: { query: { run, timeout: 50 } } }))).run?.endedAt === null) continue
}

async function untilTask(fleet: FleetClient, run: string, key: string, status: string): Promise<void> {
  const live = await fleet.GET("/v1/runs/{run}/live", { params: { path: { run } }, parseAs: "stream" })
  const decoder = new TextDecoder()
  let seen = ""
  for await (const chunk of live.data ?? []) {
    seen += decoder.decode(chunk as Uint8Array, { stream: true })
    for (const [, data] of seen.matchAll(/^event: run\ndata: (.*)\n\n/gm)) {
      const view = JSON.parse(data ?? "") as { tasks: { key: string; status: string }[] }
      if (view.tasks.some((one) => one.key === key && one.status === status)) return
    }
  }
  throw new Error(`${key} was never ${status}`)
}

async function aboutSessions(fleet: FleetClient, { repo }: Scenario): Promise<void> {
  const lead = await answered(fleet.POST("/v1/sessions", { body: { directory: repo.path, strategy: "existing", title: "lead" } }))
  const prompt = { text: '[[write path="c.txt" text="c\\n"]] [[say "made c.txt"]]' }
  const child = await answered(fleet.POST("/v1/sessions", { body: { directory: repo.path, title: "child", notify: lead.id, prompt } }))
  expect(child).toMatchObject({ parent: lead.id, strategy: "worktree" })
  const of = { params: { path: { session: child.id } } }
  await rested(fleet, child.id)
  expect(await answered(fleet.GET("/v1/sessions/{session}", of))).toMatchObject({ lastTurn: { how: "completed" } })
  const diff = await answered(fleet.GET("/v1/sessions/{session}/diff", of))
  expect(diff).toMatchObject({ files: [{ path: "c.txt", status: "added", after: "c\n" }], cut: false })
  expect(diff.patch).toContain("+c")
  expect((await answered(fleet.GET("/v1/sessions/{session}/transcript", of))).entries.length).toBeGreaterThan(1)
  expect((await answered(fleet.GET("/v1/sessions/{session}/files", of))).entries).toContainEqual({ path: "c.txt", type: "file", size: 2 })
  const { path } = of.params
  expect((await answered(fleet.GET("/v1/sessions/{session}/files/find", { params: { path, query: { text: "c.t" } } }))).paths[0]).toBe("c.txt")
  await answered(fleet.POST("/v1/sessions/{session}/files/edit", { ...of, body: { kind: "write", path: "d.txt", content: "d\n" } }))
  expect(await answered(fleet.GET("/v1/sessions/{session}/files/content", { params: { path, query: { path: "d.txt" } } }))).toMatchObject({ content: "d\n" })
  await answered(fleet.GET("/v1/sessions/{session}/offers", of))
  expect(await answered(fleet.PATCH("/v1/sessions/{session}", { ...of, body: { title: "a better one" } }))).toMatchObject({ title: "a better one" })
  expect((await answered(fleet.GET("/v1/callbacks", { params: { query: { from: child.id } } }))).items).toMatchObject([{ from: child.id, to: lead.id }])
  expect((await answered(fleet.GET("/v1/sessions/{session}/callbacks", of))).items).toHaveLength(1)
  await answered(fleet.POST("/v1/sessions/{session}/prompts", { ...of, body: { text: "[[hang]]" } }))
  await answered(fleet.POST("/v1/sessions/{session}/handoff", { ...of, body: { items: ["c.txt is there"] } }))
  await answered(fleet.POST("/v1/sessions/{session}/stop", of))
  await rested(fleet, child.id)
  const fork = await answered(fleet.POST("/v1/sessions/{session}/fork", { ...of, body: { title: "beside it" } }))
  await end(fleet, fork.id)
  await answered(fleet.DELETE("/v1/sessions/{session}", of))
  await ended(fleet, child.id)
  expect(await answered(fleet.POST("/v1/sessions/{session}/resume", of))).toMatchObject({ id: child.id })
  expect((await answered(fleet.GET("/v1/sessions", { params: { query: { parent: lead.id, status: ["idle", "ended"] } } }))).items.length).toBeGreaterThan(0)
  await end(fleet, child.id)
  await end(fleet, lead.id)
}

async function rested(fleet: FleetClient, session: string): Promise<void> {
  while (!(await answered(fleet.GET("/v1/wait", { params: { query: { session: [session], timeout: 50 } } }))).over) continue
}

/** With its checkout, and out of the state. */
async function end(fleet: FleetClient, session: string): Promise<void> {
  await answered(fleet.DELETE("/v1/sessions/{session}", { params: { path: { session }, query: { cleanup: "1", forget: "1" } } }))
}

async function ended(fleet: FleetClient, session: string): Promise<void> {
  while (
    !(await answered(fleet.GET("/v1/wait", { params: { query: { session: [session], timeout: 50 } } }))).sessions.every(({ status }) => status === "ended")
  )
    continue
}

async function aboutCampaigns(fleet: FleetClient, { repo }: Scenario): Promise<void> {
  const ways = { table: "Look each token up in one table.", rules: "Descend recursively, a function for every grammar rule." }
  const strategies = Object.entries(ways).map(([key, way]) =>
    task(key, { prompt: `${way} [[write path="src/${key}.txt" text="x\\n"]] [[commit message="${key}"]]`, scope: ["src"] }),
  )
  const at = { directory: repo.path, confirmed: "yes" as const }
  const started = await answered(fleet.POST("/v1/campaigns", { body: { ...at, mode: "speculative", direction: "Parse it", plan: sent(planOf(strategies)) } }))
  const of = { params: { path: { run: started.id } } }
  while ((await answered(fleet.GET("/v1/runs/{run}", of))).approvals.length === 0)
    await answered(fleet.GET("/v1/wait", { params: { query: { run: started.id, timeout: 50 } } }))
  expect((await answered(fleet.GET("/v1/runs/{run}/comparison", of))).strategies).toHaveLength(2)
  await answered(fleet.POST("/v1/runs/{run}/pick", { ...of, body: { strategy: "table" } }))
  await settled(fleet, started.id)
  const continued = await answered(fleet.POST("/v1/campaigns/continue", { body: { ...at, file: greet, slug: "greet", anyway: true } }))
  await settled(fleet, continued.run.id)
  expect((await answered(fleet.POST("/v1/health", { body: { directory: repo.path } }))).findings.tests).toBeDefined()
}

const greet = `# Fleet Session: Greet
Status: needs-continue

## Work Queue
| # | Campaign | Scope | Deps | Status | Wave | Agent |
|---|---|---|---|---|---|---|
| 1 | Greet | docs | - | pending | 1 | builder |

## Greet
[[write path="docs/greet.txt" text="hello"]] [[commit message="greet"]]
`

async function aboutCoordination(fleet: FleetClient, { repo }: Scenario): Promise<void> {
  const claim = await answered(fleet.POST("/v1/claims", { body: { directory: repo.path, scopes: ["src/**"], purpose: "to try it" } }))
  const held = await fleet.POST("/v1/claims", { body: { directory: repo.path, scopes: ["src/a.ts"], purpose: "to try it twice" } })
  expect(held.error).toMatchObject({ code: "claim-held" })
  const of = { params: { path: { claim: claim.id } } }
  expect((await answered(fleet.GET("/v1/claims"))).items).toMatchObject([{ id: claim.id, scopes: ["src"] }])
  expect((await answered(fleet.POST("/v1/claims/{claim}/renew", { ...of, body: { minutes: 60 } }))).until).toBeGreaterThan(claim.until ?? 0)
  expect((await fleet.DELETE("/v1/claims/{claim}", of)).response.status).toBe(204)
  await answered(fleet.POST("/v1/discoveries", { body: { text: "the tests need a port", paths: ["src/a.ts"] } }))
  expect((await answered(fleet.GET("/v1/discoveries"))).items).toMatchObject([{ text: "the tests need a port" }])
}

async function aboutWebhooks(fleet: FleetClient): Promise<void> {
  const { webhook } = await answered(fleet.POST("/v1/webhooks", { body: { url: "http://127.0.0.1:9/", topics: ["run"] } }))
  const of = { params: { path: { webhook: webhook.id } } }
  expect((await answered(fleet.GET("/v1/webhooks"))).items).toEqual([webhook])
  await answered(fleet.POST("/v1/webhooks/{webhook}/test", of))
  await answered(fleet.POST("/v1/webhooks/{webhook}/enable", of))
  expect((await fleet.DELETE("/v1/webhooks/{webhook}", of)).response.status).toBe(204)
}
