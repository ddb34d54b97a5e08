/**
 * Every operation of the OpenAPI document is sent what its schemas allow, and the same with something wrong in it. Whatever comes: no bug answer,
 * every answer fits its schema, and what was refused made nothing. FLEET_FUZZ_SEED repeats a run, FLEET_FUZZ_RUNS makes it longer.
 */
import http from "node:http"
import fc from "fast-check"
import { createGeneratorSync } from "json-schema-faker"
import { expect, test } from "vitest"
import { answered, type FleetClient } from "../../src/client/client.ts"
import type { Operation } from "../../src/protocol/api/operation.ts"
import { allOperations } from "../../src/protocol/api/registry.ts"
import { openapiDocument } from "../../src/surfaces/http/native/document.ts"
import { scenario, type Scenario } from "../fleet/scenario.ts"
import { check, checkedClient, operationAt } from "./checked.ts"

const seed = Number(process.env["FLEET_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31))
const runs = Number(process.env["FLEET_FUZZ_RUNS"] ?? 50)
/** Ends the hub; what it refuses is in `bad-input.test.ts`. */
const leftOut = new Set(["stopHub"])
/** These are sent to nobody: what they do to a real session would leave the others none. */
const toNobody = new Set(["endSession", "forkSession", "resumeSession"])

/** Its schemas allow a million characters and thousands of tasks; what is that long is sent by `bad-input.test.ts`. */
const shorter = (name: string, value: unknown): unknown =>
  name === "maxLength" ? Math.min(Number(value), 60) : name === "maxItems" ? Math.min(Number(value), 3) : value
const document = JSON.parse(JSON.stringify(openapiDocument(), shorter)) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Entry>>>>
  readonly components: object
}
interface Entry {
  readonly parameters?: readonly { readonly name: string; readonly in: "path" | "query" | "header"; readonly schema: object; readonly required?: boolean }[]
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: object } } }
}

interface Wrong {
  readonly how: "nothing" | "replace" | "drop" | "add" | "text"
  readonly at: number
  readonly with: unknown
}
interface Sent {
  readonly method: string
  readonly path: string
  readonly body: string | null
}

const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 2 ** 53, 1e308, [], {}, [[[[[]]]]], JSON.parse('{"__proto__":{"a":1}}')),
  fc.constantFrom("", "\0", "a\0b", "a\nb", "../../etc/passwd", "/etc/passwd", "..", ".", "%2e%2e%2f", "--upload-pack=touch /tmp/x", "-x", "$(id)", "@last"),
  fc.constantFrom("\ud800", "𝕏", "‮abc", "constructor", "__proto__", "x".repeat(5_000), "*".repeat(300), "[".repeat(300)),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
)
const wrong: fc.Arbitrary<Wrong> = fc.record({
  how: fc.constantFrom<Wrong["how"]>("nothing", "replace", "replace", "replace", "drop", "add", "text"),
  at: fc.nat(),
  with: hostile,
})

test(`no request that the document allows, or nearly allows, breaks the hub (seed ${seed})`, async () => {
  await using hub = await scenario({ files: { "README.md": "# A project\n", "src/a.ts": "export {}\n" } })
  const { fleet } = checkedClient({ socket: hub.client.socket })
  const session = await answered(fleet.POST("/v1/sessions", { body: { directory: hub.repo.path, title: "of the fuzz test" } }))
  const made = new Map<string, number>()
  for (const [id, of] of allOperations) if (!leftOut.has(id)) await fuzz(id, of, hub, { session: session.id }, made)
  await endsAsItShould(fleet, made)
  await fleet.DELETE("/v1/sessions/{session}", { params: { path: { session: session.id }, query: { cleanup: "1", forget: "1" } } })
}, 240_000)

async function fuzz(id: string, of: Operation, hub: Scenario, known: Readonly<Record<string, string>>, made: Map<string, number>): Promise<void> {
  const entry = document.paths[of.path]?.[of.method]
  if (entry === undefined) throw new Error(`the document has no ${of.path}`)
  const requests = fc
    .tuple(fc.nat(), wrong, wrong, fc.boolean())
    .map(([from, inPlace, inBody, toKnown]) => requestOf(of, entry, from, inPlace, inBody, toKnown && !toNobody.has(id) ? known : {}))
  const holds = fc.asyncProperty(requests, async (request) => {
    const response = await send(hub, request)
    expect(response.status, `${JSON.stringify(request)} ${response.status < 500 ? "" : await response.clone().text()}`).toBeLessThan(500)
    if (operationAt(request.method, request.path.split("?")[0] ?? "")?.[0] === id) await check(of, response)
    if (response.ok) made.set(id, (made.get(id) ?? 0) + 1)
  })
  await fc.assert(holds, { seed, numRuns: runs })
}

/** What is there was answered with a success; nothing else is. */
async function endsAsItShould(fleet: FleetClient, made: ReadonlyMap<string, number>): Promise<void> {
  const count = (id: string): number => made.get(id) ?? 0
  expect((await answered(fleet.GET("/v1/runs"))).items).toHaveLength(count("submitRun"))
  expect((await answered(fleet.GET("/v1/sessions"))).items).toHaveLength(1 + count("createSession"))
  expect((await answered(fleet.GET("/v1/claims"))).items).toHaveLength(count("takeClaim") - count("releaseClaim"))
  expect((await answered(fleet.GET("/v1/webhooks"))).items).toHaveLength(count("addWebhook") - count("removeWebhook"))
  expect((await answered(fleet.GET("/v1/discoveries"))).items.length).toBeLessThanOrEqual(count("reportDiscovery"))
  expect((await answered(fleet.GET("/v1/approvals", { params: { query: { all: "1" } } }))).items).toEqual([])
}

function requestOf({ method, path }: Operation, entry: Entry, from: number, inPlace: Wrong, inBody: Wrong, known: Readonly<Record<string, string>>): Sent {
  const some = createGeneratorSync({ seed: from, optionalsProbability: 0.4 })
  const value = (schema: object): unknown => some.generate({ ...schema, components: document.components } as never)
  const parameters = (entry.parameters ?? []).filter((one) => one.in !== "header" && (one.required === true || (from + one.name.length) % 3 === 0))
  const values = Object.fromEntries(parameters.map(({ name, schema }) => [name, known[name] ?? value(schema)]))
  const spoilt = spoil(inPlace, values) as Record<string, unknown>
  const named = new Set(parameters.filter((one) => one.in === "path").map((one) => one.name))
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => part(spoilt[name] ?? values[name]))
  const query = Object.entries(typeof spoilt === "object" && spoilt !== null ? spoilt : {})
    .filter(([name]) => !named.has(name))
    .flatMap(([name, given]) => (Array.isArray(given) ? given : [given]).map((one) => `${part(name)}=${part(one)}`))
  const schema = entry.requestBody?.content["application/json"].schema
  const body = schema === undefined ? null : inBody.how === "text" ? textOf(inBody.with) : JSON.stringify(spoil(inBody, value(schema)))
  return { method: method.toUpperCase(), path: `${filled}${query.length === 0 ? "" : `?${query.join("&")}`}`, body }
}

/** Something wrong in one place of a value, however deep. */
function spoil({ how, at, with: other }: Wrong, value: unknown): unknown {
  if (how === "nothing" || how === "text") return value
  const copy = structuredClone(value)
  const places = placesOf(copy)
  const place = places[at % Math.max(1, places.length)]
  if (place === undefined) return other
  if (how === "replace") Reflect.set(place.in, place.key, other)
  else if (how === "drop") Reflect.deleteProperty(place.in, place.key)
  else Reflect.set(place.in, "nobodyKnowsThis", other)
  return copy
}

function placesOf(value: unknown): { in: object; key: string }[] {
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [{ in: value, key }, ...placesOf(inner)])
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value).slice(1))
const part = (value: unknown): string => encodeURIComponent((typeof value === "string" ? value : (JSON.stringify(value) ?? "")).toWellFormed().slice(0, 1_000))

function send(hub: Scenario, { method, path, body }: Sent): Promise<Response> {
  const headers = { host: "localhost", ...(body === null ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }) }
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath: hub.client.socket, method, path, headers, agent: false }, (response) => {
      const status = response.statusCode ?? 0
      const known = Object.entries(response.headers).filter((one): one is [string, string] => typeof one[1] === "string")
      const answer = (text: string): void => resolve(new Response(status === 204 ? null : text, { status, headers: known }))
      if (response.headers["content-type"]?.startsWith("text/event-stream") === true) {
        response.destroy()
        return answer("")
      }
      const chunks: Buffer[] = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.once("end", () => answer(Buffer.concat(chunks).toString("utf8")))
      response.once("error", reject)
    })
    request.once("error", reject)
    request.end(body ?? undefined)
  })
}
