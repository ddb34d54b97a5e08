/** The two doors of the hub: a unix socket for this user, and a loopback port for whoever has a token. Every request comes in through one of them, identified and within limits. */
import { once } from "node:events"
import { chmodSync, rmSync } from "node:fs"
import http, { STATUS_CODES } from "node:http"
import type { ListenOptions } from "node:net"
import type { Duplex } from "node:stream"
import { getRequestListener } from "@hono/node-server"
import { Hono, type MiddlewareHandler } from "hono"
import { fault, type Fault } from "../../domain/fault.ts"
import { systemClock } from "../../runtime/clock.ts"
import { shield } from "./access-headers.ts"
import { identify, identifyLocal, type AccessParts } from "./access.ts"
import { limitBody, limitHead, limitRate, wantJson } from "./limits.ts"
import { answerProblem, problemOf, unknownRoute } from "./problem.ts"

export interface Doors extends AsyncDisposable {
  /** Null when no port could be had. */
  readonly port: number | null
  /** Requests that came before are answered now. */
  serve(app: Hono): void
}

/** The port that was asked for, or one of the next few. */
const portsTried = 20
const connectionsMax = 256
const headerBytesMax = 16 * 1024
const headersMs = 10_000
/** For a whole request to come in: the largest prompt by a slow pipe. */
const requestMs = 120_000
/** Without a byte in either direction. Streams have their heartbeat, waiting calls their own, shorter limit. */
const quietMs = 150_000

/** The caller must hold the lock of the home: a socket file that is there is then a dead hub's. */
export async function listen(where: { socket: string; port: number; access: AccessParts }): Promise<Doors> {
  const ready = Promise.withResolvers<Hono>()
  const local = server(ready.promise, identifyLocal(where.access))
  const guarded = server(ready.promise, identify(where.access), limitRate(systemClock))
  guarded.maxConnections = connectionsMax
  rmSync(where.socket, { force: true })
  await bind(local, { path: where.socket })
  chmodSync(where.socket, 0o600)
  const port = await bindFirstFree(guarded, where.port)
  return {
    port,
    serve: ready.resolve,
    [Symbol.asyncDispose]: async () => {
      rmSync(where.socket, { force: true })
      await Promise.all([local, guarded].map(close))
    },
  }
}

/** The app behind a door. Also for tests that want one without a socket. */
export function behind(app: Hono, ...door: readonly MiddlewareHandler[]): Hono {
  const outer = new Hono()
  outer.onError((error, context) => answerProblem(context, error))
  outer.notFound(unknownRoute)
  for (const each of [shield(), limitHead(), ...door, wantJson(), limitBody()]) outer.use(each)
  return outer.route("/", app)
}

function server(app: Promise<Hono>, ...door: readonly MiddlewareHandler[]): http.Server {
  const listener = app.then((ready) => getRequestListener(behind(ready, ...door).fetch))
  const made = http.createServer(
    { maxHeaderSize: headerBytesMax, headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: 5_000 },
    (request, response) => void listener.then((answer) => answer(request, response)),
  )
  // Node would leave out what is over this number without a word; `limitHead` counts instead.
  made.maxHeadersCount = 0
  made.setTimeout(quietMs)
  return made.on("clientError", answerBroken)
}

/** What never became a request gets its problem document, too. */
function answerBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy()
  const { status, ...document } = problemOf(brokenFault(error))
  const body = JSON.stringify({ ...document, status })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    "x-content-type-options: nosniff",
    "connection: close",
  ]
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`)
}

function brokenFault({ code, message }: NodeJS.ErrnoException): Fault {
  if (code === "HPE_HEADER_OVERFLOW")
    return fault("headers-too-large", "the headers are too large", `they are over ${headerBytesMax} bytes`, "send only those that are needed")
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return fault(
      "request-too-slow",
      "the request did not come in time",
      `headers have ${headersMs / 1_000} s, the whole has ${requestMs / 1_000} s`,
      "send it again",
    )
  return fault("bad-headers", "the request cannot be read", message, "speak HTTP/1.1")
}

async function bindFirstFree(made: http.Server, first: number): Promise<number | null> {
  for (let port = first; port < first + portsTried && port <= 65_535; port++) {
    try {
      await bind(made, { host: "127.0.0.1", port })
      const address = made.address()
      return typeof address === "object" ? (address?.port ?? null) : null
    } catch (error) {
      if (!["EADDRINUSE", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error
    }
  }
  return null
}

async function bind(made: http.Server, to: ListenOptions): Promise<void> {
  made.listen(to)
  await once(made, "listening")
}

async function close(made: http.Server): Promise<void> {
  if (!made.listening) return
  made.close()
  made.closeAllConnections()
  await once(made, "close")
}
