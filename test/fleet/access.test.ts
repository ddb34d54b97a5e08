/** The doors of a real hub: who gets in, what an agent finds in its environment, what outlives the hub's death. */
import { statSync, writeFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import http from "node:http"
import path from "node:path"
import { text } from "node:stream/consumers"
import { expect, test } from "vitest"
import { Receiver } from "../../src/adapters/webhooks/testing/receiver.ts"
import { task } from "../world/world.ts"
import { scenario, type Scenario } from "./scenario.ts"

const secret = `whsec_${Buffer.alloc(32, 3).toString("base64")}`

interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Record<string, unknown>
}

function ask(to: Omit<http.RequestOptions, "headers"> & { headers?: Record<string, string> }, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...(body === undefined ? {} : { "content-type": "application/json" }), ...to.headers }
    const request = http.request({ agent: false, ...to, headers }, (response) => {
      text(response).then(
        (said) =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: said.startsWith("{") ? (JSON.parse(said) as Record<string, unknown>) : {},
          }),
        reject,
      )
    })
    request.once("error", reject)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
const bySocket = (fleet: Scenario, method: string, target: string, headers: Record<string, string> = {}) => ({
  socketPath: path.join(fleet.home, "hub.sock"),
  method,
  path: target,
  headers: { host: "localhost", ...headers },
})

test("an agent finds a token of its own that is good for work while its session lives, and never to answer for the person", async () => {
  await using fleet = await scenario()
  const found = path.join(fleet.home, "found")
  const asked = path.join(fleet.home, "asked")
  const curl = `curl -s -o /dev/null -w '%{http_code} ' -H "Authorization: Bearer $FLEET_TOKEN"`
  const base = "http://127.0.0.1:$FLEET_PORT/v1"
  const script = path.join(fleet.home, "ask.sh")
  writeFileSync(
    script,
    `echo "$FLEET_TOKEN" > '${found}'
${curl} ${base}/runs > '${asked}'
${curl} -X POST -H 'content-type: application/json' -d '{"allow":true}' ${base}/approvals/a1 >> '${asked}'
${curl} -X POST -H 'content-type: application/json' -d '{}' ${base}/hub/stop >> '${asked}'
`,
  )
  await fleet.submit([task("api", { prompt: `[[run cmd="sh ${script}"]] [[write path="a.txt" text="a"]]` })])
  expect((await fleet.settled()).status).toBe("done")
  expect((await readFile(asked, "utf8")).trim().split(" ")).toEqual(["200", "403", "403"])
  const given = (await readFile(found, "utf8")).trim()
  expect(given).toMatch(/^fleet_/)
  const { port } = await fleet.client.hub()
  const at = { host: "127.0.0.1", port, path: "/v1/runs" }
  expect(await ask({ ...at, headers: { authorization: `Bearer ${given}` } })).toMatchObject({ status: 401, body: { code: "no-token" } })
  const owner = (await readFile(path.join(fleet.home, "token"), "utf8")).trim()
  expect((await ask({ ...at, headers: { authorization: `Bearer ${owner}` } })).status).toBe(200)
  expect((await ask({ ...at, headers: { authorization: `Bearer ${owner}`, host: "evil.example" } })).status).toBe(421)
  for (const file of ["token", "token.agents", "hub.sock", "remembered.db"]) expect(statSync(path.join(fleet.home, file)).mode & 0o777, file).toBe(0o600)
})

test("a webhook and an answer by its key outlive the death of the hub", async () => {
  await using receiver = await new Receiver(secret).start()
  await using fleet = await scenario()
  const key = { "idempotency-key": "11111111-2222" }
  const add = { url: receiver.url, topics: ["webhook"], secret }
  const first = await ask(bySocket(fleet, "POST", "/v1/webhooks", key), add)
  expect(first.status).toBe(201)
  await receiver.until("received", 1)
  await fleet.killHub()
  await fleet.startHub()
  const again = await ask(bySocket(fleet, "POST", "/v1/webhooks", key), add)
  expect(again).toMatchObject({ status: 201, headers: { "idempotent-replayed": "true" }, body: first.body })
  const { webhook } = first.body as { webhook: { id: string } }
  expect((await ask(bySocket(fleet, "POST", `/v1/webhooks/${webhook.id}/test`))).status).toBeLessThan(300)
  while (!receiver.received.some(({ type }) => type === "fleet.webhook.tested")) await receiver.until("received", receiver.received.length + 1)
  expect([...new Set(receiver.received.map(({ type }) => type))]).toEqual(["fleet.webhook.added", "fleet.webhook.tested"])
})
