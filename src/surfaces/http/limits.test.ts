import http from "node:http"
import net from "node:net"
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { tmpdir } from "node:os"
import path from "node:path"
import { Hono } from "hono"
import { expect, onTestFinished, test } from "vitest"
import { id } from "../../domain/ids.ts"
import { HandClock } from "../../runtime/clock.ts"
import type { AccessParts, Caller } from "./access.ts"
import { bodyBytesMax, limitRate, promptBytesMax, rate } from "./limits.ts"
import { behind, listen, type Doors } from "./listen.ts"

const access: AccessParts = { token: "t".repeat(43), agentSecret: "s".repeat(43), api: "open", sessionLives: () => true }
const owner = { authorization: `Bearer ${access.token}` }

function echo(): Hono {
  const app = new Hono()
  app.get("/*", (context) => context.json({ ok: true }))
  app.post("/*", async (context) => context.json({ bytes: (await context.req.arrayBuffer()).byteLength }))
  return app
}
const as = (caller: Caller) => async (context: { set(name: "caller", value: Caller): void }, next: () => Promise<void>) => {
  context.set("caller", caller)
  await next()
}

async function opened(): Promise<{ doors: Doors; socket: string }> {
  const directory = mkdtempSync(path.join(tmpdir(), "fleet-doors-"))
  const socket = path.join(directory, "hub.sock")
  const doors = await listen({ socket, port: 0, access })
  onTestFinished(async () => {
    await doors[Symbol.asyncDispose]()
    rmSync(directory, { recursive: true })
  })
  doors.serve(echo())
  return { doors, socket }
}

function request(port: number, options: http.RequestOptions, body?: Buffer): Promise<{ status: number; body: string; headers: http.IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const sent = http.request({ host: "127.0.0.1", port, agent: false, ...options }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer, headers: response.headers }), reject)
    })
    sent.once("error", reject)
    sent.end(body)
  })
}

test("a caller that asks too much is told when to come back; others are not slowed by it", async () => {
  const clock = new HandClock()
  let caller: Caller = { kind: "agent", session: id("a") }
  const app = behind(echo(), (context, next) => as(caller)(context, next), limitRate(clock))
  const statuses: number[] = []
  for (let n = 0; n < rate.burst + 5; n++) statuses.push((await app.request("/v1/hub")).status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(rate.burst)
  const refused = await app.request("/v1/hub")
  expect(refused.status).toBe(429)
  expect(refused.headers.get("retry-after")).toBe("1")
  expect(await refused.json()).toMatchObject({ code: "too-many-requests", fix: expect.any(String) })
  caller = { kind: "agent", session: id("b") }
  expect((await app.request("/v1/hub")).status).toBe(200)
  caller = { kind: "agent", session: id("a") }
  clock.pass(50)
  const later: number[] = []
  for (let n = 0; n < 12; n++) later.push((await app.request("/v1/hub")).status)
  expect(later.filter((status) => status === 200)).toHaveLength(10)
})

test("/v1 takes JSON and nothing else", async () => {
  const app = behind(echo(), as({ kind: "owner" }))
  const post = async (type: string | null, target = "/v1/runs", body: string | null = "{}") =>
    (
      await app.request(target, {
        method: "POST",
        ...(body === null ? {} : { body: Buffer.from(body) }),
        headers: { ...(type === null ? {} : { "content-type": type }), ...(body === null ? {} : { "content-length": String(body.length) }) },
      })
    ).status
  for (const type of ["application/json", "application/json; charset=utf-8", "application/merge-patch+json", "Application/JSON"])
    expect(await post(type), type).toBe(200)
  for (const type of [
    null,
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain; application/json",
    "application/jsonp",
  ])
    expect(await post(type), String(type)).toBe(415)
  expect(await post(null, "/v1/hub/stop", null)).toBe(200)
  expect(await post("text/plain", "/api/sessions")).toBe(200)
})

test("a long address and too many headers are refused", async () => {
  const app = behind(echo(), as({ kind: "owner" }))
  expect((await app.request(`/v1/find?name=${"x".repeat(9_000)}`)).status).toBe(414)
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`x-${n}`, "1"]))
  expect((await app.request("/v1/hub", { headers: many })).status).toBe(431)
})

test("a body may be 8 MiB, that of a prompt 72, whether it says its length or not", async () => {
  const { doors } = await opened()
  const port = doors.port ?? 0
  const post = (target: string, bytes: number, chunked: boolean) =>
    request(
      port,
      { method: "POST", path: target, headers: { ...owner, "content-type": "application/json", ...(chunked ? { "transfer-encoding": "chunked" } : {}) } },
      Buffer.alloc(bytes, " "),
    )
  for (const chunked of [false, true]) {
    expect(await post("/v1/runs", bodyBytesMax, chunked)).toMatchObject({ status: 200, body: JSON.stringify({ bytes: bodyBytesMax }) })
    expect((await post("/v1/runs", bodyBytesMax + 1, chunked)).status).toBe(413)
    expect(await post("/api/sessions/s1/prompt", bodyBytesMax + 1, chunked)).toMatchObject({ status: 200, body: JSON.stringify({ bytes: bodyBytesMax + 1 }) })
  }
  const refused = await post("/api/sessions/s1/prompt", promptBytesMax + 1, false)
  expect(refused.status).toBe(413)
  expect(JSON.parse(refused.body)).toMatchObject({ code: "body-too-large", error: expect.any(String), fix: expect.any(String) })
})

test("what the server itself refuses has its problem document, too", async () => {
  const { doors } = await opened()
  const raw = async (sent: string): Promise<string> => {
    const socket = net.connect(doors.port ?? 0, "127.0.0.1")
    await once(socket, "connect")
    socket.write(sent)
    return text(socket)
  }
  const large = await raw(`GET /v1/hub HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(20_000)}\r\n\r\n`)
  expect(large).toMatch(/^HTTP\/1\.1 431 /)
  expect(JSON.parse(large.slice(large.indexOf("\r\n\r\n")))).toMatchObject({ code: "headers-too-large", status: 431 })
  expect(await raw("nonsense\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 [\s\S]*"bad-headers"/)
  expect(await raw("GET http://evil.example/v1/hub HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")).toMatch(/^HTTP\/1\.1 421 /)
})

test("the socket is for its owner alone and has no limit of requests", async () => {
  const { doors, socket } = await opened()
  expect(statSync(socket).mode & 0o777).toBe(0o600)
  expect(await request(0, { socketPath: socket, path: "/v1/hub", headers: { host: "localhost" } })).toMatchObject({ status: 200 })
  expect(await request(doors.port ?? 0, { path: "/v1/hub" })).toMatchObject({ status: 401 })
  expect(await request(doors.port ?? 0, { path: "/v1/hub", headers: owner })).toMatchObject({ status: 200 })
})

test("a port that is taken gives way to the next one", async () => {
  const taken = net.createServer().listen(0, "127.0.0.1")
  await once(taken, "listening")
  onTestFinished(() => void taken.close())
  const { port } = taken.address() as net.AddressInfo
  const directory = mkdtempSync(path.join(tmpdir(), "fleet-doors-"))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  await using doors = await listen({ socket: path.join(directory, "hub.sock"), port, access })
  expect(doors.port).toBeGreaterThan(port)
})
