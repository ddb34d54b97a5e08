/** What a hub must refuse, with the status that the document promises and a sentence that says the fix; and nothing comes of it. */
import { readFile } from "node:fs/promises"
import path from "node:path"
import { expect, test } from "vitest"
import { answered, fleetClient } from "../../src/client/client.ts"
import { fetchBy } from "../../src/client/transport.ts"
import { id } from "../../src/domain/ids.ts"
import { agentToken } from "../../src/surfaces/http/token.ts"
import { scenario, type Scenario } from "../fleet/scenario.ts"

interface Answer {
  readonly status: number
  readonly code: string
  readonly headers: Headers
  readonly body: Record<string, unknown>
}
type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>

function asker(hub: Scenario): Ask {
  const fetch = fetchBy({ socket: hub.client.socket })
  return async (method, path, body, headers = {}) => {
    const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body)
    const sent = { method, headers: { ...(text === null ? {} : { "content-type": "application/json" }), ...headers }, ...(text === null ? {} : { body: text }) }
    const response = await fetch(new Request(`http://localhost${path}`, sent))
    const answer = JSON.parse((await response.text()) || "{}") as Record<string, unknown>
    return { status: response.status, code: typeof answer["code"] === "string" ? answer["code"] : "", headers: response.headers, body: answer }
  }
}

test("bad requests are refused with their status, their code and the fix, and nothing is made", async () => {
  await using hub = await scenario()
  const ask = asker(hub)
  const directory = hub.repo.path
  const session = (more: object): [string, string, unknown] => ["POST", "/v1/sessions", { directory, ...more }]
  const refused: readonly (readonly [request: [string, string, unknown?, Record<string, string>?], status: number, code: string])[] = [
    [["POST", "/v1/sessions", "{"], 400, "bad-json"],
    [["POST", "/v1/sessions", '"\ud800'], 400, "bad-json"],
    [["POST", "/v1/sessions", "[]"], 422, "bad-request"],
    [["POST", "/v1/sessions", "null"], 422, "bad-request"],
    [["POST", "/v1/sessions"], 422, "bad-request"],
    [["POST", "/v1/sessions", "{}", { "content-type": "text/plain" }], 415, "wrong-content-type"],
    [["POST", "/v1/sessions", { directory, title: "x".repeat(9 << 20) }], 413, "body-too-large"],
    [session({ directory: 5 }), 422, "bad-request"],
    [session({ directory: "relative" }), 422, "bad-request"],
    [session({ directory: `${directory}\0` }), 422, "bad-request"],
    [session({ directory: `${directory}/nowhere` }), 422, "directory-missing"],
    [session({ directory: hub.home }), 422, "not-a-repository"],
    [session({ strategy: "teleport" }), 422, "bad-request"],
    [session({ branch: "--upload-pack=touch /tmp/x" }), 422, "bad-branch"],
    [session({ branch: "../../x" }), 422, "bad-branch"],
    [session({ base: "no-such-branch" }), 422, "unknown-base"],
    [session({ agent: "nobody" }), 422, "unknown-agent"],
    [session({ notify: "nobody" }), 404, "unknown-session"],
    [session({ parent: "nobody" }), 404, "unknown-session"],
    [session({ nobodyKnowsThis: 1 }), 422, "bad-request"],
    [session({ prompt: { text: "x", attachments: [{ mime: "text/html", data: "eA==" }] } }), 422, "bad-request"],
    [session({ prompt: { text: "x", attachments: [{ mime: "image/png", data: "" }] } }), 422, "bad-attachment"],
    [["GET", "/v1/sessions?limit=0"], 422, "bad-request"],
    [["GET", "/v1/sessions?limit=5&limit=6"], 422, "bad-request"],
    [["GET", "/v1/sessions?status=dancing"], 422, "bad-request"],
    [["GET", "/v1/sessions?nobodyKnowsThis=1"], 422, "bad-request"],
    [["GET", "/v1/sessions?cursor=made-up"], 400, "bad-cursor"],
    [["GET", "/v1/sessions?parent=nobody"], 404, "unknown-session"],
    [["GET", "/v1/sessions/nobody"], 404, "unknown-session"],
    [["GET", "/v1/sessions/..%2F..%2Fconfig.yaml"], 404, "unknown-session"],
    [["GET", "/v1/sessions/a%00b"], 422, "bad-request"],
    [["GET", `/v1/sessions/${"x".repeat(300)}`], 422, "bad-request"],
    [["GET", `/v1/sessions/${"x".repeat(9_000)}`], 414, "url-too-long"],
    [["PUT", "/v1/sessions/nobody", "{}"], 405, "wrong-method"],
    [["GET", "/v1/nothing"], 404, "not-found"],
    [["POST", "/v1/sessions/nobody/prompts", { text: "hello" }], 404, "unknown-session"],
    [["GET", "/v1/wait"], 422, "nothing-to-wait-for"],
    [["GET", "/v1/wait?run=nobody&timeout=51"], 422, "bad-request"],
    [["GET", "/v1/wait?run=nobody"], 404, "unknown-run"],
    [["GET", "/v1/events?topics=weather"], 422, "bad-topic"],
    [["POST", "/v1/claims", { directory, scopes: ["../x"], purpose: "x" }], 422, "scope-outside"],
    [["POST", "/v1/claims", { directory: "/", scopes: ["x"], purpose: "x" }], 422, "not-a-repository"],
    [["DELETE", "/v1/claims/nobody"], 404, "unknown-claim"],
    [["POST", "/v1/webhooks", { url: "http://example.com/" }], 422, "bad-webhook-url"],
    [["DELETE", "/v1/webhooks/nobody"], 404, "unknown-webhook"],
    [["POST", "/v1/hub/stop", { worker: "yes" }], 422, "bad-request"],
    [["POST", "/v1/hub/stop", { nobodyKnowsThis: true }], 422, "bad-request"],
  ]
  const seen: unknown[] = []
  for (const [request, status, code] of refused) {
    const answer = await ask(...request)
    if (answer.status !== status || answer.code !== code)
      seen.push({ request: JSON.stringify(request).slice(0, 200), got: [answer.status, answer.code, answer.body["why"]], status, code })
    expect(answer.headers.get("content-type")).toBe("application/problem+json")
    expect(String(answer.body["fix"]).length).toBeGreaterThan(3)
  }
  expect(seen).toEqual([])
  expect((await ask("PUT", "/v1/sessions/nobody", "{}")).headers.get("allow")).toBe("GET, HEAD, PATCH, DELETE")
  expect((await ask("POST", "/v1/sessions", { directory: 5, strategy: "x" })).body["errors"]).toMatchObject([
    { path: "body.directory" },
    { path: "body.strategy" },
  ])
  expect(await hub.client.sessions()).toEqual([])
  expect(await hub.client.runs()).toEqual([])
  expect(await hub.leftovers()).toEqual([])
})

test("an agent with its own token leads, and never operates; over the port nobody comes in without one", async () => {
  await using hub = await scenario()
  const { port } = await hub.client.hub()
  if (port === null) throw new Error("the hub has no port")
  const { id: session } = await hub.client.createSession({
    directory: hub.repo.path,
    title: null,
    strategy: "existing",
    branch: null,
    base: null,
    agent: null,
    model: null,
    parent: null,
    notify: null,
    prompt: null,
    timeoutMinutes: null,
  })
  const secret = (await readFile(path.join(hub.home, "token.agents"), "utf8")).trim()
  const agent = fleetClient({ port, token: agentToken(secret, id(session)) })
  expect((await answered(agent.GET("/v1/sessions"))).items).toHaveLength(1)
  expect((await agent.POST("/v1/approvals/{approval}", { params: { path: { approval: "a1" } }, body: { allow: true } })).error).toMatchObject({
    code: "not-allowed",
    status: 403,
  })
  expect((await agent.POST("/v1/hub/stop", { body: {} })).error).toMatchObject({ code: "not-allowed" })
  expect((await agent.GET("/v1/webhooks")).error).toMatchObject({ code: "not-allowed" })
  const child = await answered(agent.POST("/v1/sessions", { body: { directory: hub.repo.path } }))
  expect(child.parent).toBe(session)
  const claim = await answered(agent.POST("/v1/claims", { body: { directory: hub.repo.path, scopes: ["src"], purpose: "mine" } }))
  expect(claim.session).toBe(session)
  const owner = fleetClient({ socket: hub.client.socket })
  const theirs = await answered(owner.POST("/v1/claims", { body: { directory: hub.repo.path, scopes: ["docs"], purpose: "a person's" } }))
  expect((await agent.DELETE("/v1/claims/{claim}", { params: { path: { claim: theirs.id } } })).error).toMatchObject({ code: "not-allowed" })
  expect((await fleetClient({ port, token: "guess" }).GET("/v1/sessions")).error).toMatchObject({ code: "no-token", status: 401 })
  for (const one of [child.id, session]) await hub.client.endSession(one, { cleanup: true, forget: true })
})
