/** Carries requests to a hub, by its unix socket or its loopback port. Whatever goes wrong on the way comes out as a `FaultError` with a fix. */
import http from "node:http"
import { Readable, Transform } from "node:stream"
import type { ReadableStream } from "node:stream/web"
import { fault, FaultError } from "../domain/fault.ts"

/** The socket lets this user in, as an agent when its token comes along; the port wants a token: the person's, or an agent's own. */
export type Door = { readonly socket: string; readonly token?: string } | { readonly port: number; readonly token: string }

type Body = ConstructorParameters<typeof Response>[0]

const answerBytesMax = 64 * 1024 * 1024
const bodyless = new Set([101, 204, 205, 304])

/** As `fetch`, for one hub. Resolves when the head of the answer is there. */
export function fetchBy(door: Door): (request: Request) => Promise<Response> {
  return async (request) => {
    const body = request.body === null ? null : Buffer.from(await request.arrayBuffer())
    const answer = await open(door, request, body)
    const status = answer.statusCode ?? 502
    const headers = new Headers()
    for (const [name, value] of Object.entries(answer.headers)) if (typeof value === "string") headers.set(name, value)
    return new Response(bodyless.has(status) ? null : streamOf(door, answer), { status, headers })
  }
}

function open(door: Door, request: Request, body: Buffer | null): Promise<http.IncomingMessage> {
  const { pathname, search } = new URL(request.url)
  const where = "socket" in door ? { socketPath: door.socket } : { host: "127.0.0.1", port: door.port }
  const headers = {
    ...Object.fromEntries(request.headers),
    host: "port" in door ? `127.0.0.1:${door.port}` : "localhost",
    ...(door.token !== undefined ? { authorization: `Bearer ${door.token}` } : {}),
    ...(body === null ? {} : { "content-length": String(body.length) }),
  }
  return new Promise((resolve, reject) => {
    const asked = http.request({ ...where, path: `${pathname}${search}`, method: request.method, headers, agent: false, signal: request.signal })
    asked.once("response", resolve)
    asked.once("error", (error) => reject(unreachable(error, door)))
    asked.end(body ?? undefined)
  })
}

/** One object is never longer than this; a stream of events may be. */
function streamOf(door: Door, answer: http.IncomingMessage): Body {
  const endless = answer.headers["content-type"]?.startsWith("text/event-stream") === true
  let bytes = 0
  const counted = new Transform({
    transform: (chunk: Buffer, _encoding, pass) => {
      bytes += chunk.length
      if (!endless && bytes > answerBytesMax) pass(unreachable(new Error(`its answer is larger than ${answerBytesMax} bytes`), door))
      else pass(null, chunk)
    },
  })
  answer.once("error", (error) => counted.destroy(unreachable(error, door)))
  answer.once("close", () => {
    if (!answer.complete) counted.destroy(unreachable(new Error("the connection was cut off"), door))
  })
  counted.once("close", () => answer.destroy())
  return Readable.toWeb(answer.pipe(counted)) as ReadableStream<Uint8Array>
}

/** Nothing listens: absent. Something does, or did, and went quiet: silent. */
export function unreachable(error: unknown, door: Door): FaultError {
  if (error instanceof FaultError) return error
  const where = "socket" in door ? door.socket : `127.0.0.1:${door.port}`
  const code = (error as NodeJS.ErrnoException).code ?? ""
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ECONNREFUSED")
    return new FaultError(fault("hub-absent", "no hub is running", `nothing listens on ${where}`, "start it: fleet hub start"), { cause: error })
  if (code === "EACCES")
    return new FaultError(
      fault("hub-absent", "the hub cannot be reached", `${where} belongs to another user`, "use your own FLEET_HOME, or become that user"),
      { cause: error },
    )
  const why = error instanceof Error ? error.message : String(error)
  return new FaultError(fault("hub-silent", "the hub went away before it answered", why, "look at it: fleet hub status"), { cause: error })
}
