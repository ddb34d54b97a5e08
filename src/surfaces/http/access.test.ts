import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { Hono } from "hono"
import { expect, onTestFinished, test } from "vitest"
import { id, type SessionId } from "../../domain/ids.ts"
import { allow, identify, identifyLocal, type AccessParts } from "./access.ts"
import { behind } from "./listen.ts"
import { agentOf, agentToken, readToken } from "./token.ts"

const token = "t".repeat(43)
const agentSecret = "s".repeat(43)
const session = id<"session">("add-sso-7k2f.api.1") satisfies SessionId
const living = new Set<SessionId>([session])

function door(parts: Partial<AccessParts> = {}, local = false): Hono {
  const access: AccessParts = { token, agentSecret, api: "open", sessionLives: (one) => living.has(one), ...parts }
  const app = new Hono()
  app.all("/*", (context) => (context.req.path === "/v1/nothing" ? context.notFound() : context.json(context.get("caller"))))
  return behind(app, local ? identifyLocal(access) : identify(access))
}

type Headers = Record<string, string>
async function ask(of: Hono, target: string, headers: Headers = {}, init: RequestInit = {}) {
  const response = await of.request(`http://127.0.0.1:3000${target}`, { ...init, headers: { host: "127.0.0.1:3000", ...headers } })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> }
}
const bearer = (of: string): Headers => ({ authorization: `Bearer ${of}` })
const curl = { "user-agent": "curl/8.5.0", accept: "*/*" }
const nodeFetch = { "user-agent": "node", "sec-fetch-mode": "cors", "accept-language": "*" }

test("the token opens /v1, and nothing else does", async () => {
  expect(await ask(door(), "/v1/hub", bearer(token))).toMatchObject({ status: 200, body: { kind: "owner" } })
  for (const wrong of [{}, bearer(""), bearer(`${token}x`), bearer(token.slice(1)), { authorization: token }, { authorization: `Basic ${token}` }]) {
    const { status, headers, body } = await ask(door(), "/v1/hub", wrong)
    expect(status).toBe(401)
    expect(headers.get("www-authenticate")).toContain("Bearer")
    expect(headers.get("content-type")).toBe("application/problem+json")
    expect(body).toMatchObject({ code: "no-token", fix: expect.stringContaining("Authorization") })
  }
  for (const path of ["/mcp", "/", "/apidocs", "/V1/hub"]) expect((await ask(door(), path)).status).toBe(401)
})

test("a name that is not ours is refused before anything else: a rebound page has its own", async () => {
  for (const host of [
    "evil.example",
    "evil.example:3000",
    "127.0.0.1.evil.example",
    "localhost.evil.example:3000",
    "0.0.0.0:3000",
    "",
    "127.0.0.1:3000:1",
    "[::2]",
  ])
    for (const target of ["/v1/hub", "/api/sessions", "/healthz"])
      expect((await ask(door(), target, { host, ...bearer(token) })).status, `${host} ${target}`).toBe(421)
  for (const host of ["localhost:3000", "LOCALHOST:3000", "[::1]:3000", "127.0.0.1", "localhost:4000"])
    expect((await ask(door(), "/v1/hub", { host, ...bearer(token) })).status, host).toBe(200)
})

test("pages of other sites are refused, even with the token; the hub's own pages need it", async () => {
  const refused = [
    { origin: "https://evil.example" },
    { origin: "http://localhost:5173" },
    { origin: "http://localhost:3000" },
    { origin: "https://127.0.0.1:3000" },
    { origin: "http://127.0.0.1:30000" },
    { origin: "null" },
    { origin: "" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ]
  for (const headers of refused)
    for (const target of ["/v1/hub", "/api/sessions"])
      expect(await ask(door(), target, { ...bearer(token), ...headers }), JSON.stringify(headers)).toMatchObject({
        status: 403,
        body: { code: "wrong-origin" },
      })
  const own = { origin: "http://127.0.0.1:3000", "sec-fetch-site": "same-origin" }
  expect((await ask(door(), "/v1/hub", { ...own, ...bearer(token) })).status).toBe(200)
  for (const target of ["/v1/hub", "/api/sessions"]) expect((await ask(door(), target, own)).status).toBe(401)
})

test("/api is open to programs of this machine, and to a browser only with the token", async () => {
  for (const headers of [{}, curl, nodeFetch]) expect(await ask(door(), "/api/sessions", headers)).toMatchObject({ status: 200, body: { kind: "open" } })
  const browsers: Headers[] = [
    { "sec-fetch-site": "none" },
    { "sec-fetch-dest": "document" },
    { "sec-ch-ua": '"Chromium"' },
    { referer: "https://evil.example/" },
    { cookie: "a=b" },
    { "user-agent": "Mozilla/5.0 (Macintosh) Safari/605" },
    { "access-control-request-method": "POST" },
  ]
  for (const headers of browsers) {
    expect(await ask(door(), "/api/sessions", headers), JSON.stringify(headers)).toMatchObject({
      status: 401,
      body: { error: expect.stringContaining("token") },
    })
    expect((await ask(door(), "/api/sessions", { ...headers, ...bearer(token) })).status).toBe(200)
  }
  expect((await ask(door(), "/api/sessions", bearer("wrong"))).status).toBe(401)
})

test("the config closes /api, or asks for the token there too", async () => {
  expect((await ask(door({ api: "token" }), "/api/sessions", curl)).status).toBe(401)
  expect((await ask(door({ api: "token" }), "/api/sessions", bearer(token))).status).toBe(200)
  expect(await ask(door({ api: "off" }), "/api/sessions", bearer(token))).toMatchObject({ status: 404, body: { error: expect.stringContaining("closed") } })
  expect((await ask(door({ api: "off" }), "/v1/hub", bearer(token))).status).toBe(200)
})

test("no answer has a CORS header, and each tells a browser to keep off", async () => {
  const preflight = { origin: "https://evil.example", "access-control-request-method": "POST" }
  const answers = [
    await ask(door(), "/v1/hub", bearer(token)),
    await ask(door(), "/v1/nothing", bearer(token)),
    await ask(door(), "/api/sessions", curl),
    await ask(door(), "/api/sessions", preflight, { method: "OPTIONS" }),
  ]
  for (const { headers } of answers) {
    expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([])
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin")
    expect(headers.get("cache-control")).toBe("no-store")
    expect(headers.get("x-frame-options")).toBe("DENY")
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'/)
  }
})

test("a page's own policy stays", async () => {
  const app = new Hono().get("/docs", (context) => context.html("<p>", 200, { "content-security-policy": "default-src 'self'", "cache-control": "max-age=60" }))
  const response = await behind(app, identifyLocal({ token, agentSecret, api: "open", sessionLives: () => true })).request("/docs")
  expect(response.headers.get("content-security-policy")).toBe("default-src 'self'")
  expect(response.headers.get("cache-control")).toBe("max-age=60")
  expect(response.headers.get("x-frame-options")).toBe("DENY")
})

test("an agent's token says which session it is, for as long as that lives", async () => {
  const given = agentToken(agentSecret, session)
  expect(given).toMatch(/^fleet_[\w-]+\.[\w-]{43}$/)
  for (const target of ["/v1/hub", "/api/sessions"])
    expect(await ask(door(), target, bearer(given))).toMatchObject({ status: 200, body: { kind: "agent", session } })
  living.delete(session)
  onTestFinished(() => void living.add(session))
  for (const target of ["/v1/hub", "/api/sessions"]) expect((await ask(door(), target, bearer(given))).status).toBe(401)
})

test("an agent's token cannot be made up, changed, or used for another session", () => {
  const given = agentToken(agentSecret, session)
  const other = id<"session">("add-sso-7k2f.api.2")
  const [, seal = ""] = given.split(".")
  expect(agentOf(agentSecret, given)).toBe(session)
  expect(agentOf("x".repeat(43), given)).toBeNull()
  expect(agentOf(agentSecret, `fleet_${Buffer.from(other).toString("base64url")}.${seal}`)).toBeNull()
  for (const wrong of [
    "",
    "fleet_",
    "fleet_.",
    `fleet_.${seal}`,
    `${given}x`,
    given.slice(0, -1),
    given.replace("fleet_", "FLEET_"),
    given.replace(".", "=."),
    `${given}.${seal}`,
    "fleet_" + "a".repeat(5_000) + ".b",
  ])
    expect(agentOf(agentSecret, wrong), wrong.slice(0, 80)).toBeNull()
})

test("by the socket the caller is the owner, unless a token says that it is an agent", async () => {
  expect((await ask(door({}, true), "/v1/hub")).body).toEqual({ kind: "owner" })
  expect((await ask(door({ api: "off" }, true), "/api/sessions")).body).toEqual({ kind: "owner" })
  expect((await ask(door({}, true), "/v1/hub", bearer(agentToken(agentSecret, session)))).body).toEqual({ kind: "agent", session })
  expect((await ask(door({}, true), "/v1/hub", bearer("wrong"))).status).toBe(401)
})

test("agents and open callers read and lead, and only the owner operates", () => {
  const may = (caller: Parameters<typeof allow>[0]) => (["read", "lead", "operate"] as const).map((permission) => allow(caller, permission))
  expect(may({ kind: "owner" })).toEqual([true, true, true])
  expect(may({ kind: "agent", session })).toEqual([true, true, false])
  expect(may({ kind: "open" })).toEqual([true, true, false])
})

test("the token is made once, for its owner alone, and a file that others could read is closed", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "fleet-token-"))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = path.join(directory, "token")
  const made = readToken(file)
  expect(Buffer.from(made, "base64url")).toHaveLength(32)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  chmodSync(file, 0o644)
  expect(readToken(file)).toBe(made)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  writeFileSync(file, "cut")
  const again = readToken(file)
  expect(again).not.toBe(made)
  expect(readToken(file)).toBe(again)
})
